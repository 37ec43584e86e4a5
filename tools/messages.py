"""Brings the hand-written catalogues in step with the program: `python -m tools.messages`.

New messages are added with an empty translation, kept ones keep theirs, those that nobody uses any more are dropped.
Prints what is left to translate, and exits with 1 while there is something.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from application.accounts import LOCALES
from application.languages_abroad import ABROAD
from domain.initiatives.terms import Kind
from web.initiatives.side_pages import REFUSALS
from web.language.catalogues import path_abroad
from web.refusals import SENTENCES
from web.words import KINDS, LANGUAGES_ABROAD

WEB = Path(__file__).parents[1] / "web"
CATALOGUE = WEB / "locale" / "sr_Cyrl" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "count": (1, 2)}
"""`Language.count(one, many, n)` beside gettext's own names."""
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
_WIDTH = 118
_ABROAD = frozenset(
    {
        "web/initiatives/side_pages.py",
        "web/templates/components/forms.html",
        "web/templates/initiatives/confirm.html",
        "web/templates/initiatives/confirm_over.html",
        "web/templates/initiatives/confirmed.html",
        "web/templates/initiatives/page_abroad.html",
    }
)
"""Files whose every message a side abroad may read."""


def extracted() -> Catalog:
    """Every message of code and templates, with the files that use it."""
    found = Catalog(locale="sr_Cyrl")
    for file, _, message, comments, context in extract_from_dir(
        WEB, method_map=_METHODS, options_map=_OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, None, [(f"web/{file}", None)], auto_comments=comments, context=context)
    return found


def extracted_abroad(found: Catalog, code: str) -> Catalog:
    """Those of the messages that a side abroad meets: of its pages, of forms, and what may come back with an answer."""
    named = {SENTENCES[refusal] for refusal in REFUSALS} | {
        text for kind, text in KINDS.items() if kind != Kind.UNKNOWN
    }
    abroad = Catalog(locale=code.replace("-", "_"))
    for message in found:
        one = message.id if isinstance(message.id, str) else message.id[0]
        if one in named or any(place in _ABROAD for place, _ in message.locations):
            abroad.add(message.id, None, message.locations)
    return abroad


def refresh() -> list[str]:
    """Rewrite the catalogues; gives the messages that lack a translation."""
    found = extracted()
    header = "# Serbian in Cyrillic, written by hand. Serbian in Latin is derived from it at start."
    missing = _refreshed(CATALOGUE, found, header)
    for code in ABROAD:
        if code not in LOCALES:
            header = f"# What a side abroad reads in {LANGUAGES_ABROAD[code]}, written by hand."
            lacking = _refreshed(path_abroad(code), extracted_abroad(found, code), header)
            missing += [f"{message} ({code})" for message in lacking]
    return missing


def _refreshed(path: Path, found: Catalog, header: str) -> list[str]:
    locale = str(found.locale)
    catalogue = Catalog(locale=locale)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale)
    catalogue.header_comment = header
    catalogue.project, catalogue.version, catalogue.fuzzy = "Pobratim", "1", False
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, sort_output=True, omit_header=False, include_lineno=False)
    return [str(message.id) for message in catalogue if message.id and not _translated(message.string)]


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all([string] if isinstance(string, str) else string or [""])


if __name__ == "__main__":
    missing = refresh()
    sys.stdout.writelines(f"to translate: {message}\n" for message in missing)
    sys.exit(1 if missing else 0)
