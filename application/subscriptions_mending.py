"""What is done about deliveries: let a parked case go on, and deliver again what was delivered before."""

from uuid import uuid5

from application.access import Person
from application.handling import Done
from application.subscriptions import KeepingSubscriptions
from application.subscriptions_ports import Desk
from application.subscriptions_reading import MOST_SHOWN, Plan, ReadingSubscriptions
from application.subscriptions_rights import require
from domain.kernel import CommandKey, Refusal, Refused
from domain.subscriptions import decisions as d


class MendingDeliveries:
    """`by` is whoever acts: an administrator; a parked case is released by the keeper too."""

    def __init__(self, keeping: KeepingSubscriptions, reading: ReadingSubscriptions, desk: Desk) -> None:
        self._keeping, self._reading, self._desk = keeping, reading, desk

    def release(self, by: Person, code: str, key: CommandKey, subject: str) -> Done:
        """Try a parked case again, by its number; what waits behind it follows. Raises NotFound, Refused."""
        for parked in self._reading.waiting(by, code, parked=True):
            if subject in (parked.subject, str(parked.case.stream)):
                command = d.ReleaseCase(stream=parked.case.stream, subject=parked.subject)
                return self._keeping.do(by, code, key, command)
        raise Refused(Refusal("subscription.not-parked", {"typed": subject[:80]}, "subject"))

    def release_all(self, by: Person, code: str, key: CommandKey) -> int:
        """Every parked case, MOST_SHOWN at most. How many. Raises NotFound."""
        parked = self._reading.waiting(by, code, parked=True)[:MOST_SHOWN]
        for number, one in enumerate(parked):
            command = d.ReleaseCase(stream=one.case.stream, subject=one.subject)
            self._keeping.do(by, code, CommandKey(uuid5(key, str(number))), command)
        return len(parked)

    def begin_replay(self, by: Person, code: str, key: CommandKey, plan: Plan) -> Done:
        """As it was planned; what stands behind the plan was not delivered yet. Raises NotFound, Refused."""
        command = d.BeginReplay(after=plan.after, up_to=plan.up_to, facts=plan.facts, cases=plan.cases)
        return self._keeping.do(by, code, key, command)

    def stop_replay(self, by: Person, code: str, key: CommandKey) -> Done:
        """Deliveries go on where they had stood. Raises NotFound, Refused."""
        return self._keeping.do(by, code, key, d.StopReplay())

    def progress(self, by: Person, code: str) -> tuple[int, int] | None:
        """Positions that the running replay has passed, and all that it will; None where none runs. Raises NotFound."""
        require(by)
        row = self._reading.one(by, code)
        replay = row.state.replay
        if replay is None:
            return None
        reached = row.stand.cursor if row.stand and row.stand.replaying else replay.after
        return max(0, min(reached, replay.up_to) - replay.after), replay.up_to - replay.after
