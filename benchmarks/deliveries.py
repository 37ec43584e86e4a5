"""Deliveries by webhook to one fast receiver of this machine: `python -m benchmarks.deliveries [FACTS]`.

The receiver is a process of its own that answers 204 at once over open connections. Beside it stands what one
connection of the same HTTP library sends to it without signing, reading the log, or noting anything.
"""

import asyncio
import sys
import tempfile
import time
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpcore

from adapters.database.urls import runtime_url
from application.subscriptions import MACHINE, Wish
from benchmarks.measure import migrated_server
from benchmarks.seeding import seed
from domain.kernel import CommandKey
from domain.subscriptions.events import Signing
from web.main import Installation
from web.settings import Settings

FACTS: Final = 20_000
WANTED: Final = 500
RAW: Final = 2_000
_ANSWER: Final = b"HTTP/1.1 204 So\r\nContent-Length: 0\r\n\r\n"


def main(facts: int = FACTS) -> None:
    ports: Queue[int] = Queue()
    receiver = Process(target=_receive, args=(ports,), daemon=True)
    receiver.start()
    port = ports.get(timeout=30)
    try:
        with migrated_server() as owner_url, tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "filled").touch()
            settings = Settings(
                database_url=runtime_url(owner_url),
                base_url="http://127.0.0.1:8000",
                data_dir=folder,
                secret_key="s" * 32,
            )
            made = Installation(settings)
            try:
                _measure(made, facts, port)
            finally:
                made.close()
        print(f"the same library alone, one connection: {_raw(port):,.0f} requests/s")
    finally:
        receiver.terminate()
        receiver.join()


def _measure(made: Installation, facts: int, port: int) -> None:
    seed(made.log, made.local_governments, max(1, facts // 8))
    keeping = made.keeping_subscriptions
    for signing in Signing:
        code, wish = signing.value, Wish(name="P", address=f"http://127.0.0.1:{port}/")
        keeping.create(MACHINE, CommandKey(uuid4()), code, wish, signing, 0)
        keeping.resume(MACHINE, code, CommandKey(uuid4()))
        courier = made.courier(mails=False)
        begin = time.perf_counter()
        courier.start()
        while made.reading_subscriptions.one(MACHINE, code).lag:
            time.sleep(0.1)
        spent = time.perf_counter() - begin
        courier.stop()
        keeping.disable(MACHINE, code, CommandKey(uuid4()))
        sent = made.reading_subscriptions.plan(MACHINE, code, 0).facts
        print(f"{code}: {sent:,} facts in {spent:.1f} s: {sent / spent:,.0f} deliveries/s  (wanted: {WANTED})")


def _raw(port: int) -> float:
    with httpcore.ConnectionPool() as pool:
        begin = time.perf_counter()
        for _ in range(RAW):
            assert pool.request("POST", f"http://127.0.0.1:{port}/", content=b"x" * 600).status == 204
        return RAW / (time.perf_counter() - begin)


def _receive(ports: "Queue[int]") -> None:
    asyncio.run(_serve(ports))


async def _serve(ports: "Queue[int]") -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            writer.write(_ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
