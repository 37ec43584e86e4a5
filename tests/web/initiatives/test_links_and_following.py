"""Cases linked with each other, and cases that a person follows, in browsers without any script."""

import re

from adapters.office.followed import PostgresFollowed
from application.access import Role
from application.following import MOST_FOLLOWED
from application.identity import case_id
from tests.web.casework_stack import Browser, Page, Stack, proposed


def links_of(page: Page) -> str:
    return page.answer.text.split('id="links"')[1].split("</section>")[0]


def test_both_cases_show_the_link_with_number_pair_and_stage(coordinator: Browser) -> None:
    old = proposed(coordinator, "Zaječar", "Vraca", "BG")
    new = proposed(coordinator, "Zaječar", "Pernik", "BG")
    page = coordinator.do(new, "link-case", {"other_number": old, "link": "continues"})
    assert page.path == f"/initiatives/{new}", page.words
    here, there = links_of(page), links_of(coordinator.open(f"/initiatives/{old}"))
    for shown, number, partner, link in (
        (here, old, "Vraca", "Continues the other case"),
        (there, new, "Pernik", "Is continued by the other case"),
    ):
        assert link in shown
        assert f'href="/initiatives/{number}"' in shown
        assert partner in shown
        assert "Proposed" in shown
    for number in (old, new):
        assert "The case was linked with another one" in coordinator.open(f"/initiatives/{number}/history").words


def test_a_link_is_taken_away_in_both(coordinator: Browser) -> None:
    one, two = proposed(coordinator, "Zaječar", "Montana", "BG"), proposed(coordinator, "Zaječar", "Vidin", "BG")
    page = coordinator.do(one, "link-case", {"other_number": two, "link": "belongs_together"})
    href = re.search(rf'href="(/initiatives/{one}/unlink-case\?other=[0-9a-f-]+)"', page.answer.text)
    assert href
    coordinator.send(coordinator.open(href[1]), f"/initiatives/{one}/unlink-case")
    for number in (one, two):
        assert "No case is linked." in links_of(coordinator.open(f"/initiatives/{number}"))


def test_what_cannot_be_linked_is_told_at_the_field(coordinator: Browser) -> None:
    one, two = proposed(coordinator, "Zaječar", "Pleven", "BG"), proposed(coordinator, "Zaječar", "Lom", "BG")
    for typed in ("2026-9999", "nonsense", one):
        sent = coordinator.do(one, "link-case", {"other_number": typed, "link": "continues"})
        assert sent.status == 422
        assert 'id="other_number-err"' in sent.answer.text
        assert typed in sent.answer.text
    coordinator.do(one, "link-case", {"other_number": two, "link": "continues"})
    again = coordinator.do(two, "link-case", {"other_number": one, "link": "belongs_together"})
    assert again.status == 422
    assert f"The case {one} is linked already, in another way." in again.words


def test_the_pair_of_a_case_of_another_town_is_not_shown(stack: Stack, coordinator: Browser) -> None:
    mine, other = proposed(coordinator, "Zaječar", "Kula", "BG"), proposed(coordinator, "Bor", "Tajni Grad", "BG")
    coordinator.do(mine, "link-case", {"other_number": other, "link": "belongs_together"})
    officer = stack.browser(Role.OFFICER, "zajecar")
    page = officer.open(f"/initiatives/{mine}")
    assert other in links_of(page)
    assert "Tajni Grad" not in page.answer.text
    assert f'href="/initiatives/{other}"' not in page.answer.text


def test_a_link_disturbs_no_form_that_is_open_in_the_other_case(coordinator: Browser) -> None:
    one, two = proposed(coordinator, "Zaječar", "Silistra", "BG"), proposed(coordinator, "Zaječar", "Dobrič", "BG")
    waiting = coordinator.open(f"/initiatives/{two}/coordinate")
    coordinator.do(one, "link-case", {"other_number": two, "link": "continues"})
    handler = {"handler": str(coordinator.person.account)}
    assert coordinator.send(waiting, f"/initiatives/{two}/coordinate", handler).status == 200


def test_a_followed_case_stands_on_the_own_list_with_what_is_new(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Zaječar", "Ruse", "BG")
    milan = stack.browser(name="Milan Prati")
    follow = f"/initiatives/{number}/follow"
    followed = milan.send(milan.open(f"/initiatives/{number}"), follow)
    assert "Stop following" in followed.words
    assert "nothing new" in milan.open("/followed").words
    coordinator.do(number, "add-remark", {"remark": "Zvali su"})
    coordinator.do(number, "add-remark", {"remark": "Zvali su opet"})
    page = milan.open("/followed")
    assert "2 new" in page.words
    assert "A remark was added" in page.words
    assert number not in coordinator.open("/followed").words
    assert "nothing new" in milan.send(page, "/followed/seen").words
    milan.send(milan.open(f"/initiatives/{number}"), follow)
    assert "You follow no case" in milan.open("/followed").words


def test_what_came_after_the_page_was_made_stays_new(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Zaječar", "Šumen", "BG")
    coordinator.send(coordinator.open(f"/initiatives/{number}"), f"/initiatives/{number}/follow")
    coordinator.do(number, "add-remark", {"remark": "Prva"})
    page = coordinator.open("/followed")
    coordinator.do(number, "add-remark", {"remark": "Druga"})
    assert "1 new" in coordinator.send(page, "/followed/seen").words
    for position in ("x", "-1", "9" * 30):
        assert coordinator.send(page, "/followed/seen", {"position": position}).status == 422


def test_a_case_that_left_the_scope_leaves_the_list(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Zaječar", "Svištov", "BG")
    officer = stack.browser(Role.OFFICER, "zajecar")
    officer.send(officer.open(f"/initiatives/{number}"), f"/initiatives/{number}/follow")
    coordinator.do(number, "add-party", {"role": "home", "local_government": "Bor", "partner": ""})
    assert number in officer.open("/followed").answer.text
    coordinator.do(number, "remove-party", {"party": "zajecar"})
    assert number not in officer.open("/followed").answer.text


def test_there_is_an_end_to_following(stack: Stack, coordinator: Browser) -> None:
    following = stack.made.parts().work.following
    number = proposed(coordinator, "Zaječar", "Haskovo", "BG")
    auditor = stack.browser(Role.AUDITOR)
    kept = PostgresFollowed(stack.made.pool)
    for n in range(MOST_FOLLOWED):
        assert kept.add(auditor.person.account, case_id(f"1990-{n:04}"), stack.made.clock(), 0, MOST_FOLLOWED)
    page = auditor.send(auditor.open(f"/initiatives/{number}"), f"/initiatives/{number}/follow")
    assert f"You follow {MOST_FOLLOWED} cases already." in page.words
    assert not following.follows(auditor.person, case_id(number))
