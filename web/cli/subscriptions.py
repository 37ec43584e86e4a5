"""`pobratim subscription`: other systems that are told of facts by webhook."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click
from msgspec.structs import replace

from application.access import OPERATOR, Role
from application.reading import NotFound
from domain.initiatives.terms import Kind
from domain.kernel import CommandKey
from domain.subscriptions.subscription import Filter
from domain.words import CASE_NUMBER
from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.settings import read_settings

if TYPE_CHECKING:
    from application.subscriptions import Opened
    from application.subscriptions_ports import Answer
    from application.subscriptions_reading import Row

KEEPER = replace(OPERATOR, role=Role.ADMINISTRATOR)


def code_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("code")(command)


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
        opened = pobratim.keeping_subscriptions.create(KEEPER, _key(), code, wish, signing, after)
        if not as_json:
            _show_secret(code, opened)
        answer = pobratim.keeping_subscriptions.test(KEEPER, code)
        if answer.accepted:
            pobratim.keeping_subscriptions.resume(KEEPER, code, _key())
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
        done = pobratim.keeping_subscriptions.change(KEEPER, code, _key(), wish)
    click.echo(f"{code}: {'nothing differs' if done.repeated else 'changed'}.")


@subscription.command(epilog="Example: pobratim subscription pause nis-portal")
@code_argument
def pause(code: str) -> None:
    """Let deliveries rest. What comes meanwhile is delivered later."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.pause(KEEPER, code, _key())
    click.echo(f"{code}: paused. What comes meanwhile waits.")


@subscription.command(epilog="Example: pobratim subscription resume nis-portal")
@code_argument
def resume(code: str) -> None:
    """Begin deliveries, or go on where they stood."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.resume(KEEPER, code, _key())
    click.echo(f"{code}: deliveries go on.")


@subscription.command(epilog="Example: pobratim subscription disable nis-portal")
@code_argument
def disable(code: str) -> None:
    """Deliver nothing more. Its history stays, and `resume` goes on where it stood."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        pobratim.keeping_subscriptions.disable(KEEPER, code, _key())
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
        opened = pobratim.keeping_subscriptions.rotate(KEEPER, code, _key(), overlap, lost=lost)
    json_line({"code": code, "for_receiver": opened.for_receiver}) if as_json else _show_secret(code, opened)


