"""`pobratim account`: who may sign in, and which systems may ask."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from msgspec.structs import replace

from application.access import OPERATOR, Role
from application.accounts import LOCALES, OpenAccount
from application.tokens import SCOPES
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.forms import LINE
from web.settings import read_settings

KEEPER = replace(OPERATOR, role=Role.ADMINISTRATOR)


def email_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("email")(command)


@click.group(epilog="Example: pobratim account link ana@skgo.rs")
def account() -> None:
    """Accounts, one-time sign-in links, and tokens of other systems."""


@account.command(epilog="Example: pobratim account add ana@skgo.rs --name 'Ana Anić' --role coordinator")
@email_argument
@click.option("--name", required=True, help="As colleagues should read it.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--local-government", metavar="CODE", help="For an officer: the own local government, such as leskovac.")
@click.option("--locale", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True)
@click.option("--password-stdin", is_flag=True, help="Take the password from the first line of standard input.")
@json_option
def add(
    email: str,
    name: str,
    role: str,
    local_government: str | None,
    locale: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Open an account. Without a password its person comes in by a link from `pobratim account link`."""
    from web.main import installation  # noqa: PLC0415

    wish = OpenAccount(
        name=name,
        email=email,
        role=Role(role),
        local_government=local_government,
        locale=locale,
        password=_piped() if password_stdin else None,
    )
    with installation(read_settings()) as pobratim:
        pobratim.check_local_government(local_government)
        opened = pobratim.keeping_accounts.open(KEEPER, wish)
    json_line(opened) if as_json else click.echo(f"{opened.email}: account opened as {opened.role.value}.")


@account.command("list", epilog="Example: pobratim account list --json")
@json_option
def list_(as_json: bool) -> None:
    """Every account."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        accounts = pobratim.keeping_accounts.list(KEEPER)
    for found in accounts:
        if as_json:
            json_line(found)
        else:
            state = "disabled" if found.disabled else "active"
            click.echo(
                f"{found.email:36} {found.role.value:14} {found.local_government or '-':20} {state:9} {found.name}"
            )


@account.command(epilog="Example: pobratim account disable ana@skgo.rs")
@email_argument
def disable(email: str) -> None:
    """End an account: its sessions, links and tokens stop working at once. Its facts stay."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        pobratim.keeping_accounts.disable(KEEPER, found.id)
    click.echo(f"{found.email}: disabled.")


@account.command(epilog="Example: pobratim account link ana@skgo.rs")
@email_argument
def link(email: str) -> None:
    """Print a sign-in link that works once, for 15 minutes."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        _, secret = pobratim.keeping_accounts.link(KEEPER, found.id)
        click.echo(pobratim.link_address(secret))


@account.command(epilog="Example: pobratim account password ana@skgo.rs")
@email_argument
def password(email: str) -> None:
    """Set a password: asked for without echo, or the first line of standard input. Sessions of the account end."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        typed = _typed(f"New password of {found.email}") if sys.stdin.isatty() else _piped()
        pobratim.keeping_accounts.set_password(KEEPER, found.id, typed)
    click.echo(f"{found.email}: password set, sessions ended.")


def _typed(prompt: str) -> str:
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt="Once more", err=True))


def _piped() -> str:
    """Never an argument: other users of the machine see those, and the shell keeps them."""
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Complaint("The password on standard input is not in UTF-8. Send it as UTF-8, in one line.") from None


@account.command(epilog="Example: pobratim account token portal@nis.rs --name 'Town portal' --scope events:read")
@email_argument
@click.option("--name", required=True, help="Which system will use it.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), required=True)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
def token(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Print a token with which another system asks the API in the name of an account. It is shown this once."""
    from web.main import installation  # noqa: PLC0415

    if len(name) > LINE:
        raise Complaint(f"--name has {len(name):,} characters. Give at most {LINE}.")
    with installation(read_settings()) as pobratim:
        found = pobratim.keeping_accounts.by_email(KEEPER, email)
        click.echo(pobratim.signing_in.issue_token(KEEPER, found.id, name, scopes, timedelta(days=days)))
