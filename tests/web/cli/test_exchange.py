"""Two installations over two databases exchange signed files, and come to know the same of both sides."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from adapters.exchange import signing
from application.access import OPERATOR
from application.exchange.sheet import FORMAT, TrustedRegister
from application.exchange.speaking import ERASED, own_lines
from application.handling import Request, occasion
from application.identity import case_id
from application.ports import Save, VaultEntry, Write
from domain.dates import PartialDate
from domain.initiatives.decisions.anytime import ReportPartyStatus
from domain.initiatives.decisions.living import Terminate
from domain.initiatives.events import PartyStatusReported
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import disagreements, reports
from domain.initiatives.terms import Channel, PartyStatus, Termination
from domain.kernel import CommandKey, VaultRef
from domain.people.events import EntryErased, ErasureGround
from tests.conftest import Database, new_database
from tests.web.cli.test_commands import Shell
from web.main import Installation, open_table, own_exchange_key, signed_sheet
from web.settings import Settings

TABLE = "local_government,partner_name,partner_country_iso2,kind,year,date_signed,status_note,source_url\n"


class Register:
    """One installation: its shell, its data folder, and one case of Niš and Trieste."""

    def __init__(self, database: Database, folder: Path, signed_on: str, number: str) -> None:
        self.shell = Shell(database)
        self.shell.environment["POBRATIM_DATA_DIR"] = str(folder)
        self.folder = folder
        self.number = number
        self.settings = Settings(database_url=database.owner_url, secret_key="x" * 40, data_dir=str(folder))
        self.made = Installation(self.settings)
        self.made.project()
        self.take(f"Niš,Trieste,IT,twinning,2019,{signed_on},active,https://example.org")

    def take(self, row: str) -> None:
        table = self.folder / "table.csv"
        table.write_text(f"{TABLE}{row}\n", "utf-8")
        assert self.made.read_side.views.caught_up(self.made.log.head(), 30)
        with open_table(table) as opened:
            self.made.importing.take(OPERATOR, opened)
        assert self.made.read_side.views.caught_up(self.made.log.head(), 30)

    @property
    def state(self) -> Initiative:
        state = fold([r.fact for r in self.made.log.read(case_id(self.number))])  # type: ignore[misc]
        assert state is not None
        return state

    @property
    def partner(self) -> str:
        return self.state.partners[0].key

    @property
    def key(self) -> str:
        return own_exchange_key(self.settings)

    def report(self, party: str, status: PartyStatus, on: str) -> None:
        words = VaultEntry(VaultRef(uuid4()), "remark", "dopis")
        command = ReportPartyStatus(party=party, status=status, known_from=words.ref, occurred_on=on)  # type: ignore[arg-type]
        request = Request(key=CommandKey(uuid4()), command=command, entries=(words,), seen=self.state.version)
        done = self.made.advancing.advance(OPERATOR, self.number, request)
        assert self.made.read_side.views.caught_up(done.position, 30)

    def export(self, name: str, side: str) -> Path:
        file = self.folder / f"{name}.json"
        file.write_bytes(signed_sheet(self.settings, self.made.speaking.sheet(OPERATOR, name, [side])))
        return file

    def trust(self, key: str, name: str, side: str) -> None:
        register = TrustedRegister(key=key, name=name, sides=(side,), added_at=self.made.clock())
        self.made.trusted_registers.keep(register)

    def knows(self, *own: str) -> set[tuple[str, PartyStatus, str | None]]:
        """What stands here of each side: by itself for `own` ones, from the other's files for the rest."""
        state = self.state
        found: dict[tuple[str, PartyStatus], str | None] = {}
        for place, party in enumerate(state.parties):
            if party.key in own:
                found |= {(party.key, line.status): line.on for line in own_lines("", state, party, place, {})}
        for _, report in reports(state):
            if report.party not in own and report.channel is Channel.FILE:
                found[report.party, report.status] = report.occurred_on
        return {(side, status, on) for (side, status), on in found.items()}


@pytest.fixture
def registers(server: str, template: str, tmp_path: Path) -> Iterator[tuple[Register, Register]]:
    """The association's, which hears from the partner abroad, and the town's own."""
    ours, theirs = tmp_path / "skgo", tmp_path / "nis"
    ours.mkdir()
    theirs.mkdir()
    with new_database(server, template) as one, new_database(server, template) as other:
        association = Register(one, ours, "2019-05-10", "2019-0001")
        town = Register(other, theirs, "2019-05-12", "2019-0001")
        yield association, town
        association.made.close()
        town.made.close()


