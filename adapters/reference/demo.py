"""The real register that comes with the program, as files to import in this order."""

from typing import Final

from adapters.reference.units import DATA

PARTNERSHIPS: Final = DATA / "partnerships.csv"
INITIATIVES: Final = DATA / "initiatives.csv"
