"""Brings the hand-written catalogue in step with the program: `python tools/messages.py`.

New messages are added with an empty translation, kept ones keep theirs, those that nobody uses any more are dropped.
Prints what is left to translate, and exits with 1 while there is something.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1] / "web"
CATALOGUE = WEB / "locale" / "sr_Cyrl" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "count": (1, 2)}
"""`Language.count(one, many, n)` beside gettext's own names."""
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
_WIDTH = 118


def extracted() -> Catalog:
    """Every message of code and templates, with the files that use it."""
    found = Catalog(locale="sr_Cyrl")
    for file, _, message, comments, context in extract_from_dir(
        WEB, method_map=_METHODS, options_map=_OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, None, [(f"web/{file}", None)], auto_comments=comments, context=context)
    return found


def refresh() -> list[str]:
    """Rewrite the catalogue; gives the messages that lack a translation."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="sr_Cyrl")
    catalogue.header_comment = "# Serbian in Cyrillic, written by hand. Serbian in Latin is derived from it at start."
    catalogue.project, catalogue.version, catalogue.fuzzy = "Pobratim", "1", False
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, sort_output=True, omit_header=False, include_lineno=False)
    return [str(message.id) for message in catalogue if message.id and not _translated(message.string)]


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all([string] if isinstance(string, str) else string or [""])


if __name__ == "__main__":
    missing = refresh()
    sys.stdout.writelines(f"to translate: {message}\n" for message in missing)
    sys.exit(1 if missing else 0)
