"""What stands above every picture of the register, list and board alike: saved filters, tabs, filters and chips."""

from collections.abc import Mapping
from typing import Any

from application.access import Person, Role
from application.reading import NotFound
from application.saved_views import may_share
from application.views.register import RegisterPage, RegisterQuery
from web.casework import Casework
from web.forms import Form
from web.initiatives import listing
from web.initiatives.filters import LABELS, address, pairs_of
from web.initiatives.naming import Names, foreign
from web.initiatives.saved_view_pages import kept_views, query_string, replaceable


def finding(
    person: Person, work: Casework, names: Names, asked: Form, query: RegisterQuery, found: RegisterPage, path: str
) -> Mapping[str, Any]:
    """For `initiatives/_finding.html`. `path` is the page that the filters lead back to."""
    kept = kept_views(person, work, names, query, path)
    return {
        "asked": asked,
        "labels": LABELS,
        "query": query,
        "found": found,
        "path": path,
        "pictures": {picture: address(query, picture) for picture in PICTURES},
        "tabs": listing.tabs_of(found, query, names, path),
        "facets": listing.facets_of(found, query, names, path),
        "chips": listing.chips_of(query, names, _partner_name(person, work, query), path),
        "hidden": _kept_by_the_form(query),
        "exports": [(kind, address(query, f"/initiatives/export/{kind}")) for kind in work.file_writers],
        "mine": _mine(person, query, path),
        "filters": pairs_of(query),
        "kept": kept,
        "saved_query": query_string(query),
        "saving": Form(),
        "replaceable": replaceable(kept),
        "may_share": may_share(person),
    }


PICTURES = ("/initiatives", "/initiatives/board")


def _mine(person: Person, query: RegisterQuery, path: str) -> str:
    """The address with the cases that the person leads, for one who leads cases and sees others too."""
    if person.role is not Role.COORDINATOR or query.handlers:
        return ""
    return address(query, path, changed={"handlers": (str(person.account),)})


def _kept_by_the_form(query: RegisterQuery) -> list[tuple[str, str]]:
    """What the form of filters does not ask itself: tab, columns, order, and filters that came by a link."""
    asked = {"q", "country", "kind", "handler", "due"}
    return [(name, value) for name, value in pairs_of(query) if name not in asked]


def _partner_name(person: Person, work: Casework, query: RegisterQuery) -> str:
    if query.partner is None:
        return ""
    try:
        return foreign(work.reading.partner(person, query.partner).partner)
    except NotFound:
        return str(query.partner)
