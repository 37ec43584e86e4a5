"""The two doors to the desk of subscriptions: administrators do everything, keepers look after what is theirs."""

from typing import Any, Final

import msgspec
from litestar import Response

from application.access import Person
from application.reading import NotFound
from application.subscriptions_rights import require
from domain.subscriptions.decisions import CODE
from web.pages import page
from web.session import PageRequest, path_of


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """The pages are the same. What is done on them is checked by the use cases; what is offered follows from this."""

    path: str
    administers: bool

    def at(self, code: str) -> str:
        return f"{self.path}/{code}"


ADMINISTRATORS: Final = Side(path="/admin/subscriptions", administers=True)
KEEPERS: Final = Side(path="/subscriptions", administers=False)


def side_of(request: PageRequest) -> Side:
    return ADMINISTRATORS if path_of(request).startswith(ADMINISTRATORS.path) else KEEPERS


def address_of(request: PageRequest, code: str) -> str:
    return side_of(request).at(code)


def known_code(request: PageRequest, person: Person, code: str) -> str:
    """Raises Forbidden on the side of administrators for anybody else; NotFound for what cannot be a code."""
    if side_of(request).administers:
        require(person)
    if not CODE.fullmatch(code):
        raise NotFound(code[:80])
    return code


def desk_page(request: PageRequest, template: str, /, *, status: int = 200, **context: Any) -> Response[str]:
    """A page of the desk, which sees on which side it is."""
    return page(request, template, status=status, side=side_of(request), **context)
