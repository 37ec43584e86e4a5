"""Two people at one case, two clicks on one button, a page from yesterday, and a session that ended while typing."""

import re
from html import unescape

from tests.web.bad_input.nasty import IMAGE, SCRIPT, Typed, whole
from tests.web.running import ANONYMOUS, House, hidden_of

NEWS = "Prvi je bio brži"


def waiting_case(house: House) -> str:
    number = house.propose()
    house.show_everything()
    return f"/initiatives/{number}"


def form_on(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    found = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found, page
    return hidden_of(found[0])


def declined(page: str, case: str) -> dict[str, str]:
    return form_on(page, f"{case}/decline") | {"occurred_on": "", "reason": f"Nema saglasnosti {SCRIPT}{IMAGE}"}


def test_the_second_of_two_sees_what_the_first_did_and_can_send_again(house: House) -> None:
    case = waiting_case(house)
    address = f"{case}/name-handler"
    mine = {"handler": str(house.accounts["coordinator"].id), "reason": f"Moj razlog {SCRIPT}{IMAGE}"}
    first, second = (form_on(house.get(address, who).text, address) for who in ("approver", "coordinator"))
    taken = house.send(address, "approver", {**first, **mine, "reason": NEWS})
    assert taken.status_code == 303
    before = house.head()

    late = house.send(address, "coordinator", {**second, **mine})
    whole(late, 409)
    assert house.head() == before
    assert NEWS in late.text, "what the other did"
    assert house.accounts["approver"].name.split()[-1] in late.text, "who the other is"
    assert ("reason", mine["reason"]) in Typed(late.text).fields, "what was typed"

    again = form_on(late.text, address)
    assert int(again["seen"]) == int(second["seen"]) + 1
    assert house.send(address, "coordinator", {**again, **mine, "reason": "Dogovoreno"}).status_code in (303, 422)
    other = house.send(
        case + "/decline", "coordinator", declined(house.get(f"{case}/decline", "coordinator").text, case)
    )
    assert other.status_code == 303
    assert house.head() > before


def test_a_stale_page_is_a_conflict_also_when_the_stage_has_moved_on(house: House) -> None:
    case = waiting_case(house)
    page = house.get(f"{case}/decline", "coordinator").text
    handler = str(house.accounts["coordinator"].id)
    assert house.send(f"{case}/coordinate", "coordinator", {"handler": handler}).status_code == 303
    before = house.head()
    late = house.send(f"{case}/decline", "coordinator", declined(page, case))
    whole(late, 409)
    assert ("reason", declined(page, case)["reason"]) in Typed(late.text).fields
    again = form_on(late.text, f"{case}/decline")
    refused = house.send(f"{case}/decline", "coordinator", {**declined(page, case), **again})
    whole(refused, 422)
    assert house.head() == before


def test_two_clicks_are_one_fact_and_both_lead_to_the_case(house: House) -> None:
    case = waiting_case(house)
    sent = declined(house.get(f"{case}/decline", "coordinator").text, case)
    before = house.head()
    answers = [house.send(f"{case}/decline", "coordinator", sent) for _ in range(3)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, case)] * 3
    assert house.head() == before + 1
    told = house.get(f"{case}/history", "coordinator")
    whole(told, 200)
    assert unescape(told.text).count("Nema saglasnosti") == 1


def test_two_clicks_on_a_proposal_are_one_case(house: House) -> None:
    page = house.get("/initiatives/new", "officer").text
    sent = form_on(page, "/initiatives/new") | {
        "local_government": "Ниш",
        "partner": "Klagenfurt",
        "country": "AT",
        "kind": "twinning",
        "origin": "local_government",
        "rationale": "Saradnja",
    }
    first, second = (house.send("/initiatives/new", "officer", sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    other = house.send("/initiatives/new", "officer", sent | {"rationale": "Nešto drugo"})
    whole(other, 422)


def test_a_key_that_named_another_request_is_refused_and_nothing_typed_is_lost(house: House) -> None:
    case = waiting_case(house)
    page = house.get(case, "coordinator").text
    hidden = form_on(page, f"{case}/add-remark")
    assert house.send(f"{case}/add-remark", "coordinator", {**hidden, "remark": "Prvi"}).status_code == 303
    before = house.head()
    reused = house.send(f"{case}/add-remark", "coordinator", {**hidden, "remark": f"Drugi {SCRIPT}"})
    whole(reused, 422)
    assert house.head() == before
    assert f"Drugi {SCRIPT}" in unescape(reused.text)


def test_a_remark_is_taken_whatever_was_recorded_meanwhile(house: House) -> None:
    case = waiting_case(house)
    hidden = form_on(house.get(case, "officer").text, f"{case}/add-remark")
    house.send(f"{case}/coordinate", "coordinator", {"handler": str(house.accounts["coordinator"].id)})
    assert house.send(f"{case}/add-remark", "officer", {**hidden, "remark": "Stigao poziv"}).status_code == 303


def test_what_was_typed_survives_a_session_that_ended(house: House) -> None:
    case = waiting_case(house)
    address = f"{case}/decline"
    sent = declined(house.get(address, "coordinator").text, case)
    house.made.signing_in.sign_out(house.sessions["coordinator"])
    before = house.head()
    asked = house.send(address, "coordinator", sent)
    whole(asked, 401)
    assert house.head() == before
    key = hidden_of(asked.text)["_kept"]
    link = house.link("coordinator")
    given_back = house.send(link, ANONYMOUS, {}, cookies={"pobratim-kept": key})
    whole(given_back, 200)
    assert form_on(given_back.text, address)["reason"] == sent["reason"]

    house.sessions["coordinator"] = house.entered("coordinator")
    stale = house.send(address, "coordinator", sent)
    whole(stale, 403)
    kept = form_on(stale.text, address)
    assert kept["reason"] == sent["reason"]
    assert (kept["_key"], kept["seen"]) == (sent["_key"], sent["seen"])
    assert house.send(address, "coordinator", kept).status_code == 303
    assert house.head() == before + 1


def test_a_form_of_another_session_or_of_no_page_is_shown_again_and_not_carried_out(house: House) -> None:
    case = waiting_case(house)
    before = house.head()
    for token in (house.token("officer"), "", "x", "A" * 10_000, "\0", "é"):
        answer = house.send(f"{case}/add-remark", "coordinator", {"remark": f"Reč {IMAGE}", "_csrf": token})
        whole(answer, 403)
        assert form_on(answer.text, f"{case}/add-remark")["remark"] == f"Reč {IMAGE}"
    assert house.head() == before
