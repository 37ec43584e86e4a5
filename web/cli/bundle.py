"""`pobratim audit bundle`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from application.handling import OFFICE
from application.identity import case_id
from domain.words import CASE_NUMBER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option, progress
from web.settings import read_settings

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


@click.command(epilog="Example: pobratim audit bundle --from 2026-01-01 --to 2026-12-31 --output 2026.bundle.gz")
@click.option("--from", "first", metavar="DAY", required=True, help="First day, or a moment of RFC 3339.")
@click.option("--to", "last", metavar="DAY", required=True, help="Last day, or the moment before which it ends.")
@click.option(
    "--case", "number", metavar="NUMBER", help="Facts of this case alone, with the proof that none is left out."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@json_option
def bundle(first: str, last: str, number: str | None, output: Path, as_json: bool) -> None:
    """Write facts and their proof for an auditor, who checks them elsewhere with pobratim-verify.

    Days are those of the office, in Belgrade. A bundle ends at the newest sealed fact at the latest: that fact closes
    it and is not counted in it.
    """
    from web.main import installation  # noqa: PLC0415

    start, end = _moment(first, "--from"), _moment(last, "--to", days=1)
    if start >= end:
        raise Complaint(f"--from {first} does not come before the end of --to {last}.")
    if number is not None and not re.match(CASE_NUMBER, number):
        raise Complaint(f"{number!r} is no case number. Give it as year and running number, such as 2026-0042.")
    with installation(read_settings()) as pobratim, progress("writing the bundle") as told:
        if number is not None and not pobratim.log.read(case_id(number)):
            raise Complaint(
                f"There is no case {number}. Look for its number with: pobratim export register --format csv"
            )
        try:
            written = pobratim.bundling.write(output, start, end, number, told)
        except OSError as fault:
            raise Complaint(f"{output} cannot be written: {fault.strerror or fault}") from fault
    if as_json:
        json_line(written)
        return
    if written.end < end:
        click.echo(
            f"The seal reaches to {written.end.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}: the bundle ends there.", err=True
        )
    if pobratim.witnesses.named and not written.quorum:
        click.echo(
            "Too few witnesses have signed a checkpoint over these days: the bundle holds only under a policy with the "
            "quorum 0.",
            err=True,
        )
    click.echo(f"{output} holds {written.facts:,} facts under {written.leaves:,} leaves of {written.origin}.")


def _moment(text: str, option: str, days: int = 0) -> datetime:
    """The moment that was given, or the beginning of the office's day so many `days` after the one that was given."""
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            return datetime.combine(day, time.min, OFFICE).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Complaint(f"{option} {text!r} is no day such as 2026-03-01, and no moment such as 2026-03-01T08:00:00Z.")
