"""Tasks and mentions over the whole application, in browsers without any script."""

import re

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed


def tasked(browser: Browser, number: str, assignee: str, what: str, due_on: str = "") -> None:
    sent = browser.do(number, "give-task", {"what": what, "assignee": assignee, "due_on": due_on})
    assert sent.path == f"/initiatives/{number}", sent.words


def test_a_task_stands_on_the_case_and_on_the_desk_until_it_is_done(stack: Stack, coordinator: Browser) -> None:
    milan = stack.browser(name="Milan Ilić")
    number = proposed(coordinator, "Vršac", "Lugoj", "RO")
    tasked(coordinator, number, str(milan.person.account), "Pozvati ambasadu", "1. 2. 2020.")
    case = milan.open(f"/initiatives/{number}")
    assert "Pozvati ambasadu" in case.answer.text
    assert "late" in case.words
    assert "1 task is late" in milan.open("/").words
    assert "Pozvati ambasadu" in milan.open("/").words
    assert "Pozvati ambasadu" in milan.open("/desk/tasks").words
    assert "Pozvati ambasadu" not in coordinator.open("/desk/tasks").words
    done = milan.send(case, f"/initiatives/{number}/finish-task")
    assert "No task is open." in done.words
    assert "Pozvati ambasadu" not in milan.open("/").words
    history = milan.open(f"/initiatives/{number}/history").words
    assert "A task was given" in history
    assert history.index("A task was done") < history.index("A task was given")
    assert history.count("Pozvati ambasadu") == 2


def test_a_form_that_was_open_meanwhile_is_not_disturbed_by_a_task(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Vršac", "Arad", "RO")
    waiting = coordinator.open(f"/initiatives/{number}/coordinate")
    tasked(coordinator, number, str(coordinator.person.account), "Pozvati ambasadu")
    sent = coordinator.send(waiting, f"/initiatives/{number}/coordinate", {"handler": str(coordinator.person.account)})
    assert sent.status == 200, sent.words


def test_a_task_is_cancelled_from_its_link_with_a_reason(coordinator: Browser) -> None:
    number = proposed(coordinator, "Vršac", "Reșița", "RO")
    for what in ("Prvi zadatak", "Drugi zadatak"):
        tasked(coordinator, number, str(coordinator.person.account), what)
    page = coordinator.open(f"/initiatives/{number}").answer.text
    links = re.findall(rf'href="(/initiatives/{number}/cancel-task\?task=[0-9a-f-]+)"', page)
    assert len(links) == 2
    asked = coordinator.open(links[1])
    sent = coordinator.send(asked, f"/initiatives/{number}/cancel-task", {"reason": "Nije potrebno"})
    assert "Prvi zadatak" in sent.answer.text
    assert "Drugi zadatak" not in sent.answer.text.split('id="tasks"')[1].split("</section>")[0]


def test_a_task_is_given_to_somebody_who_can_work_on_the_case(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Vršac", "Deta", "RO")
    stranger = stack.account(Role.OFFICER, "nis", "Strana Strankić")
    auditor = stack.account(Role.AUDITOR, name="Reva Revizor")
    path = f"/initiatives/{number}/give-task"
    form = coordinator.open(path)
    assert "Strana Strankić" not in form.answer.text
    assert "Reva Revizor" not in form.answer.text
    for account in (stranger, auditor):
        sent = coordinator.send(form, path, {"what": "Pozvati", "assignee": str(account.id)})
        assert sent.status == 422
        assert "This person cannot work on the case." in sent.words
        assert "Pozvati" in sent.answer.text


def test_a_mention_shows_with_the_remark_and_in_the_history(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Vršac", "Gătaia", "RO")
    officer = stack.account(Role.OFFICER, "vrsac", "Vera Vršačka")
    case = coordinator.open(f"/initiatives/{number}")
    assert "Vera Vršačka" in case.answer.text
    remark = {"remark": "@Vera Vršačka, stiglo je", "mentions": [str(officer.id)]}
    sent = coordinator.send(case, f"/initiatives/{number}/add-remark", remark)
    assert "Mentioned: Vera Vršačka" in sent.words
    assert "Vera Vršačka" in coordinator.open(f"/initiatives/{number}/history").words


def test_nobody_is_mentioned_who_may_not_see_the_case(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Vršac", "Oravița", "RO")
    stranger = stack.account(Role.OFFICER, "nis", "Tuđa Tuđić")
    keeper = stack.account(Role.ADMINISTRATOR, name="Ada Administrator")
    case = coordinator.open(f"/initiatives/{number}")
    assert "Tuđa Tuđić" not in case.answer.text
    for account, said in ((stranger, "Tuđa Tuđić may not see this case"), (keeper, "Ada Administrator may not see")):
        remark = {"remark": "Pogledajte", "mentions": [str(account.id)]}
        sent = coordinator.send(case, f"/initiatives/{number}/add-remark", remark)
        assert sent.status == 422
        assert said in sent.words
        assert "Pogledajte" in sent.answer.text
    nonsense = coordinator.send(case, f"/initiatives/{number}/add-remark", {"remark": "A", "mentions": ["nobody"]})
    assert nonsense.status == 422
    many = [str(stranger.id)] + [f"00000000-0000-4000-8000-{n:012d}" for n in range(10)]
    assert coordinator.send(case, f"/initiatives/{number}/add-remark", {"remark": "A", "mentions": many}).status == 422
