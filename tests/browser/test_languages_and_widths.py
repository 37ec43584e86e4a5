"""Every main page in three languages at three widths: whole, in one language, in one script, without a complaint."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Page

from application.access import Role
from tests.browser.filling import ADOPTED_AT, fill
from tests.browser.house import DESKTOP, NARROWEST, PHONE, House
from web import words
from web.language.language import OFFICE_ZONE

pytestmark = pytest.mark.browser

LANGUAGES = ("sr-Latn", "sr-Cyrl", "en")
PERSON = "Јелена Марковић"
AS_THEY_ARE = re.compile(
    rf"{PERSON}|ЈМ|Pobratim|Edirne|Wien|Vienna|Simmering|CSV|XLSX|SHA|JSON Lines|Parquet|Python|VERIFIED|verifier|"
    r"HMAC|Ed25519|https|API|(?:cases|events|audit|procedures|subscriptions):(?:read|write)|"
    r"POBRATIM_OIDC_ISSUER|Keycloak|\bazp\b|\bclient_id\b|\bsub\b|" + "|".join(words.LANGUAGES.values()),
)
"""Names of persons, places abroad, languages, settings and claims, and abbreviations: the same in every script."""
PAGES = {
    "desk": "/",
    "late": "/desk/late",
    "team": "/desk/team",
    "without handler": "/desk/unassigned",
    "waiting": "/desk/waiting",
    "dormant": "/desk/dormant",
    "tasks": "/desk/tasks",
    "changed": "/desk/changed",
    "calendar": "/calendar?whose=all",
    "calendar as a list": "/calendar?whose=all&view=list",
    "notices": "/notices",
    "notices by mail": "/account/notices",
    "absence": "/account/absence",
    "private calendar": "/account/calendar",
    "followed": "/followed",
    "procedures": "/admin/procedures",
    "procedure": "/admin/procedures/twinning@1",
    "register": "/initiatives",
    "register, filtered": "/initiatives?q=2018&due=late&country=CN",
    "register, nothing found": "/initiatives?q=0000",
    "board": "/initiatives/board",
    "board of stages": "/initiatives/board?phase=consent",
    "saved filters": "/initiatives/views",
    "hand-over": "/initiatives/hand-over?case={case}",
    "proposal": "/initiatives/new",
    "case": "/initiatives/{case}",
    "case through time": "/initiatives/{case}?through=time&known_at={today}",
    "history": "/initiatives/{case}/history",
    "history, nothing found": "/initiatives/{case}/history?kind=corrections&side=bor",
    "account": "/initiatives/{case}/account",
    "what changed": "/initiatives/{case}/history/changes",
    "what changed, misread": "/initiatives/{case}/history/changes?from=31.+2.+2026",
    "case in the past": "/initiatives/{case}?known_at={today}",
    "history in the past": "/initiatives/{case}/history?known_at={today}&valid_at={today}",
    "register in the past": "/initiatives?known_at={today}",
    "register before the first record": "/initiatives?known_at=1999-01-01",
    "board in the past": "/initiatives/board?known_at={today}",
    "desk in the past": "/?known_at={today}",
    "partners in the past": "/partners?known_at={today}",
    "local government in the past": "/local-governments/leskovac?known_at={today}",
    "calendar in the past": "/calendar?known_at={today}&view=list",
    "followed in the past": "/followed?known_at={today}",
    "followed before they had begun": "/followed?known_at=1999-01-01",
    "notices in the past": "/notices?known_at={today}",
    "procedures in the past": "/admin/procedures?known_at={today}",
    "procedure in the past": "/admin/procedures/twinning@1?known_at={today}",
    "register, no day": "/initiatives?known_at=2199",
    "who could act": "/initiatives/{case}/who-could-act?known_at={today}",
    "log": "/audit/log",
    "figures": "/audit/figures",
    "bundles": "/audit/bundle",
    "before the first record": "/initiatives/{case}?known_at=1999-01-01",
    "no day": "/initiatives/{case}?known_at=2199",
    "deed": "/initiatives/{case}/report-party-status",
    "refused deed": "/initiatives/{case}/sign-agreement",
    "correction": f"/initiatives/{{case}}/history/{ADOPTED_AT}/correct",
    "partners": "/partners",
    "partner": "{partner}",
    "new partner": "/partners/new",
    "local governments": "/local-governments?q=novi",
    "local government": "/local-governments/leskovac",
    "not there": "/initiatives/1999-0001",
}
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|with|without|this|that|not|your|you|by|from|for|case|cases|day|days|recorded"
    r"|search|open|close|all|none|new|partner abroad|local government)\b",
    re.IGNORECASE,
)
SERBIAN = re.compile(r"\b(je|su|nije|nema|predmet\w*|inicijativ\w*|saglasnost\w*|nosilac|sve|dana)\b", re.IGNORECASE)
LATIN = re.compile(r"[A-Za-zČčĆćŽžŠšĐđ]{2,}")
CYRILLIC = re.compile(r"[\u0400-\u04ff]{2,}")
READABLE = """() => {
  const apart = "[translate=no], abbr, script, style, datalist";
  const words = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.data.trim() && !text.parentElement.closest(apart)) words.push(text.data.trim());
  }
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder]"))
    if (!element.closest(apart))
      for (const name of ["title", "aria-label", "placeholder"])
        if (element.hasAttribute(name)) words.push(element.getAttribute(name));
  return words;
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1)
    .map((e) => `${e.tagName}.${e.className}`).slice(0, 5);
}"""


@pytest.fixture(scope="module")
def case(house: House) -> str:
    return fill(house, house.account(Role.COORDINATOR, name=PERSON))


@pytest.fixture(scope="module", params=LANGUAGES)
def reader(house: House, case: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, BrowserContext]]:
    """Somebody who reads everything in one language."""
    language = str(request.param)
    context = house.at_a_browser(house.account(Role.COORDINATOR, name=PERSON), language)
    yield language, context
    context.close()


def test_every_page(reader: tuple[str, BrowserContext], case: str) -> None:
    language, context = reader
    page = context.new_page()
    faults = []
    page.goto(f"/initiatives/{case}")
    partner = page.locator("a[href^='/partners/']").first.get_attribute("href")
    for name, address in PAGES.items():
        page.goto(address.format(case=case, partner=partner, today=datetime.now(OFFICE_ZONE).date()))
        faults += [f"{name}: {fault}" for fault in faults_of(page, language)]
    assert not faults, "\n".join(faults)


def test_pages_of_others(house: House, case: str) -> None:
    """What a coordinator never sees: accounts, the desk of an auditor, signing in."""
    faults = []
    administrator = house.account(Role.ADMINISTRATOR, name=PERSON)
    auditor = house.account(Role.AUDITOR, name=PERSON)
    technician = house.account(Role.TECHNICIAN, name=PERSON)
    for language in LANGUAGES:
        subscriptions = ("/admin/subscriptions", "/admin/subscriptions/new")
        administered = (
            *subscriptions,
            "/admin/accounts",
            "/admin/tokens",
            "/admin/tokens/new",
            "/admin/tokens/clients",
            "/admin/tokens/clients/new",
            "/admin/procedures",
            "/admin/procedures/twinning@1",
            "/admin/procedures/new",
        )
        past = f"/admin/people?known_at={datetime.now(OFFICE_ZONE).date()}"
        kept = ((technician, address) for address in ("/subscriptions", "/account", "/account/tokens"))
        others = ((auditor, "/"), (None, "/sign-in"), (administrator, past), *kept)
        for account, address in (*((administrator, address) for address in administered), *others):
            context = house.at_a_browser(account or auditor, language)
            if account is None:
                context.clear_cookies(name="pobratim")
            page = context.new_page()
            page.goto(address)
            faults += [f"{address}: {fault}" for fault in faults_of(page, language)]
            context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_every_menu_of_the_register_opens_within_the_window(house: House, case: str, width: int) -> None:
    context = house.at_a_browser(house.account(Role.COORDINATOR, name=PERSON), size=(width, 900))
    page = context.new_page()
    for address in ("/initiatives", "/initiatives/board"):
        page.goto(address)
        for menu in page.locator("main .menu:has(> summary:visible)").all():
            menu.locator("summary").click()
            box = menu.locator(".menu__panel").bounding_box()
            said = menu.locator("summary").inner_text()
            assert box is not None, said
            assert box["x"] >= 0, said
            assert box["x"] + box["width"] <= width, said
            page.keyboard.press("Escape")
    context.close()


def test_paper_holds_what_is_recorded_and_no_way_to_change_it(house: House, case: str) -> None:
    context = house.at_a_browser(house.account(Role.COORDINATOR, name=PERSON))
    page = context.new_page()
    for address in (f"/initiatives/{case}", "/initiatives"):
        page.goto(address)
        page.emulate_media(media="print")
        changes = (
            "a[href$='-case'], a[href$='/ask'], a[href$='/name-handler'], a[href$='.ics'], .pickrow, button, select"
        )
        assert page.locator(f"main :is({changes}):visible").count() == 0, address
    context.close()


def faults_of(page: Page, language: str) -> Iterator[str]:
    spoken = page.locator("html").get_attribute("lang")
    if spoken != language:
        yield f"the page says lang={spoken} for {language}"
    yield from sorted(
        {f"{language}: {word!r} in {text!r}" for text in words_of(page) for word in foreign(text, language)}
    )
    for width, height in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate(TOO_WIDE)
        if wide:
            yield f"{language}: wider than {width}: {wide}"
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def words_of(page: Page) -> list[str]:
    return [AS_THEY_ARE.sub("", text) for text in page.evaluate(READABLE)]


def foreign(text: str, language: str) -> list[str]:
    match language:
        case "sr-Cyrl":
            return LATIN.findall(text)
        case "sr-Latn":
            return CYRILLIC.findall(text) + ENGLISH.findall(text)
        case _:
            return CYRILLIC.findall(text) + SERBIAN.findall(text)
