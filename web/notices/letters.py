"""A mail in the reader's language and script: plain, and the same as HTML."""

from collections.abc import Sequence

from application.accounts import Account, Accounts
from application.mailing import Letter, Mail
from application.notices import Shown
from application.procedures import Shelf
from application.reference import LocalGovernments
from web.initiatives.naming import Names
from web.language import Language, language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.notices.lines import Line, line_of
from web.templating import environment


class Letters:
    """Its call implements application.mailing.Write."""

    def __init__(self, site: str, units: LocalGovernments, accounts: Accounts, procedures: Shelf) -> None:
        self._site = site.rstrip("/")
        self._units, self._accounts, self._procedures = units, accounts, procedures

    def __call__(self, account: Account, told: Sequence[Shown], mail: Mail) -> Letter:
        spoken = language(account.locale)
        names = Names(spoken, self._units, self._accounts, self._procedures.now())
        lines = [line_of(notice, names) for notice in told]
        choices = f"{self._site}/account/notices"
        title = _title(lines, spoken, digest=mail.digest)
        html = environment(account.locale).get_template("mail/letter.html")
        return Letter(
            id=mail.id,
            to=account.email,
            subject=title,
            plain=self._plain(title, lines, choices, spoken),
            html=html.render(title=title, lines=lines, site=self._site, choices=choices),
            choices=choices,
        )

    def _plain(self, title: str, lines: Sequence[Line], choices: str, spoken: Language) -> str:
        parts = [title, *(self._lines(line, spoken) for line in lines)]
        footer = spoken.gettext(N_("What mail you get is chosen here:"))
        return "\n\n".join([*parts, f"-- \nPobratim\n{footer}\n{choices}"]) + "\n"

    def _lines(self, line: Line, spoken: Language) -> str:
        said = [
            line.reason,
            line.said,
            f"{line.pair.home} – {line.pair.partner} ({line.number})",
            ", ".join(filter(None, (line.who, spoken.moment(line.at)))),
            f"{self._site}{line.href}",
        ]
        return "\n".join(part for part in said if part)


def _title(lines: Sequence[Line], spoken: Language, *, digest: bool) -> str:
    """Of a mail at once what it tells, of a digest how much."""
    if digest:
        return spoken.count("Pobratim: %(num)s notice", "Pobratim: %(num)s notices", len(lines))
    line = lines[0]
    return f"{line.reason}: {line.pair.home} – {line.pair.partner} ({line.number})"
