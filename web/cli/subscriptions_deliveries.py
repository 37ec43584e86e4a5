"""`pobratim subscription`: what was delivered, what waits, what is delivered again, and a rehearsal."""

from datetime import datetime

import click

from web.cli.faults import Complaint
from web.cli.showing import json_line, json_option
from web.cli.subscriptions_parts import KEEPER, answered, code_argument, new_key
from web.settings import read_settings


@click.command(epilog="Example: pobratim subscription deliveries nis-portal --most 5 --bodies")
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
            f"{answered(said.answer)} in {said.answer.milliseconds} ms"
        )
        if bodies:
            click.echo(f"  {one.message}\n  {one.body}")
            if said.answer.said:
                click.echo(f"  answer: {' '.join(said.answer.said.split())}")


@click.command(epilog="Example: pobratim subscription parked nis-portal")
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


@click.command(epilog="Example: pobratim subscription release nis-portal 2026-0042")
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
            mending.release(KEEPER, code, new_key(), case)
            click.echo(f"{case}: tried again.")
        else:
            click.echo(f"{mending.release_all(KEEPER, code, new_key())} cases are tried again.")


@click.command(epilog="Example: pobratim subscription replay nis-portal --since 2026-03-01, then with --begin")
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
            mending.stop_replay(KEEPER, code, new_key())
            click.echo(f"{code}: the replay is stopped; deliveries go on where they had stood.")
            return
        if moment is None and after is None:
            _show_progress(mending.progress(KEEPER, code), as_json)
            return
        start = reading.position_of(KEEPER, moment) if moment else after or 0
        with progress("counting") as told:
            plan = reading.plan(KEEPER, code, start, told)
        if begin:
            mending.begin_replay(KEEPER, code, new_key(), plan)
    if as_json:
        json_line({"plan": plan, "begun": begin})
        return
    oldest = f", the oldest of {plan.oldest:%Y-%m-%d %H:%M} UTC" if plan.oldest else ""
    verb = "are sent again" if begin else "would be sent again"
    click.echo(f"{plan.facts:,} facts of {plan.cases:,} cases and files {verb}{oldest}.")


@click.command(epilog="Example: pobratim subscription rehearse nis-portal --cases 20")
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
