"""What the page of the register shows: rows, tabs, filters with counts, and the chips of those that are set."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from application.views.register import (
    NOBODY,
    USUAL,
    Option,
    Phase,
    RegisterPage,
    RegisterQuery,
    RegisterRow,
    Shown,
)
from domain.dates import PartialDate
from web.initiatives.filters import FILTERS, PATH, SORTS, address
from web.initiatives.naming import Names, Pair
from web.initiatives.words import DUES, PHASES
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import office_day
from web.words import KINDS, STAGES

_NEAR: Final = 2
"""How many pages beside the current one stand in the pager."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    href: str
    pair: Pair
    stage: str
    kind: str
    due: date | None
    updated: str
    handler: str
    cells: tuple["Cell", ...] = ()
    """The columns of the register; shorter lists show what they need of the rest."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a row: its code, the text in it, and the title over it."""

    column: str
    text: str
    title: str


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    count: int
    href: str
    current: bool


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    value: str
    text: str
    count: int
    chosen: bool


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    picks: tuple[Pick, ...]
    clear: str

    @property
    def chosen(self) -> int:
        return sum(pick.chosen for pick in self.picks)


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """A filter that is set, and the address without it."""

    text: str
    href: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    href: str
    direction: str
    cls: str


def rows_of(page: Sequence[RegisterRow], names: Names, columns: Sequence[Shown] = ()) -> list[Row]:
    spoken = names.spoken
    shown = [(column, spoken.gettext(TITLES[column]), _TEXTS[column]) for column in columns]
    return [
        Row(
            number=row.number,
            href=f"/initiatives/{row.number}",
            pair=names.short_pair(row.home, row.partners),
            stage=row.stage.value,
            kind=spoken.gettext(KINDS[row.kind]),
            due=row.due,
            updated=spoken.date(office_day(row.updated)),
            handler=names.person(row.handler) if row.handler else "",
            cells=tuple(Cell(column=column.value, text=said(row, names), title=title) for column, title, said in shown),
        )
        for row in page
    ]


def tabs_of(page: RegisterPage, query: RegisterQuery, names: Names, path: str = PATH) -> list[Tab]:
    """All cases, then each phase. A tab keeps the other filters; those of stages end with the phase."""
    counts = {option.value: option.count for option in page.phases}
    tabs = [_tab(None, sum(counts.values()), query, names, path)]
    return tabs + [_tab(phase, counts.get(phase.value, 0), query, names, path) for phase in Phase]


def facets_of(page: RegisterPage, query: RegisterQuery, names: Names, path: str = PATH) -> list[Facet]:
    """Each filter that the list offers, with how many rows each of its values would show."""
    named = _value_names(names)
    options = {"country": page.countries, "kind": page.kinds, "handler": page.handlers, "due": page.due}
    titles = {"country": N_("Country"), "kind": N_("Kind"), "handler": N_("Handler"), "due": N_("Deadline")}
    fields = dict(FILTERS)
    return [
        Facet(
            name=name,
            title=names.spoken.gettext(titles[name]),
            picks=_picks(options[name], named[name]),
            clear=address(query, path, changed={fields[name]: ()}),
        )
        for name in titles
        if options[name]
    ]


def chips_of(query: RegisterQuery, names: Names, partner: str, path: str = PATH) -> list[Chip]:
    """Every filter that is set, in the order of the page."""
    spoken, named = names.spoken, _value_names(names)
    chips = (
        [Chip(text=spoken.quoted(query.text), href=address(query, path, changed={"text": ""}))] if query.text else []
    )
    if query.phase:
        chips.append(Chip(text=spoken.gettext(PHASES[query.phase]), href=address(query, path, changed={"phase": None})))
    for name, field in FILTERS:
        values: tuple[Any, ...] = getattr(query, field)
        chips += [
            Chip(
                text=named[name](str(value)),
                href=address(query, path, changed={field: tuple(v for v in values if v != value)}),
            )
            for value in values
        ]
    if query.differs:
        text = names.spoken.gettext(N_("The sides differ"))
        chips.append(Chip(text=text, href=address(query, path, changed={"differs": False})))
    if query.partner:
        chips.append(Chip(text=partner, href=address(query, path, changed={"partner": None})))
    return chips


def columns_of(query: RegisterQuery, names: Names) -> list[Column]:
    """Headings; those by which one can sort turn the order round, and dates begin with the newest."""
    heads = [("pair", N_("Sides")), *((column.value, TITLES[column]) for column in query.columns or USUAL)]
    return [_column(key, names.spoken.gettext(text), query) for key, text in heads]


