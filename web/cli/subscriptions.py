"""`pobratim subscription`: other systems that are told of facts by webhook."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from application.reading import NotFound
from domain.initiatives.terms import Kind
from domain.subscriptions.subscription import Filter
from domain.words import CASE_NUMBER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.cli.subscriptions_deliveries import deliveries, parked, rehearse, release, replay
from web.cli.subscriptions_parts import KEEPER, answered, code_argument, new_key
from web.settings import read_settings

if TYPE_CHECKING:
    from application.subscriptions import Opened
    from application.subscriptions_ports import Answer
    from application.subscriptions_reading import Row


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--case", metavar="NUMBER", help="Only this case, such as 2026-0042.")(command)
    for option, name, metavar, said in (
        ("--kind", "kinds", "KIND", "Only cases of this kind of cooperation, such as twinning."),
        ("--local-government", "local_governments", "CODE", "Only cases of this local government, such as leskovac."),
    ):
        more = f"{said} May be given several times."
        command = click.option(option, name, multiple=True, metavar=metavar, help=more)(command)
    return click.option(
        "--type", "types", multiple=True, metavar="TOPIC", help="Only facts of this topic. May be given several times."
    )(command)


class Subscriptions(click.Group):
    """Says in one line that there is no such subscription."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NotFound as missing:
            raise Complaint(
                f"There is no subscription {str(missing)[:80]!r}. See which there are: pobratim subscription list"
            ) from None


@click.group(cls=Subscriptions, epilog="Example: pobratim subscription list")
def subscription() -> None:
    """Other systems that are told of what happens by webhook (Standard Webhooks)."""


@subscription.command(
    epilog="Example: pobratim subscription add nis-portal --name 'Portal of Niš' --address https://portal.ni.rs/pobratim"
)
@code_argument
@click.option("--name", required=True, help="As people call it.")
@click.option("--address", required=True, help="Where deliveries go, by https.")
@click.option("--ed25519", is_flag=True, help="Sign with a key pair; the receiver gets the public key only.")
@filter_options
@click.option(
    "--after", type=click.IntRange(0), help="Deliver facts behind this position; 0 for all. Else from now on."
)
@click.option("--keeper", metavar="EMAIL", help="Who looks after it and gets its mail. Else every administrator.")
@json_option
def add(
    code: str,
    name: str,
    address: str,
    ed25519: bool,
    types: tuple[str, ...],
    local_governments: tuple[str, ...],
    kinds: tuple[str, ...],
    case: str | None,
    after: int | None,
    keeper: str | None,
    as_json: bool,
) -> int:
    """Create a subscription, print its secret this once, and try a delivery. Where it is taken, deliveries begin.

    Exit 1 where the receiver does not take it: give it the secret, then run: pobratim subscription resume CODE
    """
    from application.subscriptions import Wish  # noqa: PLC0415 - heavy
    from domain.subscriptions.events import Signing  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        kept = pobratim.keeping_accounts.by_email(KEEPER, keeper).id if keeper else None
        wish = Wish(name=name, address=address, keeper=kept, filter=_filter(types, case, local_governments, kinds))
        signing = Signing.ED25519 if ed25519 else Signing.HMAC
        opened = pobratim.keeping_subscriptions.create(KEEPER, new_key(), code, wish, signing, after)
        if not as_json:
            _show_secret(code, opened)
        answer = pobratim.keeping_subscriptions.test(KEEPER, code)
        if answer.accepted:
            pobratim.keeping_subscriptions.resume(KEEPER, code, new_key())
    if as_json:
        json_line({"code": code, "for_receiver": opened.for_receiver, "test": answer, "begun": answer.accepted})
    else:
        click.echo(_tested(answer))
        click.echo(
            "Deliveries begin."
            if answer.accepted
            else f"Nothing is delivered yet. When the receiver is ready: pobratim subscription resume {code}"
        )
    return 0 if answer.accepted else 1


@subscription.command("list", epilog="Example: pobratim subscription list --json")
@json_option
def list_(as_json: bool) -> None:
    """Every subscription, how it stands, and what waits."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        rows = pobratim.reading_subscriptions.list(KEEPER)
    for row in rows:
        if as_json:
            json_line(row)
        else:
            click.echo(f"{row.state.code:24} {row.state.standing.value:9} {_waits(row):60} {row.state.address}")


@subscription.command(epilog="Example: pobratim subscription test nis-portal")
@code_argument
@json_option
def test(code: str, as_json: bool) -> int:
    """Send a delivery that tells of no fact, now. Exit 1 where the receiver does not take it."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        answer = pobratim.keeping_subscriptions.test(KEEPER, code)
    json_line(answer) if as_json else click.echo(_tested(answer))
    return 0 if answer.accepted else 1


