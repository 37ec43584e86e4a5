"""Bundles for auditors: what one would hold, the file itself, and the policy with which it is checked."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from application.access import Person
from application.auditing import require_audit
from application.bundles import BundleEnd, BundlePlan, begin_of
from domain.kernel import Refusal, Refused
from domain.words import CASE_NUMBER
from web.audit.filters import days
from web.audit.places import places
from web.casework import Casework
from web.forms import Form
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import Language
from web.pages import page
from web.session import PageRequest, language_of

PATH: Final = "/audit/bundle"
LABELS: Final = {"from": N_("First day"), "to": N_("Last day"), "case": N_("Case, or empty")}
_NUMBER: Final = re.compile(CASE_NUMBER)


class Asked(msgspec.Struct, frozen=True):
    """Of which days, and of which case alone."""

    since: date
    until: date
    number: str | None

    @property
    def query(self) -> str:
        given = {"from": self.since.isoformat(), "to": self.until.isoformat(), "case": self.number or ""}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def file(self) -> str:
        """Its name."""
        days = "--".join(dict.fromkeys((self.since.isoformat(), self.until.isoformat())))
        return f"pobratim-{f'{self.number}-' if self.number else ''}{days}.bundle.gz"


class BundlePages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Without days the form opens with those of the case, or of this year; with days it says what they give."""
        require_audit(person)
        wanted: Asked | None = None
        plan: BundlePlan | None = None
        try:
            if not asked.value("from").strip() and not asked.value("to").strip():
                asked = self._opening(person, asked, work, language_of(request))
                wanted = _asked(asked) if asked.value("case") else None
            else:
                wanted = _asked(asked)
            plan = work.bundles.plan(person, wanted.since, wanted.until, wanted.number) if wanted else None
        except Refused as refused:
            asked = asked.refused(refused.refusals)
        return page(
            request,
            "audit/bundle.html",
            status=400 if asked.refusals else 200,
            places=places(person),
            asked=asked,
            labels=LABELS,
            wanted=wanted if plan else None,
            plan=plan,
            told=_told(plan, wanted, language_of(request)) if plan and wanted else (),
            short=_short(plan, wanted, language_of(request)) if plan and wanted else "",
            file=wanted.file if wanted else "2026.bundle.gz",
        )

    @get("/file", sync_to_thread=True)
    def take(
        self, person: NamedDependency[Person], asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Stream:
        require_audit(person)
        wanted = _asked(asked)
        pieces = work.bundles.pieces(person, wanted.since, wanted.until, wanted.number)
        headers = {"content-disposition": f'attachment; filename="{wanted.file}"'}
        return Stream(pieces, media_type="application/gzip", headers=headers)

    @get("/policy", sync_to_thread=True)
    def policy(self, person: NamedDependency[Person], work: NamedDependency[Casework]) -> Response[bytes]:
        headers = {"content-disposition": 'attachment; filename="pobratim-policy.json"'}
        return Response(work.bundles.policy(person), media_type="application/json", headers=headers)

    @staticmethod
    def _opening(person: Person, asked: Form, work: Casework, spoken: Language) -> Form:
        number = asked.value("case").strip() or None
        if number and not _NUMBER.fullmatch(number):
            raise Refused(Refusal("audit.no-number", {"typed": number}, "case"))
        first, today = work.bundles.first_day(person, number), work.reading.today()
        since = first if number else max(first, today.replace(month=1, day=1))
        return Form([("from", spoken.date(since)), ("to", spoken.date(today)), ("case", number or "")])


def _asked(asked: Form) -> Asked:
    """Raises Refused."""
    with asked.reading() as reader:
        since, until = days(reader)
        for name, day in (("from", since), ("to", until)):
            if day is None and not asked.value(name).strip():
                reader.refuse(Refusal("form.missing", field=name))
        number = reader.line_or_none("case", most=60)
        if number and not _NUMBER.fullmatch(number):
            reader.refuse(Refusal("audit.no-number", {"typed": number}, "case"))
        return Asked(since or date.min, until or date.max, number)


def _told(plan: BundlePlan, wanted: Asked, spoken: Language) -> Sequence[tuple[str, str]]:
    """Message and text of each line about what the file will hold."""
    records = spoken.count("%(num)s record", "%(num)s records", plan.facts)
    if wanted.number and plan.leaves > plan.facts:
        others = plan.leaves - plan.facts
        fingerprints = spoken.count("%(num)s fingerprint of others", "%(num)s fingerprints of others", others)
        records = f"{records}, {fingerprints}"
    return [
        (N_("Days"), " – ".join(dict.fromkeys(map(spoken.date, (wanted.since, wanted.until))))),
        (N_("Holds"), records),
        (N_("Size"), _size(plan.size, spoken)),
        (N_("Begins behind"), _end(plan.before, plan, spoken)),
        (N_("Ends with"), _end(plan.after, plan, spoken)),
        (N_("File name"), wanted.file),
    ]


def _short(plan: BundlePlan, wanted: Asked, spoken: Language) -> str:
    """Where the seal ends before the last day does."""
    if plan.end >= begin_of(wanted.until, 1):
        return ""
    said = N_(
        "It ends at %(at)s, with the newest sealed record: only a later one shows that none is missing before it."
    )
    return spoken.gettext(said) % {"at": spoken.moment(plan.end)}


def _end(end: BundleEnd | None, plan: BundlePlan, spoken: Language) -> str:
    """A checkpoint in words."""
    if end is None:
        return spoken.gettext(N_("the beginning of the log"))
    said = spoken.gettext(N_("the checkpoint over %(count)s, up to %(at)s")) % {
        "count": spoken.count("%(num)s record", "%(num)s records", end.size),
        "at": spoken.moment(end.recorded_at),
    }
    if not plan.named:
        return said
    seen = spoken.count("signed by %(num)s witness", "signed by %(num)s witnesses", end.witnesses)
    return f"{said}, {seen}"


def _size(size: int, spoken: Language) -> str:
    """Rounded: it is an estimate."""
    if size < 1_000_000:  # noqa: PLR2004 - a megabyte
        return spoken.gettext(N_("about %(size)s KB")) % {"size": spoken.number(max(1, round(size / 1000)))}
    return spoken.gettext(N_("about %(size)s MB")) % {"size": spoken.number(round(size / 1_000_000))}
