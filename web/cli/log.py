"""`pobratim log`: facts as CloudEvents, one JSON object a line."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from application.ports import Recorded, UnreadableFact
from web.cli.faults import Complaint
from web.cli.filtering import filtered, require_reached, wanted_of
from web.cli.publishing import publish
from web.cli.showing import progress
from web.settings import read_settings

if TYPE_CHECKING:
    from application.feed import FeedFilter
    from web.main import Installation

READ_AT_ONCE: Final = 1_000


@click.group(epilog="Example: pobratim log tail --follow")
def log() -> None:
    """The log of facts."""


log.add_command(publish)


@log.command(epilog="Example: pobratim log tail --after 0 --follow | jq .type")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, show_default=True, help="Position of the last one seen."
)
@click.option("--follow", is_flag=True, help="Go on as facts are recorded, until Ctrl-C.")
@filtered
def tail(after: int, follow: bool, **asked: Any) -> None:
    """Facts as CloudEvents, one JSON object a line. Exit 1 before a fact that this version cannot read."""
    from web.main import installation  # noqa: PLC0415 - the adapters behind it are heavy

    with installation(read_settings()) as pobratim:
        wanted = wanted_of(pobratim, after, asked)
        cursor = after
        for cursor, lines in _written(pobratim, wanted, after):  # noqa: B007 - the last one is gone on from
            _print(lines)
        if follow:
            for page in _pages(pobratim.pages(cursor, follow=True)):
                _print(_lines(pobratim, pobratim.feed.sieved(wanted, page)))


@log.command(epilog="Example: pobratim log export --local-government nis --output nis.jsonl")
@click.option("--after", type=click.IntRange(min=0), default=None, help="Position of the last one seen; else all.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; else standard output.")
@filtered
def export(after: int | None, output: Path | None, **asked: Any) -> None:
    """The facts that there are, as CloudEvents, one JSON object a line. A file that holds some is continued behind its
    last one: give the same filters again. Exit 1 before a fact that this version cannot read."""
    from web.main import event_file, installation  # noqa: PLC0415 - see above

    with installation(read_settings()) as pobratim:
        wanted = wanted_of(pobratim, after or 0, asked)
        if output is None:
            for _, lines in _written(pobratim, wanted, after or 0):
                _print(lines)
            return
        try:
            with event_file(output, pobratim.settings.base_url) as file, progress("writing") as told:
                if file.after is not None and after is not None:
                    raise Complaint(f"{output} goes on after {file.after}. Leave out --after, or name another file.")
                start = cursor = file.after or after or 0
                require_reached(pobratim, start, str(output))
                count, head = 0, pobratim.log.head()
                for cursor, lines in _written(pobratim, wanted, start):
                    file.write(lines)
                    count += len(lines)
                    told(cursor, head)
        except OSError as fault:
            raise Complaint(f"{output} cannot be written: {fault.strerror or fault}") from fault
    click.echo(f"{count:,} events more are in {output}; the log was read up to {cursor:,}.", err=True)


def _written(pobratim: "Installation", wanted: "FeedFilter", after: int) -> Iterator[tuple[int, list[bytes]]]:
    """How far the log was read, and the events on the way, up to where it ends now. Raises UnreadableFact."""
    head = pobratim.log.head()
    while after < head:
        passed = pobratim.feed.look(wanted, after, READ_AT_ONCE)
        after = passed.next
        yield after, _lines(pobratim, passed.recorded)


def _lines(pobratim: "Installation", recorded: Sequence[Recorded]) -> list[bytes]:
    from application.feed_events import encoded  # noqa: PLC0415 - see above

    return [encoded(event) for event in pobratim.feed.events(recorded)]


def _print(lines: Iterable[bytes]) -> None:
    sys.stdout.buffer.writelines(line + b"\n" for line in lines)
    sys.stdout.buffer.flush()


def _pages(pages: Iterator[Sequence[Recorded]]) -> Iterator[Sequence[Recorded]]:
    """The pages, and before a fact that cannot be read those that stand before it. Raises UnreadableFact."""
    try:
        yield from pages
    except UnreadableFact as fault:
        yield fault.before
        raise
