"""`pobratim procedure`: look at versions, check a file, and rehearse it over the whole history."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from application.procedures import Shelf, Version
from domain.initiatives.procedure import Procedure
from domain.initiatives.rehearsal import MissedDeadline, RefusedStep, Rehearsed
from domain.kernel import Refusal, Refused
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option, progress
from web.language import language
from web.refusals import sentence, with_place
from web.settings import read_settings

ENGLISH = language("en")
_TELL_EVERY = 500
"""Cases between two looks at the bar."""


@click.group()
def procedure() -> None:
    """The versions of procedures, and drafts of new ones."""


@procedure.command("list", epilog="Example: pobratim procedure list --json")
@json_option
def list_(as_json: bool) -> int:
    """Every version, the newest of each code first. Exit 1 where a file was left out."""
    shelf = _shelf()
    seen = set[str]()
    for version in shelf.versions():
        code, in_force = version.procedure.code, version.procedure.code not in seen
        seen.add(code)
        if as_json:
            made = {"procedure": version.procedure.pin, "in_force": in_force, "file": version.file}
            json_line({**made, "title": version.procedure.title, "shipped": version.shipped})
        else:
            force, origin = "in force" if in_force else "", "shipped" if version.shipped else version.file
            click.echo(f"{version.procedure.pin:20} {force:9} {version.procedure.title.en}  ({origin})")
    for fault in shelf.faults():
        click.echo(with_place(fault, ENGLISH), err=True)
    return 1 if shelf.faults() else 0


@procedure.command(epilog="Example: pobratim procedure show twinning@1")
@click.argument("name", metavar="CODE[@VERSION]")
@json_option
def show(name: str, as_json: bool) -> None:
    """One version as its file says it; without @VERSION the one in force."""
    shelf = _shelf()
    version = _named(shelf, name)
    if as_json:
        json_line({"file": version.file, "shipped": version.shipped, "procedure": version.procedure})
    else:
        click.echo(version.text, nl=False)


@procedure.command(epilog="Example: pobratim procedure check twinning-2.toml")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> int:
    """Say what is wrong with a file, each flaw with its line. Exit 1 where there is any."""
    try:
        found = _shelf().read(_text(file), str(file))
    except Refused as refused:
        for flaw in refused.refusals:
            if as_json:
                json_line({**flaw.params, "code": flaw.code, "says": sentence(flaw, ENGLISH)})
            else:
                click.echo(with_place(flaw, ENGLISH), err=True)
        return 1
    if as_json:
        json_line({"procedure": found.pin, "file": str(file)})
    else:
        click.echo(f"{found.pin} can be followed. See what it would have changed: pobratim procedure rehearse {file}")
    return 0


@procedure.command(epilog="Example: pobratim procedure rehearse twinning-2.toml")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def rehearse(file: Path, as_json: bool) -> int:
    """Run a draft over every case of its kinds, as if each had been led by it. Writes nothing.

    Lists the transitions that it would have refused, the cases that could not go on from where they stand, and the
    deadlines that would have been missed. Exit 1 where a transition would have been refused or a case stranded.
    """
    from application.rehearsing import Count  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    draft = _draft(file)
    count = Count()
    with installation(read_settings()) as pobratim, progress("rehearsing") as told:
        for found in pobratim.rehearsing.rehearse(draft, count, _now_and_then(told)):
            for line in _findings(found) if as_json else ():
                json_line(line)
            for line in () if as_json else _lines(found):
                click.echo(line)
    if as_json:
        json_line({"procedure": draft.pin, "count": count})
    else:
        uncounted = f", {count.uncounted:,} cases with a deadline not counted" if count.uncounted else ""
        click.echo(
            f"{draft.pin} over {count.cases:,} cases: {count.refused:,} transitions refused, "
            f"{count.stranded:,} cases stranded, {count.missed:,} deadlines missed{uncounted}."
        )
    return 1 if count.refused or count.stranded else 0


def _now_and_then(told: Any) -> Any:
    calls = 0

    def tell(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls % _TELL_EVERY == 0:
            told(done, total)

    return tell


def _shelf() -> Shelf:
    from web.main import procedures_of  # noqa: PLC0415

    return procedures_of(read_settings())


def _named(shelf: Shelf, name: str) -> Version:
    versions = shelf.versions()
    found = next((v for v in versions if name in (v.procedure.pin, v.procedure.code)), None)
    if found is None:
        known = ", ".join(v.procedure.pin for v in versions)
        raise Refused(Refusal("procedure.unknown", {"procedure": name, "known": known}))
    return found


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")  # ends of lines stay as the folder will read them
    except UnicodeDecodeError as fault:
        line = len(fault.object[: fault.start].split(b"\n"))
        raise Refused(Refusal("procedure.not-utf8", {"file": str(file), "line": line})) from None
    except OSError as fault:
        raise Complaint(f"{file}: cannot be read ({fault.strerror}). Name a file of a procedure.") from None


def _draft(file: Path) -> Procedure:
    try:
        return _shelf().read(_text(file), str(file))
    except Refused as refused:
        first, more = refused.refusals[0], len(refused.refusals) - 1
        rest = f" ({more} more: pobratim procedure check {file})" if more else ""
        raise Complaint(with_place(first, ENGLISH) + rest) from None


def _findings(found: Rehearsed) -> Iterator[dict[str, Any]]:
    for step in found.refused:
        yield {"found": "refused", "case": found.number, **msgspec.to_builtins(step)}
    if found.stranded:
        yield {"found": "stranded", "case": found.number, "stage": found.stage, "refusals": found.stranded}
    for missed in found.missed:
        yield {"found": "missed", "case": found.number, **msgspec.to_builtins(missed)}
    for year in found.uncounted:
        yield {"found": "uncounted", "case": found.number, "year": year}


def _lines(found: Rehearsed) -> Iterator[str]:
    for step in found.refused:
        yield f"{found.number}  refused   {_step(step)}"
    if found.stranded:
        yield f"{found.number}  stranded  at {found.stage}: {_said(found.stranded)}"
    for missed in found.missed:
        yield f"{found.number}  missed    {_deadline(missed)}"
    for year in found.uncounted:
        yield f"{found.number}  uncounted the working days of {year} are not known, so a deadline could not be counted"


def _step(step: RefusedStep) -> str:
    return f"{step.fact}, version {step.version}, {step.occurred_on or 'day unknown'}: {_said(step.refusals)}"


def _deadline(missed: MissedDeadline) -> str:
    ended = f"ended {missed.ended}" if missed.ended else "still open"
    return f"{missed.deed} at {missed.stage}: due {missed.due}, {ended}"


def _said(refusals: tuple[Refusal, ...]) -> str:
    return " ".join(f"{r.field}: {sentence(r, ENGLISH)}" if r.field else sentence(r, ENGLISH) for r in refusals)
