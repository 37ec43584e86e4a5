"""Why erasures cannot be done again after a restore, in one line that says how to mend it."""

from collections.abc import Mapping
from typing import ClassVar

from adapters.fault import Fault


class ErasedListFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "people.list-unreadable": "{file} cannot be read ({reason}). Let the program read and write it.",
        "people.list-damaged": (
            "{file}, line {line}, is no erasure. Put the file back from a backup, or take that line out; "
            "every other line must stay."
        ),
        "people.came-back": (
            "{entries} entries that had been erased are in the vault again: a backup was restored. "
            "Run: pobratim people reapply"
        ),
        "people.unlisted": "{entries} erasures are not listed in {file}. Run: pobratim people reapply",
    }
