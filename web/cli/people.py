"""`pobratim people`: what was erased by requests of persons stays erased."""

import click

from web.cli.showing import json_line, json_option
from web.settings import read_settings


@click.group()
def people() -> None:
    """Personal data: requests are handled on the page /admin/people; here is what a restore needs."""


@people.command(epilog="Example: pobratim people reapply, after a backup was restored")
@json_option
def reapply(as_json: bool) -> None:
    """Erase again what a restored backup brought back. `serve`, `worker` and `demo` do it before they serve."""
    from web.main import installation, require_erased  # noqa: PLC0415 - the adapters behind it are heavy

    with installation(read_settings()) as pobratim:
        erased = pobratim.erase_again()
        listed = require_erased(pobratim)
    if as_json:
        json_line({"erased": erased, "listed": listed})
    elif listed is None:
        click.echo("No list of erasures is kept: POBRATIM_DATA_DIR is not set.")
    else:
        click.echo(f"{erased:,} entries were erased again. {listed:,} erasures are listed.")