@subscription.command(epilog="Example: pobratim subscription deliveries nis-portal --most 5 --bodies")
@code_argument
@click.option("--most", type=click.IntRange(1, 200), default=20, show_default=True, help="The newest so many.")
@click.option("--bodies", is_flag=True, help="With what was sent and the first words of the answer.")
@json_option
def deliveries(code: str, most: int, bodies: bool, as_json: bool) -> None:
    """What was sent lately, and how it was answered; the newest first."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.reading_subscriptions.deliveries(KEEPER, code, most)
    for one in found:
        if as_json:
            json_line(one)
            continue
        said = one.delivery
        what = f"position {said.position}" if said.position else "test"
        replay = f", replay {said.replay}" if said.replay else ""
        click.echo(
            f"{said.sent_at:%Y-%m-%d %H:%M:%S} UTC  {what:16} {one.subject:36} attempt {said.attempt}{replay}: "
            f"{_answered(said.answer)} in {said.answer.milliseconds} ms"
        )
        if bodies:
            click.echo(f"  {one.message}\n  {one.body}")
            if said.answer.said:
                click.echo(f"  answer: {' '.join(said.answer.said.split())}")


@subscription.command(epilog="Example: pobratim subscription parked nis-portal")
@code_argument
@click.option("--retried", is_flag=True, help="Those that are tried again by themselves, instead.")
@json_option
def parked(code: str, retried: bool, as_json: bool) -> None:
    """Cases that wait for a person: the receiver did not take one of their facts for about a day."""
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim:
        found = pobratim.reading_subscriptions.waiting(KEEPER, code, parked=not retried)
    for one in found:
        if as_json:
            json_line(one)
            continue
        case = one.case
        then = "" if case.parked_at else f", again at {case.next_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(
            f"{one.subject:36} waits since {case.since:%Y-%m-%d %H:%M:%S} UTC, {case.attempts} attempts{then}: "
            f"{case.fault}"
        )


@subscription.command(epilog="Example: pobratim subscription release nis-portal 2026-0042")
@code_argument
@click.argument("case", required=False)
@click.option("--all", "everything", is_flag=True, help="Every parked case.")
def release(code: str, case: str | None, everything: bool) -> None:
    """Try a parked case again; what waits behind it follows in its order."""
    from web.main import installation  # noqa: PLC0415

    if everything == bool(case):
        raise Complaint("Name the case, or say --all.")
    with installation(read_settings()) as pobratim:
        mending = pobratim.mending_deliveries
        if case:
            mending.release(KEEPER, code, _key(), case)
            click.echo(f"{case}: tried again.")
        else:
            click.echo(f"{mending.release_all(KEEPER, code, _key())} cases are tried again.")


@subscription.command(epilog="Example: pobratim subscription replay nis-portal --since 2026-03-01, then with --begin")
@code_argument
@click.option("--after", type=click.IntRange(0), help="Deliver again what stands behind this position; 0 for all.")
@click.option("--since", metavar="DAY", help="Deliver again what was recorded from this day on, such as 2026-03-01.")
@click.option("--begin", is_flag=True, help="Begin. Without it, it is only said what would be sent.")
@click.option("--stop", is_flag=True, help="Stop the replay that runs; deliveries go on where they had stood.")
@json_option
def replay(code: str, after: int | None, since: str | None, begin: bool, stop: bool, as_json: bool) -> None:
    """Say what a replay would send; with --begin, send it. Without a beginning, say how far the running one is."""
    from web.cli.showing import progress  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    if stop and (begin or since or after is not None):
        raise Complaint("--stop goes alone.")
    if after is not None and since:
        raise Complaint("Give --after or --since, not both.")
    if begin and since is None and after is None:
        raise Complaint("Say from where: --after POSITION or --since DAY.")
    moment = _midnight(since) if since else None
    with installation(read_settings()) as pobratim:
        reading, mending = pobratim.reading_subscriptions, pobratim.mending_deliveries
        if stop:
            mending.stop_replay(KEEPER, code, _key())
            click.echo(f"{code}: the replay is stopped; deliveries go on where they had stood.")
            return
        if moment is None and after is None:
            _show_progress(mending.progress(KEEPER, code), as_json)
            return
        start = reading.position_of(KEEPER, moment) if moment else after or 0
        with progress("counting") as told:
            plan = reading.plan(KEEPER, code, start, told)
        if begin:
            mending.begin_replay(KEEPER, code, _key(), plan)
    if as_json:
        json_line({"plan": plan, "begun": begin})
        return
    oldest = f", the oldest of {plan.oldest:%Y-%m-%d %H:%M} UTC" if plan.oldest else ""
    verb = "are sent again" if begin else "would be sent again"
    click.echo(f"{plan.facts:,} facts of {plan.cases:,} cases and files {verb}{oldest}.")


@subscription.command(epilog="Example: pobratim subscription rehearse nis-portal --cases 20")
@code_argument
@click.option("--cases", type=click.IntRange(1, 50), default=12, show_default=True, help="The longest so many.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="Another order of events.")
@json_option
def rehearse(code: str, cases: int, seed: int, as_json: bool) -> int:
    """Send an anonymised history with all that may go wrong on the way, and say what the receiver did wrong.

    It gets facts late, twice and again, unknown fields and types, an erasure, and three deliveries that it must refuse.
    Exit 1 where it did something wrong. docs/webhooks.md tells what a receiver has to do, and how it answers at the
    end.
    """
    from web.cli.showing import progress  # noqa: PLC0415
    from web.main import installation  # noqa: PLC0415

    with installation(read_settings()) as pobratim, progress("deliveries") as told:
        outcome = pobratim.rehearsing_subscriber.rehearse(KEEPER, code, cases, seed, told)
    if as_json:
        json_line(outcome)
        return 1 if outcome.findings else 0
    click.echo(f"{outcome.deliveries:,} deliveries of {outcome.cases:,} cases.")
    for finding in outcome.findings:
        where = f" {finding.where}:" if finding.where else ""
        click.echo(f"{finding.fault}:{where} {finding.said}. {REHEARSED[finding.fault]}")
    if not outcome.findings:
        click.echo("The receiver did nothing wrong.")
    return 1 if outcome.findings else 0


REHEARSED = {
    "took-forged": "A delivery signed with another secret has to be refused: check `webhook-signature`.",
    "took-stale": "A delivery that was signed an hour ago has to be refused: check `webhook-timestamp`.",
    "took-changed": "The body is not the one that was signed: check the signature over the bytes as they came.",
    "refused-fact": "Every fact has to be taken with 2xx, also one that is of no use to you.",
    "refused-unknown": "Take fields and types that you do not know with 2xx; a later version adds some.",
    "refused-again": "A fact that you have has to be taken with 2xx again; it changes nothing.",
    "lost": "Know what you have by `source` and `id`, not by the highest `id`: cases do not wait for each other.",
    "twice": "A fact may come again, as the same message or as another one: know it by `source` and `id`.",
    "went-back": "An older fact may come again after newer ones: it changes nothing.",
    "kept-erased": "At people.entry-erased remove every copy of the text with that reference.",
    "no-report": "What it made of the facts cannot be judged: answer the last deliveries as docs/webhooks.md says.",
}


def _show_progress(reached: tuple[int, int] | None, as_json: bool) -> None:
    if as_json:
        json_line({"done": reached[0], "all": reached[1]} if reached else None)
    elif reached is None:
        click.echo("No replay runs. Say from where: --after POSITION or --since DAY.")
    else:
        click.echo(f"{reached[0]:,} of {reached[1]:,} positions are passed.")


def _midnight(day: str) -> datetime:
    """The last moment before a day of the office."""
    from datetime import timedelta  # noqa: PLC0415

    from application.handling import OFFICE  # noqa: PLC0415

    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=OFFICE) - timedelta(microseconds=1)
    except ValueError:
        raise Complaint(f"--since {day!r} is no day. Write it as 2026-03-01.") from None


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
    return f"A test delivery was {verdict}: {_answered(answer)} in {answer.milliseconds} ms.{said}"


def _answered(answer: "Answer") -> str:
    return answer.fault or f"status {answer.status}"


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


def _key() -> CommandKey:
    return CommandKey(uuid4())
