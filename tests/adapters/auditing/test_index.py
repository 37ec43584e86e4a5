"""The auditor's tables follow from the log, whatever stands in it, by whatever steps."""

import threading

import psycopg

from application.auditing import FactQuery
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.kernel import AccountId
from tests.adapters.readside.office import ANA, MIRKO, WORDS
from tests.planting import plant

STAYS = "SELECT case_id, number, stage, kind, since, until, ended_by FROM audit.stays ORDER BY case_id, number"


def test_rows_say_who_for_whom_and_of_which_kind(hands, caught_up, sql):
    number = "2026-0001"
    first = hands.record(
        number, ANA, e.HistoricAgreementEntered(number=number, kind=t.Kind.TWINNING, parties=(), source="list")
    )
    hands.record(number, MIRKO, e.RemarkAdded(remark=WORDS), on_behalf_of=AccountId(ANA))
    rows = caught_up()
    log = sql.execute(
        "SELECT position, stream, topic, recorded_at, (state ->> 'actor')::uuid, (state ->> 'on_behalf_of')::uuid "
        "FROM log.readable ORDER BY position"
    ).fetchall()
    assert rows == log
    assert [row[4:] for row in rows if row[0] >= first] == [(ANA, None), (MIRKO, ANA)]


def test_what_cannot_be_read_is_found_and_hides_nothing(database, hands, caught_up, search):
    number = "2026-0002"
    hands.record(number, ANA, e.HistoricAgreementEntered(number=number, kind=t.Kind.TWINNING, parties=(), source="x"))
    newer = plant(database.owner_url)
    broken = plant(database.owner_url, state=b"no JSON at all")
    nobody = plant(database.owner_url, state=b'{"actor":7}')
    last = hands.record(number, ANA, e.RemarkAdded(remark=WORDS))
    rows = {row[0]: row for row in caught_up()}
    assert (rows[broken][4], rows[nobody][4], rows[last][4]) == (None, None, ANA)
    found = search.page(FactQuery(), 4)
    assert [(one.position, one.recorded is None) for one in found] == [
        (last, False),
        (nobody, True),
        (broken, True),
        (newer, True),
    ]
    assert found[-1].kind == "initiative.agreement-signed"


def test_one_step_or_many_and_two_at_once_give_the_same(database, hands, index, caught_up, sql):
    for n in range(40):
        number = f"2027-{n + 1:04d}"
        entered = e.HistoricAgreementEntered(number=number, kind=t.Kind.TWINNING, parties=(), source="x")
        hands.record(number, ANA, entered, e.FellDormant(), e.ActivityResumed())

    def work() -> None:
        with psycopg.connect(database.url, autocommit=True) as connection:
            while index.step(connection, 11):
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts, stays = caught_up(), sql.execute(STAYS).fetchall()
    assert len(facts) == len({row[0] for row in facts}) == sql.execute("SELECT count(*) FROM log.facts").fetchone()[0]
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("UPDATE audit.progress SET made_by = 'an older rule' WHERE name = 'stays'")
    caught_up()
    assert sql.execute(STAYS).fetchall() == stays
    assert [row[2] for row in stays[-3:]] == ["active", "dormant", "active"]


def test_the_program_may_not_empty_the_index_at_a_stroke(sql):
    for table in ("facts", "stays"):
        try:
            sql.execute(f"TRUNCATE audit.{table}")
        except psycopg.errors.InsufficientPrivilege:
            continue
        raise AssertionError(table)
