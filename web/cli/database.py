"""`pobratim migrate` and `pobratim views`."""

import click
from msgspec.structs import asdict

from web.cli.showing import json_line, json_option, progress
from web.settings import read_settings


@click.command(epilog="Example: POBRATIM_MIGRATION_URL=postgresql://owner@db/pobratim pobratim migrate")
@json_option
def migrate(as_json: bool) -> None:
    """Bring the database to this version. Safe to repeat."""
    from web.main import bring_up_to_date  # noqa: PLC0415

    applied = bring_up_to_date(read_settings())
    if as_json:
        json_line({"applied": applied})
    else:
        click.echo("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


@click.group(epilog="Example: pobratim views verify")
def views() -> None:
    """The views that pages read: disposable, and provable against the log."""


@views.command(epilog="Example: pobratim views rebuild register")
@click.argument("names", nargs=-1, metavar="[VIEW]...")
def rebuild(names: tuple[str, ...]) -> None:
    """Build views anew beside the live ones, then swap. Without VIEW: all of them."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim, progress("rebuilding") as told:
        pobratim.rebuild(names, told)
    click.echo(f"Rebuilt: {', '.join(names) or 'every view'}.")


@views.command(epilog="Example: pobratim views verify --json")
@click.argument("names", nargs=-1, metavar="[VIEW]...")
@json_option
def verify(names: tuple[str, ...], as_json: bool) -> int:
    """Prove that every view equals a fresh replay of the log. Exit 1 where one does not, or has stopped."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim, progress("replaying") as told:
        results = pobratim.verify(names, told)
    if as_json:
        for result in results:
            json_line(asdict(result) | {"equal": result.equal})
    else:
        for result in results:
            verdict = "equals its replay" if result.equal else "DIFFERS from its replay"
            click.echo(f"{result.view:24} {verdict}: {result.rows:,} rows at position {result.position:,}")
            if result.stopped_at is not None:
                click.echo(f"    STOPPED before position {result.stopped_at:,}: {result.error}")
            for difference in result.differences:
                click.echo(f"    {difference}")
    return 0 if all(result.good for result in results) else 1
