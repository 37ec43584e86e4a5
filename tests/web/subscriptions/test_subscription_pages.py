"""Bad input, stale forms, secrets, and how faults are told."""

import re
from pathlib import Path

import pytest

from adapters.delivery.guard import REFUSED
from application.subscriptions_ports import Answer
from tests.receivers import Reply, receiver
from tests.web.casework_stack import Browser, Stack
from tests.web.subscriptions.test_life_of_a_subscription import LIST, created, secret_of
from web.admin.subscriptions_words import RANGES, told, told_fault
from web.language import LOCALES, language


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://portal.example.rs/", "Deliveries go by https only."),
        ("https://portal.example.rs:22/", "Use 443, or one from 1024 on."),
        ("https://ana:tajna@portal.example.rs/", "The address may hold no name, no password"),
        ("https://portal.example.rs/?kljuc=1", "The address may hold no name, no password"),
        ("portal", "“portal” is no address."),
        ("", "Fill in this field."),
    ],
)
def test_a_refused_address_says_by_which_rule_and_nothing_is_lost(
    administrator: Browser, address: str, says: str
) -> None:
    page = created(administrator, address, "bor", kind="twinning", type="partner.renamed.v1")
    assert page.status == 422
    assert says in page.words
    kept = page.form(f"{LIST}/new").fields
    assert {("name", "Portal bor"), ("kind", "twinning"), ("type", "partner.renamed.v1")} <= {*kept}
    assert administrator.open(f"{LIST}/bor").status == 404


def test_an_address_that_leads_into_a_private_network_is_named_by_the_test_delivery(administrator: Browser) -> None:
    page = created(administrator, "https://10.0.0.7/hook", "unutra")
    page = administrator.send(page, f"{LIST}/unutra/test")
    assert "nothing may go to 10.0.0.7: it is an address of a private network" in page.words
    assert "Let the receiver listen at a public address" in page.words
    assert "Begin without it" in page.words


@pytest.mark.parametrize("code", LOCALES)
def test_every_range_of_the_guard_and_every_fault_has_words(code: str) -> None:
    assert sorted({why for _, why in REFUSED} - RANGES.keys()) == []
    spoken = language(code)
    for status in (301, 401, 404, 410, 418, 429, 500, 503):
        assert told(Answer(status=status), spoken).mend, status
    for fault in ("time-over", "certificate: self-signed", "connection: refused", "address-refused: ::1: loopback"):
        said = told_fault(fault, spoken)
        assert said.mend, fault
        assert "address-refused" not in said.text
    assert told_fault("status 500", spoken).text == told(Answer(status=500), spoken).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "initiative.invented.v1"),
        ("local_government", "atlantida"),
        ("kind", "marriage"),
        ("keeper", "00000000-0000-0000-0000-00000000abcd"),
        ("case", "42"),
        ("signing", "rot13"),
        ("start", "yesterday"),
        ("code", "Niš portal"),
        ("code", "new"),
        ("name", ""),
        ("after", "-1"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(administrator: Browser, field: str, value: str) -> None:
    more = {"start": "position"} if field == "after" else {}
    form = {"name": "Portal", "code": "zajecar", "address": "https://portal.example.rs/", **more, field: value}
    page = administrator.send(administrator.open(f"{LIST}/new"), f"{LIST}/new", form)
    assert page.status == 422
    assert f'href="#{field}"' in page.answer.text
    assert administrator.open(f"{LIST}/zajecar").status == 404


def test_a_form_that_is_sent_twice_makes_one_subscription(administrator: Browser) -> None:
    created(administrator, "https://portal.example.rs/", "dvaput")
    again = created(administrator, "https://portal.example.rs/", "dvaput")
    assert again.path == f"{LIST}/dvaput"
    assert "It was created already." in again.words
    other = created(administrator, "https://drugi.example.rs/", "dvaput")
    assert other.status == 422
    assert "Codes are never used again" in other.words


def test_what_a_colleague_has_changed_meanwhile_is_not_written_over_unseen(administrator: Browser) -> None:
    created(administrator, "https://portal.example.rs/", "kolege")
    at = f"{LIST}/kolege/change"
    stale, fresh = administrator.open(at), administrator.open(at)
    assert administrator.send(fresh, at, {"name": "Novo ime"}).path == f"{LIST}/kolege"
    page = administrator.send(stale, at, {"name": "Moje ime"})
    assert page.status == 409
    assert "Novo ime" in page.words
    assert dict(page.form(at).fields)["name"] == "Moje ime"
    page = administrator.send(page, at)
    assert page.path == f"{LIST}/kolege"
    assert "Moje ime" in page.words


def test_a_new_secret_says_until_when_both_sign(administrator: Browser) -> None:
    first = secret_of(created(administrator, "https://portal.example.rs/", "tajne"))
    at = f"{LIST}/tajne/rotate"
    page = administrator.send(administrator.open(at), at, {"overlap_hours": "48"})
    assert secret_of(page) != first
    assert re.search(r"Until [0-9]+ .{5,30} the old one signs beside the new one", page.words)
    assert "an older one signs too" in administrator.open(f"{LIST}/tajne").words
    refused = administrator.send(administrator.open(at), at, {"overlap_hours": "1000"})
    assert refused.status == 422
    assert "168" in refused.words


def test_disabling_says_first_what_will_happen_and_can_be_undone(administrator: Browser) -> None:
    with receiver(lambda _one: Reply(302, {"location": "https://drugde.example.rs/"})) as to:
        page = created(administrator, to.address, "kraj")
        assert "Redirects are not followed." in administrator.send(page, f"{LIST}/kraj/test").words
    page = administrator.open(f"{LIST}/kraj/disable")
    assert "nothing is lost" in page.words
    page = administrator.send(page, f"{LIST}/kraj/disable")
    assert "An administrator disabled it" in page.words
    assert administrator.open(f"{LIST}/kraj/disable").path == f"{LIST}/kraj"
    assert "Portal kraj" in administrator.open(f"{LIST}?state=disabled").words
    assert "Portal kraj" not in administrator.open(f"{LIST}?state=going").words
    page = administrator.send(page, f"{LIST}/kraj/resume")
    page = administrator.send(page, f"{LIST}/kraj/pause")
    assert "paused" in page.words
    assert "Portal kraj" in administrator.open(f"{LIST}?q=ПОРТАЛ+КРАЈ").words
    assert "No subscription is like this" in administrator.open(f"{LIST}?q=nema+je").words
    assert administrator.open(f"{LIST}?state=dancing").status == 400


def test_a_public_key_stays_to_be_seen(administrator: Browser) -> None:
    page = created(administrator, "https://portal.example.rs/", "par-kljuceva", signing="ed25519")
    assert secret_of(page).startswith("whpk_")
    assert secret_of(page) in administrator.open(f"{LIST}/par-kljuceva").answer.text


def test_a_lost_key_of_the_secrets_says_how_to_mend_it(stack: Stack, administrator: Browser) -> None:
    created(administrator, "https://portal.example.rs/", "bez-kljuca")
    [key] = Path(stack.made.settings.data_dir).glob("deliveries/secrets.key")
    kept = key.read_bytes()
    key.unlink()
    try:
        page = administrator.send(administrator.open(f"{LIST}/bez-kljuca"), f"{LIST}/bez-kljuca/test")
        assert page.status == 422
        assert "Put it back from a backup" in page.words
        at = f"{LIST}/bez-kljuca/rotate"
        assert administrator.send(administrator.open(at), at, {"overlap_hours": "24"}).status == 422
    finally:
        key.write_bytes(kept)