def column_choices(query: RegisterQuery, names: Names) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What stands in each place now, with places left empty behind it; and every column to choose from."""
    shown = [column.value for column in query.columns or USUAL]
    options = tuple((column.value, names.spoken.gettext(title)) for column, title in TITLES.items())
    return (*shown, *[""] * (len(options) - len(shown))), options


def pages_of(page: RegisterPage, query: RegisterQuery) -> list[tuple[int | str, str]]:
    """Numbers with addresses for the pager; an empty one stands for those left out."""
    return pager_pages(query.page, page.pages, lambda number: address(query, changed={"page": number}))


def pager_pages(current: int, pages: int, href: Callable[[int], str]) -> list[tuple[int | str, str]]:
    """First, last, and those near the current one."""
    beside = range(max(1, current - _NEAR), min(pages, current + _NEAR) + 1)
    near = sorted({1, *beside, max(1, pages)})
    shown: list[tuple[int | str, str]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            shown.append(("", ""))
        shown.append((number, href(number)))
    return shown


def _tab(phase: Phase | None, count: int, query: RegisterQuery, names: Names, path: str) -> Tab:
    text = PHASES[phase] if phase else N_("All")
    return Tab(
        text=names.spoken.gettext(text),
        count=count,
        href=address(query, path, changed={"phase": phase, "stages": ()}),
        current=query.phase is phase,
    )


def _picks(options: Sequence[Option], named: Callable[[str], str]) -> tuple[Pick, ...]:
    return tuple(Pick(value=o.value, text=named(o.value), count=o.count, chosen=o.chosen) for o in options)


def _value_names(names: Names) -> Mapping[str, Callable[[str], str]]:
    """How a value of each filter is called."""
    spoken = names.spoken

    def in_words(words: Mapping[Any, str]) -> Callable[[str], str]:
        texts = {str(code): message for code, message in words.items()}
        return lambda value: spoken.gettext(texts.get(value, value))

    return {
        "stage": in_words(STAGES),
        "kind": in_words(KINDS),
        "due": in_words(DUES),
        "country": spoken.country,
        "handler": lambda value: names.person_by_text(value) if value != NOBODY else spoken.gettext(N_("No handler")),
        "local_government": names.unit,
    }


def _column(key: str, text: str, query: RegisterQuery) -> Column:
    cls = _CLASSES.get(key, "")
    if key not in SORTS:
        return Column(text=text, href="", direction="", cls=cls)
    current = query.sort == key
    descending = not query.descending if current else key == "updated"
    direction = ("descending" if query.descending else "ascending") if current else ""
    return Column(
        text=text, href=address(query, changed={"sort": key, "descending": descending}), direction=direction, cls=cls
    )


def _partial(day: PartialDate | None, names: Names) -> str:
    return names.spoken.date(day) if day else ""


_CLASSES: Final = {"updated": "c-upd"}
TITLES: Final[Mapping[Shown, str]] = {
    Shown.STAGE: N_("Stage"),
    Shown.DUE: N_("Deadline"),
    Shown.KIND: N_("Kind"),
    Shown.UPDATED: N_("Changed"),
    Shown.HANDLER: N_("Handler"),
    Shown.COUNTRY: N_("Country"),
    Shown.SINCE: N_("In this stage since"),
    Shown.PROPOSED: N_("Proposed on"),
    Shown.SIGNED: N_("Signed on"),
    Shown.ENDS: N_("Ends on"),
    Shown.VISITS: N_("Visits held"),
}
_TEXTS: Final[Mapping[Shown, Callable[[RegisterRow, Names], str]]] = {
    **dict.fromkeys((Shown.STAGE, Shown.DUE, Shown.KIND, Shown.UPDATED, Shown.HANDLER), lambda row, names: ""),
    Shown.COUNTRY: lambda row, names: ", ".join(
        dict.fromkeys(names.spoken.country(partner.country) for partner in row.partners if partner.country)
    ),
    Shown.SINCE: lambda row, names: names.spoken.date(office_day(row.since)),
    Shown.PROPOSED: lambda row, names: _partial(row.proposed_on, names),
    Shown.SIGNED: lambda row, names: _partial(row.signed_on, names),
    Shown.ENDS: lambda row, names: _partial(row.ends_on, names),
    Shown.VISITS: lambda row, names: names.spoken.number(row.visits) if row.visits else "",
}
"""The usual columns stand in every row."""
