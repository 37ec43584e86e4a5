"""Subscriptions of other systems by webhook: administrators make them, and keepers look after theirs."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec

from application import handling
from application.access import OPERATOR, Person, Role
from application.accounts import Accounts
from application.delivering import trial_message
from application.handling import Done, Known, Request
from application.identity import subscription_id
from application.ports import Clock, CommandKeyReused, Conflict, Log, Write
from application.reading import NotFound
from application.subscriptions_address import read_address
from application.subscriptions_ports import TEST, Answer, Delivery, Desk, NewSecret, Secrets, Sending
from application.subscriptions_rights import kept, may_resume, require, require_deed
from domain.kernel import AccountId, Command, CommandKey, Refusal, Refused
from domain.subscriptions import decisions as d
from domain.subscriptions import events as e
from domain.subscriptions.subscription import Filter, Subscription, fold

MOST: Final = 200
"""Subscriptions of one installation, those that were disabled among them."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator fills in."""

    name: str
    address: str
    keeper: AccountId | None = None
    filter: Filter = Filter()


class Opened(msgspec.Struct, frozen=True):
    """A subscription with a new secret, which is shown this once."""

    done: Done
    for_receiver: str
    """Empty where the same request had been carried out before: the secret is shown once."""


class Source(msgspec.Struct, frozen=True):
    """What the installation itself says of subscriptions."""

    address: str
    """Of the installation, as events name it."""
    loopback: bool
    """Deliveries may go to this machine by plain HTTP: only in the demo."""


