"""What every deed on a running case shares."""

from domain.dates import Day
from domain.kernel import Command, Refusal, Refused


class Dated(Command, frozen=True, kw_only=True):
    """A command about something that happened on a day, as far as the day is known."""

    occurred_on: Day | None = None


def check(*refusals: Refusal | None) -> None:
    """Raise Refused with every refusal that is not None."""
    found = [r for r in refusals if r is not None]
    if found:
        raise Refused(*found)
