"""The pages of the audit area, for the tabs above each of them; and the way in."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from application.access import Person, Role
from application.auditing import require_audit
from web.audit.filters import PATH
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


def places(person: Person) -> Sequence[tuple[str, str]]:
    """Address and message of each page that the person may open."""
    require_audit(person)
    looks = [("/audit/looks", N_("Who looked"))] if person.role is Role.AUDITOR else []
    return [(PATH, N_("The log")), ("/audit/figures", N_("Figures")), ("/audit/bundle", N_("Bundles")), *looks]


@get("/audit", sync_to_thread=False)
def show_audit(person: NamedDependency[Person]) -> Response[Any]:
    require_audit(person)
    return Redirect(PATH, status_code=303)
