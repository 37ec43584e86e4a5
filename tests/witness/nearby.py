"""A witness behind real HTTP in this process: starts at once, and its parts can be reached."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pobratim_verify.notes import WITNESS_KEY, VerifierKey, verifier_key
from pobratim_witness.__main__ import keygen, read_key
from pobratim_witness.answering import Witness
from pobratim_witness.book import Book
from pobratim_witness.notes import log_key
from pobratim_witness.serving import Server

NAME = "witness.example.org/w1"


@dataclass
class Answer:
    status_code: int
    text: str
    kind: str


def post(address: str, body: bytes | Iterator[bytes], path: str = "/add-checkpoint", method: str = "POST") -> Answer:
    """Raises OSError or HTTPException where it does not come to an answer."""
    asking = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        asking.request(method, path, body)
        got = asking.getresponse()
        return Answer(got.status, got.read().decode(), got.headers["content-type"])
    finally:
        asking.close()


class Nearby:
    def __init__(self, folder: Path, name: str, server: Server) -> None:
        self.folder, self.vkey, self._server = folder, name, server
        self.key: VerifierKey = verifier_key(name, WITNESS_KEY)
        self.address = f"http://127.0.0.1:{server.server_address[1]}"

    def ask(self, body: bytes) -> Answer:
        return post(self.address, body)


@contextmanager
def nearby(
    folder: Path, origins: dict[str, list[str]], clock: Callable[[], float] = time.time, name: str = NAME
) -> Iterator[Nearby]:
    """`origins`: names, and the verifier keys of each."""
    folder.mkdir(parents=True, exist_ok=True)
    vkey = keygen(name, folder / "key", folder / "data")
    book = Book(folder / "data", vkey)
    known = {origin: [log_key(one) for one in keys] for origin, keys in origins.items()}
    with Server("127.0.0.1", 0, Witness(read_key(folder / "key"), known, book, clock)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Nearby(folder, vkey, server)
        finally:
            server.shutdown()
            thread.join()
            book.close()
