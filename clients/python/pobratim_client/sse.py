"""Server-Sent Events as the HTML Standard has them (9.2.6), read piece by piece in bounded memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pobratim_client.errors import BadAnswer

MOST_BYTES: Final = 8 << 20
"""Of one block."""
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Block:
    """`id` is None where the block names none; `retry` in seconds."""

    id: str | None = None
    data: bytes | None = None
    retry: float | None = None


class Blocks:
    """What was not ended by an empty line when the stream broke off is never handed on."""

    def __init__(self) -> None:
        self._rest = b""
        self._searched = 0
        self._begun = False
        self._clear()

    def take(self, piece: bytes) -> Iterator[Block]:
        """The blocks that end in this piece. Raises BadAnswer for one that is too long."""
        self._rest += piece
        at = 0
        while found := _LINE_END.search(self._rest, max(at, self._searched)):
            if found[0] == b"\r" and found.end() == len(self._rest):
                break  # a line feed may follow
            line, at = self._rest[at : found.start()], found.end()
            if not self._begun:
                line, self._begun = line.removeprefix(b"\xef\xbb\xbf"), True
            if line:
                self._line(line)
                continue
            block = self._block()
            if block:
                yield block
        self._rest = self._rest[at:]
        self._searched = max(0, len(self._rest) - 1)
        if len(self._rest) + self._held > MOST_BYTES:
            raise BadAnswer(f"an event of the stream is longer than {MOST_BYTES} bytes")

    def _line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._held += len(value)
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit():
            self._retry = int(value[:9]) / 1000

    def _block(self) -> Block | None:
        data = b"\n".join(self._data) if self._data else None
        block = Block(self._id, data, self._retry)
        self._clear()
        return None if block == Block() else block

    def _clear(self) -> None:
        self._id: str | None = None
        self._data: list[bytes] = []
        self._retry: float | None = None
        self._held = 0
