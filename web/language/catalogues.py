"""Message catalogues: Cyrillic is written by hand, Latin follows from it, English is the message itself."""

from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from application.script import latin

CATALOGUE = Path(__file__).parents[1] / "locale" / "sr_Cyrl" / "LC_MESSAGES" / "messages.po"


def marked(message: str) -> str:
    """Marks a message for the catalogue where it stands; it is translated where it is shown."""
    return message


@cache
def catalogue() -> Catalog:
    """The hand-written catalogue, Serbian in Cyrillic."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="sr_Cyrl")


@cache
def translations(code: str) -> NullTranslations:
    """Of `sr-Cyrl`, `sr-Latn` or `en`; compiled in memory, there is no file to keep in step."""
    if code == "en":
        return NullTranslations()
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
