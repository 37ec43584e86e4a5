"""A procedure from the text of its file: every flaw with its line, none guessed away."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar, cast

from adapters.procedures.lines import Lines, Path, lines_of
from domain.initiatives.procedure import (
    CODES,
    IN_TERM,
    Actor,
    Basis,
    Counted,
    Deadline,
    Document,
    Procedure,
    Start,
    Step,
    Words,
)
from domain.initiatives.soundness import flaws
from domain.initiatives.terms import FINAL, EntryRule, Stage
from domain.kernel import Refusal, Refused

LARGEST: Final = 200_000
"""Bytes of a file; the longest of ours has a tenth."""
MOST_VERSIONS: Final = 9_999
MOST_DAYS: Final = 3_650
MOST_MONTHS: Final = 120
MOST_ENTRIES: Final = 50
MOST_FLAWS: Final = 100
"""Whoever has so many to mend reads no further."""
LONGEST_TEXT: Final = 1_000
MOST_DOTS: Final = 100
"""Of a line: the standard reader takes time and memory by the square of a key's parts."""
_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_HEAD: Final = (
    *("code", "version", "title", "consent_required", "publication_before_signing"),
    *("entry_into_force", "second_person", "stages"),
)
_STEP: Final = (
    *("actor", "deed", "deadline", "notice_months", "documents", "fields", "reminders"),
    *("escalate_after", "confirm_months", "dormant_months"),
    *("text", "basis"),
)
Word = TypeVar("Word", bound=StrEnum)
Table = dict[str, Any]


def read_procedure(text: str, file: str) -> Procedure:
    """Raises Refused with every flaw: `file`, `line` and the rest stand among the parameters of each."""
    if len(text.encode(errors="surrogatepass")) > LARGEST:
        raise Refused(Refusal("procedure.too-large", {"file": file, "line": 1, "most": LARGEST}))
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise Refused(Refusal("procedure.too-many-dots", {"file": file, "line": number, "most": MOST_DOTS}))
    try:
        given = tomllib.loads(text)
        reading = _Reading(Lines(text), file)
        procedure = reading.procedure(given)
    except (ValueError, RecursionError) as fault:  # also for a number with more digits than Python reads
        raise Refused(_no_toml(str(fault), text, file)) from None
    if procedure is None or reading.refusals:
        raise Refused(*reading.refusals)
    for flaw in flaws(procedure):
        reading.refuse(flaw.code, flaw.at, **flaw.params)
    if reading.refusals:
        raise Refused(*reading.refusals)
    return procedure


def _no_toml(reason: str, text: str, file: str) -> Refusal:
    at = _LINE.search(reason)
    line = int(at[1]) if at else len(lines_of(text))
    said = _LINE.sub("", reason).removesuffix("(at end of document)").strip()
    return Refusal("procedure.not-toml", {"file": file, "line": line, "reason": said})


