"""A real `nats-server` that can be killed and started again over the same store, and what its streams hold."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import nats
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from tests.processes import free_port

UP_SECONDS = 20
_Given = TypeVar("_Given")


def require_nats() -> str:
    """The program. Skips where it is not on this machine and POBRATIM_REQUIRE_NATS is not set."""
    found = shutil.which("nats-server") or shutil.which("/usr/sbin/nats-server")
    if found is None and not os.environ.get("POBRATIM_REQUIRE_NATS"):
        pytest.skip("not on this machine: nats-server")
    assert found, "not on this machine: nats-server"
    return found


@dataclass(frozen=True)
class Kept:
    """One message of a stream."""

    sequence: int
    subject: str
    headers: dict[str, str]
    body: bytes


@dataclass
class NatsServer:
    folder: Path
    settings: str = ""
    """More of its configuration."""
    jetstream: bool = True
    port: int = field(default_factory=free_port)
    scheme: str = "nats"
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    """How the tests connect."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def start(self) -> "NatsServer":
        store = f'jetstream {{ store_dir: "{self.folder}/store" }}' if self.jetstream else ""
        config = self.folder / "nats.conf"
        config.write_text(f'host: "127.0.0.1"\nport: {self.port}\n{store}\n{self.settings}\n', encoding="utf-8")
        with (self.folder / "nats.log").open("ab") as log:
            self.process = subprocess.Popen([require_nats(), "-c", str(config)], stdout=log, stderr=log)
        deadline = time.monotonic() + UP_SECONDS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, (self.folder / "nats.log").read_text()
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as door:
                return door.recv(4) == b"INFO"
        except OSError:
            return False

    def end(self, with_signal: int = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(with_signal)
            self.process.wait(UP_SECONDS)

    def do(self, doing: Callable[[JetStreamContext], Coroutine[Any, Any, _Given]]) -> _Given:
        async def connected() -> _Given:
            client = await nats.connect(self.url, **self.options)
            try:
                return await doing(client.jetstream())
            finally:
                await client.close()

        return asyncio.run(connected())

    def make(self, name: str, **config: Any) -> None:
        self.do(lambda js: js.add_stream(StreamConfig(name=name, **config)))

    def count(self, name: str) -> int:
        """Messages in a stream; 0 where there is none yet."""

        async def counted(js: JetStreamContext) -> int:
            try:
                return (await js.stream_info(name)).state.messages
            except nats.js.errors.NotFoundError:
                return 0

        return self.do(counted)

    def kept(self, name: str) -> Sequence[Kept]:
        """Everything in a stream, by sequence."""

        async def read(js: JetStreamContext) -> Sequence[Kept]:
            state = (await js.stream_info(name)).state
            found = []
            for sequence in range(state.first_seq, state.last_seq + 1):
                one = await js.get_msg(name, seq=sequence)
                found.append(Kept(sequence, one.subject or "", dict(one.headers or {}), one.data or b""))
            return found

        return self.do(read)

    def send(self, subject: str, body: bytes, **headers: str) -> None:
        """As some other program would."""

        async def sent(client: Client) -> None:
            await client.publish(subject, body, headers=headers or None)
            await client.flush()

        async def connected() -> None:
            client = await nats.connect(self.url, **self.options)
            await sent(client)
            await client.close()

        asyncio.run(connected())
