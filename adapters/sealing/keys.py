"""Keys of the seal, in the data folder: `seal/keys.json` lists those that sign and those that once did, and
`seal/HASH.pem` holds each that signs, mode 0600."""

import os
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from adapters.sealing.checkpoint import moment
from adapters.sealing.faults import SealFault
from adapters.sealing.files import put_aside, sync_folder, write_durably
from adapters.sealing.notes import NoteFault, Signer, Verifier, verifier
from adapters.signing_keys import KeyUnusable, load_key, make_key


class _Key(msgspec.Struct, frozen=True):
    vkey: str
    since: str
    until: str | None = None
    """When it stopped signing."""


class _Ring(msgspec.Struct, frozen=True):
    name: str
    keys: tuple[_Key, ...]

    @property
    def signing(self) -> tuple[_Key, ...]:
        return tuple(key for key in self.keys if key.until is None)


class KeyFolder:
    """All methods raise SealFault where files cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / "keys.json"

    @property
    def name(self) -> str | None:
        """What every key is called: the origin of the first tree. None where there is no key."""
        ring = self._ring()
        return ring.name if ring else None

    def verifiers(self) -> Sequence[Verifier]:
        """Of every key that has ever signed, the newest last."""
        ring = self._ring()
        return [self._verifier(key) for key in ring.keys] if ring else []

    def signers(self) -> Sequence[Signer]:
        """Of the keys that sign now: one, or two while they are being rotated."""
        ring = self._ring()
        if ring is None:
            raise SealFault("seal.no-key")
        return [self._signer(key) for key in ring.signing]

    def make_first(self, name: str, now: datetime) -> None:
        """Nothing where there is a key already."""
        if self._ring() is None:
            self._keep(_Ring(name, (self._made(name, now),)))

    def begin_rotation(self, now: datetime) -> Verifier:
        """From now on a new key signs too."""
        ring = self._required()
        if len(ring.signing) > 1:
            raise SealFault("seal.rotating")
        made = self._made(ring.name, now)
        self._keep(_Ring(ring.name, (*ring.keys, made)))
        return self._verifier(made)

    def finish_rotation(self, now: datetime) -> Sequence[Verifier]:
        """The newest key signs alone, and the files of the others go; those are returned."""
        ring = self._required()
        *old, _newest = ring.signing
        if not old:
            raise SealFault("seal.not-rotating")
        ended = tuple(_Key(key.vkey, key.since, moment(now)) if key in old else key for key in ring.keys)
        self._keep(_Ring(ring.name, ended))
        gone = [self._verifier(key) for key in old]
        for one in gone:
            try:
                self._file(one).unlink(missing_ok=True)
            except OSError as fault:
                raise SealFault("seal.folder", file=str(self._file(one)), reason=str(fault)) from fault
        return gone

    def replace_lost(self, name: str, now: datetime) -> None:
        """A new key where one that signs cannot be used; the list keeps the old ones, which sign no more.

        A list that cannot be read is put aside.
        """
        try:
            ring = self._ring()
        except SealFault:
            put_aside(self._list, now)
            ring = None
        if ring is None:
            return self.make_first(name, now)
        try:
            self.signers()
        except SealFault:
            ended = tuple(key if key.until else _Key(key.vkey, key.since, moment(now)) for key in ring.keys)
            self._keep(_Ring(ring.name, (*ended, self._made(ring.name, now))))

    def _required(self) -> _Ring:
        ring = self._ring()
        if ring is None:
            raise SealFault("seal.no-key")
        return ring

    def _ring(self) -> _Ring | None:
        try:
            return msgspec.json.decode(self._list.read_bytes(), type=_Ring)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError) as fault:
            raise SealFault("seal.key-unusable", file=str(self._list), reason=str(fault)) from fault

    def _keep(self, ring: _Ring) -> None:
        try:
            write_durably(self._list, msgspec.json.format(msgspec.json.encode(ring)).decode() + "\n")
        except OSError as fault:
            raise SealFault("seal.folder", file=str(self._folder), reason=fault.strerror or str(fault)) from fault

    def _made(self, name: str, now: datetime) -> _Key:
        """A new key on the disk that no list names yet."""
        path = self._folder / "new.pem"
        try:
            path.unlink(missing_ok=True)
            make_key(path)
            made = Signer(name, load_key(path)).verifier
            path.rename(self._file(made))
            sync_folder(self._folder)
        except (OSError, KeyUnusable) as fault:
            raise SealFault("seal.folder", file=str(self._folder), reason=str(fault)) from fault
        return _Key(str(made), moment(now))

    def _signer(self, key: _Key) -> Signer:
        public = self._verifier(key)
        path = self._file(public)
        try:
            mode = path.stat().st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SealFault("seal.key-open", file=str(path))
            signer = Signer(public.name, load_key(path))
        except (OSError, KeyUnusable) as fault:
            raise SealFault("seal.key-unusable", file=str(path), reason=str(fault)) from fault
        if signer.verifier != public:
            raise SealFault("seal.key-unusable", file=str(path), reason="it is another key than the list names")
        return signer

    def _verifier(self, key: _Key) -> Verifier:
        try:
            return verifier(key.vkey)
        except NoteFault as fault:
            raise SealFault("seal.key-unusable", file=str(self._list), reason=str(fault)) from fault

    def _file(self, public: Verifier) -> Path:
        return self._folder / f"{public.hash.hex()}.pem"