def test_two_installations_converge(registers: tuple[Register, Register]) -> None:
    association, town = registers
    association.report(association.partner, PartyStatus.CONSENTED, "2019-04-02")
    assert town.shell("exchange", "key").stdout.strip() == town.key
    association.shell("exchange", "trust", town.key, "--name", "Niš", "--side", "nis")
    town.shell("exchange", "trust", association.key, "--name", "SKGO", "--side", town.partner)

    def exchange() -> list[str]:
        files = association.folder / "skgo.json", town.export("Niš", "nis")
        side, to = ("--side", association.partner), ("--output", str(files[0]))
        association.shell("exchange", "export", "--as", "SKGO", *side, *to)
        taken = town.shell("exchange", "import", str(files[0])), association.shell("exchange", "import", str(files[1]))
        return [one.stdout.rsplit(": ", 1)[-1].strip() for one in taken]

    assert exchange() == ["1 new, 0 known already, 0 refused."] * 2
    assert association.knows(association.partner) == town.knows("nis")
    [differ] = disagreements(association.state)
    assert (differ.status, [claim.on for claim in differ.claims]) == (PartyStatus.SIGNED, ["2019-05-10", "2019-05-12"])

    versions = association.state.version, town.state.version
    assert exchange() == ["0 new, 1 known already, 0 refused."] * 2
    assert (association.state.version, town.state.version) == versions

    association.report(association.partner, PartyStatus.IN_FORCE, "2019-07")
    town.report("nis", PartyStatus.SIGNED, "2019-05-10")
    assert exchange() == ["1 new, 1 known already, 0 refused.", "1 new, 0 known already, 0 refused."]
    assert association.knows(association.partner) == town.knows("nis")
    assert disagreements(association.state) == []


def test_nobody_is_believed_who_is_not_trusted_for_the_side(registers: tuple[Register, Register]) -> None:
    association, town = registers
    file = town.export("Niš", "nis")
    untrusted = association.shell("exchange", "import", str(file), expect=2)
    assert "is trusted here" in untrusted.stderr
    association.shell("exchange", "trust", town.key, "--name", "Niš", "--side", "leskovac")
    refused = association.shell("exchange", "import", str(file), expect=1)
    assert "Niš is not trusted to speak for this side." in refused.stderr
    assert list(reports(association.state)) == []
    assert town.key in association.shell("exchange", "trusted").stdout
    association.shell("exchange", "distrust", town.key)
    assert "see pobratim exchange trusted" in association.shell("exchange", "distrust", town.key, expect=2).stderr


def test_an_older_file_does_not_take_back_a_newer_word(registers: tuple[Register, Register]) -> None:
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    older = town.export("older", "nis")
    town.report("nis", PartyStatus.SIGNED, "2019-05-10")
    association.shell("exchange", "import", str(town.export("newer", "nis")))
    again = association.shell("exchange", "import", str(older), expect=1)
    assert "A newer file of the same register was taken before." in again.stderr
    assert [report.occurred_on for _, report in reports(association.state)] == ["2019-05-10"]


def lines(file: Path) -> dict[str, str]:
    """Source of each line of a file, by its status."""
    [case] = json.loads(json.loads(file.read_text("utf-8"))["sheet"])["cases"]
    return {line["status"]: line["source"] for line in case["lines"]}


def erase(register: Register, report: PartyStatusReported) -> None:
    assert report.known_from
    fact = EntryErased(entry=report.known_from, ground=ErasureGround.NO_LONGER_NEEDED)
    on = occasion(OPERATOR, register.made.clock)
    stream = uuid4()
    save = Save(key=CommandKey(uuid4()), digest=b"x" * 32, on=on, writes=[Write(stream, 0, [fact])])
    register.made.log.append([save])
    assert register.made.vault.read([report.known_from]) == {report.known_from: None}


def test_words_that_were_erased_go_out_in_no_file_and_come_back_by_none(registers: tuple[Register, Register]) -> None:
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    town.report("nis", PartyStatus.SIGNED, "2019-05-10")
    first = town.export("first", "nis")
    assert lines(first)["signed"] == "dopis"
    association.shell("exchange", "import", str(first))
    [(_, heard)] = reports(association.state)
    erase(association, heard)

    town.report("nis", PartyStatus.DECIDED, "2019-01-10")  # so that the next file has another version
    for file in (first, town.export("second", "nis")):
        association.shell("exchange", "import", str(file))
    signed, decided = [report for _, report in reports(association.state)]
    assert (signed, decided.status) == (heard, PartyStatus.DECIDED)
    assert set(association.made.vault.read([heard.known_from, decided.known_from]).values()) == {None}

    erase(town, next(report for _, report in reports(town.state) if report.status is PartyStatus.SIGNED))
    assert lines(town.export("third", "nis"))["signed"] == ERASED
    assert lines(town.export("third", "nis"))["decided"] == "dopis"


GUARDS = {"log.facts": "only_grows", "log.commands": "only_grows", "vault.entries": "only_by_a_fact"}
REWRITE = """
    UPDATE log.facts SET topic = 'initiative.party-status-reported.v1', state = %s
    WHERE originator_id = %s AND originator_version = %s
"""


