"""`pobratim token`: with what other systems ask the API."""

from datetime import timedelta
from typing import Final

import click

from application.tokens import LONGEST_NAME, LONGEST_OVERLAP, LONGEST_TOKEN, SCOPES
from web.cli.accounts import KEEPER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.cli.token_clients import client
from web.settings import read_settings

_HOURS: Final = LONGEST_OVERLAP // timedelta(hours=1)
_days = click.option("--days", type=click.IntRange(1, LONGEST_TOKEN.days), default=90, show_default=True)


@click.group(epilog="Example: pobratim token add portal@nis.rs --name 'Town portal' --scope events:read")
def token() -> None:
    """Tokens of other systems: which there are, new ones, new secrets, and their end."""


token.add_command(client)


@token.command("list", epilog="Example: pobratim token list portal --json")
@click.argument("words", nargs=-1)
@click.option("--ended", is_flag=True, help="Those that do not work any more.")
@json_option
def list_(words: tuple[str, ...], ended: bool, as_json: bool) -> None:
    """Tokens that work, in whose name, and when each was last used. Secrets are not kept, so none is shown."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_tokens.list(KEEPER, " ".join(words), ended=ended)
    for one in found:
        if as_json:
            json_line(one)
        else:
            used = f"used {one.used_at:%Y-%m-%d}" if one.used_at else "never used"
            end = one.revoked_at or one.ends_at
            click.echo(f"{one.id} {one.email:36} {end:%Y-%m-%d} {used:15} {','.join(one.scopes)} {one.name}")


@token.command(epilog="Example: pobratim token add portal@nis.rs --name 'Town portal' --scope events:read")
@click.argument("email")
@click.option("--name", required=True, help="Which system will use it.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), required=True)
@_days
def add(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Print a token with which another system asks the API in the name of an account. It is shown this once."""
    from web.main import installation  # noqa: PLC0415

    if len(name) > LONGEST_NAME:
        raise Complaint(f"--name has {len(name):,} characters. Give at most {LONGEST_NAME}.")
    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        click.echo(pobratim.keeping_tokens.issue(KEEPER, found.id, name, scopes, timedelta(days=days))[1])


@token.command(epilog="Example: pobratim token rotate 3f9a1c7e42 --hours 8")
@click.argument("id_", metavar="ID")
@click.option(
    "--hours",
    type=click.IntRange(0, _HOURS),
    default=_HOURS,
    show_default=True,
    help="So long the present secret works on; 0 ends it at once.",
)
@_days
def rotate(id_: str, hours: int, days: int) -> None:
    """Print a new secret for a token. The token lasts anew from now; it is shown this once."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        lasts = timedelta(days=days)
        click.echo(pobratim.keeping_tokens.rotate(KEEPER, id_, timedelta(hours=hours), lasts)[1])


@token.command(epilog="Example: pobratim token revoke 3f9a1c7e42")
@click.argument("id_", metavar="ID")
def revoke(id_: str) -> None:
    """End a token at once, with every secret that it has."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        revoked = pobratim.keeping_tokens.revoke(KEEPER, id_)
    click.echo(f"{revoked.id} ({revoked.name}): revoked.")
