"""Trusted registers in PostgreSQL."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from application.exchange.sheet import TrustedRegister

_READ: Final = "SELECT key, name, sides, added_at FROM office.trusted_registers"
_KEEP: Final = """
    INSERT INTO office.trusted_registers (key, name, sides, added_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name, sides = EXCLUDED.sides, added_at = EXCLUDED.added_at
"""


class PostgresTrustedRegisters:
    """Implements application.exchange.sheet.TrustedRegisters."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def find(self, key: str) -> TrustedRegister | None:
        with connected(self._pool) as db:
            row = db.execute(f"{_READ} WHERE key = %s", (key,)).fetchone()
        return _register(row) if row else None

    def all(self) -> Sequence[TrustedRegister]:
        with connected(self._pool) as db:
            return [_register(row) for row in db.execute(f"{_READ} ORDER BY name, key").fetchall()]

    def keep(self, register: TrustedRegister) -> None:
        with connected(self._pool) as db:
            db.execute(_KEEP, (register.key, register.name, list(register.sides), register.added_at))

    def forget(self, key: str) -> bool:
        with connected(self._pool) as db:
            return db.execute("DELETE FROM office.trusted_registers WHERE key = %s", (key,)).rowcount > 0


def _register(row: tuple[Any, ...]) -> TrustedRegister:
    key, name, sides, added_at = row
    return TrustedRegister(key=key, name=name, sides=tuple(sides), added_at=added_at)
