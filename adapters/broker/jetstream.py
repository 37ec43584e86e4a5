"""A stream of NATS JetStream. The server holds the order: each message names the one that it must follow."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Coroutine, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import PubAck, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.client import JetStreamContext

from adapters.broker.address import Address, require_credentials, trusting
from adapters.broker.faults import BrokerFault
from application.publishing import BrokerAway, Held, Message

WINDOW: Final = 256
"""Messages that are under way without having been acknowledged."""
ANSWER_SECONDS: Final = 10
LEAVE_SECONDS: Final = 2
_NO_JETSTREAM: Final = (None, 10039, 10076)
"""Error codes of the server; None where nobody answers at all."""
_REST: Final = ">"
"""Of a subject: everything below."""
_Given = TypeVar("_Given")


class _Client(Client):
    secure, asked = False, ""

    def _connect_command(self) -> bytes:
        """What tells the password. The client goes on without TLS where the server asks for none."""
        if self.secure and not self._server_info.get("tls_required"):
            raise BrokerFault("broker.no-tls", servers=self.asked)
        return super()._connect_command()


class JetStream:
    """Implements application.publishing.Broker, with a thread of its own that answers the server meanwhile."""

    def __init__(
        self, address: Address, stream: str, prefix: str, *, create: bool, credentials: Path | None, ca: Path | None
    ) -> None:
        """Raises BrokerFault where a file cannot be used."""
        if credentials:
            require_credentials(credentials)
        self._address, self._credentials, self._tls = address, credentials, trusting(ca)
        self._stream, self._prefix, self._create = stream, prefix, create
        self._client, self._worked = _Client(), False
        self._gone, self._said = asyncio.Event(), ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="jetstream", daemon=True)
        self._thread.start()

    def open(self) -> Held:
        return self._run(self._open())

    def publish(self, after: int, messages: Sequence[Message]) -> int:
        return self._run(self._publish(after, messages))

    def require_there(self) -> None:
        if not self._client.is_connected:
            raise BrokerAway(self._said or "the connection was lost")

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._run(self._leave())
        self._run(_end_the_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, doing: Coroutine[Any, Any, _Given]) -> _Given:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()

    # --- on the loop

    async def _open(self) -> Held:
        await self._leave()
        self._gone, self._said = asyncio.Event(), ""
        with self._naming():
            await self._connect()
            info = await self._found()
            self._require_fit(info.config)
            self._worked = True
            sequence = info.state.last_seq
            if not info.state.messages:
                return Held(sequence)
            try:
                last = await self._context.get_msg(self._stream, seq=sequence)
            except nats.js.errors.NotFoundError:
                return Held(sequence)
        headers = cast("dict[str, str]", last.headers or {})  # pyright: ignore[reportUnknownMemberType] - untyped
        return Held(sequence, True, headers.get("Nats-Msg-Id", ""), last.data or b"")

    async def _connect(self) -> None:
        client = self._client = _Client()
        client.secure, client.asked = self._address.secure, self._address.shown
        async with asyncio.timeout(ANSWER_SECONDS):
            await client.connect(
                list(self._address.servers),
                name="pobratim",
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=ANSWER_SECONDS,
                error_cb=self._hear,
                closed_cb=self._lose,
                tls=self._tls,
                user=self._address.user,
                password=self._address.password,
                token=self._address.token,
                user_credentials=self._credentials,
            )
        self._context = JetStreamContext(client, timeout=ANSWER_SECONDS, publish_async_max_pending=2 * WINDOW)

    async def _found(self) -> StreamInfo:
        try:
            return await self._context.stream_info(self._stream)
        except nats.js.errors.NotFoundError:
            if not self._create:
                raise BrokerFault("broker.no-stream", **self._named) from None
        except nats.js.errors.ServiceUnavailableError as fault:
            if self._worked or fault.err_code not in _NO_JETSTREAM:
                raise
            reason = fault.description or "nobody answers there"
            raise BrokerFault("broker.no-jetstream", reason=reason, **self._named) from None
        asked = StreamConfig(
            name=self._stream,
            description="Facts of Pobratim",
            subjects=[f"{self._prefix}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
        )
        try:
            return await self._context.add_stream(asked)  # pyright: ignore[reportUnknownMemberType] - untyped
        except nats.js.errors.BadRequestError as fault:
            raise BrokerFault("broker.not-made", reason=fault.description or "", **self._named) from None

    def _require_fit(self, config: StreamConfig) -> None:
        subjects = config.subjects or []
        if not any(covers(pattern, self._prefix) for pattern in subjects):
            named = self._named | {"subjects": ", ".join(subjects) or "nothing"}
            raise BrokerFault("broker.subjects", **named)
        if config.retention not in (None, RetentionPolicy.LIMITS):
            raise BrokerFault("broker.retention", retention=str(config.retention), **self._named)
        if config.no_ack:
            raise BrokerFault("broker.no-ack", **self._named)

    async def _publish(self, after: int, messages: Sequence[Message]) -> int:
        with self._naming():
            for begin in range(0, len(messages), WINDOW):
                window = messages[begin : begin + WINDOW]
                sent = [await self._send(after + number, message) for number, message in enumerate(window)]
                await self._require_acknowledged(after, sent)
                after += len(sent)
        return after

    async def _send(self, after: int, message: Message) -> "asyncio.Future[PubAck]":
        headers = {
            "Nats-Msg-Id": message.id,
            "Nats-Expected-Last-Sequence": str(after),
            "Content-Type": "application/cloudevents+json",
        }
        try:
            return await self._context.publish_async(  # pyright: ignore[reportUnknownMemberType] - untyped
                message.subject, message.body, wait_stall=ANSWER_SECONDS, stream=self._stream, headers=headers
            )
        except nats.errors.MaxPayloadError:
            raise BrokerFault("broker.too-large", id=message.id, **self._named) from None

    async def _require_acknowledged(self, after: int, sent: Sequence["asyncio.Future[PubAck]"]) -> None:
        """Each where it belongs: what the server takes for a duplicate it acknowledges with the place of the first."""
        all_of_them = asyncio.gather(*sent)
        lost = asyncio.ensure_future(self._gone.wait())
        done, _ = await asyncio.wait({all_of_them, lost}, timeout=ANSWER_SECONDS, return_when="FIRST_COMPLETED")
        lost.cancel()
        for one in sent:
            one.cancel()
        if all_of_them not in done:
            with contextlib.suppress(asyncio.CancelledError, nats.errors.Error):
                await all_of_them
            raise BrokerAway(self._said or "it does not acknowledge")
        for sequence, answer in enumerate(all_of_them.result(), after + 1):
            if answer.seq != sequence:
                raise BrokerAway(f"it takes a message for one of lately, number {answer.seq}, and not for {sequence}")

    async def _leave(self) -> None:
        """It is left because of whatever is wrong with it. After a failed handshake the client would close for ever."""
        closing = asyncio.ensure_future(self._client.close())
        await asyncio.wait({closing}, timeout=LEAVE_SECONDS)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)

    async def _hear(self, fault: Exception) -> None:
        self._said = _told(fault)

    async def _lose(self) -> None:
        self._gone.set()

    @property
    def _named(self) -> dict[str, str | int]:
        return {"servers": self._address.shown, "stream": self._stream, "prefix": self._prefix}

    @contextmanager
    def _naming(self) -> Generator[None]:
        """What the client raises becomes BrokerFault where a person has to mend it, else BrokerAway."""
        try:
            yield
        except ssl.SSLCertVerificationError as fault:
            raise BrokerFault("broker.certificate", reason=fault.verify_message, **self._named) from None
        except BrokerAway as fault:
            self._require_allowed(fault)
            raise
        except (nats.errors.Error, OSError) as fault:
            self._require_allowed(fault)
            raise BrokerAway(self._said if isinstance(fault, _UNTOLD) and self._said else _told(fault)) from None

    def _require_allowed(self, fault: Exception) -> None:
        for told in (_told(fault), self._said):
            if "authorization" in told.lower():
                raise BrokerFault("broker.credentials", **self._named) from None
            if "permissions violation" in told.lower():
                raise BrokerFault("broker.not-allowed", reason=told, **self._named) from None


_UNTOLD: Final = (nats.errors.NoServersError, nats.errors.ConnectionClosedError, TimeoutError)
"""Faults behind which there is another that says more."""


def covers(pattern: str, prefix: str) -> bool:
    """Whether a subject of a stream takes everything below a prefix."""
    for token, wanted in zip(pattern.split("."), [*prefix.split("."), _REST], strict=False):
        if token == _REST:
            return True
        if wanted == _REST or token not in ("*", wanted):
            return False
    return False


async def _end_the_rest() -> None:
    """A client that lost its connection leaves the task that waits for messages behind."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def _told(fault: Exception) -> str:
    if isinstance(fault, nats.js.errors.NoStreamResponseError):
        return "no stream takes the message"
    if isinstance(fault, nats.js.errors.APIError):
        return fault.description or f"error {fault.err_code or fault.code or 503}"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return str(fault).removeprefix("nats: ").strip("'") or type(fault).__name__
