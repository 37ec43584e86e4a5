"""What a person's desk shows: the answer to "what must I do today", then the work itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from application.access import Person, Role
from application.views.desk import Change, Queue, QueueQuery, SilentQuery
from application.views.register import NOBODY, Due, RegisterQuery, RegisterRow
from domain.initiatives.liveness import renewed_tacitly
from domain.initiatives.procedure import OF_A_TOWN, Actor
from domain.initiatives.terms import Term
from domain.kernel import AccountId
from web.casework import Casework
from web.desk.lines import Days, Group, HandlerCount, News, Part, Task
from web.desk.tasks import NONE_DUE, DueTasks
from web.initiatives.deed_words import DEEDS, TACITLY_RENEWED
from web.initiatives.filters import address
from web.initiatives.naming import Names, Pair
from web.initiatives.presenting import word
from web.initiatives.sentences import SENTENCES
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import OFFICE_ZONE

MOST: Final = 8
DUE: Final = ("late", "today", "week", "later")
"""What is ours to do, by its day."""
ORPHANS: Final = "orphans"
"""Late cases without a handler: nobody else will see to them. They are counted on the desk and stand on no page."""
_MOST_CHANGES: Final = 48
GROUPS: Final = {
    "late": N_("Late"),
    "today": N_("Today"),
    "week": N_("This week"),
    "later": N_("Later"),
    "waiting": N_("Waiting for others"),
    "unassigned": N_("Without handler"),
    "escalated": N_("Escalated"),
    "confirm": N_("Partnerships to confirm"),
    "dormant": N_("Perhaps dormant"),
    "approvals": N_("For approval"),
    "team": N_("My team"),
}
"""What a desk is made of; each has a page of its own, and the work of all colleagues stands only there."""
NOTHING: Final = {
    "late": N_("No deadline has passed in a case in which the next step is yours."),
    "today": N_("No step of yours is due today."),
    "week": N_("No step of yours is due in the rest of this week."),
    "later": N_("No step of yours is due after this week."),
    "waiting": N_("In no case of yours does the next step belong to somebody else."),
    "unassigned": N_("Every case under way has its handler."),
    "escalated": N_("No step is so late that the procedure brings it to the head of department."),
    "confirm": N_("Something was recorded of every partnership lately, so that none has to be confirmed."),
    "dormant": N_("Of no partnership has nothing been heard for so long that it may be dormant."),
    "approvals": N_("Nobody has asked for the approval of a second person."),
    "team": N_("No next step belongs to the association."),
}
"""Why a group is empty."""
OF_THE_OFFICE: Final = frozenset({"unassigned", "team"})
"""Groups that look beyond one's own cases."""
OURS: Final = (Actor.ASSOCIATION, Actor.BOTH_SIDES)
_SILENT: Final = {"confirm": "confirm-partnership", "dormant": "mark-dormant"}
"""The deed that each of these groups asks for."""
_CHANGED_WITHIN: Final = timedelta(days=1)


