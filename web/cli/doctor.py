"""`pobratim doctor`: what is wrong with this installation, and how to mend it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from msgspec.structs import replace

from application.access import OPERATOR, Role
from web.cli.showing import json_line, json_option
from web.settings import Settings, given_settings, read_settings

if TYPE_CHECKING:
    from web.main import Installation

KEEPER = replace(OPERATOR, role=Role.ADMINISTRATOR)
LEAST_DISK = 1_000_000_000
MOST_SKEW_SECONDS = 5


class Check(NamedTuple):
    what: str
    good: bool
    says: str
    """What was found; where it is not good, also how to mend it."""


@click.command(epilog="Example: pobratim doctor --json")
@json_option
def doctor(as_json: bool) -> int:
    """Look at database, versions, rights, views, clocks and disk. Exit 1 where something is wrong."""
    settings = read_settings()
    checks = list(_checks(settings))
    for check in checks:
        if as_json:
            json_line(check._asdict())
        else:
            click.echo(f"{'ok  ' if check.good else 'BAD '} {check.what:12} {check.says}")
    if not as_json:
        click.echo("\nSettings (secrets left out):")
        for name, value in settings.shown().items():
            click.echo(f"  {name:14} {value}")
    return 0 if all(check.good for check in checks) else 1


def _checks(settings: Settings) -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _secret(settings)
    yield _disk(settings)
    yield _proxies(settings)
    yield _procedures(settings)
    if not settings.database_url:
        yield Check("database", False, "POBRATIM_DATABASE_URL is not set. Name the database, or try: pobratim demo")
        return
    yield from _database(settings)


def _secret(settings: Settings) -> Check:
    given = "secret_key" in given_settings()
    mend = "not set: forms that are open during a restart have to be sent twice. Set POBRATIM_SECRET_KEY."
    return Check("secret key", given, f"{len(settings.secret_key)} characters" if given else mend)


def _disk(settings: Settings) -> Check:
    folder = Path(settings.data_dir or ".")
    free = shutil.disk_usage(folder if folder.exists() else ".").free
    says = f"{free / 1e9:.1f} GB free"
    return Check("disk", free > LEAST_DISK, says if free > LEAST_DISK else f"{says}. Free some space.")


def _proxies(settings: Settings) -> Check:
    """`serve` speaks plain HTTP: where people type https, a proxy stands before it."""
    if settings.trusted_proxies:
        return Check("proxies", True, f"X-Forwarded-For is believed from {settings.trusted_proxies}")
    mend = "no proxy is trusted: all sign-ins count as one address. Set POBRATIM_TRUSTED_PROXIES, such as 127.0.0.1."
    return Check("proxies", not settings.secure, mend if settings.secure else "none")


def _procedures(settings: Settings) -> Check:
    """A file that was left out may be one that somebody counts on."""
    from web.language import language  # noqa: PLC0415
    from web.main import procedures_of  # noqa: PLC0415
    from web.refusals import with_place  # noqa: PLC0415

    shelf = procedures_of(settings)
    faults = [with_place(fault, language("en")) for fault in shelf.faults()]
    return Check("procedures", not faults, " ".join(faults) or f"{len(shelf.versions())} versions")


def _mail(made: "Installation") -> Check:
    """Whether the server answers, and what waits for it."""
    from application.mailing import PostFault  # noqa: PLC0415

    if made.post is None:
        return Check("mail", True, "off: POBRATIM_SMTP_URL is not set, so notices are shown on pages only")
    state = made.mails.state(datetime.now(UTC))
    says = f"{state.waiting} waiting, {state.given_up} given up in the last week, {state.unreachable} addresses gone"
    try:
        return Check("mail", True, f"{made.post.greet()} answers; {says}")
    except PostFault as fault:
        return Check("mail", False, f"the server does not take mail ({fault}). See POBRATIM_SMTP_URL; {says}")


def _seal(made: "Installation") -> Check:
    """Where no folder is set the office works without a seal."""
    fault = made.seal.fault() or made.seal_role_fault()
    if fault is not None:
        return Check("seal", fault.code == "seal.off", f"off: {fault}" if fault.code == "seal.off" else str(fault))
    seal = made.seal.standing()
    says = f"{seal.size:,} facts sealed" + (f", last {seal.made_at:%Y-%m-%d %H:%M} UTC" if seal.made_at else "")
    if seal.waiting and not seal.led:
        return Check("seal", False, f"{says}, {seal.waiting:,} wait. Start: pobratim serve, or pobratim worker")
    return Check("seal", True, f"{says}, {seal.waiting:,} wait")


def _provider(made: "Installation") -> Check:
    """Whether the identity provider gives keys, where one is set."""
    clients = [one for one in made.keeping_clients.list(KEEPER) if one.issuer == made.settings.oidc_issuer]
    if not made.settings.oidc_issuer:
        return Check("provider", True, "none: POBRATIM_OIDC_ISSUER is not set, so only tokens of our own are taken")
    fault = made.provider_fault()
    says = f"{made.settings.oidc_issuer} gives keys, {len(clients)} clients may ask"
    return Check("provider", not fault, fault or says)


def _erasures(made: "Installation") -> str:
    """Raises a Fault where something that was erased stands in the vault, or could come back with a backup."""
    from web.main import require_erased  # noqa: PLC0415

    listed = require_erased(made)
    return "no list is kept: POBRATIM_DATA_DIR is not set" if listed is None else f"{listed:,} listed, none came back"


def _witnesses(made: "Installation") -> Iterator[Check]:
    """One line each; without any there is one that says so."""
    if not made.witnesses.named:
        yield Check("witnesses", True, "none: POBRATIM_WITNESSES is not set, so nobody else has signed what is sealed")
    for one in made.seal.witnesses():
        says = f"{one.name} has not been asked yet"
        if one.signed_at:
            says = f"{one.name} cosigned {one.size:,} facts at {one.signed_at:%Y-%m-%d %H:%M} UTC"
        since = f" Since {one.fault_since:%Y-%m-%d %H:%M} UTC; {says}." if one.fault_since else ""
        yield Check("witness", not one.fault, f"{one.fault}{since}" if one.fault else says)


def _deliveries(made: "Installation") -> Iterator[Check]:
    """One line for each subscription with which something is wrong, else one for all."""
    from domain.subscriptions.subscription import Standing  # noqa: PLC0415
    from web.main import known_fault  # noqa: PLC0415

    rows = [row for row in made.reading_subscriptions.list(KEEPER) if row.state.standing is Standing.ACTIVE]
    if rows:
        try:
            _ = made.webhooks
        except Exception as fault:
            known = known_fault(fault)
            if known is None:
                raise
            yield Check("deliveries", False, known)
            return
    bad = [(row.state.code, fault) for row in rows if (fault := made.delivery_fault(row))]
    for code, fault in bad:
        yield Check("deliveries", False, f"{code}: {fault}")
    waiting = [row for row in rows if row.lag]
    if waiting and not bad and not made.delivers():
        yield Check("deliveries", False, "nobody delivers. Start: pobratim serve, or pobratim worker")
    elif not bad:
        yield Check("deliveries", True, f"{len(rows)} subscriptions deliver, {len(waiting)} have something to send")


def _database(settings: Settings) -> Iterator[Check]:
    from web.main import Installation, known_fault, pending, server_facts  # noqa: PLC0415

    def tried(what: str, look: Callable[[], str]) -> Check:
        try:
            return Check(what, True, look())
        except Exception as fault:
            known = known_fault(fault)
            if known is None:
                raise
            return Check(what, False, known)

    server = tried("database", lambda: server_facts(settings).version)
    yield server
    if not server.good:
        return
    missing = pending(settings.database_url)
    yield Check(
        "migrations", not missing, f"lacks {', '.join(missing)}. Run: pobratim migrate" if missing else "up to date"
    )
    if missing:
        return
    facts = server_facts(settings)
    skew = abs((facts.now - datetime.now(UTC)).total_seconds())
    mend = "The clocks of server and database differ. Set both by NTP."
    yield Check(
        "clocks", skew < MOST_SKEW_SECONDS, f"{skew:.1f} s apart" + ("" if skew < MOST_SKEW_SECONDS else f". {mend}")
    )
    mend = "the runtime role may change facts. Give it an account of its own and run: pobratim migrate"
    yield Check("rights", not facts.may_change, mend if facts.may_change else "the runtime role may only add facts")
    made = Installation(settings)
    try:
        yield _mail(made)
        yield _provider(made)
        yield _seal(made)
        yield from _deliveries(made)
        yield tried("erasures", lambda: _erasures(made))
        yield from _witnesses(made)
        health = made.read_side.health()
        nobody = "nobody projects. Start: pobratim serve, or pobratim worker"
        yield Check("projector", health.led, "at work" if health.led else nobody)
        for view in health.views:
            says = f"{view.view} at position {view.position:,}, {view.lag:,} facts behind"
            stopped = f"{view.view} stopped: {view.error}. After mending: pobratim views rebuild {view.view}"
            yield Check("view", view.stopped_at is None, says if view.stopped_at is None else stopped)
    finally:
        made.close()
