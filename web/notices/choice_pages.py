"""What mail a person gets: for each kind of notice at once, once a day, or none."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from application.access import Person
from application.mailing import DIGEST_HOUR
from application.notice_choices import By
from domain.kernel import Refused
from web.forms import Form
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.menu import OWN_ACCOUNT
from web.notices.words import REASONS, WAYS
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of

PATH: Final = f"{OWN_ACCOUNT}/notices"


class NoticeChoicePages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        chosen = parts.notice_choices.of(person)
        form = Form.showing(**{kind.value: by.value for kind, by in chosen.items()})
        return _page(request, person, parts, form)

    @post(status_code=303, sync_to_thread=True)
    def choose(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                wishes = {kind: read.choice(kind.value, By) for kind in parts.notice_choices.of(person)}
        except Refused as refused:
            return _page(request, person, parts, form.refused(refused.refusals), status=422)
        parts.notice_choices.choose(person, wishes)
        return see_other(request, PATH, language_of(request).gettext(N_("Your choice about mail is kept.")))


def _page(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    spoken = language_of(request)
    return page(
        request,
        "notices/choices.html",
        status=status,
        form=form,
        kinds=[(kind.value, REASONS[kind]) for kind in parts.notice_choices.of(person)],
        ways=[(by.value, spoken.gettext(text)) for by, text in WAYS.items()],
        hour=f"{DIGEST_HOUR}:00",
        mail_on=bool(parts.settings.smtp_url),
        unreached_since=parts.unreached([person.account]).get(person.account),
    )