class Desk:
    """Reads what one person has to do, in that person's language."""

    def __init__(self, person: Person, work: Casework, names: Names) -> None:
        self._person, self._work, self._names = person, work, names
        self._days = Days(work.reading.today())
        self.absent = work.standing_in.behind(person, self._days.today)
        """Those for whom the person stands in today; their cases are on the desk too."""
        led_by = (person.account, *(absent.account for absent in self.absent))
        self._mine: tuple[AccountId, ...] = led_by if person.role is Role.COORDINATOR else ()
        self._ours = OF_A_TOWN if person.role is Role.OFFICER else OURS

    @property
    def names(self) -> Names:
        return self._names

    @property
    def spoken(self) -> Language:
        return self._names.spoken

    def groups(self, codes: Sequence[str], page: int = 1, size: int = MOST) -> Mapping[str, Group]:
        """Some queues of steps, read at once."""
        wanted = [replace(self._queries[code], most=size, skip=(page - 1) * size) for code in codes]
        return {
            code: Group(
                code=code,
                title=self.spoken.gettext(GROUPS.get(code, "")),
                tasks=tuple(
                    self._task(row, with_leader=code == "team", with_actor=code == "escalated") for row in queue.rows
                ),
                total=queue.total,
                all_href=f"/desk/{code}",
            )
            for code, queue in zip(codes, self._work.reading.steps(self._person, wanted), strict=True)
        }

    def group(self, code: str, page: int = 1, size: int = MOST) -> Group:
        """One of GROUPS, or one page of it."""
        title, skip = self.spoken.gettext(GROUPS[code]), (page - 1) * size
        if code == "approvals":
            return self._approvals(title, skip, size)
        if code not in _SILENT:
            return self.groups([code], page, size)[code]
        queue = self._work.reading.silent(self._person, replace(self._silent(code), most=size, skip=skip))
        tasks = tuple(self._silent_task(row, _SILENT[code]) for row in queue.rows)
        return Group(code=code, title=title, tasks=tasks, total=queue.total, all_href=f"/desk/{code}")

    def queue(self, code: str, skip: int, most: int) -> Queue:
        """The cases of one of GROUPS."""
        if code == "approvals":
            found = self._work.reading.approvals(self._person, most, skip)
            return Queue(tuple(asked.row for asked in found.rows), found.total)
        if code in _SILENT:
            return self._work.reading.silent(self._person, replace(self._silent(code), most=most, skip=skip))
        return self._work.reading.steps(self._person, [replace(self._queries[code], most=most, skip=skip)])[0]

    def _approvals(self, title: str, skip: int, most: int) -> Group:
        found = self._work.reading.approvals(self._person, most, skip)
        tasks = [
            replace(
                self._task(asked.row),
                what=", ".join(self.spoken.gettext(DEEDS[deed].title) for deed in asked.deeds),
                href=f"/initiatives/{asked.row.number}{'' if self._work.reading.as_of else '/approve'}",
            )
            for asked in found.rows
        ]
        return Group(code="approvals", title=title, tasks=tuple(tasks), total=found.total, all_href="/desk/approvals")

    @cached_property
    def _queries(self) -> Mapping[str, QueueQuery]:
        days, ours = self._days, QueueQuery(handlers=self._mine, actors=self._ours)
        others = tuple(actor for actor in Actor if actor not in self._ours)
        return {
            "late": replace(ours, due_before=days.today),
            "today": replace(ours, due_from=days.today, due_before=days.tomorrow),
            "week": replace(ours, due_from=days.tomorrow, due_before=days.next_week),
            "later": replace(ours, due_from=days.next_week, without_due=True),
            "waiting": QueueQuery(handlers=self._mine, actors=others),
            "unassigned": QueueQuery(unassigned=True),
            ORPHANS: QueueQuery(unassigned=True, due_before=days.today),
            "team": QueueQuery(actors=self._ours),
            "escalated": QueueQuery(escalated_by=days.today),
        }

    def differing(self) -> Group:
        """Cases whose sides say what cannot all be right: somebody has to find out."""
        query = RegisterQuery(differs=True, size=MOST)
        found = self._work.reading.register(self._person, query)
        tasks = tuple(self._task(row) for row in found.rows)
        title = self.spoken.gettext(N_("The sides differ"))
        return Group(code="differing", title=title, tasks=tasks, total=found.total, all_href=address(query))

    def beside(self) -> list[Group]:
        """What is to be looked at besides: partnerships of which nothing was heard, and steps that are very late."""
        mine = {
            Role.OFFICER: ("confirm",),
            Role.COORDINATOR: ("dormant",),
            Role.APPROVER: ("escalated",),
        }
        return [group for code in mine.get(self._person.role, ()) if (group := self.group(code)).total]

    def _silent(self, code: str) -> SilentQuery:
        """Of all cases in sight: those from before the register have no handler, and somebody has to ask."""
        today = self._days.today
        return SilentQuery(confirm_by=today) if code == "confirm" else SilentQuery(dormant_by=today)

    def _silent_task(self, row: RegisterRow, deed: str) -> Task:
        """A partnership to be asked about is not late, whatever else the case waits for."""
        task = self._task(row)
        href = task.href if self._work.reading.as_of else f"{task.href}/{deed}"
        return replace(task, what=self.spoken.gettext(DEEDS[deed].title), due=None, href=href, who="")

    def news(self) -> tuple[list[News], str]:
        """What changed since yesterday began, newest first; a case shows only its newest fact. And how many did."""
        since = datetime.combine(self._days.today - _CHANGED_WITHIN, time(), OFFICE_ZONE).astimezone(UTC)
        seen: dict[str, Change] = {}
        changes = self._work.reading.changes(self._person, _MOST_CHANGES, since)
        for change in changes:
            seen.setdefault(change.number, change)
        more = "+" if len(changes) == _MOST_CHANGES else ""
        return [self._news(change) for change in list(seen.values())[:MOST]], f"{self.spoken.number(len(seen))}{more}"

    def newest(self, most: int = 3 * MOST) -> list[News]:
        """The newest facts, whenever they were recorded."""
        return [self._news(change) for change in self._work.reading.changes(self._person, most)]

    def changed(self, before: int | None, most: int) -> tuple[list[News], int | None]:
        """The newest facts before a position, and the position before which older ones follow, if any do."""
        changes = self._work.reading.changes(self._person, most + 1, before=before)
        older = changes[most - 1].position if len(changes) > most else None
        return [self._news(change) for change in changes[:most]], older

    def late_by_handler(self) -> list[HandlerCount]:
        """Who has how many late cases, most first."""
        query = RegisterQuery(due=(Due.LATE,), size=1)
        options = self._work.reading.register(self._person, query).handlers
        counts = [
            HandlerCount(
                name=self._handler(option.value),
                count=option.count,
                href=address(RegisterQuery(due=(Due.LATE,), handlers=(option.value,), sort="due", descending=False)),
            )
            for option in options
            if option.count
        ]
        return sorted(counts, key=lambda handler: -handler.count)

    def answer(self, groups: Mapping[str, Group], tasks: DueTasks = NONE_DUE) -> list[Part]:
        """One or two sentences, in which only what there is has a place."""
        late, today, week = groups["late"], groups["today"], groups["week"]
        unled, orphans_late = groups.get("unassigned"), groups.get(ORPHANS)
        parts = [
            Part(self._late_said(late.total), "late") if late.total else None,
            Part(self._late_tasks_said(tasks.late), "late") if tasks.late else None,
            Part(self._today_said(today.total), "strong") if today.total else None,
            Part(self._tasks_today_said(tasks.today), "strong") if tasks.today else None,
            Part(self._week_said(week.total)) if week.total else None,
        ]
        said = [part for part in parts if part]
        orphans: list[Part] = []
        if orphans_late and orphans_late.total:
            orphans = [Part(" "), Part(self._orphans_said(orphans_late.total), "late")]
        if said:
            return [*_joined(said, self.spoken), *orphans]
        if orphans:
            return orphans[1:]
        if unled and unled.total:
            count = self.spoken.count(
                "Nothing is due this week. %(num)s case has no handler.",
                "Nothing is due this week. %(num)s cases have no handler.",
                unled.total,
            )
            return [Part(count)]
        return [Part(self.spoken.gettext(N_("Nothing is due this week.")))]

    def _late_said(self, count: int) -> str:
        return self.spoken.count("%(num)s deadline has passed", "%(num)s deadlines have passed", count)

    def _late_tasks_said(self, count: int) -> str:
        return self.spoken.count("%(num)s task is late", "%(num)s tasks are late", count)

    def _tasks_today_said(self, count: int) -> str:
        return self.spoken.count("%(num)s task is for today", "%(num)s tasks are for today", count)

    def _orphans_said(self, count: int) -> str:
        return self.spoken.count(
            "%(num)s case without a handler is late.", "%(num)s cases without a handler are late.", count
        )

    def _today_said(self, count: int) -> str:
        return self.spoken.count("%(num)s falls due today", "%(num)s fall due today", count)

    def _week_said(self, count: int) -> str:
        return self.spoken.count("%(num)s deadline by Sunday", "%(num)s deadlines by Sunday", count)

    def _task(self, row: RegisterRow, *, with_leader: bool = False, with_actor: bool = False) -> Task:
        said = DEEDS[row.deed] if row.deed else None
        ours = row.actor in self._ours
        what = said.title if said and (ours or not said.awaited) else said.awaited if said else ""
        who = word(row.actor, self.spoken) if row.actor else ""
        term = Term(ends_on=row.ends_on, tacit_renewal=row.tacit_renewal)
        if renewed_tacitly(row.stage, term, self._days.today):
            what = TACITLY_RENEWED if ours else N_("record of the tacit renewal")
        what = self.spoken.gettext(what)
        return Task(
            what=f"{who}: {what}" if with_actor and not ours else what,
            pair=self._names.short_pair(row.home, row.partners),
            number=row.number,
            href=f"/initiatives/{row.number}",
            stage=row.stage.value,
            due=row.due,
            who=who,
            waited=(self._days.today - row.since.astimezone(OFFICE_ZONE).date()).days,
            version=row.version,
            instead_of=self._names.person(row.handler) if row.handler in self._mine[1:] else "",
            leader=self._names.person(row.handler) if with_leader else "",
        )

    def _news(self, change: Change) -> News:
        said = SENTENCES[change.tag]
        return News(
            text=self.spoken.gettext(said.text),
            icon=said.icon,
            pair=Pair(
                home=", ".join(self._names.short(code) for code in change.home[:2]),
                partner=change.partner,
                iso=change.country,
                country=self.spoken.country(change.country),
            ),
            href=f"/initiatives/{change.number}",
            who=self._names.person(change.actor),
            at=change.recorded_at,
        )

    def _handler(self, value: str) -> str:
        return self.spoken.gettext(N_("No handler")) if value == NOBODY else self._names.person_by_text(value)


def _joined(parts: Sequence[Part], spoken: Language) -> list[Part]:
    """`a.`, `a and b.`, `a, b and c.`"""
    between = [Part(", ")] * (len(parts) - 2) + [Part(f" {spoken.gettext(N_('and'))} ")] * (len(parts) > 1)
    joined = [parts[0]]
    for gap, part in zip(between, parts[1:], strict=True):
        joined += [gap, part]
    return [*joined, Part(".")]
