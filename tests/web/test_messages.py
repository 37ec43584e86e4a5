"""Every word that a page shows is in the catalogue, and in every script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from application.script import latin
from tools.messages import extracted
from web.language import LOCALES, language
from web.language.catalogues import catalogue, translations
from web.templating import TEMPLATES, environment

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
USED = [message for message in extracted() if message.id]


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def test_there_are_messages_at_all() -> None:
    assert len(USED) > 100


def test_every_message_is_translated() -> None:
    untranslated = [m.id for m in USED if (found := catalogue().get(m.id)) is None or not all(strings(found))]
    assert untranslated == []


def test_no_translation_is_a_guess() -> None:
    assert [m.id for m in catalogue() if m.id and m.fuzzy] == []


def test_no_translation_is_left_over() -> None:
    used = {str(m.id) for m in USED}
    assert [m.id for m in catalogue() if m.id and str(m.id) not in used] == []


def test_translations_keep_their_placeholders() -> None:
    for message in (m for m in catalogue() if m.id):
        wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        for string in filter(None, strings(message)):
            assert set(PLACEHOLDER.findall(string)) == wanted, message.id


def test_translations_are_in_cyrillic_only_with_names_and_examples_in_latin() -> None:
    """A Latin letter inside a Cyrillic word is a slip of the keyboard: о and o look the same."""
    mixed = re.compile(r"[а-яђјљњћџ][a-z]|[a-z][а-яђјљњћџ]", re.IGNORECASE)
    wrong = [s for m in catalogue() if m.id for s in strings(m) if mixed.search(PLACEHOLDER.sub("", s))]
    assert wrong == []


def test_latin_follows_from_cyrillic() -> None:
    cyrillic, derived = translations("sr-Cyrl"), translations("sr-Latn")
    assert derived.gettext("Initiatives") == "Inicijative"
    assert cyrillic.gettext("Initiatives") == "Иницијативе"
    for message in USED:
        if isinstance(message.id, str):
            assert derived.gettext(message.id) == latin(cyrillic.gettext(message.id))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, "kasni 1 dan"), (2, "kasni 2 dana"), (5, "kasni 5 dana"), (11, "kasni 11 dana"), (21, "kasni 21 dan")],
)
def test_counted_sentences_follow_the_serbian_rule(days: int, expected: str) -> None:
    assert language("sr-Latn").count("%(num)s day late", "%(num)s days late", days) == expected


class BareText(HTMLParser):
    """Words between tags and in the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("translate") == "no":
            self.skipped.append(tag)
        self.found += [given[name] or "" for name in ("title", "aria-label", "placeholder", "alt") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.found.append(data)


JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ALLOWED = {"– Pobratim"}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_bare_text(path: Path) -> None:
    reader = BareText()
    reader.feed(JINJA.sub(" ", path.read_text("utf-8")))
    words = [" ".join(text.split()) for text in reader.found if re.search(r"[^\W\d_]{2,}", text)]
    assert [text for text in words if text not in ALLOWED] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_inline_script_or_style(path: Path) -> None:
    text = JINJA.sub(" ", path.read_text("utf-8"))
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", text)


def test_every_template_compiles_in_every_language() -> None:
    for code in LOCALES:
        for path in TEMPLATES.rglob("*.html"):
            assert environment(code).get_template(str(path.relative_to(TEMPLATES)))
