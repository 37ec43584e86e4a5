"""Lists that go on from a row: in every order, whatever stands there, and nothing that a stranger could slip in."""

from datetime import date

import pytest

from adapters.readside.register_after import following
from application.access import Scope
from application.views.partners import PartnerQuery
from application.views.register import Place, RegisterQuery

TODAY = date(2026, 3, 1)
SORTS = ("number", "pair", "stage", "due", "kind", "updated")


@pytest.fixture(scope="module")
def models(office, shown):
    """Some with a due day, some without, several on the same one."""
    bari = office.partner("Bari", "IT")
    for n, town in enumerate(("nis", "leskovac", "cacak", "varvarin", "nis", "leskovac"), 1):
        office.proposed(f"2026-000{n}", town, bari)
        office.historic(f"2025-000{n}", town, office.partner(f"Città\t{n}", "IT"))
    return shown()


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("scope", [Scope(), Scope("nis")], ids=["everybody", "officer"])
def test_every_row_comes_once_in_the_order_of_the_pages(models, scope, sort, descending):
    query = RegisterQuery(sort=sort, descending=descending, size=5)
    whole = models.register.page(scope, RegisterQuery(sort=sort, descending=descending, size=200), TODAY)
    found, place = [], None
    while True:
        then = models.register.after(scope, query, TODAY, place)
        found += then.rows
        if (place := then.next) is None:
            break
    assert found == list(whole.rows)


def test_partners_follow_each_other_likewise(models):
    found, place = [], None
    while True:
        then = models.partner_files.after(Scope(), PartnerQuery(size=2), place)
        found += then.files
        if (place := then.next) is None:
            break
    assert found == list(models.partner_files.page(Scope(), PartnerQuery(size=200)).partners)


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        (("number",), ()),
        (("number",), (1, 2)),
        (("number",), ("1",)),
        (("number",), (None,)),
        (("number",), (True,)),
        (("number",), (2**63,)),
        (("stage", "number"), (40_000, 1)),
        (("due", "number"), ("yesterday", 1)),
        (("due", "number"), (None, None)),
        (("pair", "number"), ("a\0b", 1)),
        (("pair", "number"), (None, 1)),
        (("sorted", "id"), ("a", "no id")),
    ],
)
def test_a_place_that_cannot_be_is_none(columns: tuple[str, ...], place: Place):
    with pytest.raises(ValueError):
        following(columns, place, descending=False)
