"""`pobratim token client`: systems that ask with access tokens of an identity provider (OIDC client credentials)."""

import click

from application.tokens import SCOPES
from web.cli.accounts import KEEPER
from web.cli.showing import json_line, json_option
from web.settings import read_settings


@click.group(epilog="Example: pobratim token client add town-portal portal@nis.rs --scope events:read")
def client() -> None:
    """Systems that ask with access tokens of the identity provider (POBRATIM_OIDC_ISSUER)."""


@client.command("list", epilog="Example: pobratim token client list --json")
@json_option
def list_(as_json: bool) -> None:
    """Every client, for whom it acts, and when it last asked."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        keeping = pobratim.keeping_clients
        found, issuer = keeping.list(KEEPER), keeping.issuer
    for one in found:
        if as_json:
            json_line(one)
        else:
            used = f"used {one.used_at:%Y-%m-%d}" if one.used_at else "never used"
            former = "" if one.issuer == issuer else f" (of {one.issuer}, which is not set now)"
            click.echo(f"{one.id} {one.email:36} {used:15} {','.join(one.scopes)} {one.client}{former}")


@client.command(epilog="Example: pobratim token client add town-portal portal@nis.rs --scope events:read")
@click.argument("client_id", metavar="CLIENT")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), required=True)
@click.option("--subject", default="", help="What `sub` of its tokens says, where that is not the client itself.")
@json_option
def add(client_id: str, email: str, scopes: tuple[str, ...], subject: str, as_json: bool) -> None:
    """Let a client of the identity provider ask the API in the name of an account.

    Where it is here already, this takes the place of what was said of it.
    """
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        added = pobratim.keeping_clients.add(KEEPER, client_id, found.id, scopes, subject)
    json_line(added) if as_json else click.echo(
        f"{added.id} ({added.client}): acts for {added.email} within {', '.join(added.scopes)}."
    )


@client.command(epilog="Example: pobratim token client remove 3f9a1c7e42")
@click.argument("id_", metavar="ID")
def remove(id_: str) -> None:
    """Refuse a client from its next request on."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        removed = pobratim.keeping_clients.remove(KEEPER, id_)
    click.echo(f"{removed.id} ({removed.client}): removed.")
