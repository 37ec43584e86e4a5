"""A twinning from proposal to renewal in an office where people are away: two officers, a coordinator with a
substitute, and an approver; through a returned request for consent and a missed deadline."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from application.access import Role
from application.accounts import Account
from tests.browser.house import House, Values, do, fill_in, open_house, propose, send, stands_at
from tests.conftest import Database
from tests.web.running import with_a_second_person

pytestmark = pytest.mark.browser
TOWN = "leskovac"
SUPPORT = ["information", "partner_profile", "model_documents"]
DECISION = {"number": "06-12/26", "foreign_state": "Republika Turska", "body": "assembly", "occurred_on": "2. 3. 2026."}
RETURN = {"missing": "Prevod sporazuma na turski.", "due_on": "1. 4. 2026.", "occurred_on": "20. 3. 2026."}
"""The day by which the supplement was due has passed."""
CONSENT = (
    ("record-opinion", {"body": "Sekretarijat za zakonodavstvo", "stance": "favourable"}, "Čekaju se mišljenja"),
    ("grant-consent", {"act_number": "05 broj 011-1/26", "occurred_on": "20. 4. 2026."}, "Saglasnost data"),
)
TO_THE_END_OF_THE_TERM = (
    (
        "sign-agreement",
        {"occurred_on": "15. 5. 2026.", "place": "Leskovac", "languages": ["sr", "tr"], "ends_on": "15. 10. 2026."},
        "Potpisana",
    ),
    ("enter-into-force", {"occurred_on": "16. 5. 2026."}, "Aktivna"),
    ("hold-visit", {"occurred_on": "jun 2026", "place": "Edirne"}, "Aktivna"),
    ("announce-expiry", {}, "Ističe"),
)
RENEWAL = {"renewal": "new_agreement", "ends_on": "15. 5. 2036."}
_TITLE_AND_WHO = """all => all.map(fact => [
  fact.querySelector('article > :first-child').innerText, fact.querySelector('.line__who').innerText,
])"""
STORY = (
    ("Inicijativa je predložena", "Ana Ilić, Grad Leskovac"),
    ("SKGO je započela koordinaciju", "Jelena Marković"),
    ("SKGO je dala podršku", "Mirko Savić, u ime: Jelena Marković"),
    ("Odluka je doneta", "Ana Ilić, Grad Leskovac"),
    ("Zatražena je saglasnost Vlade", "Ana Ilić, Grad Leskovac"),
    ("Dokumentacija je vraćena na dopunu", "Mirko Savić, u ime: Jelena Marković"),
    ("Dokumentacija je dopunjena i ponovo upućena", "Boris Krstić, Grad Leskovac, u ime: Ana Ilić, Grad Leskovac"),
    ("Vlada je dala saglasnost", "Jelena Marković"),
    ("Sporazum je potpisan", "Jelena Marković"),
    ("Zatraženo je odobrenje druge osobe", "Jelena Marković"),
    ("Druga osoba je dala odobrenje", "Zoran Stević"),
    ("Sporazum je produžen", "Jelena Marković"),
)


@pytest.fixture(scope="module")
def house(database: Database, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Where a renewal needs a second person."""
    data_dir = tmp_path_factory.mktemp("data")
    with_a_second_person(Path(data_dir), "twinning", "renew")
    with open_house(database, chromium, str(data_dir)) as opened:
        yield opened
        for context in list(chromium.contexts):
            context.close()
    assert opened.said == []


