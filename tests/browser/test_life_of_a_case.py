"""One twinning is led by clicks and typing from proposal to renewal; then an auditor reads its history."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from application.access import Role
from tests.browser.house import House, do, fill_in, propose, send, stands_at
from tests.processes import ROOT

pytestmark = pytest.mark.browser

BY_THE_COORDINATOR = (
    ("give-support", {"items": ["information", "partner_profile", "model_documents"]}, "U koordinaciji"),
    ("complete-coordination", {}, "U koordinaciji"),
    ("start-drafting", {}, "Izrada nacrta"),
    ("review-draft", {"draft_version": "2", "languages": ["sr", "tr"]}, "Izrada nacrta"),
)
BY_THE_OFFICER = (
    (
        "adopt-decision",
        {
            "number": "06-12/26",
            "foreign_state": "Republika Turska",
            "occurred_on": "2. 3. 2026.",
            "entry_rule": "eighth_day_after_publication",
        },
        "Odluka doneta",
    ),
    ("request-consent", {"registry_number": "06-31/26", "occurred_on": "9. 3. 2026."}, "Saglasnost tražena"),
)
ON_THE_WAY_TO_CONSENT = (
    ("record-opinion", {"body": "Ministarstvo spoljnih poslova", "stance": "with_remarks"}, "Čekaju se mišljenja"),
    ("return-file", {"missing": "Prevod sporazuma na turski.", "due_on": "1. 12. 2030."}, "Vraćena na dopunu"),
)
TO_THE_RENEWAL = (
    ("record-opinion", {"body": "Sekretarijat za zakonodavstvo", "stance": "favourable"}, "Čekaju se mišljenja"),
    ("grant-consent", {"act_number": "05 broj 011-1/26", "occurred_on": "20. 4. 2026."}, "Saglasnost data"),
    (
        "publish",
        {"gazette_name": "Službeni glasnik grada Leskovca", "gazette_number": "9/26", "occurred_on": "28. 4. 2026."},
        "Objavljena",
    ),
    (
        "sign-agreement",
        {"occurred_on": "15. 5. 2026.", "place": "Leskovac", "languages": ["sr", "tr"], "ends_on": "15. 5. 2031."},
        "Potpisana",
    ),
    ("enter-into-force", {"occurred_on": "16. 5. 2026."}, "Aktivna"),
    ("hold-visit", {"occurred_on": "jun 2026", "place": "Edirne", "purpose": "Dani grada."}, "Aktivna"),
    ("announce-expiry", {}, "Ističe"),
    ("renew", {"renewal": "new_agreement", "ends_on": "15. 5. 2036."}, "Produžena"),
)
STORY = (
    "Inicijativa je predložena",
    "Odluka je doneta",
    "Zatražena je saglasnost Vlade",
    "Vlada je dala saglasnost",
    "Odluka je objavljena u službenom listu",
    "Sporazum je potpisan",
    "Sporazum je stupio na snagu",
    "Održana je poseta",
    "Sporazum je produžen",
)


def test_a_twinning_from_proposal_to_renewal(house: House) -> None:
    officer = house.person(Role.OFFICER, "leskovac", "Službenik Leskovca")
    number = propose(officer, "", "Edirne", "TR", occurred_on="12. 1. 2026.", letter_number="06-1/26")
    stands_at(officer, "Predložena")

    coordinator = signed_in_by_link(house, "Koordinatorka SKGO")
    coordinator.locator("#unassigned li", has_text="Edirne").get_by_role("button", name="Preuzmi").click()
    expect(coordinator.locator(".toast")).to_contain_text("Sada vodite predmet")
    coordinator.keyboard.press("g")
    coordinator.keyboard.press("s")
    expect(coordinator.locator("#unassigned")).not_to_contain_text("Edirne")
    coordinator.locator("#work a", has_text="Zabeležiti datu podršku").click()
    stands_at(coordinator, "U koordinaciji")
    lead(coordinator, number, BY_THE_COORDINATOR)

    officer.reload()
    lead(officer, number, BY_THE_OFFICER)
    the_road_says(officer, passed="Odluka doneta", now="Zahtev Vladi")

    coordinator.reload()
    lead(coordinator, number, ON_THE_WAY_TO_CONSENT)
    officer.reload()
    do(officer, number, "supplement-file", {"registry_number": "06-32/26"})
    stands_at(officer, "Saglasnost tražena")

    coordinator.reload()
    the_decision_is_corrected(coordinator, number)
    lead(coordinator, number, TO_THE_RENEWAL)
    the_road_says(coordinator, passed="Poseta", now="Produženje")

    an_auditor_reads_the_story(house, number)
    every_view_equals_its_replay(house)


def signed_in_by_link(house: House, name: str) -> Page:
    account = house.account(Role.COORDINATOR, name=name)
    page = house.chromium.new_context(base_url=house.url, locale="sr-Latn-RS").new_page()
    page.goto(house.link(account))
    page.get_by_role("button", name="Prijava").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moj sto")
    return page


def lead(page: Page, number: str, deeds: tuple[tuple[str, dict[str, str | list[str]], str], ...]) -> None:
    for deed, values, stage in deeds:
        do(page, number, deed, values)
        stands_at(page, stage)
        expect(page.locator(".toast")).to_be_visible()


def the_road_says(page: Page, passed: str, now: str) -> None:
    expect(page.locator(".road li.is-done", has_text=passed)).to_have_count(1)
    expect(page.locator(".road li[aria-current=step]")).to_contain_text(now)


def the_decision_is_corrected(page: Page, number: str) -> None:
    page.get_by_role("link", name="Istorija").click()
    decision = page.locator("ol.line > li", has=page.get_by_role("heading", name="Odluka je doneta"))
    decision.get_by_role("link", name="Ispravi").click()
    form = page.locator("form.deedform")
    expect(form.locator("[name=number]")).to_have_value("06-12/26")
    fill_in(form, {"number": "06-21/26", "reason": "Zamenjene cifre u prepisu."})
    send(form)
    page.wait_for_url(f"**/initiatives/{number}/history#fact-*")


def an_auditor_reads_the_story(house: House, number: str) -> None:
    auditor = house.person(Role.AUDITOR, name="Revizor")
    auditor.goto(f"/initiatives/{number}")
    assert auditor.locator("main form.deedform").count() == 0
    auditor.keyboard.press("h")
    auditor.wait_for_url("**/history")

    entries = auditor.locator("ol.line > li")
    titles = entries.get_by_role("heading").all_inner_texts()
    told = [title for title in reversed(titles) if title in STORY]
    assert tuple(told) == STORY
    both_clocks = re.compile(r"\S.*\n?zabeleženo \d+\. \d+\. 20\d\d\. \d\d:\d\d", re.DOTALL)
    assert all(both_clocks.search(clocks) for clocks in entries.locator(".clocks").all_inner_texts())

    begun = entries.filter(has=auditor.get_by_role("heading", name="SKGO je započela koordinaciju"))
    expect(begun.locator(".clocks b")).not_to_contain_text("nije poznat")
    signing = entries.filter(has=auditor.get_by_role("heading", name="Sporazum je potpisan", exact=True))
    expect(signing.locator(".clocks b")).to_have_text("15. maj 2026.")
    expect(signing.locator(".clocks .tag")).to_contain_text("kasnije")
    expect(signing).to_contain_text("Koordinatorka SKGO")

    correction = entries.filter(has_text="Zamenjene cifre u prepisu.")
    expect(correction.locator(".diff, table")).to_contain_text("06-12/26")
    expect(correction.locator(".diff, table")).to_contain_text("06-21/26")
    expect(entries.filter(has_text="Republika Turska").filter(has_text="ispravljeno")).to_have_count(1)
    for words in ("Prevod sporazuma na turski.", "Dani grada.", "Službeni glasnik grada Leskovca"):
        expect(auditor.locator("ol.line")).to_contain_text(words)


def every_view_equals_its_replay(house: House) -> None:
    house.show_everything()
    verified = subprocess.run(
        [sys.executable, "-m", "web.cli", "views", "verify"],
        cwd=ROOT,
        env=house.made.settings.as_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
