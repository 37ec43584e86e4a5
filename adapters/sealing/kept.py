"""The newest checkpoint outside PostgreSQL: `seal/checkpoint` in the data folder. It never goes back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from adapters.sealing.checkpoint import Checkpoint, CheckpointFault, read_checkpoint
from adapters.sealing.faults import SealFault
from adapters.sealing.files import put_aside, write_durably
from adapters.sealing.notes import NoteFault, Verifier, opened


class Kept(msgspec.Struct, frozen=True):
    note: str
    checkpoint: Checkpoint


class KeptFile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, verifiers: Sequence[Verifier]) -> Kept | None:
        """None where there is none. Raises SealFault where it is not one that these keys have signed."""
        try:
            note = self.path.read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as fault:
            raise self._damaged(fault) from fault
        try:
            text, _signed = opened(note, verifiers)
            return Kept(note, read_checkpoint(text))
        except (NoteFault, CheckpointFault) as fault:
            raise self._damaged(fault) from fault

    def write(self, made: Kept, before: Kept | None) -> None:
        """`before` is what `read` gave. Raises SealFault."""
        smaller = before and before.checkpoint.origin == made.checkpoint.origin
        if before and smaller and before.checkpoint.size > made.checkpoint.size:
            raise SealFault("seal.shorter", sealed=before.checkpoint.size, found=made.checkpoint.size)
        try:
            write_durably(self.path, made.note)
        except OSError as fault:
            raise SealFault("seal.folder", file=str(self.path), reason=fault.strerror or str(fault)) from fault

    def put_aside_damaged(self, verifiers: Sequence[Verifier], now: datetime) -> None:
        """Where `read` would raise, the file gets another name."""
        try:
            self.read(verifiers)
        except SealFault:
            put_aside(self.path, now)

    def _damaged(self, reason: Exception) -> SealFault:
        return SealFault("seal.file-damaged", file=str(self.path), reason=str(reason))