class KeepingSubscriptions:
    """`by` is whoever acts. What is for administrators alone raises Forbidden for anybody else; of the rest, what
    somebody else keeps raises NotFound, as what does not exist."""

    def __init__(
        self,
        log: Log,
        desk: Desk,
        secrets: Callable[[], Secrets],
        sending: Callable[[], Sending],
        accounts: Accounts,
        source: Source,
        check_filter: Callable[[Filter], None],
        clock: Clock,
    ) -> None:
        """`secrets` and `sending` are asked for when they are needed, and may raise a fault then; `check_filter` raises
        Refused where a part of it is not known."""
        self._log, self._desk, self._accounts = log, desk, accounts
        self._secrets, self._sending = secrets, sending
        self._source, self._check_filter, self._clock = source, check_filter, clock

    def create(
        self, by: Person, key: CommandKey, code: str, wish: Wish, signing: e.Signing, after: int | None
    ) -> Opened:
        """A subscription that rests until it is resumed. `after` None begins with what is recorded from now on.

        Raises Refused.
        """
        require(by)
        stream, head = subscription_id(code), self._log.head()
        mark = _mark(f"{code} {after}", _creation(code, wish, signing, None, 0))
        if before := self._before(stream, key, mark):
            return before
        if after is not None and after > head:
            raise Refused(Refusal("feed.cursor-beyond-end", {"after": after, "head": head}, "after"))
        if len(self._desk.subscriptions()) >= MOST:
            raise Refused(Refusal("subscription.too-many", {"most": MOST}))
        self._check(wish)
        d.create(self._state(code), _creation(code, wish, signing, None, 0))  # what is refused leaves no secret behind
        secret = self._secrets().make(signing)
        self._desk.begin(stream)
        command = _creation(code, wish, signing, secret, head if after is None else after)
        return self._with_secret(by, code, key, command, mark, secret)

    def rotate(self, by: Person, code: str, key: CommandKey, overlap_hours: int, *, lost: bool = False) -> Opened:
        """A new secret; the old one signs beside it for some hours, unless it is lost, of which administrators know.

        Raises Forbidden, NotFound, Refused.
        """
        if lost:
            require(by)
        state, overlap_hours = self.one(by, code), 0 if lost else overlap_hours
        mark = _mark(f"{code} {lost}", d.RotateSecret(secret=UUID(int=0), overlap_hours=overlap_hours))
        if before := self._before(subscription_id(code), key, mark):
            return before
        on = handling.occasion(by, self._clock)
        d.decide(state, d.RotateSecret(secret=UUID(int=0), overlap_hours=overlap_hours), on)
        secret = self._secrets().make(state.signing, lost=lost)
        command = d.RotateSecret(secret=secret.id, public_key=secret.public_key, overlap_hours=overlap_hours)
        return self._with_secret(by, code, key, command, mark, secret)

    def change(self, by: Person, code: str, key: CommandKey, wish: Wish) -> Done:
        """Raises NotFound, Refused."""
        require(by)
        self._check(wish)
        command = d.ChangeSubscription(name=wish.name, address=wish.address, keeper=wish.keeper, filter=wish.filter)
        return self.do(by, code, key, command)

    def pause(self, by: Person, code: str, key: CommandKey) -> Done:
        """Raises NotFound, Refused."""
        return self.do(by, code, key, d.PauseSubscription())

    def resume(self, by: Person, code: str, key: CommandKey) -> Done:
        """Begin, or go on. Raises NotFound; Refused for a keeper where an administrator has disabled it."""
        return self.do(by, code, key, d.ResumeSubscription())

    def disable(self, by: Person, code: str, key: CommandKey) -> Done:
        """Raises NotFound."""
        return self.do(by, code, key, d.DisableSubscription())

    def test(self, by: Person, code: str) -> Answer:
        """Send a delivery that tells of no fact, now, and say how it was taken. Raises NotFound, and a fault."""
        state, stream, now = self.one(by, code), subscription_id(code), self._clock()
        message = trial_message(stream, self._source.address, code, now)
        answer = self._sending().send(state, state.signs(now), message)
        kept = Delivery(id=0, position=TEST, stream=None, replay=0, attempt=1, sent_at=now, answer=answer)
        self._desk.keep(stream, kept)
        return answer

    # --- within, and for the other use cases of subscriptions

    def one(self, by: Person, code: str) -> Subscription:
        """Raises NotFound."""
        return kept(by, self._state(code), code)

    def do(self, by: Person, code: str, key: CommandKey, command: Command, mark: bytes = b"") -> Done:
        """One decision. `mark` says what makes it the same request, where that is not the whole command.

        Raises Forbidden, NotFound, Refused.
        """
        require_deed(by, command)
        stream, request = subscription_id(code), Request(key=key, command=command)
        on, mark = handling.occasion(by, self._clock), mark or _mark(code, command)

        def attempt() -> Done:
            if (before := self._log.outcome(key, mark)) is not None:
                return Done(stream=stream, position=before.position, repeated=True)
            now: Known[Subscription] = handling.known(self._log, stream, fold)
            if not isinstance(command, d.CreateSubscription):
                state = kept(by, now.state, code)
                if isinstance(command, d.ResumeSubscription) and not may_resume(by, state):
                    raise Refused(Refusal("subscription.disabled-by-administrator"))
            facts = d.decide(now.state, command, on)
            if not facts:
                return Done(stream=stream, position=now.position, repeated=True)
            saved = handling.keep(self._log, request, mark, on, [Write(stream, now.version, facts)])
            if saved.repeated:
                return Done(stream=stream, position=saved.position, repeated=True)
            return Done(stream=stream, position=saved.position, after=now.version, facts=facts)

        return handling.retried(attempt, _lost_race)

    def _before(self, stream: UUID, key: CommandKey, mark: bytes) -> Opened | None:
        """What the same request has led to before."""
        before = self._log.outcome(key, mark)
        return Opened(Done(stream=stream, position=before.position, repeated=True), "") if before else None

    def _with_secret(
        self, by: Person, code: str, key: CommandKey, command: Command, mark: bytes, secret: NewSecret
    ) -> Opened:
        """The secret goes where the decision is refused after all, or the request is a repeated one.

        The id of a secret is new each time, so it is not part of what makes a request the same.
        """
        try:
            done = self.do(by, code, key, command, mark)
        except (Refused, Conflict, CommandKeyReused, NotFound):
            self._secrets().drop(secret.id)
            raise
        if done.repeated:
            self._secrets().drop(secret.id)
        return Opened(done, "" if done.repeated else secret.for_receiver)

    def _state(self, code: str) -> Subscription | None:
        return fold([r.fact for r in self._log.read(subscription_id(code)) if isinstance(r.fact, e.SubscriptionEvent)])

    def _check(self, wish: Wish) -> None:
        """Raises Refused."""
        read_address(wish.address, loopback=self._source.loopback)
        self._check_filter(wish.filter)
        if wish.keeper is not None:
            account = self._accounts.find(wish.keeper)
            if account is None or account.disabled:
                raise Refused(Refusal("subscription.keeper", field="keeper"))


MACHINE: Final = msgspec.structs.replace(OPERATOR, role=Role.ADMINISTRATOR)
"""As whom deliveries record what they themselves bring about."""


def _mark(subject: str, command: Command) -> bytes:
    return handling.digest(subject, Request(key=CommandKey(UUID(int=0)), command=command))


def _creation(code: str, wish: Wish, signing: e.Signing, secret: NewSecret | None, after: int) -> d.CreateSubscription:
    return d.CreateSubscription(
        code=code,
        name=wish.name,
        address=wish.address,
        signing=signing,
        secret=secret.id if secret else UUID(int=0),
        public_key=secret.public_key if secret else None,
        keeper=wish.keeper,
        after=after,
        filter=wish.filter,
    )


def _lost_race(conflict: Conflict) -> bool:
    return True
