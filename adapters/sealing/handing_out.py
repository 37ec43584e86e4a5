"""Bundles and the policy as the pages hand them out."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import psycopg

from adapters.sealing.auditing import Auditing
from adapters.sealing.bundle import Bundle, Bundling
from adapters.sealing.faults import SealFault
from adapters.sealing.span import SpanEnd
from adapters.sealing.witnesses import Witnesses
from application.bundles import BundleEnd, BundlePlan
from application.identity import case_id
from application.ports import LogUnavailable
from domain.kernel import Refusal, Refused

LEAF_BYTES: Final = 80
"""Of a leaf in the file, packed: half of it is its SHA-256, which cannot be packed."""
STATE_SHARE: Final = 0.2
"""To how much of its length the text of a fact is packed."""
_SAMPLE: Final = 500
_BEGUN: Final = b"SELECT min(recorded_at) FROM log.facts WHERE originator_id = %s"
_FIRST: Final = b"SELECT recorded_at FROM log.facts ORDER BY notification_id LIMIT 1"
_OF_CASE: Final = b"""
    SELECT count(*), coalesce(sum(octet_length(state)), 0) FROM log.facts
    WHERE originator_id = %s AND notification_id > %s AND notification_id <= %s
"""
_MEAN: Final = b"""
    SELECT coalesce(avg(octet_length(state)), 0)
    FROM (SELECT state FROM log.facts WHERE notification_id > %s ORDER BY notification_id LIMIT %s) AS sample
"""
_REFUSALS: Final = {
    "seal.off": "bundle.nothing-sealed",
    "seal.no-key": "bundle.nothing-sealed",
    "seal.not-yet": "bundle.not-sealed-yet",
}


class HandingOut:
    """Implements application.bundles.Bundles."""

    def __init__(self, bundling: Bundling, url: str, witnesses: Witnesses, auditing: Callable[[], Auditing]) -> None:
        """`url` as the runtime role; `auditing` raises SealFault where no data folder is set."""
        self._bundling, self._url, self._witnesses, self._auditing = bundling, url, witnesses, auditing

    def begun(self, number: str | None) -> datetime | None:
        with _told(), psycopg.connect(self._url) as connection:
            asked = connection.execute(_BEGUN, (case_id(number),)) if number else connection.execute(_FIRST)
            row = asked.fetchone()
        return row[0] if row else None

    def plan(self, start: datetime, end: datetime, number: str | None) -> BundlePlan:
        with _told(), self._bundling.opened(start, end, number) as bundle:
            span = bundle.span
            facts, state_bytes = _measured(bundle)
            return BundlePlan(
                origin=span.tree.origin,
                start=start,
                end=span.end,
                leaves=span.leaves,
                facts=facts,
                size=int(LEAF_BYTES * span.leaves + STATE_SHARE * state_bytes),
                before=_end(span.before) if span.before else None,
                after=_end(span.after),
                named=len(self._witnesses.named),
                quorum=span.quorum,
            )

    def pieces(self, start: datetime, end: datetime, number: str | None) -> Iterator[bytes]:
        """Whatever keeps it from beginning is raised at once, before the answer begins."""
        pieces = self._pieces(start, end, number)
        with _told():
            first = next(pieces)
        return _again(first, pieces)

    def _pieces(self, start: datetime, end: datetime, number: str | None) -> Iterator[bytes]:
        with self._bundling.opened(start, end, number) as bundle:
            yield from bundle.packed(lambda _done, _all: None)

    def policy(self) -> bytes:
        with _told():
            return self._auditing().policy()


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _measured(bundle: Bundle) -> tuple[int, float]:
    """How many facts will stand in it, and about how many bytes they have."""
    before = bundle.front()
    if bundle.case:
        last = bundle.position_of(bundle.span.after.size - 1)
        found = bundle.connection.execute(_OF_CASE, (bundle.case.stream, before, last)).fetchone()
        return (found[0], float(found[1])) if found else (0, 0.0)
    mean = bundle.connection.execute(_MEAN, (before, _SAMPLE)).fetchone()
    return bundle.span.leaves, float(mean[0]) * bundle.span.leaves if mean else 0.0


def _end(end: SpanEnd) -> BundleEnd:
    return BundleEnd(size=end.size, recorded_at=end.recorded_at, witnesses=end.witnesses)


@contextmanager
def _told() -> Generator[None]:
    """Faults as the pages know them."""
    try:
        yield
    except SealFault as fault:
        raise Refused(Refusal(_REFUSALS.get(fault.code, "bundle.seal-stopped"))) from fault
    except psycopg.OperationalError as fault:
        raise LogUnavailable(str(fault)) from fault
