"""Figures for auditors; each number leads to the facts behind it."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.access import Person
from application.auditing import require_audit
from application.auditing_figures import CORRECTION, FigureQuery, Figures
from domain.initiatives.terms import Kind
from domain.kernel import Refused
from web.audit.filters import KINDS, LABELS, days, facts_behind, person_id, with_known_at
from web.audit.log_pages import people_of
from web.audit.places import places
from web.casework import Casework
from web.forms import Form
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.session import PageRequest
from web.words import KINDS as COOPERATIONS
from web.words import STAGES

PATH: Final = "/audit/figures"
_YEAR: Final = 12
_WIDE: Final = 100
"""Of a bar that shows the largest number."""


class Number(msgspec.Struct, frozen=True):
    count: int
    href: str


class CountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a table: what, how many in each month or year, and in all."""

    name: str
    href: str
    cells: tuple[Number, ...]
    total: Number
    bar: int


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    count: Number
    median: int
    ninetieth: int
    bar: int


class SpanRow(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    corrections: Number
    all: Number
    bar: int


@get(PATH, sync_to_thread=True)
def show_figures(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
) -> Response[Any]:
    """Of the last twelve months, unless the address says otherwise."""
    require_audit(person)
    query, who, asked = _readable(asked, work.reading.today())
    figures, names = work.figures.of(person, query), names_for(request, work)
    spoken = names.spoken
    period = spoken.gettext(N_("%(first)s to %(last)s")) % {
        "first": spoken.date(query.since),
        "last": spoken.date(query.until),
    }
    return page(
        request,
        "audit/figures.html",
        status=400 if asked.refusals else 200,
        places=places(person),
        asked=asked,
        labels=LABELS,
        people=people_of(work, names),
        kinds=[(kind.value, spoken.gettext(text)) for kind, text in COOPERATIONS.items()],
        period=period,
        by_year=query.by_year,
        who=names.person(who) if who else "",
        spans=[_span_name(span, query, names) for span in figures.spans],
        rows=_kind_rows(figures, query, who, names) if who else _people_rows(figures, query, names),
        stages=_stage_rows(figures, query, names),
        corrections=_correction_rows(figures, query, names),
        behind=figures.behind,
    )


def _readable(asked: Form, today: date) -> tuple[FigureQuery, UUID | None, Form]:
    asked = with_known_at(asked)
    month = today.year * _YEAR + today.month - _YEAR
    usual = FigureQuery(since=date(month // _YEAR, month % _YEAR + 1, 1), until=today)
    try:
        with asked.reading() as reader:
            since, until = days(reader)
            who = person_id(asked.value("person"), reader)
            last = until or max(today, since or today)
            first = since or min(usual.since, last)
            return (
                FigureQuery(since=first, until=last, cooperation=reader.choice_or_none("cooperation", Kind)),
                who,
                asked,
            )
    except Refused as refused:
        return usual, None, asked.refused(refused.refusals)


def _people_rows(figures: Figures, query: FigureQuery, names: Names) -> list[CountRow]:
    return _rows(
        figures.people,
        figures.spans,
        query,
        lambda who: names.with_town(who) if who else names.spoken.gettext(N_("Nobody who can be read")),
        lambda who: {"actor": who} if who else None,
        lambda who: figure_address(query, who) if who else "",
    )


def _kind_rows(figures: Figures, query: FigureQuery, who: UUID, names: Names) -> list[CountRow]:
    return _rows(
        figures.kinds.get(who, {}),
        figures.spans,
        query,
        lambda kind: names.spoken.gettext(KINDS.get(kind) or kind),
        lambda kind: {"actor": who, "kind": kind} if kind in KINDS else None,
        lambda _: "",
    )


def _rows(
    counted: Mapping[Any, Mapping[date, int]],
    spans: Sequence[date],
    query: FigureQuery,
    name: Callable[[Any], str],
    asked: Callable[[Any], Mapping[str, Any] | None],
    href: Callable[[Any], str],
) -> list[CountRow]:
    """The most first. A number without an address is none that the log can be filtered by."""
    totals = {of: sum(by_span.values()) for of, by_span in counted.items()}
    most = max(totals.values(), default=1)
    rows: list[CountRow] = []
    for of in sorted(counted, key=lambda of: (-totals[of], name(of))):
        filters = asked(of)

        def number(count: int, since: date, until: date, filters: Mapping[str, Any] | None = filters) -> Number:
            return Number(count, facts_behind(since=since, until=until, **filters) if count and filters else "")

        rows.append(
            CountRow(
                name=name(of),
                href=href(of),
                cells=tuple(number(counted[of].get(span, 0), *_within(span, query)) for span in spans),
                total=number(totals[of], query.since, query.until),
                bar=_bar(totals[of], most),
            )
        )
    return rows


def _stage_rows(figures: Figures, query: FigureQuery, names: Names) -> list[StageRow]:
    most = max((time.ninetieth for time in figures.stages), default=1)
    return [
        StageRow(
            name=names.spoken.gettext(STAGES[time.stage]),
            count=Number(
                time.count,
                facts_behind(since=query.since, until=query.until, left=time.stage, cooperation=query.cooperation),
            ),
            median=time.median,
            ninetieth=time.ninetieth,
            bar=_bar(time.median, most),
        )
        for time in figures.stages
    ]


def _correction_rows(figures: Figures, query: FigureQuery, names: Names) -> list[SpanRow]:
    most = max(figures.corrections.values(), default=1)
    rows: list[SpanRow] = []
    for span in figures.spans:
        since, until = _within(span, query)
        count, every = figures.corrections.get(span, 0), figures.all.get(span, 0)
        rows.append(
            SpanRow(
                name=_span_name(span, query, names, whole=True),
                corrections=Number(count, facts_behind(since=since, until=until, kind=CORRECTION) if count else ""),
                all=Number(every, facts_behind(since=since, until=until) if every else ""),
                bar=_bar(count, most),
            )
        )
    return rows


def figure_address(query: FigureQuery, who: UUID) -> str:
    """The same page about one person."""
    return facts_behind(since=query.since, until=query.until, person=who).replace("/audit/log", PATH, 1)


def _within(span: date, query: FigureQuery) -> tuple[date, date]:
    """First and last day of a month or year, as far as they lie in the period."""
    if query.by_year:
        last = date(span.year, 12, 31)
    else:
        last = date(span.year, span.month, monthrange(span.year, span.month)[1])
    return max(span, query.since), min(last, query.until)


def _span_name(span: date, query: FigureQuery, names: Names, *, whole: bool = False) -> str:
    """`3. 2026.` over a narrow column, `mart 2026.` as the name of a line."""
    spoken = names.spoken
    if query.by_year:
        return spoken.date(f"{span.year}")  # pyright: ignore[reportArgumentType] - a partial date
    if whole:
        return spoken.date(f"{span.year}-{span.month:02}")  # pyright: ignore[reportArgumentType]
    return f"{span.month}/{span.year % 100:02}"


def _bar(count: int, most: int) -> int:
    return max(1, round(_WIDE * count / most)) if count and most else 0
