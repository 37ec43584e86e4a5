"""NATS JetStream beside the streams of events: the same bytes to as many consumers at the same pace on this machine.

`nats-server` as Debian packages it, one server, a stream in files. It answers a publish before the disk has it (it
syncs every two minutes unless told otherwise), where an append here is on the disk: its figure is that of a broker, and
the place beside ours says what the way through PostgreSQL costs. The consumers are push consumers without
acknowledgement, over bare sockets in a process of their own, as the listeners of our streams are.
"""

import asyncio
import multiprocessing
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import nats
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamConfig

STREAM: Final = "PEER"
FETCHED: Final = 500
UNDER_WAY: Final = 256
"""Publishes that are not acknowledged yet, while the stream is filled."""
_SEQUENCE: Final = re.compile(rb"^MSG \S+ \d+ \$JS\.ACK\.\S+?\.\S+?\.\d+\.(\d+)\.", re.MULTILINE)


@contextmanager
def nats_server() -> Generator[int | None]:
    """Its port; None where there is none on this machine."""
    program = shutil.which("nats-server") or shutil.which("/usr/sbin/nats-server")
    if program is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="pobratim-nats-") as folder:
        config = Path(folder, "nats.conf")
        config.write_text(f'host: "127.0.0.1"\nport: {port}\njetstream {{ store_dir: "{folder}/store" }}\n', "utf-8")
        process = subprocess.Popen([program, "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def beside(events: Sequence[bytes], consumers: int, a_second: int, seconds: int) -> None:
    """Time to `consumers`, and how fast one of them catches up with all of `events`."""
    with nats_server() as port:
        if port is None:
            print("\nNATS JetStream is left out: there is no nats-server here.")
            return
        published, waited = asyncio.run(_latency(port, events, consumers, a_second, seconds))
        print(f"\nNATS JetStream, {a_second} messages/s of the same bytes, {consumers} consumers, milliseconds")
        print(f"{'':>20} {'p50':>8} {'p95':>8} {'p99':>8}")
        for name, times in (("publish alone", published), ("until it is heard", waited)):
            cuts = statistics.quantiles(times, n=100)
            print(f"{name:>20} {cuts[49]:>8.1f} {cuts[94]:>8.1f} {cuts[98]:>8.1f}")
        rate = asyncio.run(_catching_up(port, events))
        print(f"One pull consumer catching up with {len(events):,} messages: {rate:,.0f} messages/s")


# --- from publish to consumer


class Heard(asyncio.Protocol):
    """One connection with one subscription: when which message came."""

    def __init__(self, subject: str, times: list[tuple[int, float]]) -> None:
        self._subject, self._times, self._rest = subject, times, b""
        self.ready = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport
            transport.write(b'CONNECT {"verbose":false,"pedantic":false}\r\n')
            transport.write(f"SUB {self._subject} 1\r\nPING\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = time.time()
        whole, found, self._rest = (self._rest + data).rpartition(b"\r\n")
        if not found:
            return
        if whole.startswith(b"PING") or b"\r\nPING" in whole:
            self._transport.write(b"PONG\r\n")
        self.ready = self.ready or b"PONG" in whole
        self._times += [(int(sequence), now) for sequence in _SEQUENCE.findall(whole)]


def hear(port: int, subjects: Sequence[str], pipe: Connection) -> None:
    """A process: subscribes, says so, and tells what came when it is asked."""

    async def listen() -> list[tuple[int, float]]:
        loop, times = asyncio.get_running_loop(), list[tuple[int, float]]()
        opened = [
            await loop.create_connection(lambda s=subject: Heard(s, times), "127.0.0.1", port) for subject in subjects
        ]
        while not all(protocol.ready for _, protocol in opened):
            await asyncio.sleep(0.05)
        pipe.send("ready")
        await asyncio.to_thread(pipe.recv)
        return times

    pipe.send(asyncio.run(listen()))


async def _latency(
    port: int, events: Sequence[bytes], consumers: int, a_second: int, seconds: int
) -> tuple[Sequence[float], Sequence[float]]:
    client: Any = await nats.connect(f"nats://127.0.0.1:{port}")  # pyright: ignore[reportUnknownMemberType] - untyped
    js = client.jetstream()
    await js.add_stream(StreamConfig(name=STREAM, subjects=["peer.>"]))
    subjects = [f"heard.{number}" for number in range(consumers)]
    ours, theirs = multiprocessing.Pipe()
    clients = multiprocessing.get_context("spawn").Process(target=hear, args=(port, subjects, theirs))
    clients.start()
    await asyncio.to_thread(ours.recv)
    for subject in subjects:
        wish = ConsumerConfig(deliver_subject=subject, deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.NONE)
        await js.add_consumer(STREAM, wish)
    asked, published = dict[int, float](), list[float]()
    begin = time.time()
    for number in range(a_second * seconds):
        await asyncio.sleep(max(0.0, begin + number / a_second - time.time()))
        before = time.time()
        answer = await js.publish("peer.latency", events[number % len(events)])
        published.append((time.time() - before) * 1_000)
        asked[answer.seq] = before
    await asyncio.sleep(1)
    ours.send("done")
    times: list[tuple[int, float]] = await asyncio.to_thread(ours.recv)
    clients.join()
    await js.delete_stream(STREAM)
    await client.close()
    if len(times) != consumers * len(asked):
        raise SystemExit(f"{len(times)} messages came instead of {consumers * len(asked)}")
    return published, [(moment - asked[sequence]) * 1_000 for sequence, moment in times]


# --- catching up


async def _catching_up(port: int, events: Sequence[bytes]) -> float:
    """Messages a second of one pull consumer with the client that NATS publishes, from the first to the last."""
    client: Any = await nats.connect(f"nats://127.0.0.1:{port}")  # pyright: ignore[reportUnknownMemberType] - untyped
    js = client.jetstream()
    await js.add_stream(StreamConfig(name=STREAM, subjects=["peer.>"]))
    await _fill(js, events)
    wish = ConsumerConfig(ack_policy=AckPolicy.NONE)
    facts: Any = await js.pull_subscribe("peer.>", stream=STREAM, config=wish)
    began, seen = time.perf_counter(), 0
    while seen < len(events):
        try:
            seen += len(await facts.fetch(FETCHED, timeout=10))
        except NatsTimeoutError:
            raise SystemExit(f"{seen:,} messages came instead of {len(events):,}") from None
    spent = time.perf_counter() - began
    await client.close()
    return len(events) / spent


async def _fill(js: Any, events: Sequence[bytes]) -> None:
    for place in range(0, len(events), UNDER_WAY):
        await asyncio.gather(*(js.publish("peer.catch-up", event) for event in events[place : place + UNDER_WAY]))


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as door:
                if door.recv(4) == b"INFO":
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nats-server did not start")
