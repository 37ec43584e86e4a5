"""A mail about a subscription whose deliveries wait for a person, in the reader's language and script."""

from uuid import UUID

from application.accounts import Account
from application.mailing import Letter, Mail
from application.subscriptions import MACHINE
from application.subscriptions_reading import ReadingSubscriptions, Trouble
from application.subscriptions_rights import administers
from domain.subscriptions.events import DisabledBecause
from web.admin.subscriptions_sides import ADMINISTRATORS, KEEPERS
from web.language import Language, language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.templating import environment


class SubscriptionLetters:
    """Its call implements application.mailing.WriteAbout."""

    def __init__(self, site: str, reading: ReadingSubscriptions) -> None:
        self._site, self._reading = site.rstrip("/"), reading

    def __call__(self, account: Account, subscription: UUID, mail: Mail) -> Letter | None:
        trouble = self._reading.trouble(MACHINE, subscription)
        if trouble is None:
            return None
        spoken = language(account.locale)
        title, said = _told(trouble, spoken)
        lines = [f"{one.subject}: {one.case.fault}" for one in trouble.parked]
        if trouble.more:
            lines.append(spoken.gettext(N_("and %(num)s more")) % {"num": spoken.number(trouble.more)})
        office, code = administers(account.person), trouble.state.code
        page = f"{self._site}{(ADMINISTRATORS if office else KEEPERS).at(code)}{'#parked' if trouble.parked else ''}"
        command = f"pobratim subscription parked {code}" if office else ""
        waits = spoken.gettext(N_("It waits for you on this page:"))
        html = environment(account.locale).get_template("mail/subscription.html")
        return Letter(
            id=mail.id,
            to=account.email,
            subject=title,
            plain="\n\n".join(
                [title, said, *lines, f"{waits}\n{page}", *[command] * office, f"-- \nPobratim\n{self._site}"]
            )
            + "\n",
            html=html.render(
                title=title, said=said, lines=lines, waits=waits, page=page, command=command, site=self._site
            ),
            choices=page,
        )


def _told(trouble: Trouble, spoken: Language) -> tuple[str, str]:
    """Title and sentence."""
    name = {"name": trouble.state.name}
    if trouble.state.disabled_because is DisabledBecause.GONE:
        title = spoken.gettext(N_("Subscription %(name)s: the receiver wants no more deliveries")) % name
        said = N_("The receiver answered with status 410. Nothing is delivered until you resume the subscription.")
        return title, spoken.gettext(said)
    title = spoken.gettext(N_("Subscription %(name)s: deliveries wait for you")) % name
    said = N_(
        "The receiver has not taken a record of the cases below for about a day. They wait until you release them; the "
        "other cases go on."
    )
    return title, spoken.gettext(said)
