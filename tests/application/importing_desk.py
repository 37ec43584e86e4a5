"""A desk at which tables are imported and exported: the log in memory, everything else real."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID

from adapters.files.reading import open_table
from adapters.procedures.shelf import FiledProcedures
from adapters.reference.countries import countries
from adapters.reference.partner_names import partner_names
from adapters.reference.units import local_governments
from application.access import Person, Role, Scope
from application.exporting import ExportingRegister
from application.importing import ImportingRegister
from application.importing_report import Finding, Report
from application.ports import Conflict, LogUnavailable, Recorded, Save, Saved
from application.views.register import PartnerName, RegisterQuery, RegisterRow
from domain.initiatives import initiative
from domain.kernel import AccountId, CommandKey, Fact, Occasion, VaultRef
from domain.partners import partner
from tests.fakes import witness
from web.language.reading import read_date

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = date(2026, 3, 10)
COORDINATOR = Person(AccountId(UUID(int=1)), "Koordinatorka", Role.COORDINATOR)
DATA = Path("adapters/reference/data")
COLUMNS = "local_government,partner_name,partner_country_iso2,kind,year,date_signed,status_note,source_url"


class Memory:
    """The log and the vault as the ports promise them."""

    def __init__(self) -> None:
        self.facts: list[Recorded] = []
        self.words: dict[VaultRef, str | None] = {}
        self.fails_after: int | None = None
        """Batches until the log cannot be reached."""
        self._keys: dict[CommandKey, int] = {}
        self._versions: dict[UUID, int] = {}

    def append(self, saves: Sequence[Save]) -> Sequence[Saved]:
        if self.fails_after is not None:
            if self.fails_after == 0:
                raise LogUnavailable("the cable was pulled")
            self.fails_after -= 1
        for save in saves:
            for write in save.writes:
                if save.key not in self._keys and self._versions.get(write.stream, 0) != write.after:
                    raise Conflict(write.stream)
        return [self._keep(save) for save in saves]

    def _keep(self, save: Save) -> Saved:
        if save.key in self._keys:
            return Saved(self._keys[save.key], repeated=True)
        for write in save.writes:
            for fact in write.facts:
                self.record(write.stream, fact, save.key, save.on)
        self.words.update({entry.ref: entry.text for entry in save.entries})
        self._keys[save.key] = len(self.facts)
        return Saved(len(self.facts))

    def record(self, stream: UUID, fact: Fact, key: CommandKey, on: Occasion) -> None:
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        self.facts.append(Recorded(stream, version, len(self.facts) + 1, NOW, on.actor, None, key, fact))

    def happened(self, stream: UUID, *facts: Fact) -> None:
        """Somebody recorded it meanwhile."""
        on = Occasion(COORDINATOR.account, NOW, TODAY)
        for fact in facts:
            self.record(stream, fact, CommandKey(UUID(int=len(self.facts))), on)

    def page(self, after: int, limit: int, topics: Sequence[str] = (), stream: UUID | None = None):
        return self.facts[after : after + limit]

    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        return {ref: self.words.get(ref) for ref in refs}

    # --- the register as it follows from the log

    def rows(self, scope: Scope, query: RegisterQuery, today: date) -> Iterator[Sequence[RegisterRow]]:
        files = self.partners()
        yield [self._row(stream, case, files) for stream, case in self.cases().items()]

    def cases(self) -> dict[UUID, initiative.Initiative]:
        folded = {stream: initiative.fold(facts) for stream, facts in self._streams("initiative.").items()}
        return {stream: case for stream, case in folded.items() if case}

    def partners(self) -> dict[UUID, partner.Partner]:
        folded = {stream: partner.fold(facts) for stream, facts in self._streams("partner.").items()}
        return {stream: file for stream, file in folded.items() if file}

    def _streams(self, prefix: str) -> dict[UUID, list]:
        streams: dict[UUID, list] = {}
        for recorded in self.facts:
            if str(recorded.fact.__struct_config__.tag).startswith(prefix):
                streams.setdefault(recorded.stream, []).append(recorded.fact)
        return streams

    def _row(self, stream: UUID, case: initiative.Initiative, files: dict[UUID, partner.Partner]) -> RegisterRow:
        begin = next(s.fact for s in case.standing.values() if s.version == 1)
        concluded = case.stage == "active"
        return RegisterRow(
            case=stream,
            number=case.number,
            home=tuple(p.local_government for p in case.home if p.local_government),
            partners=tuple(
                PartnerName(p.partner, files[p.partner].name, files[p.partner].country, files[p.partner].part_of)
                for p in case.partners
                if p.partner
            ),
            kind=case.kind,
            stage=case.stage,
            handler=None,
            deed=None,
            actor=None,
            due=None,
            since=NOW,
            updated=NOW,
            version=case.version,
            signed_on=begin.occurred_on if concluded else None,
            proposed_on=None if concluded else begin.occurred_on,
            ends_on=case.term.ends_on,
            source=getattr(begin, "source", None),
            remark=getattr(begin, "remark", None),
        )


class Desk:
    def __init__(self, folder: Path, log=None) -> None:
        self.folder = folder
        self.log = Memory() if log is None else log
        self.importing = ImportingRegister(
            self.log, local_governments(), countries(), read_date, lambda: NOW, partner_names(), FiledProcedures()
        )
        self.exporting = ExportingRegister(self.log, local_governments(), countries(), dict, witness())
        self.told: list[Finding] = []

    def take(self, path: Path, dry_run: bool = False, person: Person = COORDINATOR) -> Report:
        self.told = []
        with open_table(path) as table:
            return self.importing.take(person, table, dry_run=dry_run, tell=self.told.append)

    def rows(self, *rows: str, header: str = COLUMNS, dry_run: bool = False) -> Report:
        """Import lines of CSV under a header."""
        return self.take(self.file("\n".join([header, *rows])), dry_run)

    def file(self, text: str | bytes, name: str = "table.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.told]

    def sheet(self, locale: str = "sr-Latn"):
        return self.exporting.sheet(COORDINATOR, self.everything(), (), locale)

    def everything(self):
        return self.log.rows(Scope(), RegisterQuery(), TODAY)


def cells(*values: str) -> str:
    """One line of CSV."""
    out = StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()
