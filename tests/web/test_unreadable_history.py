"""A newer version has written into the history of a case: its pages say so, those of other cases go on."""

from application.identity import case_id
from tests.planting import plant
from tests.web.casework_stack import Stack, proposed, stack

__all__ = ["stack"]


def test_pages_and_deeds_of_its_case_say_so_and_other_cases_go_on(stack: Stack) -> None:
    browser = stack.browser()
    mine, other = proposed(browser, "nis", "Bursa"), proposed(browser, "nis", "Izmir")
    form = browser.open(f"/initiatives/{mine}/add-remark")
    plant(stack.made.settings.database_url, case_id(mine))

    for path in (f"/initiatives/{mine}", f"/initiatives/{mine}/history"):
        page = browser.open(path)
        assert (page.status, "written by a newer version" in page.words) == (503, True), path
    sent = browser.send(form, f"/initiatives/{mine}/add-remark", {"remark": "Jedan dug tekst"})
    assert sent.status == 503
    assert "Jedan dug tekst" in sent.answer.text

    assert browser.open(f"/initiatives/{other}/history").status == 200
