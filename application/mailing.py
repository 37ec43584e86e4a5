"""Mail: what waits to be sent, when it is tried again, and when that is given up.

A mail server that is away, slow or full keeps nobody from working: everything waits in the database and is sent by a
thread of its own. A mail whose acceptance was lost on the way is sent again, under the same Message-ID.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import Forbidden, scope_of
from application.accounts import Account, Accounts
from application.handling import OFFICE
from application.notices import Shown
from application.ports import Clock
from domain.kernel import AccountId

DIGEST_HOUR: Final = 7
"""Of the office's day; who comes to work finds it there."""
BATCH: Final = 50
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
"""Before each new attempt; the last one counts for all further ones."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
CLAIMED: Final = timedelta(minutes=10)
"""So long nobody else takes a mail that is being sent, also where its sender died meanwhile."""
NOT_YET_SHOWN: Final = timedelta(minutes=10)
"""So long a mail waits for the views to show its case."""
SOON: Final = timedelta(seconds=5)


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail is handed over, and by what name."""

    host: str
    port: int
    secured: Literal["starttls", "tls", "none"]
    user: str = ""
    password: str = ""
    sender: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """What waits; its words are written when it is sent."""

    id: UUID
    account: AccountId
    digest: bool
    made_at: datetime
    next_at: datetime
    attempts: int
    subscription: UUID | None = None
    """About which it is, where it tells of no notices."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    to: str
    subject: str
    plain: str
    html: str
    choices: str
    """Address of the page on which the reader says what mail to get."""


class MailState(msgspec.Struct, frozen=True):
    """For whoever keeps the installation running."""

    waiting: int
    given_up: int
    """In the last week."""
    unreachable: int


class PostFault(Exception):
    """The server did not take it this time."""


class Unreachable(Exception):
    """The server says for good that the address is none."""


Write = Callable[[Account, Sequence[Shown], Mail], Letter]
WriteAbout = Callable[[Account, UUID, Mail], Letter | None]
"""About a subscription; None where nothing is to be told of it any more."""


@runtime_checkable
class Post(Protocol):
    def send(self, letter: Letter) -> None:
        """Returns when the server has taken it over. Raises PostFault, Unreachable."""
        ...


@runtime_checkable
class Mails(Protocol):
    def gather(self, day: date, now: datetime) -> None:
        """One digest for everybody who has unread notices for it, if there is none of that day yet."""
        ...

    def due(self, now: datetime, most: int) -> Sequence[Mail]:
        """Those to be sent now, the ones that wait longest first."""
        ...

    def claim(self, mail: Mail, until: datetime) -> bool:
        """Count an attempt and keep others away; False where somebody else was faster."""
        ...

    def notices(self, mail: Mail, local_government: str | None) -> Sequence[Shown]:
        """What it tells, as far as it lies within the scope, the oldest first."""
        ...

    def sent(self, mail: Mail, now: datetime) -> None:
        """And the address is one."""
        ...

    def later(self, mail: Mail, at: datetime, fault: str) -> None: ...

    def given_up(self, mail: Mail, now: datetime, fault: str) -> None: ...

    def unreachable(self, mail: Mail, address: str, now: datetime, fault: str) -> None:
        """Give the mail up, and remember that the address is none."""
        ...

    def unreached(self, accounts: Collection[AccountId] = ()) -> Mapping[AccountId, datetime]:
        """Whose present address is none, since when; of all accounts where none is named."""
        ...

    def state(self, now: datetime) -> MailState: ...


class Mailing:
    def __init__(
        self,
        mails: Mails,
        accounts: Accounts,
        write: Write,
        post: Post,
        clock: Clock,
        write_about: WriteAbout = lambda _account, _subscription, _mail: None,
    ) -> None:
        self._mails, self._accounts, self._write, self._write_about = mails, accounts, write, write_about
        self._post, self._clock = post, clock

    def round(self) -> None:
        """Send what is due. Ends with the first mail that the server does not take: others would not fare better."""
        now = self._clock()
        local = now.astimezone(OFFICE)
        if local.hour >= DIGEST_HOUR:
            self._mails.gather(local.date(), now)
        for mail in self._mails.due(now, BATCH):
            if self._mails.claim(mail, now + CLAIMED) and not self._delivered(mail):
                return

    def _delivered(self, mail: Mail) -> bool:
        """False where the server did not take it this time."""
        account, now = self._accounts.find(mail.account), self._clock()
        if account is None or account.disabled:
            self._mails.given_up(mail, now, "account")
            return True
        letter = self._letter(mail, account)
        if letter is None:
            early = now - mail.made_at < NOT_YET_SHOWN and mail.subscription is None
            self._mails.later(mail, now + SOON, "") if early else self._mails.given_up(mail, now, "sight")
            return True
        try:
            self._post.send(letter)
        except Unreachable as fault:
            self._mails.unreachable(mail, account.email, self._clock(), str(fault))
        except PostFault as fault:
            self._again(mail, str(fault))
            return False
        else:
            self._mails.sent(mail, self._clock())
        return True

    def _letter(self, mail: Mail, account: Account) -> Letter | None:
        """None where there is nothing that the reader may be told."""
        if mail.subscription is not None:
            return self._write_about(account, mail.subscription, mail)
        told = self._told(mail, account)
        return self._write(account, told, mail) if told else None

    def _told(self, mail: Mail, account: Account) -> Sequence[Shown]:
        try:
            return self._mails.notices(mail, scope_of(account.person).local_government)
        except Forbidden:
            return ()

    def _again(self, mail: Mail, fault: str) -> None:
        now = self._clock()
        if now - mail.made_at >= GIVEN_UP_AFTER:
            self._mails.given_up(mail, now, fault)
        else:
            self._mails.later(mail, now + PAUSES[min(mail.attempts, len(PAUSES) - 1)], fault)
