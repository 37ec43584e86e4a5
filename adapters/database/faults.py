"""Why the database cannot be used, in one line that says how to mend it."""

from typing import ClassVar

from adapters.fault import Fault


class DatabaseFault(Fault):
    """Raised by everything in `adapters.database`."""

    messages: ClassVar = {
        "database.unreachable": (
            "The database cannot be reached ({reason}). See that the server runs and that {name} names it."
        ),
        "database.too-old": "The server is PostgreSQL {found}; Pobratim needs {needed} or newer.",
        "database.busy": (
            "Another program has been migrating this database for more than {seconds} seconds. "
            "Wait for it to end and try again."
        ),
        "database.newer": (
            "The database was migrated by a newer Pobratim (it knows {names}). Start that version, or newer."
        ),
        "database.migration-changed": (
            "The migration {name} is not the one that this database was made with. "
            "Install the released version again; a released migration never changes."
        ),
        "database.migration-failed": "The migration {name} failed, and nothing was changed ({reason}).",
        "database.not-migrated": "The database lacks {names}. Run `pobratim migrate` as its owner.",
    }