@subscription.command(epilog="Example: pobratim subscription change nis-portal --type initiative.agreement-signed.v1")
@code_argument
@click.option("--name", help="As people call it.")
@click.option("--address", help="Where deliveries go, by https.")
@filter_options
@click.option("--all", "everything", is_flag=True, help="Let everything through.")
@click.option("--keeper", metavar="EMAIL", help="Who looks after it and gets its mail.")
def change(
    code: str,
    name: str | None,
    address: str | None,
    types: tuple[str, ...],
    local_governments: tuple[str, ...],
    kinds: tuple[str, ...],
    case: str | None,
    everything: bool,
    keeper: str | None,
) -> None:
    """Give what is to change; the rest stays. It counts also for what waits to be delivered."""
    from application.subscriptions import Wish  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    new = _filter(types, case, local_governments, kinds)
    if everything and new != Filter():
        raise Complaint("--all lets everything through: leave the filters out.")
    with installation(read_settings()) as pobratim:
        now = pobratim.keeping_subscriptions.one(KEEPER, code)
        wish = Wish(
            name=name or now.name,
            address=address or now.address,
            keeper=pobratim.keeping_accounts.by_email(KEEPER, keeper).id if keeper else now.keeper,
            filter=new if everything or new != Filter() else now.filter,
        )
        done = pobratim.keeping_subscriptions.change(KEEPER, code, new_key(), wish)
    click.echo(f"{code}: {'nothing differs' if done.repeated else 'changed'}.")


@subscription.command(epilog="Example: pobratim subscription pause nis-portal")
@code_argument
def pause(code: str) -> None:
    """Let deliveries rest. What comes meanwhile is delivered later."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.pause(KEEPER, code, new_key())
    click.echo(f"{code}: paused. What comes meanwhile waits.")


@subscription.command(epilog="Example: pobratim subscription resume nis-portal")
@code_argument
def resume(code: str) -> None:
    """Begin deliveries, or go on where they stood."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.resume(KEEPER, code, new_key())
    click.echo(f"{code}: deliveries go on.")


@subscription.command(epilog="Example: pobratim subscription disable nis-portal")
@code_argument
def disable(code: str) -> None:
    """Deliver nothing more. Its history stays, and `resume` goes on where it stood."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.disable(KEEPER, code, new_key())
    click.echo(f"{code}: disabled.")


@subscription.command(epilog="Example: pobratim subscription rotate nis-portal --overlap 48")
@code_argument
@click.option(
    "--overlap", type=click.IntRange(0, 168), default=24, show_default=True, help="Hours in which both secrets sign."
)
@click.option("--lost", is_flag=True, help="The old secret cannot be opened any more: only the new one signs.")
@json_option
def rotate(code: str, overlap: int, lost: bool, as_json: bool) -> None:
    """Print a new secret, this once. The old one signs beside it for a while; after a leak use --overlap 0."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        opened = pobratim.keeping_subscriptions.rotate(KEEPER, code, new_key(), overlap, lost=lost)
    json_line({"code": code, "for_receiver": opened.for_receiver}) if as_json else _show_secret(code, opened)


def _filter(
    types: tuple[str, ...], case: str | None, local_governments: tuple[str, ...], kinds: tuple[str, ...]
) -> Filter:
    if case and not re.fullmatch(CASE_NUMBER, case):
        raise Complaint(f"--case {case[:40]!r} is no number of a case. Write it as 2026-0042.")
    known = [kind.value for kind in Kind]
    for kind in kinds:
        if kind not in known:
            raise Complaint(f"--kind {kind[:40]!r} is none. Give one of: {', '.join(known)}.")
    return Filter(types=types, case=case, local_governments=local_governments, kinds=kinds)


def _show_secret(code: str, opened: "Opened") -> None:
    click.echo(f"{code}: give this to the receiver by a safe way. It is shown this once:\n  {opened.for_receiver}")


def _tested(answer: "Answer") -> str:
    verdict = "taken" if answer.accepted else "NOT taken"
    said = f" It says: {' '.join(answer.said.split())[:200]}" if answer.said else ""
    return f"A test delivery was {verdict}: {answered(answer)} in {answer.milliseconds} ms.{said}"


def _waits(row: "Row") -> str:
    stand = row.stand
    parts = [f"{row.lag:,} behind"]
    if stand and stand.waiting:
        parts.append(f"{stand.waiting} cases tried again")
    if stand and stand.parked:
        parts.append(f"{stand.parked} parked")
    if row.state.replay:
        parts.append("replay")
    if stand and stand.fault:
        parts.append(stand.fault[:40])
    return ", ".join(parts)


for command in (deliveries, parked, release, replay, rehearse):
    subscription.add_command(command)
