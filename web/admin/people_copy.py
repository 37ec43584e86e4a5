"""The copy of what is kept about a person: a file, or a page to be printed."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from litestar import MediaType, Response

from application.access import Person
from application.accounts import Account
from application.people_finding import Found
from web.admin.people import ERASED
from web.admin.people_words import entry_row
from web.language import Language
from web.pages import page
from web.parts import Parts
from web.session import PageRequest, language_of
from web.words import ROLES

PRINT: Final = "print"


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the person gets it."""

    kind: str
    place: str
    recorded_at: str
    text: str


class CopiedAccount(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    email: str
    role: str
    opened: str
    signed_in: str


class PersonalCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was chosen, for the person who asked (art. 26)."""

    request: str
    person: str
    made_on: str
    entries: Sequence[Copied]
    accounts: Sequence[CopiedAccount]


def account_of(account: Account, spoken: Language) -> CopiedAccount:
    signed_in = spoken.moment(account.signed_in_at) if account.signed_in_at else ""
    role = spoken.gettext(ROLES[account.role])
    opened = spoken.moment(account.opened_at)
    return CopiedAccount(name=account.name, email=account.email, role=role, opened=opened, signed_in=signed_in)


def given(
    request: PageRequest,
    person: Person,
    parts: Parts,
    number: str,
    found: Sequence[Found],
    accounts: Sequence[Account],
    wanted: str,
) -> Response[Any]:
    """A copy for the person: a file, or a page to be printed."""
    spoken, file = language_of(request), parts.keeping_people.open(person, number)
    rows = [entry_row(one, spoken, with_text=True) for one in found]
    copy = PersonalCopy(
        request=number,
        person=file.name or spoken.gettext(ERASED),
        made_on=spoken.date(parts.work.reading.today()),
        entries=[Copied(kind=row.kind, place=row.place, recorded_at=row.recorded, text=row.text) for row in rows],
        accounts=[account_of(account, spoken) for account in accounts],
    )
    if wanted == PRINT:
        return page(request, "admin/person_copy.html", copy=copy, asked=file.request)
    headers = {"content-disposition": f'attachment; filename="{number}.json"'}
    body = msgspec.json.format(msgspec.json.encode(copy), indent=2)
    return Response(body, media_type=MediaType.JSON, headers=headers)
