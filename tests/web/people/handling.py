"""What an administrator does with a request, by the forms of the pages."""

import re

from tests.web.casework_stack import Browser, Page

PEOPLE = "/admin/people"


def received(administrator: Browser, kind: str, name: str, **more: str) -> str:
    """Enter a request; gives its address."""
    values = {"kind": kind, "received_on": "1. 3. 2026.", "name": name, "contact": "vasa 3, Niš", **more}
    page = administrator.send(administrator.open(PEOPLE), PEOPLE, values)
    assert page.path.startswith(f"{PEOPLE}/ZL-"), (page.status, page.words)
    return page.path


def found(administrator: Browser, address: str, words: str) -> Page:
    page = administrator.send(administrator.open(address), f"{address}/search", {"words": words})
    assert page.status == 200, page.words
    return page


def entries(page: Page) -> list[str]:
    """The references that a page of entries offers, ticked or not."""
    return re.findall(r'name="entry" value="([0-9a-f-]{36})"', page.answer.text)


def used(administrator: Browser, address: str, page: Page, do: str, chosen: list[str]) -> Page:
    return administrator.send(page, f"{address}/entries", {"entry": chosen, "do": do})


def erased(administrator: Browser, address: str, words: str, ground: str = "no_longer_needed") -> int:
    """Everything that is found; how many entries."""
    page = found(administrator, address, words)
    chosen = entries(page)
    preview = used(administrator, address, page, "erase", chosen)
    done = administrator.send(preview, f"{address}/erase", {"ground": ground, "sure": "1"})
    assert done.path == address, (done.status, done.words)
    return len(chosen)
