"""A side abroad is asked in its own language, and finds no other on the page."""

import re

import psycopg
import pytest
from babel.messages.catalog import Message

from application.accounts import LOCALES
from application.languages_abroad import ABROAD, language_of_country
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.initiatives.test_asking_sides import SAID, Stranger, link
from tests.web.test_messages import PLACEHOLDER, strings
from tools.messages import extracted, extracted_abroad
from web.language import language
from web.language.catalogues import catalogue_abroad
from web.words import LANGUAGES_ABROAD

OWN = [code for code in ABROAD if code not in LOCALES]
FOUND = extracted()
TITLE, THANKS, OVER = "Your word on the cooperation", "Thank you", "This link does not work any more"


def english_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


ENGLISH = [one for message in extracted_abroad(FOUND, "de") if message.id for one in english_of(message)]


@pytest.fixture
def number(coordinator: Browser, request: pytest.FixtureRequest) -> str:
    number = proposed(coordinator, "Vranje", f"Graz {request.node.name}", "AT")
    coordinator.do(number, "coordinate")
    return number


def spoken_in(page: Page) -> str:
    found = re.search(r'<html lang="([^"]+)"', page.answer.text)
    return found[1] if found else ""


def english_on(page: Page) -> list[str]:
    """Messages of the page that stand there in English, whatever is in their places."""
    text = re.sub(r'<details class="menu.*?</details>', "", page.answer.text, flags=re.DOTALL)
    return [one for one in ENGLISH if max(re.split(r"%\(\w+\)s", one), key=len).strip() in text]


@pytest.mark.parametrize("code", OWN)
def test_every_message_is_translated_and_none_left_over(code: str) -> None:
    wanted = {message.id for message in extracted_abroad(FOUND, code) if message.id}
    held = {message.id: message for message in catalogue_abroad(code) if message.id}
    assert held.keys() == wanted
    assert len(wanted) < 50
    for message in held.values():
        assert not message.fuzzy
        assert all(strings(message)), message.id
        assert not {*strings(message)} & {*english_of(message)}, message.id
        for string in strings(message):
            assert set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(english_of(message)[-1])), string


@pytest.mark.parametrize("code", OWN)
def test_cyrillic_and_latin_letters_do_not_mix_in_a_word(code: str) -> None:
    mixed = re.compile(r"[\u0370-\u04ff][a-z]|[a-z][\u0370-\u04ff]|[\u0370-\u03ff][\u0400-\u04ff]", re.IGNORECASE)
    texts = [PLACEHOLDER.sub("", s) for m in catalogue_abroad(code) if m.id for s in strings(m)]
    assert [text for text in texts if mixed.search(text)] == []


def test_every_language_has_its_name() -> None:
    assert {*LANGUAGES_ABROAD} == {*ABROAD}


@pytest.mark.parametrize("code", OWN)
def test_no_english_is_on_any_page_of_a_side(stack: Stack, coordinator: Browser, number: str, code: str) -> None:
    there, stranger, spoken = link(coordinator, number, locale=code), Stranger(stack, "en"), language(code)
    asked = stranger.open(there)
    assert (asked.status, spoken_in(asked)) == (200, code)
    assert f"<h1>{spoken.gettext(TITLE)}</h1>" in asked.answer.text
    bad = {
        "decided": "31. 2. 2026.",
        "signed": "soon",
        "in_force": "1. 1. 1700.",
        "office": "x" * 101,
        "remark": "a\u202eb",
    }
    back = stranger.answers(there, **bad)
    assert (back.status, len(re.findall("field__err", back.answer.text))) == (422, 6)
    assert spoken.gettext("There is no such day: %(day)s") % {"day": "31. 2. 2026."} in back.words
    later = stranger.answers(there, **SAID | {"signed": "12. 5. 2099."})
    nothing = stranger.answers(there, **SAID | {"signed": ""})
    assert (later.status, nothing.status) == (422, 422)
    shown = language(code).date(later_day := "2099-05-12")  # type: ignore[arg-type]
    assert shown in later.answer.text, later_day
    done = stranger.answers(there, **SAID | {"signed": spoken.date("2026-05-12")})  # type: ignore[arg-type]
    assert f"<h1>{spoken.gettext(THANKS)}</h1>" in done.answer.text
    stranger.client.headers["accept-language"] = code
    over = stranger.open(there)
    assert (over.status, spoken_in(over)) == (410, code)
    assert f"<h1>{spoken.gettext(OVER)}</h1>" in over.answer.text
    for page in (asked, back, later, nothing, done, over):
        assert english_on(page) == []


def test_the_reader_changes_the_language_and_keeps_the_link(stack: Stack, coordinator: Browser, number: str) -> None:
    there, stranger = link(coordinator, number, locale="de"), Stranger(stack)
    offered = re.findall(r'href="(/language/([\w-]+)\?next=[^"]+)"', stranger.open(there).answer.text)
    assert [code for _, code in offered] == [*LANGUAGES_ABROAD]
    for address, code in offered:
        changed = stranger.open(address)
        assert (changed.status, changed.path, spoken_in(changed)) == (200, there, code)
    assert spoken_in(stranger.open("/sign-in")) == "en"
    assert stranger.open("/language/tlh").status == 404


def test_an_account_keeps_its_language(stack: Stack, coordinator: Browser, number: str) -> None:
    there = link(coordinator, number, locale="de")
    assert spoken_in(coordinator.open(f"/language/de?next={there}")) == "de"
    assert spoken_in(coordinator.open("/")) == "en"


def test_the_form_proposes_the_language_of_the_country(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/ask")
    assert ("locale", "de") in page.form(f"/initiatives/{number}/ask").fields
    expected = {"HU": "hu", "SI": "sl", "BA": "sr-Latn", "BY": "ru", "CN": "zh-Hans", "CY": "el", "UA": "en", "": "en"}
    assert {country: language_of_country(country) for country in expected} == expected


def test_a_side_is_named_as_the_language_of_the_page_writes_it(stack: Stack, coordinator: Browser) -> None:
    path = "/partners/new"
    made = coordinator.send(coordinator.open(path), path, {"name": "Vienna Woods", "country": "AT"})
    for name, kind in (("Wiener Waldbach", "former"), ("Wienerwald", "exonym")):
        deed = f"{made.path}/add-name"
        coordinator.send(coordinator.open(deed), deed, {"name": name, "kind": kind, "language": "de"})
    number = proposed(coordinator, "Vranje", "Vienna Woods", "AT")
    coordinator.do(number, "coordinate")
    for code, name in (("de", "Wienerwald"), ("en", "Vienna Woods"), ("sr-Latn", "Vienna Woods")):
        page = Stranger(stack).open(link(coordinator, number, locale=code)).answer.text
        assert f'Vranje</b> – <b translate="no">{name}</b>' in page


def test_a_language_that_is_gone_is_that_of_the_browser(stack: Stack, coordinator: Browser, number: str) -> None:
    there = link(coordinator, number)
    with psycopg.connect(stack.made.settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE access.side_links SET locale = 'tlh'")
    for asked_for, code in (("it", "it"), ("nb", "en")):
        page = Stranger(stack, asked_for).open(there)
        assert (page.status, spoken_in(page)) == (200, code)


def test_an_answer_may_take_days_but_comes_from_no_other_site(stack: Stack, coordinator: Browser, number: str) -> None:
    there, stranger = link(coordinator, number, locale="de"), Stranger(stack)
    stranger.open(there)
    elsewhere = stranger.client.post(there, data=SAID, headers={"origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    stranger.client.cookies.clear()
    assert Page(stranger.client.post(there, data=SAID)).status == 200
