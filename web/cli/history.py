"""`pobratim history` and `pobratim log`."""

import re
import sys
from collections.abc import Iterator, Sequence

import click
import msgspec

from application.identity import case_id
from application.ports import Recorded, UnreadableFact
from domain.initiatives.initiative import fold
from domain.words import CASE_NUMBER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.settings import read_settings


@click.command(epilog="Example: pobratim history 2026-0042 --json")
@click.argument("case")
@json_option
def history(case: str, as_json: bool) -> None:
    """Facts and state of one case, as they stand now."""
    from web.main import installation  # noqa: PLC0415

    if not re.match(CASE_NUMBER, case):
        raise Complaint(f"{case!r} is no case number. Give it as year and running number, such as 2026-0042.")
    with installation(read_settings()) as pobratim:
        recorded = pobratim.log.read(case_id(case))
        if not recorded:
            raise Complaint(f"There is no case {case}. Look for its number with: pobratim export register --format csv")
        events = pobratim.feed.events(recorded)
        state = fold([r.fact for r in recorded])  # pyright: ignore[reportArgumentType] - a case's stream holds its facts
    if as_json:
        json_line({"case": case, "state": state, "facts": events})
        return
    for r in recorded:
        fact = msgspec.to_builtins(r.fact)
        name = str(fact.pop("fact")).removeprefix("initiative.")
        happened = fact.pop("occurred_on", None) or "day unknown"
        click.echo(f"{r.version:4}  {name:32} happened {happened:12} recorded {r.recorded_at:%Y-%m-%d %H:%M}Z")
        for key, value in fact.items():
            click.echo(f"      {key}: {msgspec.json.encode(value).decode()}")
    if state is not None:
        click.echo(f"{case} stands at: {state.stage.value}, version {state.version}")


@click.group(epilog="Example: pobratim log tail --follow")
def log() -> None:
    """The log of facts."""


@log.command(epilog="Example: pobratim log tail --after 0 --follow | jq .type")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, show_default=True, help="Position of the last one seen."
)
@click.option("--follow", is_flag=True, help="Go on as facts are recorded, until Ctrl-C.")
def tail(after: int, follow: bool) -> None:
    """Facts as CloudEvents, one JSON object a line. Exit 1 before a fact that this version cannot read."""
    from application.feed import encoded  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    out = sys.stdout.buffer
    with installation(read_settings()) as pobratim:
        head = pobratim.log.head()
        if after > head:
            raise Complaint(f"--after {after} lies beyond the end of the log, {head}. Give a position up to {head}.")
        for page in _pages(pobratim.pages(after, follow=follow)):
            out.writelines(encoded(event) + b"\n" for event in pobratim.feed.events(page))
            out.flush()


def _pages(pages: Iterator[Sequence[Recorded]]) -> Iterator[Sequence[Recorded]]:
    """The pages, and before a fact that cannot be read those that stand before it. Raises UnreadableFact."""
    try:
        yield from pages
    except UnreadableFact as fault:
        yield fault.before
        raise
