"""What the pages hand out is what the command writes, what was told before, and breaks off where the log does."""

import gzip
import json
from pathlib import Path

import pytest

from adapters.sealing.auditing import Auditing
from adapters.sealing.bundle import Bundling
from adapters.sealing.faults import SealFault
from adapters.sealing.handing_out import HandingOut
from adapters.sealing.witnesses import Witnesses
from application.bundles import Bundles
from application.identity import case_id
from application.ports import LogUnavailable
from domain.kernel import Refused
from tests.adapters.sealing.conftest import Registry
from tests.adapters.sealing.test_bundle import WITNESSES, after, cosigned, nobody
from tests.verifier.making import WITNESSES as SIGNERS


def handing(registry: Registry, witnesses: Witnesses = WITNESSES) -> HandingOut:
    url = registry.database.url
    return HandingOut(Bundling(url, witnesses), url, witnesses, lambda: Auditing(url, registry.sealing, witnesses))


@pytest.fixture
def sealed(registry: Registry) -> Registry:
    for facts in (10, 290, 700):
        registry.record(facts, apart=3)
        registry.seal()
    return registry


def refusal(registry: Registry, start: float, end: float) -> str:
    with pytest.raises(Refused) as planned:
        handing(registry).plan(after(start), after(end), None)
    with pytest.raises(Refused) as begun:
        handing(registry).pieces(after(start), after(end), None)
    assert planned.value.refusals == begun.value.refusals
    return planned.value.refusals[0].code


def test_it_gives_the_file_that_the_command_writes(sealed: Registry, tmp_path: Path) -> None:
    assert isinstance(handing(sealed), Bundles)
    Bundling(sealed.database.url, WITNESSES).write(tmp_path / "bundle.gz", after(5), after(50), None, nobody)

    assert b"".join(handing(sealed).pieces(after(5), after(50), None)) == (tmp_path / "bundle.gz").read_bytes()


def test_the_plan_tells_what_comes(sealed: Registry) -> None:
    cosigned(sealed, 10, *SIGNERS)
    cosigned(sealed, 300, *SIGNERS)

    plan = handing(sealed).plan(after(20), after(100), None)

    assert plan.before is not None
    assert (plan.before.size, plan.before.recorded_at, plan.before.witnesses) == (10, after(10), 2)
    assert (plan.after.size, plan.after.witnesses, plan.named, plan.quorum) == (300, 2, 2, 2)
    assert (plan.leaves, plan.facts, plan.end) == (290, 290, after(100))
    packed = b"".join(handing(sealed).pieces(after(20), after(100), None))
    assert gzip.decompress(packed).count(b'"state"') == plan.facts
    assert len(packed) / 2 < plan.size < len(packed) * 2


def test_the_plan_of_a_case_counts_its_facts_between_the_checkpoints(sealed: Registry) -> None:
    change = "UPDATE log.facts SET originator_id = %s, originator_version = %s WHERE notification_id = %s"
    for version, index in enumerate((3, 100, 299, 500), start=1):
        sealed.force(change, case_id("2026-0042"), version, 3 * index)

    plan = handing(sealed, Witnesses()).plan(after(20), after(100), "2026-0042")

    assert (plan.leaves, plan.facts) == (290, 2)
    assert handing(sealed).begun("2026-0042") == after(3)
    assert handing(sealed).begun("2026-0043") is None
    assert handing(sealed).begun(None) == after(1)


def test_what_is_not_there_is_refused(registry: Registry) -> None:
    assert handing(registry).begun(None) is None
    registry.record(5)
    assert refusal(registry, 0, 9) == "bundle.nothing-sealed"
    registry.seal()
    assert refusal(registry, 5, 9) == "bundle.not-sealed-yet"
    registry.force("DELETE FROM log.facts")
    with pytest.raises(Refused) as raised:
        handing(registry).plan(after(0), after(9), "2026-0042")
    assert raised.value.refusals[0].code == "bundle.seal-stopped"


def test_it_breaks_off_where_facts_are_gone(sealed: Registry) -> None:
    sealed.force("DELETE FROM log.facts WHERE notification_id > 900")

    with pytest.raises((SealFault, Refused)):
        list(handing(sealed).pieces(after(0), after(5000), None))


def test_no_policy_without_a_seal(registry: Registry) -> None:
    with pytest.raises(Refused):
        handing(registry).policy()
    registry.record(1)
    registry.seal()
    assert json.loads(handing(registry).policy())["quorum"] == 2


def test_a_database_that_is_away(registry: Registry) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    away = HandingOut(Bundling(url), url, Witnesses(), lambda: Auditing(url, registry.sealing))
    with pytest.raises(LogUnavailable):
        away.begun(None)
    with pytest.raises(LogUnavailable):
        away.plan(after(0), after(1), None)