def heard_by_an_older_release(register: Register, version: int) -> None:
    """Rewrites a report as version 1 of its topic had it, and the digest of the request that brought it."""
    stream = case_id(register.number)
    with psycopg.connect(register.settings.database_url) as connection:
        for table, guard in GUARDS.items():
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")  # type: ignore[arg-type]
        states = "SELECT state FROM log.facts WHERE originator_id = %s AND originator_version = %s"
        [(state,)] = connection.execute(states, (stream, version)).fetchall()
        body = json.loads(state)
        connection.execute("DELETE FROM vault.entries WHERE ref = %s", (body["fact"].pop("known_from"),))
        body["fact"]["source"] = "dopis"
        connection.execute(REWRITE, (json.dumps(body).encode(), stream, version))
        connection.execute("UPDATE log.commands SET digest = %s WHERE key = %s", (b"o" * 32, body["command"]))
        for table, guard in GUARDS.items():
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")  # type: ignore[arg-type]


def test_what_an_older_release_heard_is_known_already(registers: tuple[Register, Register]) -> None:
    """It kept the words in the fact itself, and asked under the same key for another shape of the request."""
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    town.report("nis", PartyStatus.SIGNED, "2019-05-10")
    file = town.export("Niš", "nis")
    association.shell("exchange", "import", str(file))
    [(version, heard)] = reports(association.state)
    heard_by_an_older_release(association, version)
    [(_, before)] = reports(association.state)
    assert (before.source, before.known_from, before.register) == ("dopis", None, heard.register)

    town.report("nis", PartyStatus.DECIDED, "2019-01-10")
    taken = [association.shell("exchange", "import", str(one)).stdout for one in (file, town.export("next", "nis"))]
    assert [said.rsplit(": ", 1)[-1].strip() for said in taken] == [
        "0 new, 1 known already, 0 refused.",
        "1 new, 1 known already, 0 refused.",
    ]


def test_a_case_that_is_over_says_nothing_of_the_one_that_came_after_it(registers: tuple[Register, Register]) -> None:
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    end = Terminate(termination=Termination.MUTUAL, occurred_on=PartialDate("2021-03-01"), decision_number="06-7")
    town.made.advancing.advance(OPERATOR, town.number, Request(key=CommandKey(uuid4()), command=end))
    town.take("Niš,Trieste,IT,cooperation,2024,2024-01-12,active,https://example.org")
    said = association.shell("exchange", "import", str(town.export("Niš", "nis")))
    assert said.stdout.rsplit(": ", 1)[-1].strip() == "1 new, 0 known already, 0 refused."
    assert [(report.status, report.occurred_on) for _, report in reports(association.state)] == [
        (PartyStatus.SIGNED, "2024-01-12")
    ]


def test_a_file_in_which_several_cases_mean_one_here_is_not_believed_about_it(
    registers: tuple[Register, Register],
) -> None:
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    sheet = town.made.speaking.sheet(OPERATOR, "Niš", ["nis"])
    twice = replace(sheet, cases=(*sheet.cases, replace(sheet.cases[0], number="2011-0007")))
    file = town.folder / "twice.json"
    file.write_bytes(signed_sheet(town.settings, twice))
    said = association.shell("exchange", "import", str(file), expect=1)
    assert "Several cases of the file have the sides of 2019-0001: 2019-0001, 2011-0007." in said.stderr
    assert list(reports(association.state)) == []


def test_a_file_that_was_changed_is_refused_as_a_whole(registers: tuple[Register, Register]) -> None:
    association, town = registers
    association.trust(town.key, "Niš", "nis")
    file = json.loads(town.export("Niš", "nis").read_text("utf-8"))
    other = signing.public_key(signing.own_key(association.folder / "other.pem"))
    changes = {
        "sheet": file["sheet"].replace("2019-05-12", "2019-05-13"),
        "signature": b64encode(b"0" * 64).decode(),
        "key": other,
    }
    assert changes["sheet"] != file["sheet"]
    for field, value in changes.items():
        spoilt = association.folder / "spoilt.json"
        spoilt.write_text(json.dumps(file | {field: value}), "utf-8")
        assert "changed after it was signed" in association.shell("exchange", "import", str(spoilt), expect=2).stderr
    assert list(reports(association.state)) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is no file of the exchange"),
        (b"\xff\xfe", "is no file of the exchange"),
        (b"[" * 5000, "is no file of the exchange"),
        (json.dumps({"format": "x/9", "key": "", "signature": "", "sheet": ""}).encode(), "has the format x/9"),
        (json.dumps({"format": FORMAT, "key": "?", "signature": "?", "sheet": ""}).encode(), "changed after"),
    ],
)
def test_what_is_no_file_of_the_exchange_is_said_so(body: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(body)
    with pytest.raises(signing.ExchangeFault, match=said):
        signing.read(file)


def test_the_own_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "exchange" / "key.pem"
    made = signing.public_key(signing.own_key(path))
    assert signing.public_key(signing.own_key(path)) == made
    assert path.stat().st_mode & 0o777 == 0o600