def test_the_history_of_a_twinning_tells_who_acted_for_whom(house: House) -> None:
    accounts = {
        "ana": house.account(Role.OFFICER, TOWN, "Ana Ilić"),
        "boris": house.account(Role.OFFICER, TOWN, "Boris Krstić"),
        "jelena": house.account(Role.COORDINATOR, name="Jelena Marković"),
        "mirko": house.account(Role.COORDINATOR, name="Mirko Savić"),
        "zoran": house.account(Role.APPROVER, name="Zoran Stević"),
    }
    ana, boris, jelena, mirko, zoran = (house.at_a_browser(one).new_page() for one in accounts.values())

    number = propose(ana, "", "Edirne", "TR", occurred_on="12. 1. 2026.")
    acts(jelena, number, "coordinate", {"handler": str(accounts["jelena"].id)})

    is_away(jelena, accounts["mirko"])
    finds_on_the_desk(mirko, number, "u ime: Jelena Marković")
    expect(mirko.locator("main")).to_contain_text("Postupate u ime: Jelena Marković")
    acts(mirko, number, "give-support", {"items": SUPPORT})
    acts(mirko, number, "complete-coordination")
    acts(mirko, number, "start-drafting")
    acts(mirko, number, "review-draft", {"languages": ["sr", "tr"]})

    acts(ana, number, "adopt-decision", DECISION)
    acts(ana, number, "request-consent", {"registry_number": "06-31/26", "occurred_on": "9. 3. 2026."})
    acts(mirko, number, "return-file", RETURN)
    stands_at(mirko, "Vraćena na dopunu")

    is_away(ana, accounts["boris"])
    boris.goto("/")
    late = boris.locator("#work .queue__group--late + .queue")
    expect(late).to_contain_text(number)
    expect(boris.locator("main")).to_contain_text("Postupate u ime: Ana Ilić, Grad Leskovac")
    acts(boris, number, "supplement-file", {"registry_number": "06-32/26"})
    stands_at(boris, "Saglasnost tražena")

    is_back(jelena)
    expect(mirko.locator("main")).to_contain_text("Postupate u ime")
    mirko.goto("/")
    expect(mirko.locator("#work")).not_to_contain_text(number)
    lead(jelena, number, CONSENT)
    published = {"gazette_name": "Službeni glasnik", "gazette_number": "9/26", "occurred_on": "28. 4. 2026."}
    acts(boris, number, "publish", published)
    lead(jelena, number, TO_THE_END_OF_THE_TERM)

    the_renewal_takes_two(jelena, zoran, number)
    an_auditor_reads_who_acted_for_whom(house, number)


def acts(page: Page, number: str, deed: str, values: Values | None = None) -> None:
    """On the case as it is now, whoever changed it since."""
    page.goto(f"/initiatives/{number}")
    do(page, number, deed, values)


def lead(page: Page, number: str, deeds: tuple[tuple[str, dict[str, str | list[str]], str], ...]) -> None:
    for deed, values, stage in deeds:
        acts(page, number, deed, values)
        stands_at(page, stage)


def is_away(page: Page, substitute: Account) -> None:
    """Enters the own absence by the way from the name at the foot of the menu."""
    page.goto("/account")
    page.get_by_role("link", name="Odsustvo i zamena").click()
    form = page.locator("form[action='/account/absence']")
    today = page.locator("html").evaluate("() => new Date().toLocaleDateString('sv', {timeZone: 'Europe/Belgrade'})")
    fill_in(form, {"substitute": str(substitute.id), "first_day": today, "last_day": today})
    send(form)
    expect(page.locator(".toast")).to_contain_text(f"zamena je {substitute.name}")


def is_back(page: Page) -> None:
    page.goto("/account/absence")
    page.locator("tr", has_text="Jelena Marković").get_by_role("button", name="Završi sada").click()
    expect(page.locator(".toast")).to_contain_text("Odsustvo je završeno.")


def finds_on_the_desk(page: Page, number: str, mark: str) -> None:
    page.goto("/")
    line = page.locator("#work li", has_text=number)
    expect(line).to_contain_text(mark)
    line.get_by_role("link").first.click()
    page.wait_for_url(f"**/initiatives/{number}#step")


def the_renewal_takes_two(coordinator: Page, approver: Page, number: str) -> None:
    expect(coordinator.locator("#step")).to_contain_text("Prethodno odobrava rukovodilac.")
    acts(coordinator, number, "ask-approval", {"deed": "renew"})
    approver.goto("/")
    waiting = approver.locator("#approvals li", has_text=number)
    expect(waiting).to_contain_text("Zabeležiti produženje")
    waiting.get_by_role("link").click()
    form: Locator = approver.locator("form.deedform")
    expect(form.locator("[name=deed]:checked")).to_have_value("renew")
    send(form)
    approver.wait_for_url(f"**/initiatives/{number}")
    acts(coordinator, number, "renew", RENEWAL)
    stands_at(coordinator, "Produžena")


def an_auditor_reads_who_acted_for_whom(house: House, number: str) -> None:
    auditor = house.person(Role.AUDITOR, name="Revizor")
    auditor.goto(f"/initiatives/{number}/history?order=recorded")
    told = [tuple(one) for one in auditor.locator("ol.line > li").evaluate_all(_TITLE_AND_WHO)]
    assert [one for one in reversed(told) if one in STORY] == list(STORY), told
