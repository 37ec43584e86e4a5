"""The desk of a subscriber's own technicians: what they see and do, and that nothing else is let on."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from application.access import Person, Role
from domain.kernel import AccountId
from tests.receivers import Receiver, Reply, receiver
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.subscriptions.test_life_of_a_subscription import LIST, created, secret_of, until
from web.demo import KEEPER
from web.menu import may_open

OWN = "/subscriptions"
ONLY_ADMINISTRATORS = ("/change", "/disable", "/replay")


@pytest.fixture(scope="module")
def technician(stack: Stack) -> Browser:
    return stack.browser(Role.TECHNICIAN, name="Saša Ilić")


@pytest.fixture(scope="module")
def officer(stack: Stack) -> Browser:
    return stack.browser(Role.OFFICER, "nis", name="Milan Stojanović")


@pytest.fixture(scope="module")
def portal(administrator: Browser, technician: Browser) -> Iterator[Receiver]:
    """One kept by the technician, and one by nobody."""
    with receiver() as to:
        created(administrator, to.address, "portal", keeper=str(technician.person.account))
        created(administrator, to.address, "tudji")
        yield to


def addresses_on(page: Page) -> set[str]:
    return {
        address for address in re.findall(r'(?:href|action)="(/[^"#?]*)', page.answer.text) if "/static" not in address
    }


def test_signing_in_lands_on_the_own_subscriptions(technician: Browser, portal: Receiver) -> None:
    page = technician.open("/")
    assert page.path == OWN
    assert "Portal portal" in page.words
    assert "tudji" not in page.answer.text
    assert "New subscription" not in page.words


def test_no_link_of_these_pages_is_dead(technician: Browser, portal: Receiver) -> None:
    seen, left = set[str](), {OWN}
    while left:
        page = technician.open(left.pop())
        assert page.status == 200, page.path
        seen.add(page.path)
        links = {address for address in re.findall(r'href="(/[^"#]*)"', page.answer.text) if "/static" not in address}
        left |= {link for link in links if not link.startswith("/language/")} - seen
    assert {OWN, f"{OWN}/portal", f"{OWN}/portal/rotate", "/account", "/account/tokens"} <= seen
    assert not [path for path in seen if path.startswith(("/admin", "/initiatives", "/audit"))]


def test_everything_that_is_offered_can_be_done(technician: Browser, portal: Receiver) -> None:
    at = f"{OWN}/portal"
    page = technician.open(at)
    page = technician.send(page, f"{at}/test")
    assert page.path == at
    assert "taken (204)" in page.words
    page = technician.send(page, f"{at}/resume")
    page = technician.send(page, f"{at}/pause")
    assert "Deliveries rest." in page.words
    offered = addresses_on(page)
    assert not [one for one in offered if one.endswith(ONLY_ADMINISTRATORS)], offered
    page = technician.send(technician.open(f"{at}/rotate"), f"{at}/rotate")
    assert secret_of(page).startswith("whsec_")
    assert "lost" not in [name for name, _ in technician.open(f"{at}/rotate").form(f"{at}/rotate").fields]
    assert "Test delivery" in technician.open(f"{at}/deliveries").words


@pytest.mark.parametrize("page", ["", "/deliveries", "/rotate"])
@pytest.mark.parametrize("code", ["tudji", "nema", "Nije%20oznaka"])
def test_what_others_keep_looks_like_what_does_not_exist(
    technician: Browser, officer: Browser, portal: Receiver, code: str, page: str
) -> None:
    found = [by.open(f"{OWN}/{code}{page}") for by in (technician, officer)]
    assert [one.status for one in found] == [404, 404]
    unknown = technician.open(f"{OWN}/nikad{page}")
    assert found[0].words == unknown.words


@pytest.mark.parametrize("page", ["", "/portal", "/new", *(f"/portal{one}" for one in ONLY_ADMINISTRATORS)])
def test_pages_of_administrators_stay_theirs(technician: Browser, portal: Receiver, page: str) -> None:
    assert technician.open(f"{LIST}{page}").status == 403


@pytest.mark.parametrize("deed", ["change", "disable", "replay", "replay/stop"])
def test_there_is_no_such_deed_on_the_side_of_keepers(technician: Browser, portal: Receiver, deed: str) -> None:
    answer = technician.client.post(f"{OWN}/portal/{deed}", data={})
    assert answer.status_code in (404, 405)


def test_an_officer_who_keeps_one_finds_it_on_the_own_account(
    administrator: Browser, officer: Browser, portal: Receiver
) -> None:
    assert OWN not in addresses_on(officer.open("/account"))
    created(administrator, portal.address, "opstina", keeper=str(officer.person.account))
    assert OWN in addresses_on(officer.open("/account"))
    assert "Portal opstina" in officer.open(OWN).words
    assert officer.open(f"{OWN}/opstina").status == 200
    assert officer.open(f"{OWN}/portal").status == 404


def test_an_administrator_is_led_to_the_own_pages(administrator: Browser, portal: Receiver) -> None:
    assert administrator.open(OWN).path == LIST
    assert administrator.open(f"{OWN}/tudji").path == f"{LIST}/tudji"


def test_who_keeps_it_no_more_has_lost_it_at_once(
    administrator: Browser, technician: Browser, portal: Receiver
) -> None:
    created(administrator, portal.address, "prelazi", keeper=str(technician.person.account))
    at = f"{OWN}/prelazi"
    open_page = technician.open(at)
    change = administrator.open(f"{LIST}/prelazi/change")
    assert "Saša Ilić (technician of a subscriber)" in change.answer.text
    administrator.send(change, f"{LIST}/prelazi/change", {"keeper": ""})
    assert technician.open(at).status == 404
    assert technician.send(open_page, f"{at}/test").status == 404
    assert "prelazi" not in technician.open(OWN).answer.text


def test_what_an_administrator_has_disabled_is_not_resumed(
    administrator: Browser, technician: Browser, portal: Receiver
) -> None:
    created(administrator, portal.address, "stoji", keeper=str(technician.person.account))
    at = f"{OWN}/stoji"
    before = technician.send(technician.open(at), f"{at}/resume")
    paused = technician.send(before, f"{at}/pause")
    administrator.send(administrator.open(f"{LIST}/stoji/disable"), f"{LIST}/stoji/disable")
    assert f"{at}/resume" not in technician.open(at).answer.text
    page = technician.send(paused, f"{at}/resume")
    assert page.status == 422
    assert "An administrator has disabled the subscription" in page.words


def test_a_body_is_shown_as_far_as_the_filter_lets_it_through(
    stack: Stack, administrator: Browser, technician: Browser, coordinator: Browser, delivering: None
) -> None:
    """The filter of today: what was delivered under a wider one is held back, the number of its case included."""
    numbers = [proposed(coordinator, town, "Bursa") for town in ("Niš", "Leskovac")]
    with receiver() as to:
        keeper = str(technician.person.account)
        created(administrator, to.address, "uzi", keeper=keeper, start="beginning", type="initiative.proposed.v1")
        at = f"{OWN}/uzi"
        technician.send(technician.open(at), f"{at}/resume")
        until(lambda: all(number in technician.open(f"{at}/deliveries").words for number in numbers))
        change = administrator.open(f"{LIST}/uzi/change")
        administrator.send(change, f"{LIST}/uzi/change", {"local_government": "nis"})
        page = technician.open(f"{at}/deliveries")
    assert numbers[0] in page.words
    assert numbers[1] not in page.answer.text
    assert page.words.count("a record that the filter holds back now") == 1


def test_a_parked_case_is_released(
    administrator: Browser, technician: Browser, coordinator: Browser, quick: None, delivering: None
) -> None:
    number = proposed(coordinator, "Niš", "Edirne")
    wrong = [True]
    with receiver(lambda _one: Reply(500, body="Не разумем".encode()) if wrong[0] else Reply()) as to:
        keeper = str(technician.person.account)
        created(administrator, to.address, "parking", keeper=keeper, start="beginning", case=number)
        at = f"{OWN}/parking"
        technician.send(technician.open(at), f"{at}/resume")
        until(lambda: f"{at}/release" in technician.open(at).answer.text)
        page = technician.open(at)
        assert f"{number} : not taken (500)" in page.words
        assert "Не разумем" in page.answer.text
        wrong[0] = False
        page = technician.send(page, f"{at}/release", {"subject": number})
        assert f"{number} is tried again" in page.words
        until(lambda: f"{at}/release" not in technician.open(at).answer.text)


def test_a_form_sent_twice_makes_one_secret(stack: Stack, administrator: Browser, portal: Receiver) -> None:
    form = administrator.open(f"{LIST}/new")
    values = {"name": "Portal", "code": "klik", "address": portal.address}
    first, second = (administrator.send(form, f"{LIST}/new", values) for _ in range(2))
    assert secret_of(first)
    assert "It was shown before, and is shown once." in second.words
    at = f"{LIST}/klik/rotate"
    form = administrator.open(at)
    first, second = (administrator.send(form, at, {"overlap_hours": "24"}) for _ in range(2))
    assert secret_of(first)
    assert "It was shown before, and is shown once." in second.words
    state = stack.made.keeping_subscriptions.one(KEEPER, "klik")
    assert len(state.keys) == 2


@pytest.mark.parametrize("role", list(Role))
def test_signing_in_leads_everybody_to_the_page_that_a_mail_names(role: Role) -> None:
    person = Person(AccountId(UUID(int=5)), "", role, "nis" if role is Role.OFFICER else None)
    assert may_open(person, f"{OWN}/portal")
    assert may_open(person, "/account/tokens")
