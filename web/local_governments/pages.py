"""Local governments: the list, and what each of them has under way."""

from typing import Any

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person, scope_of
from application.reading import NotFound
from application.reference import LocalGovernment
from application.rights import may
from application.script import fold, sort_key
from application.views.partners import LocalGovernmentFile
from application.views.register import RegisterQuery
from domain.initiatives.terms import Stage
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives.filters import address
from web.initiatives.listing import rows_of
from web.initiatives.opening import names_for
from web.pages import page
from web.session import PageRequest

PATH = "/local-governments"
_MOST_CASES = 40


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One local government in the list."""

    name: str
    district: str
    href: str
    cases: int
    countries: int


class LocalGovernmentPages(Controller):
    path = PATH

    @get(past=True, sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """All of them on one page: there are two hundred."""
        text, asked = _text(asked)
        names = names_for(request, work)
        files = {file.code: file for file in work.reading.local_governments(person)}
        own = scope_of(person).local_government
        units = [u for u in work.local_governments.by_code.values() if own in (None, u.code) and _bears(u, text)]
        lines = [
            Line(
                name=names.unit(unit.code),
                district=names.spoken.name(unit.district),
                href=f"{PATH}/{unit.code}",
                cases=sum(file.by_stage.values()) if (file := files.get(unit.code)) else 0,
                countries=len(file.countries) if file else 0,
            )
            for unit in sorted(units, key=lambda unit: sort_key(unit.name))
        ]
        status = 400 if asked.refusals else 200
        return page(request, "local_governments/list.html", status=status, asked=asked, lines=lines, text=text)

    @get("/{code:str}", past=True, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        code: FromPath[str],
    ) -> Response[Any]:
        unit = work.local_governments.by_code.get(code)
        if unit is None:
            raise NotFound(code)
        file = work.reading.local_government(person, code)
        names = names_for(request, work)
        own = RegisterQuery(local_governments=(code,))
        cases = work.reading.register(person, msgspec.structs.replace(own, size=_MOST_CASES))
        return page(
            request,
            "local_governments/file.html",
            unit=unit,
            name=names.unit(code),
            district=names.spoken.name(unit.district),
            city=names.unit(unit.parent) if unit.parent else "",
            stages=_by_stage(file, own),
            countries=_by_country(file, own),
            cases=rows_of(cases.rows, names),
            total=cases.total,
            all_cases=address(own),
            may_propose=not work.reading.as_of and may(person, "propose") and person.local_government in (None, code),
        )


def _text(asked: Form) -> tuple[str, Form]:
    try:
        with asked.reading() as reader:
            text = reader.line_or_none("q") or ""
    except Refused as refused:
        return "", asked.refused(refused.refusals)
    return text, asked


def _bears(unit: LocalGovernment, text: str) -> bool:
    """Whether name, district or city holds the text, in whatever script it was typed."""
    wanted = fold(text)
    nothing_to_find = bool(text) and not wanted.strip()  # signs only, such as %
    return not nothing_to_find and wanted in fold(f"{unit.name} {unit.district} {unit.code}")


def _by_stage(file: LocalGovernmentFile, own: RegisterQuery) -> list[tuple[str, int, str]]:
    """Stage, number of cases and their list, in the order of the office's work."""
    counts = [(stage, file.by_stage.get(stage.value, 0)) for stage in Stage]
    return [(s.value, count, address(own, changed={"stages": (s,)})) for s, count in counts if count]


def _by_country(file: LocalGovernmentFile, own: RegisterQuery) -> list[tuple[str, int, str]]:
    """Country code, number of cases and their list, most first."""
    most_first = sorted(file.countries.items(), key=lambda country: (-country[1], country[0]))
    return [(iso, count, address(own, changed={"countries": (iso,)})) for iso, count in most_first]
