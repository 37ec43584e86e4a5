"""Two people at one case, duplicates, and mistakes that are put right."""

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed


def test_the_second_of_two_sees_what_changed_and_can_write_over_it(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Novi Pazar", "Bursa")
    milan = stack.browser(name="Milan Đorđević")
    path = f"/initiatives/{number}/report-party-status"
    page = coordinator.open(path)

    milan.do(number, "name-handler", {"reason": "Na odmoru sam."})
    values = {"party": "novi-pazar", "status": "decided", "known_from": "dopis od 27. februara"}
    conflict = coordinator.send(page, path, values)

    assert conflict.status == 409
    assert "Milan Đorđević" in conflict.words
    assert "A handler was named" in conflict.words
    assert "Na odmoru sam." in conflict.words
    back = dict(conflict.form(path).fields)
    assert {name: back[name] for name in values} == values
    assert back["seen"] == "2"

    done = coordinator.send(conflict, path)
    assert (done.status, done.path) == (200, f"/initiatives/{number}")
    assert "dopis od 27. februara" in done.words


def test_a_known_pair_is_found_in_another_spelling_and_script(coordinator: Browser) -> None:
    first = proposed(coordinator, "Zrenjanin", "Timișoara", "RO")
    values = {"local_government": "Зрењанин", "partner": "timisoara", "country": "RO", "rationale": "Reka i kultura."}
    path = "/initiatives/new"
    warned = coordinator.send(coordinator.open(path), path, values)
    assert warned.status == 422
    assert f"This pair has a case already: {first}." in warned.words
    assert dict(warned.form(path).fields)["rationale"] == "Reka i kultura."

    done = coordinator.send(warned, path, {"distinct_because": "Ovo je samo projekat o reci."})
    assert done.path.startswith("/initiatives/2"), done.words
    assert done.path != f"/initiatives/{first}"
    assert "Ovo je samo projekat o reci." in done.words


def test_the_live_warning_is_a_fragment_and_silent_until_both_sides_are_known(coordinator: Browser) -> None:
    proposed(coordinator, "Subotica", "Osijek", "HR")
    path = "/initiatives/new/duplicates"
    warned = coordinator.open(f"{path}?local_government=subotica&partner=OSIJEK&country=HR").answer.text
    assert "Osijek" in warned
    assert "<html" not in warned
    assert coordinator.open(f"{path}?local_government=subotica&partner=").answer.text.strip() == ""
    assert coordinator.open(f"{path}?partner=Osijek%00&country=HR&local_government=subotica").answer.text.strip() == ""


def test_a_correction_is_shown_with_what_stood_before(coordinator: Browser) -> None:
    number = proposed(coordinator, "Užice", "Ljubljana", "SI", letter_number="06-1/2026")
    path = f"/initiatives/{number}/history/1/correct"
    page = coordinator.open(path)
    assert dict(page.form(path).fields)["letter_number"] == "06-1/2026"

    unchanged = coordinator.send(page, path, {"reason": "Ništa."})
    assert unchanged.status == 422
    assert "Nothing differs from what is recorded" in unchanged.words

    done = coordinator.send(page, path, {"letter_number": "06-2/2026", "reason": "Pogrešno prepisano."})
    assert done.path == f"/initiatives/{number}/history"
    assert "06-2/2026" in done.words
    told = coordinator.open(f"/initiatives/{number}/history").answer.text
    assert "<del>06-1/2026</del>" in told
    assert "<ins>06-2/2026</ins>" in told
    assert "Pogrešno prepisano." in told
    again = coordinator.open(path)
    assert dict(again.form(path).fields)["letter_number"] == "06-2/2026"


def test_a_partner_and_an_observer_join_by_name(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kraljevo", "Maribor", "SI")
    proposed(coordinator, "Vranje", "Bitola", "MK")
    page = coordinator.do(number, "add-party", {"role": "partner", "partner": "bitola (MK)", "occurred_on": ""})
    assert "Bitola" in page.words, page.words
    page = coordinator.do(number, "add-party", {"role": "observer", "local_government": "Ниш"})
    assert "City of Niš" in page.words
    refused = coordinator.do(number, "add-party", {"role": "partner", "partner": "Atlantida"})
    assert refused.status == 422
    assert "There is no such partner" in refused.words
    nobody = coordinator.do(number, "add-party", {"role": "partner"})
    assert "Name the party" in nobody.words


def test_a_party_that_would_repeat_another_case_is_refused_at_its_field(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kruševac", "Ohrid", "MK")
    other = proposed(coordinator, "Kruševac", "Struga", "MK")
    refused = coordinator.do(number, "add-party", {"role": "partner", "partner": "struga (MK)", "occurred_on": ""})
    assert refused.status == 422
    assert f"Partner abroad: Together with this side the case would repeat {other}" in refused.words


def test_a_duplicate_is_merged_into_the_case_that_goes_on(coordinator: Browser) -> None:
    first = proposed(coordinator, "Čačak", "Cieszyn", "PL")
    second = proposed(coordinator, "Čačak", "Cieszyn", "PL", distinct_because="Mislili smo da je drugo.")
    unknown = coordinator.do(second, "merge", {"into_number": "1999-0001"})
    assert unknown.status == 422
    assert "There is no case 1999-0001" in unknown.words
    assert coordinator.do(second, "merge", {"into_number": "prvi"}).status == 422
    done = coordinator.do(second, "merge", {"into_number": first, "reason": "Isto je."})
    assert "Merged" in done.words
    assert "A duplicate case was merged into this one" in coordinator.open(f"/initiatives/{first}/history").words


def test_the_history_filters_by_kind_and_orders_by_either_clock(coordinator: Browser) -> None:
    number = proposed(coordinator, "Pirot", "Larissa", "GR", occurred_on="1. 2. 2024.")
    coordinator.do(
        number,
        "report-party-status",
        {"party": "pirot", "status": "decided", "known_from": "dopis", "occurred_on": "2020"},
    )
    path = f"/initiatives/{number}/history"
    happened, recorded = coordinator.open(path).words, coordinator.open(f"{path}?order=recorded").words
    report, proposal = "It was reported where a side stands", "The initiative was proposed"
    assert happened.index(proposal) < happened.index(report)
    assert recorded.index(report) < recorded.index(proposal)
    assert proposal not in coordinator.open(f"{path}?kind=parties").words
    assert coordinator.open(f"{path}?kind=nonsense&order=nonsense").status == 200


def test_a_refused_deed_says_why_and_where_it_is_mended(coordinator: Browser) -> None:
    number = proposed(coordinator, "Vranje", "Kavala", "GR")
    coordinator.do(number, "coordinate")
    page = coordinator.open(f"/initiatives/{number}")
    assert "Start drafting: not possible now" in page.words
    assert "Coordination is not completed yet" in page.words
    assert "Still missing" in page.words


def test_an_officer_sees_whose_move_it_is(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Niš", "Košice", "SK")
    officer = stack.browser(Role.OFFICER, "nis")
    page = officer.open(f"/initiatives/{number}")
    assert "Start coordination" in page.words
    assert "Your role may not do this" in page.words
    assert "Add the remark" in page.words
    assert [form.action for form in page.forms if form.action == f"/initiatives/{number}/coordinate"] == []