class _Reading:
    """Takes the parts of one file one by one; what is wrong is put down, and the reading goes on."""

    def __init__(self, lines: Lines, file: str) -> None:
        self.refusals: list[Refusal] = []
        self._lines = lines
        self._file = file

    def refuse(self, code: str, at: Path, **params: str | int) -> None:
        if len(self.refusals) == MOST_FLAWS:
            return
        line = self._lines.of_value(at, str(params["typed"])) if "typed" in params else self._lines.of(at)
        place = {"file": self._file, "line": line, "key": ".".join(at)}
        self.refusals.append(Refusal(f"procedure.{code}", {**place, **params}))

    def procedure(self, given: Table) -> Procedure | None:
        self._known_keys(given, (), _HEAD)
        code = self._text(given, ("code",))
        if code is not None and code not in CODES.values():
            self._unknown("unknown-word", ("code",), code, dict.fromkeys(CODES.values()))
        version = self._number(given, ("version",), 1, MOST_VERSIONS)
        title = self._words(given, ("title",))
        consent = self._truth(given, ("consent_required",))
        publication = self._truth(given, ("publication_before_signing",))
        rules = self._several(given, ("entry_into_force",), EntryRule, least=1)
        second_person = self._names(given, ("second_person",)) if "second_person" in given else ()
        steps = dict(self._steps(given))
        if code is None or version is None or title is None or consent is None or publication is None:
            return None
        return Procedure(
            code=code,
            version=version,
            title=title,
            consent_required=consent,
            publication_before_signing=publication,
            entry_rules=rules,
            second_person=second_person,
            steps=steps,
        )

    def _steps(self, given: Table) -> Iterator[tuple[Stage, Step]]:
        stages = self._table(given, ("stages",)) or {}
        live = [stage.value for stage in Stage if stage not in FINAL]
        for name, body in stages.items():
            at = ("stages", name)
            if name not in live:
                self._unknown("unknown-stage", at, name, live)
            elif not isinstance(body, dict):
                self.refuse("wrong-type", at, wanted="table")
            elif (step := self._step(cast("Table", body), at)) is not None:
                yield Stage(name), step

    def _step(self, given: Table, at: Path) -> Step | None:
        self._known_keys(given, at, _STEP)
        actor = self._word(given, (*at, "actor"), Actor)
        deed = self._text(given, (*at, "deed"))
        text, basis = self._words(given, (*at, "text")), self._basis(given, (*at, "basis"))
        notice = self._number(given, (*at, "notice_months"), 0, MOST_MONTHS) if "notice_months" in given else None
        step_fields = self._names(given, (*at, "fields")) if "fields" in given else ()
        documents = self._several(given, (*at, "documents"), Document) if "documents" in given else ()
        reminders = self._numbers(given, (*at, "reminders"), MOST_DAYS) if "reminders" in given else None
        deadline = self._deadline(given, (*at, "deadline")) if "deadline" in given else None
        later = dict(self._later(given, at))
        if actor is None or deed is None or text is None or basis is None:
            return None
        return Step(deed, actor, deadline, notice, documents, step_fields, reminders, text, basis, **later)

    def _later(self, given: Table, at: Path) -> Iterator[tuple[str, int]]:
        """What comes after a deadline, or after a long silence, as far as the file says something of its own."""
        in_term = Stage(at[-1]) in IN_TERM
        for name, most in (
            ("escalate_after", MOST_DAYS),
            ("confirm_months", MOST_MONTHS),
            ("dormant_months", MOST_MONTHS),
        ):
            if name in given and name != "escalate_after" and not in_term:
                self.refuse("months-out-of-place", (*at, name))
            elif name in given and (number := self._number(given, (*at, name), 0, most)) is not None:
                yield name, number

    def _deadline(self, given: Table, at: Path) -> Deadline | None:
        table = self._table(given, at)
        if table is None:
            return None
        self._known_keys(table, at, ("days", "counts", "from", "pauses"))
        days = self._number(table, (*at, "days"), 1, MOST_DAYS)
        counted = self._word(table, (*at, "counts"), Counted)
        if "from" not in table:
            self.refuse("start-missing", at)
            return None
        start = self._word(table, (*at, "from"), Start)
        pauses = self._several(table, (*at, "pauses"), Stage) if "pauses" in table else ()
        return Deadline(days, start, counted, pauses) if days and start and counted else None

    def _basis(self, given: Table, at: Path) -> Basis | None:
        table = self._table(given, at)
        if table is None:
            return None
        self._known_keys(table, at, ("sr", "en", "reference"))
        text = self._translated(table, at)
        reference = self._text(table, (*at, "reference")) if "reference" in table else ""
        return Basis(text, reference) if text and reference is not None else None

    def _words(self, given: Table, at: Path) -> Words | None:
        table = self._table(given, at)
        if table is None:
            return None
        self._known_keys(table, at, ("sr", "en"))
        return self._translated(table, at)

    def _translated(self, table: Table, at: Path) -> Words | None:
        for language in ("sr", "en"):
            if language not in table:
                self.refuse("translation-missing", at, language=language)
        serbian = self._text(table, (*at, "sr")) if "sr" in table else None
        english = self._text(table, (*at, "en")) if "en" in table else None
        if serbian and not _CYRILLIC.search(serbian):
            self.refuse("not-cyrillic", (*at, "sr"))
        return Words(serbian, english) if serbian and english else None

    # --- single values

    def _value(self, given: Table, at: Path) -> Any:
        """The value; None, and put down, where it is missing."""
        if at[-1] not in given:
            self.refuse("missing", at)
            return None
        return given[at[-1]]

    def _table(self, given: Table, at: Path) -> Table | None:
        value = self._value(given, at)
        if value is not None and not isinstance(value, dict):
            self.refuse("wrong-type", at, wanted="table")
            return None
        return cast("Table | None", value)

    def _text(self, given: Table, at: Path) -> str | None:
        value = self._value(given, at)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse("wrong-type", at, wanted="text")
            return None
        if not value.strip() or len(value) > LONGEST_TEXT or not value.isprintable():
            self.refuse("bad-text", at, most=LONGEST_TEXT)
            return None
        return value

    def _truth(self, given: Table, at: Path) -> bool | None:
        value = self._value(given, at)
        if value is not None and not isinstance(value, bool):
            self.refuse("wrong-type", at, wanted="truth")
            return None
        return value

    def _number(self, given: Table, at: Path, least: int, most: int) -> int | None:
        value = self._value(given, at)
        return None if value is None else self._within(value, at, least, most)

    def _within(self, value: Any, at: Path, least: int, most: int) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            typed = hex(value) if isinstance(value, int) and abs(value) > most * most else str(value)
            self.refuse("bad-number", at, typed=typed[:40], least=least, most=most)
            return None
        return value

    def _word(self, given: Table, at: Path, words: type[Word]) -> Word | None:
        value = self._text(given, at)
        return None if value is None else self._of(value, at, words)

    def _of(self, value: str, at: Path, words: type[Word]) -> Word | None:
        try:
            return words(value)
        except ValueError:
            self._unknown("unknown-word", at, value, [word.value for word in words])
            return None

    def _list(self, given: Table, at: Path) -> Sequence[Any]:
        value = self._value(given, at)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse("wrong-type", at, wanted="list")
            return ()
        several = cast("list[Any]", value)
        if len(several) > MOST_ENTRIES:
            self.refuse("list-too-long", at, most=MOST_ENTRIES)
            return ()
        if twice := [one for n, one in enumerate(several) if one in several[:n]]:
            self.refuse("twice", at, typed=str(twice[0])[:80])
        return several

    def _names(self, given: Table, at: Path) -> tuple[str, ...]:
        several = self._list(given, at)
        if not all(isinstance(one, str) for one in several):
            self.refuse("wrong-type", at, wanted="texts")
            return ()
        return tuple(several)

    def _several(self, given: Table, at: Path, words: type[Word], least: int = 0) -> tuple[Word, ...]:
        names = self._names(given, at)
        if at[-1] in given and given[at[-1]] == [] and least:
            self.refuse("missing", at)
        return tuple(word for name in names if (word := self._of(name, at, words)) is not None)

    def _numbers(self, given: Table, at: Path, most: int) -> tuple[int, ...]:
        within = (self._within(one, at, 0, most) for one in self._list(given, at))
        return tuple(number for number in within if number is not None)

    def _known_keys(self, given: Mapping[str, Any], at: Path, known: Sequence[str]) -> None:
        for name in given:
            if name not in known:
                self._unknown("unknown-key", (*at, name), name, known)

    def _unknown(self, code: str, at: Path, value: str, known: Collection[str]) -> None:
        self.refuse(code, at, typed=value[:80], known=", ".join(known))
