"""The log for auditors: all facts, filtered, page by page, and taken away as a file."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from application.access import OPERATOR, Person
from application.asking_sides import PARTNER_ABROAD
from application.auditing import MOST_COUNTED, FactPage, require_audit
from application.reading import NotFound
from application.saved_views import may_share
from application.script import sort_key
from application.tables import MOST_LINES
from domain.kernel import Refusal, Refused
from web.audit.exporting import sheet
from web.audit.filters import (
    KIND_GROUPS,
    KINDS,
    LABELS,
    PATH,
    address,
    group_of,
    pairs_of,
    readable,
    shown_day,
    without,
)
from web.audit.inquiry_pages import kept_inquiries
from web.audit.places import places
from web.audit.telling import told
from web.casework import Casework
from web.forms import Form
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.initiatives.saved_view_pages import replaceable
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.session import PageRequest
from web.words import KINDS as COOPERATIONS
from web.words import STAGES

MEDIA: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """A filter that is set, and the address without it."""

    text: str
    href: str


class LogPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Parts of an address that cannot be read are left out, and the page says what was wrong with them."""
        require_audit(person)
        query, asked = readable(asked, tuple(work.local_governments.by_code))
        found = work.exploring.page(person, query)
        names = names_for(request, work)
        pairs = [] if asked.refusals else pairs_of(asked)
        return page(
            request,
            "audit/log.html",
            status=400 if asked.refusals else 200,
            places=places(person),
            asked=asked,
            labels=LABELS,
            facts=told(person, work, names, found.facts),
            count=_count(found, names),
            behind=found.behind,
            older=address(pairs, before=found.older) if found.older is not None else "",
            newer=address(pairs, after=found.newer) if found.newer is not None else "",
            newest=address(pairs) if query.before is not None or query.after is not None else "",
            chips=_chips(pairs, names),
            hidden=[pair for pair in pairs if pair[0] in ("left", "cooperation", "actor")],
            exports=[(kind, address(pairs, f"{PATH}/export/{kind}")) for kind in work.fact_writers],
            people=people_of(work, names),
            towns=names.units,
            groups=_kinds(asked, names),
            kept=(kept := kept_inquiries(person, work, names, pairs)),
            replaceable=replaceable(kept),
            may_share=may_share(person),
            saved_query=urlencode(pairs),
            saving=Form(),
        )

    @get("/export/{kind:str}", sync_to_thread=True)
    def export(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        kind: FromPath[str],
    ) -> Stream:
        """Every fact that the filters show on all their pages, in the columns of web.audit.exporting."""
        require_audit(person)
        write = work.fact_writers.get(kind)
        if write is None:
            raise NotFound(kind)
        query, asked = readable(asked, tuple(work.local_governments.by_code))
        if asked.refusals:
            raise Refused(*asked.refusals)
        if kind == "xlsx" and work.exploring.count(person, query, MOST_LINES) >= MOST_LINES:
            raise Refused(Refusal("audit.too-many", {"most": MOST_LINES - 1}))
        name = f"pobratim-log-{work.reading.today().isoformat()}.{kind}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        pieces = write(sheet(person, work, names_for(request, work), query))
        return Stream(pieces, media_type=MEDIA.get(kind, "application/octet-stream"), headers=headers)


def people_of(work: Casework, names: Names) -> list[tuple[str, str]]:
    """Everybody who may stand in a fact: account id as text, and name, by the alphabet."""
    accounts = [(str(account.id), names.with_town(account.id)) for account in work.accounts.all()]
    others = [(str(one.account), names.person(one.account)) for one in (OPERATOR, PARTNER_ABROAD)]
    return [*sorted(accounts, key=lambda one: sort_key(one[1])), *others]


def _count(found: FactPage, names: Names) -> str:
    spoken = names.spoken
    if found.more:
        return spoken.gettext(N_("more than %(num)s records")) % {"num": spoken.number(MOST_COUNTED)}
    return spoken.count("%(num)s record", "%(num)s records", found.count)


class KindGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group of kinds, as a choice of its own and over those that belong to it."""

    code: str
    text: str
    chosen: bool
    kinds: tuple[tuple[str, str, bool], ...]


def _kinds(asked: Form, names: Names) -> list[KindGroup]:
    chosen, said = set(asked.values("kind")), names.spoken.gettext
    return [
        KindGroup(
            code=group,
            text=said(text),
            chosen=group in chosen,
            kinds=tuple((kind, said(it), kind in chosen) for kind, it in KINDS.items() if group_of(kind) == group),
        )
        for group, text in KIND_GROUPS.items()
    ]


def _chips(pairs: Sequence[tuple[str, str]], names: Names) -> list[Chip]:
    return [Chip(text=_chip(*pair, names), href=address(without(pairs, pair))) for pair in pairs]


def _chip(name: str, value: str, names: Names) -> str:
    spoken = names.spoken
    match name:
        case "from" | "to":
            day = shown_day(value)
            text = spoken.date(day) if day else value
            return f"{spoken.gettext(LABELS[name])} {text}"
        case "person":
            return names.person_by_text(value)
        case "actor":
            return f"{spoken.gettext(LABELS[name])}: {names.person_by_text(value)}"
        case "kind":
            return spoken.gettext({**KINDS, **KIND_GROUPS}[value])
        case "local_government":
            return names.unit(value)
        case "left":
            stage = spoken.gettext(next(text for stage, text in STAGES.items() if stage == value))
            return f"{spoken.gettext(LABELS[name])}: {stage}"
        case "cooperation":
            return spoken.gettext(next(text for kind, text in COOPERATIONS.items() if kind == value))
        case _:
            return value
