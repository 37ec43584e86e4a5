"""`pobratim log publish`: the event feed into a stream of NATS JetStream."""

import re
import signal
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType
from typing import Any, Final

import click

from web.cli.faults import Complaint
from web.cli.filtering import filtered, wanted_of
from web.cli.showing import Progress, progress
from web.settings import origin, read_settings

TOLD_EVERY: Final = 10.0
"""Seconds between two lines while it catches up."""
_STREAM: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]{1,100}(\.[A-Za-z0-9_-]{1,100}){0,9}")
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_UNFIT: Final = {
    "emptied": (
        "The stream {stream} was emptied, and with its events went the place to go on from. Say with --after which "
        "position its readers have; 0 publishes everything again."
    ),
    "not-events": "The stream {stream} ends with something else than an event. Name another stream.",
    "other-source": "The stream {stream} holds events of {source}, not of this installation. Name another stream.",
    "other-log": (
        "Position {position}, the last one in the stream {stream}, tells of another fact than this log. The log was "
        "restored to less, or is another one: name a new stream, and tell the readers of this one."
    ),
}


@click.command(epilog="Example: pobratim log publish --to tls://nats.example.rs --credentials p.creds --stream FACTS")
@click.option("--to", metavar="URL", help="nats://… or tls://…, several with commas; else POBRATIM_NATS_URL.")
@click.option("--stream", required=True, help="Name of the stream.")
@click.option("--subject-prefix", default="pobratim", show_default=True, help="Before the type of an event.")
@click.option("--create", is_flag=True, help="Make the stream where it is missing.")
@click.option("--credentials", type=_FILE, help="A .creds file of NATS.")
@click.option("--ca", type=_FILE, help="Certificates of the authority that signed the server's; else the system's.")
@click.option("--after", type=click.IntRange(min=0), help="Position to begin behind where the stream is empty.")
@click.option("--once", is_flag=True, help="End where the log ends now.")
@filtered
def publish(
    to: str | None,
    stream: str,
    subject_prefix: str,
    create: bool,
    credentials: Path | None,
    ca: Path | None,
    after: int | None,
    once: bool,
    **asked: Any,
) -> None:
    """Publish facts as CloudEvents to NATS JetStream, and go on as they are recorded until SIGTERM or Ctrl-C. The
    stream itself says where to go on: give the same filters again. Exit 1 before a fact that this version cannot read.
    """
    from application.publishing import Publishing, StreamUnfit  # noqa: PLC0415 - heavy
    from web.main import installation, jetstream  # noqa: PLC0415

    settings = read_settings()
    _require_name(_STREAM, stream, "--stream")
    _require_name(_PREFIX, subject_prefix, "--subject-prefix")
    if to and "@" in to:
        raise Complaint(
            "--to: everybody on this machine can read a password there. Put the address into POBRATIM_NATS_URL, or "
            "name a file with --credentials."
        )
    if not (to or settings.nats_url):
        raise Complaint("Say where to publish: --to nats://host:4222, or POBRATIM_NATS_URL.")
    address, named = (to, "--to") if to else (settings.nats_url, origin("nats_url"))
    with installation(settings) as pobratim, progress("publishing") as bar:
        wanted = wanted_of(pobratim, after or 0, asked)
        broker = jetstream(address, named, stream, subject_prefix, create=create, credentials=credentials, ca=ca)
        stopped, teller = Event(), Teller(bar)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        publishing = Publishing(
            pobratim.feed,
            pobratim.log,
            pobratim.log.follower,
            broker,
            wanted,
            source=settings.base_url,
            prefix=subject_prefix,
            after=after,
            teller=teller,
            stopped=stopped,
        )
        try:
            publishing.run(once=once)
        except StreamUnfit as fault:
            raise Complaint(_UNFIT[fault.code].format(stream=stream, **fault.params)) from None
        finally:
            teller.end()


class Teller:
    """Progress and lag on standard error: a line every TOLD_EVERY seconds, when the end of the log is reached, and when
    it has to wait."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._line, self._said_at = bar, "", 0.0
        self._behind = True

    def reached(self, published: int, position: int, head: int) -> None:
        self._bar(position, head)
        lag = max(0, head - position)
        self._line = f"{published:,} events published; the log was read up to {position:,}, {lag:,} positions behind."
        arrived, self._behind = self._behind and not lag, bool(lag)
        if arrived or monotonic() - self._said_at > TOLD_EVERY:
            self._say()

    def waits(self, reason: str, seconds: float) -> None:
        self._behind = True
        click.echo(f"waiting {seconds:g} s: {reason}", err=True)

    def end(self) -> None:
        self._say()

    def _say(self) -> None:
        if self._line:
            click.echo(self._line, err=True)
        self._line, self._said_at = "", monotonic()


def _require_name(pattern: re.Pattern[str], given: str, option: str) -> None:
    if not pattern.fullmatch(given):
        more = ", and dots between them" if pattern is _PREFIX else ""
        raise Complaint(f"{option}: write it with the letters A to Z and a to z, digits, - and _{more}.")
