"""Standing in: a colleague's cases on the own desk, what a page says before the deed, and both names after it."""

from datetime import timedelta

from application.access import Role
from application.identity import case_id
from tests.web.casework_stack import Browser, Stack, proposed


def absence(browser: Browser, who: Browser, substitute: Browser, first: str, last: str) -> str:
    """Enter one through the page; gives what the page says."""
    values = {
        "account": str(who.person.account),
        "substitute": str(substitute.person.account),
        "first_day": first,
        "last_day": last,
    }
    page = browser.send(browser.open("/account/absence"), "/account/absence", values)
    return page.words


def today(stack: Stack, days: int = 0) -> str:
    return (stack.made.reading.today() + timedelta(days=days)).isoformat()


def led_by(browser: Browser, partner: str) -> str:
    number = proposed(browser, "Niš", partner)
    browser.do(number, "coordinate", {"handler": str(browser.person.account)})
    return number


def people_of(stack: Stack, number: str) -> list[tuple[str, str]]:
    """Who recorded each fact, and for whom."""
    known = {account.id: account.name for account in stack.made.accounts.all()}
    recorded = stack.made.log.read(case_id(number))
    return [(known[r.actor], known[r.on_behalf_of] if r.on_behalf_of else "") for r in recorded]


def test_a_substitute_sees_the_cases_and_acts_for_the_one_who_is_away(stack: Stack) -> None:
    ana, boris = stack.browser(name="Ana Ilić"), stack.browser(name="Boris Krstić")
    number = led_by(ana, "Bursa")
    assert number not in boris.open("/").words
    said = absence(ana, ana, boris, today(stack), today(stack))
    assert "Boris Krstić stands in for Ana Ilić" in said

    desk = boris.open("/")
    assert "You act for Ana Ilić (absent until" in desk.words
    assert f"{number} for Ana Ilić" in desk.words
    case = boris.open(f"/initiatives/{number}")
    assert "You act for Ana Ilić" in case.words
    assert "You act for Ana Ilić" in boris.open(f"/initiatives/{number}/give-support").words
    boris.do(number, "give-support", {"items": ["information"]})
    ana.do(number, "give-support", {"items": ["partner_profile"]})
    assert people_of(stack, number)[2:] == [("Boris Krstić", "Ana Ilić"), ("Ana Ilić", "")]
    assert "Boris Krstić, for Ana Ilić" in ana.open(f"/initiatives/{number}/history").words


def test_on_other_cases_a_substitute_acts_in_the_own_name(stack: Stack) -> None:
    ana, boris = stack.browser(name="Ana Druga"), stack.browser(name="Boris Drugi")
    absence(ana, ana, boris, today(stack), today(stack))
    number = led_by(boris, "Izmir")
    assert "You act for" not in boris.open(f"/initiatives/{number}").words
    boris.do(number, "give-support", {"items": ["information"]})
    assert people_of(stack, number)[-1] == ("Boris Drugi", "")


def test_when_the_absence_is_ended_nobody_stands_in_any_more(stack: Stack) -> None:
    ana, boris = stack.browser(name="Ana Treća"), stack.browser(name="Boris Treći")
    number = led_by(ana, "Ankara")
    absence(ana, ana, boris, today(stack), today(stack, 1))
    shown = stack.made.keeping_absences.shown(ana.person)
    own = next(one for one in shown if one.account == ana.person.account)
    page = ana.open("/account/absence")
    assert "The absence is over." in ana.send(page, f"/account/absence/{own.id}/end").words
    assert number not in boris.open("/").words
    boris.do(number, "add-remark", {"remark": "U sopstveno ime."})
    assert people_of(stack, number)[-1] == ("Boris Treći", "")


def test_an_officer_acts_for_a_colleague_where_it_is_the_towns_move(stack: Stack) -> None:
    ana, boris = (stack.browser(Role.OFFICER, "nis", name) for name in ("Ana Niš", "Boris Niš"))
    coordinator = stack.browser(name="Koordinatorka")
    number = led_by(coordinator, "Adana")
    absence(ana, ana, boris, today(stack), today(stack))
    boris.do(number, "add-remark", {"remark": "Potez je SKGO."})
    coordinator.do(number, "give-support", {"items": ["information", "partner_profile", "model_documents"]})
    coordinator.do(number, "complete-coordination")
    coordinator.do(number, "start-drafting")
    coordinator.do(number, "review-draft", {"languages": ["sr"]})
    assert "You act for Ana Niš" in boris.open(f"/initiatives/{number}").words
    boris.do(number, "adopt-decision", {"number": "06-1", "body": "assembly", "foreign_state": "Turska"})
    recorded = people_of(stack, number)
    assert ("Boris Niš", "") in recorded, "the move was not the town's"
    assert recorded[-1] == ("Boris Niš", "Ana Niš")


def test_a_refused_absence_keeps_what_was_typed_and_says_how_to_mend_it(stack: Stack) -> None:
    ana, boris = stack.browser(name="Ana Peta"), stack.browser(name="Boris Peti")
    absence(ana, ana, boris, today(stack), today(stack, 1))
    page = ana.send(
        ana.open("/account/absence"),
        "/account/absence",
        {"substitute": str(boris.person.account), "first_day": today(stack, 1), "last_day": "1. 1. 2020."},
    )
    assert page.status == 422
    assert "The last day lies before the first." in page.words
    assert ("last_day", "1. 1. 2020.") in page.form("/account/absence").fields
    said = absence(ana, ana, boris, today(stack, 1), today(stack, 1))
    assert "away from" in said and "End that absence first" in said
