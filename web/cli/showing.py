"""What commands print: progress on a terminal, JSON where asked for."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all; 0 in all where that is not known."""


@contextmanager
def progress(what: str) -> Generator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield advance


def json_line(value: Any) -> None:
    """One value as one line of JSON on standard output."""
    click.echo(msgspec.json.encode(value).decode())


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)
