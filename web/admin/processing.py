"""Register of processing (art. 47 of the Law on Personal Data Protection): what is kept about persons, why, how long.

A test holds the list against the kinds of the vault and against every table of the database.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.access import Person
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.parts import Parts
from web.session import PageRequest, language_of

_TASK: Final = N_("Official task of the association, and duties by law (art. 12)")
_LEGAL: Final = N_("Duty by law (art. 12)")
_SAFE: Final = N_("Official task, and safety of the data (art. 12)")
_CASEWORKERS: Final = N_("People who work on the case, within their scope; auditors")
_OWN: Final = N_("The person; administrators")


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which personal data are processed. The texts are messages of the catalogue."""

    title: str
    whose: str
    what: str
    why: str
    ground: str
    kept: str
    """How long."""
    who: str
    """Who gets them."""
    vault: Sequence[str] = ()
    """Kinds of entries of the vault."""
    tables: Sequence[str] = ()
    """Tables of the database beside the vault; `views` is every table that is made from the log."""


ACTIVITIES: Final = (
    Activity(
        title=N_("Leading cases"),
        whose=N_("Persons who are named in proposals, reasons, remarks and tasks"),
        what=N_("What somebody writes about them in free text"),
        why=N_("To lead cases of international cooperation, and to show later why something was decided"),
        ground=_TASK,
        kept=N_("As long as the case; single entries until they are erased by request"),
        who=_CASEWORKERS,
        vault=("rationale", "reason", "remark"),
    ),
    Activity(
        title=N_("Word of the sides abroad"),
        whose=N_("Persons who speak for a town or a partner abroad"),
        what=N_("Name, office and contact, as they give them; who asked them"),
        why=N_("To know who confirmed something"),
        ground=_TASK,
        kept=N_("As long as the case; the link by which one answers 90 days at most"),
        who=_CASEWORKERS,
        vault=("person",),
        tables=("access.side_links",),
    ),
    Activity(
        title=N_("The log of facts"),
        whose=N_("People who work here"),
        what=N_("Who recorded what and when, by the number of the account and not by name"),
        why=N_("So that everybody can be asked for what they did, and nobody can change it"),
        ground=_TASK,
        kept=N_("For good"),
        who=N_("People who work on the case; auditors, also outside of the house; subscribed systems"),
        tables=("log.facts", "log.commands", "audit.facts", "views", "past"),
    ),
    Activity(
        title=N_("Accounts and signing in"),
        whose=N_("People who work here"),
        what=N_("Name, e-mail address, role, local government, language, hash of the password, sessions, tokens"),
        why=N_("So that only those who may get in, and each under an own name"),
        ground=_SAFE,
        kept=N_("Accounts as long as the log names them; sessions 7 days at most, wrong attempts 15 minutes"),
        who=N_("Administrators; colleagues see the name"),
        tables=(
            "access.accounts",
            "access.sessions",
            "access.links",
            "access.tokens",
            "access.answers",
            "access.attempts",
            "access.allowances",
            "access.oidc_clients",
        ),
    ),
    Activity(
        title=N_("Forms that wait for a sign-in"),
        whose=N_("People who work here, and whom they write about"),
        what=N_("What was being written when a session ended"),
        why=N_("So that nothing that was typed is lost"),
        ground=_TASK,
        kept=N_("One hour"),
        who=N_("Only the one who wrote it"),
        tables=("access.kept_entries",),
    ),
    Activity(
        title=N_("Notices, mail and calendars"),
        whose=N_("People who work here"),
        what=N_("What they were told and when; whether their mail comes back. Mails hold no free text of a case"),
        why=N_("So that deadlines are kept"),
        ground=_TASK,
        kept=N_("Mails 90 days; the rest as long as the account"),
        who=_OWN,
        tables=(
            *("office.notices", "office.notice_choices", "office.mails", "office.unreachable"),
            *("office.calendar_feeds", "office.calendar_items"),
        ),
    ),
    Activity(
        title=N_("Own arrangement of the work"),
        whose=N_("People who work here"),
        what=N_("Absences and substitutes, followed cases, saved filters"),
        why=N_("So that cases do not wait for somebody who is away, and everybody finds the own ones"),
        ground=_TASK,
        kept=N_("As long as the account; saved filters until their owner removes them"),
        who=N_("The person; colleagues as far as they stand in, or a filter is shared"),
        tables=("office.absences", "office.followed", "office.saved_views"),
    ),
    Activity(
        title=N_("Who looked"),
        whose=N_("People who work here"),
        what=N_("Who was shown texts about persons, or took the register or the log away: which case, in which hour"),
        why=N_("So that looking without need can be found out"),
        ground=_SAFE,
        kept=N_("Two years"),
        who=N_("Auditors"),
        tables=("access.looks",),
    ),
    Activity(
        title=N_("Requests of persons about their data"),
        whose=N_("Persons who ask"),
        what=N_("Name, contact, what they ask for, and the answer"),
        why=N_("To answer, and to show that and when it was answered"),
        ground=_LEGAL,
        kept=N_("As long as somebody may complain; name and contact until they are erased by request"),
        who=N_("Administrators; the Commissioner, if asked for"),
        vault=("person", "remark", "reason"),
        tables=("vault.erasures",),
    ),
)
WITHOUT_PERSONS: Final = frozenset(
    {
        *("migrations.applied", "office.cursors", "office.reminders", "office.trusted_registers"),
        *("seal.trees", "seal.tiles", "seal.checkpoints"),
        *("seal.witnesses", "seal.cosignatures", "audit.stays", "audit.progress"),
        *("delivery.secrets", "delivery.subscriptions", "delivery.cases", "delivery.owed", "delivery.deliveries"),
    }
)
"""Tables that hold nothing about a person."""


@get("/admin/processing", sync_to_thread=True)
def show_processing(
    request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
) -> Response[Any]:
    """For administrators. Raises Forbidden."""
    parts.keeping_people.require(person)
    spoken = language_of(request)
    return page(
        request, "admin/processing.html", activities=ACTIVITIES, made_on=spoken.date(parts.work.reading.today())
    )
