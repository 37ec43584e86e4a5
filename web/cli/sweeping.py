"""`pobratim sweep`."""

from datetime import datetime

import click

from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.settings import read_settings


@click.command(epilog="Example: pobratim sweep --on 2026-03-17")
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Up to this day; without it up to today, from two o'clock on.",
)
@json_option
def sweep(day: datetime | None, as_json: bool) -> None:
    """Give every reminder whose day has come. `serve` and `worker` do it by themselves; twice gives nothing twice."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.catch_up(pobratim.log.head())
        until = min(day.date(), pobratim.giving_reminders.settled()) if day else pobratim.giving_reminders.settled()
        given = pobratim.giving_reminders.sweep(until)
    if given is None:
        raise Complaint("Nothing was swept: another process does it now, or the views are behind. Try again later.")
    if as_json:
        json_line({"until": until, "given": given})
    else:
        click.echo(f"{given:,} reminders given, up to {until}.")
