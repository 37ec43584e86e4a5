"""Why nothing is sealed, in one line that says how to mend it."""

from collections.abc import Mapping
from typing import ClassVar

from adapters.fault import Fault

_ANEW = "or go on with a new origin: pobratim audit new-origin --reason '…'"


class SealFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "seal.off": "POBRATIM_DATA_DIR is not set, so nothing is sealed. Name a folder that the program may write.",
        "seal.folder": "{file} cannot be used ({reason}), so nothing is sealed. Let the program write it.",
        "seal.role": (
            "The login of the database may not act as the sealer. As the owner: GRANT pobratim_sealer TO {login};"
        ),
        "seal.key-open": (
            "{file} can be read by others, so it signs nothing. Run: chmod 600 {file}; where somebody may have "
            "read it, then also: pobratim audit rotate-key"
        ),
        "seal.key-unusable": f"{{file}} cannot be used ({{reason}}). Put it back from the backup, {_ANEW}",
        "seal.file-missing": (
            "{file} is missing, but the database has sealed {sealed} facts. "
            f"Put the folder back from the backup, {_ANEW}"
        ),
        "seal.file-damaged": (
            f"{{file}} is no checkpoint of this register: {{reason}}. Put it back from the backup, {_ANEW}"
        ),
        "seal.shorter": (
            "The checkpoint outside the database has sealed {sealed} facts and the log holds {found}: the database was "
            f"restored to less. Restore a newer backup, {_ANEW}"
        ),
        "seal.differs": (
            "The log is not the one of which {sealed} facts were sealed: see pobratim audit verify. "
            f"Restore the right database, {_ANEW}"
        ),
        "seal.other-origin": (
            "The checkpoint outside the database is of the origin {kept}, and the newest in the database is {found}: "
            f"it was restored to less. Restore a newer backup, {_ANEW}"
        ),
        "seal.tiles-damaged": f"The tiles of the seal are damaged ({{reason}}). Restore the database, {_ANEW}",
        "seal.fact-missing": (
            "The fact at position {position} was sealed and is gone: see pobratim audit verify. "
            f"Restore the database, {_ANEW}"
        ),
        "seal.not-yet": (
            "The seal reaches to {reached} and the interval begins there or later, so nothing can be proven of it yet. "
            "Ask for earlier days, or again when more was recorded and sealed."
        ),
        "seal.busy": "Another process is sealing just now. Try again in a moment.",
        "seal.sound": "The seal is sound, and goes on with {origin}; a new origin is for one that has stopped.",
        "seal.rotating": "A new key signs beside the old one. End that with: pobratim audit rotate-key --finish",
        "seal.not-rotating": "There is only one key. Begin with: pobratim audit rotate-key",
        "seal.no-key": "Nothing was sealed yet, so there is no key. Seal with: pobratim audit seal",
        "seal.no-name": "The host {host} can be no name of a log. Set POBRATIM_BASE_URL.",
    }
