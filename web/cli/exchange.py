"""`pobratim exchange`: signed files between this register and others that lead the same cases."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from application.access import OPERATOR
from application.exchange.sheet import Received, TrustedRegister
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.language import language
from web.refusals import sentence
from web.settings import read_settings

ENGLISH = language("en")
_LONGEST_NAME = 120


def _sides(command: Callable[..., Any]) -> Callable[..., Any]:
    said = "Code of a local government, or id of a partner; may be given several times."
    return click.option("--side", "sides", multiple=True, required=True, help=said)(command)


@click.group()
def exchange() -> None:
    """Files between registers: each speaks for its own sides, and is believed for those alone."""


@exchange.command(epilog="Example: pobratim exchange key")
def key() -> None:
    """Print the public key of this register; it is made in the data folder when there is none."""
    from web.main import own_exchange_key  # noqa: PLC0415 - the adapters behind it are heavy

    click.echo(own_exchange_key(read_settings()))


@exchange.command(epilog="Example: pobratim exchange trust q2v…= --name 'Novi Sad' --side novi-sad")
@click.argument("public_key", metavar="KEY")
@click.option("--name", required=True, help="How this register calls the other one.")
@_sides
def trust(public_key: str, name: str, sides: tuple[str, ...]) -> None:
    """Believe another register for the sides that are named. Compare the key by telephone first."""
    from web.main import checked_exchange_key, installation  # noqa: PLC0415

    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Complaint(f"--name takes one line of up to {_LONGEST_NAME} characters.")
    with installation(read_settings()) as pobratim:
        known = tuple(pobratim.exchange_sides.known(side) for side in sides)
        checked = checked_exchange_key(public_key)
        register = TrustedRegister(key=checked, name=name.strip(), sides=known, added_at=pobratim.clock())
        pobratim.trusted_registers.keep(register)
    click.echo(f"{register.name} is believed for {', '.join(known)}.")


@exchange.command(epilog="Example: pobratim exchange trusted --json")
@json_option
def trusted(as_json: bool) -> None:
    """Which registers are believed, and for which sides."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        for register in pobratim.trusted_registers.all():
            if as_json:
                json_line(register)
            else:
                click.echo(f"{register.key}  {register.name}  ({', '.join(register.sides)})")


@exchange.command(epilog="Example: pobratim exchange distrust q2v…=")
@click.argument("public_key", metavar="KEY")
def distrust(public_key: str) -> None:
    """Believe a register no longer. What it said stays in the histories."""
    from web.main import checked_exchange_key, installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        if not pobratim.trusted_registers.forget(checked_exchange_key(public_key)):
            raise Complaint(f"No register with the key {public_key} is trusted; see pobratim exchange trusted.")
    click.echo("It is believed no longer.")


@exchange.command("export", epilog="Example: pobratim exchange export --as SKGO --side novi-sad --output novi-sad.json")
@click.option("--as", "name", required=True, help="Name of this register, as the other one will read it.")
@_sides
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_(name: str, sides: tuple[str, ...], output: Path) -> None:
    """Write every case of the sides, with what this register knows of them by itself, into a signed file."""
    from web.main import installation, signed_sheet  # noqa: PLC0415

    settings = read_settings()
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Complaint(f"--as takes one line of up to {_LONGEST_NAME} characters.")
    with installation(settings) as pobratim:
        sheet = pobratim.speaking.sheet(OPERATOR, name.strip(), sides)
    body = signed_sheet(settings, sheet)
    try:
        output.write_bytes(body)
    except OSError as fault:
        raise Complaint(f"{output} cannot be written: {fault.strerror or fault}") from fault
    lines = sum(len(case.lines) for case in sheet.cases)
    click.echo(f"{output}: {len(sheet.cases):,} cases, {lines:,} lines.")


@exchange.command("import", epilog="Example: pobratim exchange import novi-sad.json")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def import_(file: Path, as_json: bool) -> int:
    """Take down what a trusted register says of its sides. Exit 1 where a line could not be taken."""
    from web.main import installation, read_exchange_file  # noqa: PLC0415

    counts = Counter[str]()
    with installation(read_settings()) as pobratim:
        signed = read_exchange_file(file)
        for received in pobratim.hearing.take(OPERATOR, signed.key, signed.sheet):
            counts[_outcome(received)] += 1
            _tell(received, as_json=as_json)
        pobratim.catch_up(pobratim.log.head())
    if not as_json:
        click.echo(f"{file}: {counts['new']:,} new, {counts['known']:,} known already, {counts['refused']:,} refused.")
    return 1 if counts["refused"] else 0


def _outcome(received: Received) -> str:
    if received.refusal:
        return "refused"
    return "new" if received.new else "known"


def _tell(received: Received, *, as_json: bool) -> None:
    said = sentence(received.refusal, ENGLISH) if received.refusal else ""
    if as_json:
        json_line({**msgspec.to_builtins(received), "says": said})
    elif said:
        line = f", {received.line.status.value}" if received.line else ""
        click.echo(f"{received.case}{line}: {said}", err=True)
