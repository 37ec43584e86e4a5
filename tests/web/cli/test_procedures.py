"""`pobratim procedure` over a real database: what a draft would have changed, and nothing else."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from adapters.database.pool import open_pool
from adapters.procedures.shelf import shipped
from adapters.recording.casebook import CaseBook
from application.identity import case_id
from domain.initiatives import events as e
from domain.initiatives import terms as t
from tests.adapters.readside.office import WORDS, Office, home, to_consent
from tests.conftest import Database
from tests.planting import plant
from tests.web.cli.test_commands import Shell

FIRST = next(version.text for version in shipped() if version.procedure.pin == "project_based@1")
PROJECT = t.Kind.PROJECT_BASED
DECIDED = e.DecisionAdopted(
    occurred_on="2026-01-05", number="06-1", body=t.DecidingBody.ASSEMBLY, foreign_state="Република Италија"
)
REQUESTED = e.ConsentRequested(occurred_on="2026-01-10", registry_number="08-1", addressee="МДУЛС")
COORDINATED = (
    e.CoordinationStarted(handler=WORDS),
    e.SupportGiven(items=tuple(t.Support)),
    e.CoordinationCompleted(),
)
DRAFTED = (*COORDINATED, e.DraftingStarted(), e.DraftReviewed(languages=("sr",)))


def opinion(day: str) -> e.OpinionReceived:
    return e.OpinionReceived(occurred_on=day, body="Секретаријат", stance=t.Stance.FAVOURABLE)


def draft_text() -> str:
    """Consent is needed, no letter of intent, ten days for the ministry from the day of the request, and no others."""
    text = FIRST.replace("version = 1", "version = 2").replace("consent_required = false", "consent_required = true")
    text = re.sub(r"^deadline = .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[stages\.letter_of_intent\]\n(?:.+\n)+\n", "", text)
    deadline = 'deadline = { days = 10, counts = "calendar", from = "fact" }'
    return text.replace("[stages.consent_requested]\n", f"[stages.consent_requested]\n{deadline}\n")


@pytest.fixture(scope="module")
def shell(database: Database) -> Shell:
    return Shell(database)


@pytest.fixture(scope="module")
def office(database: Database) -> Iterator[Office]:
    with closing(open_pool(database.url)) as pool, closing(CaseBook(database.url, pool)) as book:
        yield Office(book)


@pytest.fixture(scope="module")
def planted(office: Office) -> Office:
    rome = office.partner("Roma")

    def case(number: str, *facts: object, kind: t.Kind = PROJECT) -> None:
        office.proposed(number, "nis", rome, kind=kind)
        office.add(number, *facts)

    case("2026-0001", *DRAFTED, DECIDED, REQUESTED, opinion("2026-01-15"))  # in time: nothing to list
    case("2026-0002", *DRAFTED, DECIDED, e.ConsentNotRequired(basis=WORDS))  # refused, and stands there
    case("2026-0003", *COORDINATED, e.LetterOfIntentSigned())  # refused, and stands there
    case("2026-0004", *COORDINATED, e.LetterOfIntentSigned(), e.DraftingStarted())  # refused, and went on
    case("2026-0005", *DRAFTED, DECIDED, REQUESTED, opinion("2026-02-15"))  # late
    case("2026-0006", *DRAFTED, DECIDED, REQUESTED)  # still open, and late
    case("2026-0007", *DRAFTED, DECIDED, REQUESTED, opinion("2026-01"))  # nobody knows that it was late
    case("2026-0008", *COORDINATED, e.LetterOfIntentSigned(), e.InitiativeWithdrawn(reason=WORDS))  # refused, and over
    case("2026-0009", *COORDINATED, e.LetterOfIntentSigned(), kind=t.Kind.TWINNING)  # has another procedure
    case("2026-0010", *COORDINATED, e.LetterOfIntentSigned(), kind=t.Kind.TWINNING)  # had, by mistake
    restated = e.InitiativeProposed(
        number="2026-0010",
        kind=PROJECT,
        parties=(home("nis"), t.Party(role=t.PartyRole.PARTNER, partner=rome)),
        origin=t.Origin.LOCAL_GOVERNMENT,
        rationale=WORDS,
    )
    office.add("2026-0010", e.FactCorrected(corrects=1, restated=restated, reason=WORDS))
    case("2026-0011", e.CoordinationStarted(handler=WORDS))  # nothing that the draft changes
    case("2026-0012", *COORDINATED, *to_consent(), kind=t.Kind.CROSS_BORDER)
    taken = e.InitiativeTakenOver(
        number="2026-0013",
        kind=PROJECT,
        parties=restated.parties,
        stage=t.Stage.LETTER_OF_INTENT,
        source="the list",
    )
    office.record(case_id("2026-0013"), taken)  # began where the draft has no stage
    return office


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "project_based-2.toml"
    file.write_text(draft_text(), "utf-8")
    return file


LETTER = "initiative.letter-of-intent-signed"


def test_a_rehearsal_lists_exactly_what_was_planted(shell: Shell, planted: Office, draft: Path) -> None:
    said = shell("procedure", "rehearse", str(draft), "--json", expect=1).stdout
    *found, last = map(json.loads, said.splitlines())
    assert sorted((f["case"], f["version"], f["fact"]) for f in found if f["found"] == "refused") == [
        ("2026-0002", 8, "initiative.consent-not-required"),
        ("2026-0003", 5, LETTER),
        ("2026-0004", 5, LETTER),
        ("2026-0008", 5, LETTER),
        ("2026-0010", 5, LETTER),
        ("2026-0013", 1, "initiative.taken-over"),
    ]
    assert sorted((f["case"], f["stage"]) for f in found if f["found"] == "stranded") == [
        ("2026-0002", "decided"),
        ("2026-0003", "letter_of_intent"),
        ("2026-0010", "letter_of_intent"),
        ("2026-0013", "letter_of_intent"),
    ]
    assert sorted((f["case"], f["due"], f["ended"]) for f in found if f["found"] == "missed") == [
        ("2026-0005", "2026-01-20", "2026-02-15"),
        ("2026-0006", "2026-01-20", None),
    ]
    assert last["procedure"] == "project_based@2"
    assert last["count"]["cases"] == 11
    assert (last["count"]["refused"], last["count"]["stranded"], last["count"]["missed"]) == (6, 4, 2)


def test_people_read_the_same_in_words(shell: Shell, planted: Office, draft: Path) -> None:
    said = shell("procedure", "rehearse", str(draft), expect=1).stdout.splitlines()
    assert len(said) == 13
    assert said[-1] == "project_based@2 over 11 cases: 6 transitions refused, 4 cases stranded, 2 deadlines missed."
    assert "2026-0005  missed    record-opinion at consent_requested: due 2026-01-20, ended 2026-02-15" in said


def test_a_rehearsal_writes_nothing(shell: Shell, planted: Office, draft: Path, database: Database) -> None:
    def contents() -> list[tuple[object, ...]]:
        with psycopg.connect(database.owner_url) as connection:
            counted = "SELECT (SELECT count(*) FROM log.facts), (SELECT count(*) FROM log.commands)"
            return connection.execute(counted).fetchall()

    before = contents()
    shell("procedure", "rehearse", str(draft), expect=1, POBRATIM_DATA_DIR=str(draft.parent))
    assert contents() == before
    assert [path.name for path in draft.parent.iterdir()] == [draft.name]


def test_the_version_in_force_would_have_refused_nothing(shell: Shell, planted: Office, tmp_path: Path) -> None:
    file = tmp_path / "same.toml"
    file.write_text(FIRST.replace("version = 1", "version = 2"), "utf-8")
    said = shell("procedure", "rehearse", str(file)).stdout.splitlines()
    assert "0 transitions refused, 0 cases stranded" in said[-1]


def test_a_draft_with_flaws_is_refused_with_file_and_line(shell: Shell, planted: Office, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(FIRST.replace("days = 60", "days = 0").replace('"ministry"', '"minister"'), "utf-8")
    said = shell("procedure", "rehearse", str(file), expect=2).stderr
    assert re.fullmatch(rf"pobratim: {re.escape(str(file))}:\d+: .*days is 0\. Give .*\(1 more: .*\n", said), said
    flaws = shell("procedure", "check", str(file), expect=1).stderr.splitlines()
    assert [re.match(rf"{re.escape(str(file))}:\d+: ", line) is not None for line in flaws] == [True, True]
    read = [json.loads(line) for line in shell("procedure", "check", str(file), "--json", expect=1).stdout.splitlines()]
    assert [flaw["code"] for flaw in read] == ["procedure.bad-number", "procedure.unknown-word"]


def test_a_file_is_checked_as_the_folder_reads_it(shell: Shell, draft: Path, tmp_path: Path) -> None:
    for mark, end, code in ((b"\xef\xbb\xbf", b"\r\n", 0), (b"", b"\r", 1)):
        file = tmp_path / f"ends-{code}.toml"
        file.write_bytes(mark + draft.read_bytes().replace(b"\n", end))
        shell("procedure", "check", str(file), expect=code)


def test_a_good_draft_is_told_so(shell: Shell, draft: Path, tmp_path: Path) -> None:
    assert shell("procedure", "check", str(draft)).stdout.startswith("project_based@2 can be followed.")
    assert "cannot be read" in shell("procedure", "check", str(tmp_path / "none.toml"), expect=2).stderr


def test_versions_are_listed_and_shown_without_a_database(shell: Shell, draft: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "procedures"
    folder.mkdir(parents=True)
    (folder / "any.toml").write_text(draft_text(), "utf-8")
    here = {"POBRATIM_DATA_DIR": str(tmp_path / "data"), "POBRATIM_DATABASE_URL": ""}
    listed = [json.loads(line) for line in shell("procedure", "list", "--json", **here).stdout.splitlines()]
    assert [(v["procedure"], v["in_force"]) for v in listed if "project" in v["procedure"]] == [
        ("project_based@2", True),
        ("project_based@1", False),
    ]
    assert shell("procedure", "show", "project_based", **here).stdout == draft_text()
    assert shell("procedure", "show", "project_based@1", **here).stdout == FIRST
    assert "There is no procedure marriage" in shell("procedure", "show", "marriage", expect=2, **here).stderr
    (folder / "bad.toml").write_text("code = ", "utf-8")
    done = shell("procedure", "list", expect=1, **here)
    assert f"{folder / 'bad.toml'}:1: This is no TOML" in done.stderr
    assert "twinning@1" in done.stdout


def test_a_fact_of_a_newer_version_ends_the_rehearsal(shell: Shell, planted: Office, draft: Path, database) -> None:
    plant(database.owner_url, topic="initiative.proposed.v1")
    done = shell("procedure", "rehearse", str(draft), expect=1)
    assert "A newer version has written it" in done.stderr
