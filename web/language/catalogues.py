"""Message catalogues: Cyrillic is written by hand, Latin follows from it, English is the message itself.

The languages of sides abroad have small catalogues by hand, which hold the messages of their page only.
"""

from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from application.accounts import LOCALES
from application.script import latin

_FOLDER = Path(__file__).parents[1] / "locale"
CATALOGUE = _FOLDER / "sr_Cyrl" / "LC_MESSAGES" / "messages.po"


def marked(message: str) -> str:
    """Marks a message for the catalogue where it stands; it is translated where it is shown."""
    return message


@cache
def catalogue() -> Catalog:
    """The hand-written catalogue, Serbian in Cyrillic."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="sr_Cyrl")


def path_abroad(code: str) -> Path:
    """Where the messages for sides abroad stand in a language that accounts do not have."""
    return _FOLDER / code.replace("-", "_") / "LC_MESSAGES" / "abroad.po"


@cache
def catalogue_abroad(code: str) -> Catalog:
    with path_abroad(code).open("rb") as file:
        return read_po(file, locale=code.replace("-", "_"))


@cache
def translations(code: str) -> NullTranslations:
    """Of one of ABROAD; compiled in memory, there is no file to keep in step. What is missing abroad stays English."""
    if code == "en":
        return NullTranslations()
    if code not in LOCALES:
        return _compiled(catalogue_abroad(code))
    return _compiled(catalogue() if code == "sr-Cyrl" else _in_latin(catalogue()))


def _compiled(messages: Catalog) -> GNUTranslations:
    file = BytesIO()
    write_mo(file, messages)
    file.seek(0)
    return GNUTranslations(file)


def _in_latin(cyrillic: Catalog) -> Catalog:
    derived = Catalog(locale="sr_Latn", header_comment=cyrillic.header_comment)
    for message in cyrillic:
        if message.id:
            derived.add(message.id, _latin_of(message.string or ""), context=message.context)
    return derived


def _latin_of(string: str | Sequence[str]) -> str | tuple[str, ...]:
    return latin(string) if isinstance(string, str) else tuple(map(latin, string))
