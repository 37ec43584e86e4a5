"""The register's filters as an address: read from a query string, and written into links."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from application.views.register import NOBODY, USUAL, Due, Phase, RegisterQuery, Shown
from domain.initiatives.terms import Kind, Stage
from domain.kernel import Refusal, Refused
from web.forms import Form, Reader
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

PATH: Final = "/initiatives"
SORTS: Final = ("number", "pair", "stage", "due", "kind", "updated")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CODE: Final = re.compile(r"[a-z-]{2,60}")
_MOST: Final = 50
_MOST_PAGES: Final = 100_000
_USUAL: Final = RegisterQuery()


class Filter(NamedTuple):
    """One filter: its name in the address, and the field of the query that holds its values."""

    name: str
    field: str


FILTERS: Final = (
    Filter("stage", "stages"),
    Filter("kind", "kinds"),
    Filter("country", "countries"),
    Filter("handler", "handlers"),
    Filter("local_government", "local_governments"),
    Filter("due", "due"),
)

LABELS: Final = {
    "q": N_("Find in the list"),
    "phase": N_("Phase"),
    "stage": N_("Stage"),
    "kind": N_("Kind"),
    "country": N_("Country"),
    "handler": N_("Handler"),
    "local_government": N_("Local government"),
    "partner": N_("Partner"),
    "due": N_("Deadline"),
    "column": N_("Columns"),
    "sort": N_("Order of the list"),
    "page": N_("Page of the list"),
}
"""How the parts of the address are called where one of them cannot be read."""


def readable(asked: Form) -> tuple[RegisterQuery, Form]:
    """What can be read of the address, and the address with a reason at each part that cannot."""
    query = _USUAL
    try:
        with asked.reading() as reader:
            sort, descending = _sort(asked, reader)
            query = RegisterQuery(
                text=reader.line_or_none("q") or "",
                phase=reader.choice_or_none("phase", Phase),
                stages=_few(reader.choices("stage", Stage), reader, "stage"),
                kinds=_few(reader.choices("kind", Kind), reader, "kind"),
                countries=_matching(asked, reader, "country", _COUNTRY),
                handlers=_handlers(asked, reader),
                local_governments=_matching(asked, reader, "local_government", _CODE),
                partner=_uuid(asked.value("partner"), reader),
                differs=reader.ticked("differs"),
                due=_few(reader.choices("due", Due), reader, "due"),
                columns=_columns(asked, reader),
                sort=sort,
                descending=descending,
                page=reader.number_or_none("page", least=1, most=_MOST_PAGES) or 1,
            )
    except Refused as refused:
        return query, asked.refused(refused.refusals)
    return query, asked


def address(query: RegisterQuery, path: str = PATH, *, changed: Mapping[str, Any] | None = None) -> str:
    """A link to the same list with something changed. Any change but the page goes back to the first page."""
    wanted = msgspec.structs.replace(query, **({"page": 1} | dict(changed) if changed else {}))
    pairs = list(pairs_of(wanted))
    if wanted.page > 1:
        pairs.append(("page", str(wanted.page)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def pairs_of(query: RegisterQuery) -> Sequence[tuple[str, str]]:
    """Every filter, the columns and the order as the address has them; the page is left out."""
    pairs = [("q", query.text)] if query.text else []
    if query.phase:
        pairs.append(("phase", query.phase.value))
    for name, field in FILTERS:
        pairs += [(name, str(value)) for value in getattr(query, field)]
    if query.partner:
        pairs.append(("partner", str(query.partner)))
    if query.differs:
        pairs.append(("differs", "yes"))
    pairs += [("column", column.value) for column in query.columns]
    if (query.sort, query.descending) != (_USUAL.sort, _USUAL.descending):
        pairs.append(("sort", f"-{query.sort}" if query.descending else query.sort))
    return pairs


def _sort(asked: Form, reader: Reader) -> tuple[Any, bool]:
    typed = asked.value("sort")
    if not typed:
        return _USUAL.sort, _USUAL.descending
    if typed.removeprefix("-") not in SORTS:
        reader.refuse(Refusal("form.choice-unknown", field="sort"))
        return _USUAL.sort, _USUAL.descending
    return typed.removeprefix("-"), typed.startswith("-")


def _columns(asked: Form, reader: Reader) -> tuple[Shown, ...]:
    """In the order of the address, each once; the usual ones are those that nobody has to name."""
    reader.choices("column", Shown)
    known = {column.value: column for column in Shown}
    chosen = tuple(dict.fromkeys(known[value] for value in asked.values("column") if value in known))
    return () if chosen == USUAL else chosen


def _few(values: Sequence[Any], reader: Reader, name: str) -> tuple[Any, ...]:
    if len(values) > _MOST:
        reader.refuse(Refusal("form.choice-unknown", field=name))
    return tuple(values[:_MOST])


def _matching(asked: Form, reader: Reader, name: str, shape: re.Pattern[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in asked.values(name) if value))
    if len(values) > _MOST or not all(shape.fullmatch(value) for value in values):
        reader.refuse(Refusal("form.choice-unknown", field=name))
        return ()
    return values


def _handlers(asked: Form, reader: Reader) -> tuple[str, ...]:
    values = dict.fromkeys(value for value in asked.values("handler") if value)
    if len(values) > _MOST:
        reader.refuse(Refusal("form.choice-unknown", field="handler"))
        return ()
    return tuple(value if value == NOBODY else str(_uuid(value, reader, "handler")) for value in values)


def _uuid(typed: str, reader: Reader, name: str = "partner") -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        reader.refuse(Refusal("form.choice-unknown", field=name))
        return None
