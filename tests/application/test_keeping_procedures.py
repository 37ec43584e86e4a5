"""Procedures of a past day: which versions were known, by their files and by the cases that followed them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from adapters.procedures.shelf import shipped
from application.access import Forbidden
from application.past import AsOf
from application.procedures import Followers, KeepingProcedures, Shelf, Version
from tests.application.office import ADMINISTRATOR, AUDITOR, OFFICER

CAME = datetime(2026, 3, 10, 12, tzinfo=UTC)
FIRST = next(version for version in shipped() if version.procedure.pin == "twinning@1")
SECOND = Version(
    procedure=replace(FIRST.procedure, version=2), text="", file="twinning-2.toml", shipped=False, since=CAME
)


class Kept:
    """A shelf of two versions, and how many cases followed them: today, and on any other day."""

    def __init__(self, today: Mapping[str, int], then: Mapping[str, int]) -> None:
        self._today, self._then = today, then
        self.asked: list[AsOf] = []

    def versions(self) -> list[Version]:
        return [SECOND, FIRST]

    def followed(self) -> Mapping[str, int]:
        return self._today

    def followers_at(self, as_of: AsOf) -> Followers:
        self.asked.append(as_of)
        return Kept(self._then, {})


def keeping(today: Mapping[str, int], then: Mapping[str, int]) -> KeepingProcedures:
    kept = Kept(today, then)
    return KeepingProcedures(cast("Shelf", kept), kept, kept)


@pytest.mark.parametrize(
    ("as_of", "then", "known"),
    [
        (AsOf(known_at=CAME), {}, ["twinning@2", "twinning@1"]),
        (AsOf(known_at=CAME - timedelta(seconds=1)), {}, ["twinning@1"]),
        (AsOf(known_at=CAME + timedelta(days=9), valid_at=date(2026, 3, 9)), {}, ["twinning@1"]),
        (AsOf(known_at=CAME + timedelta(days=9), valid_at=date(2026, 3, 10)), {}, ["twinning@2", "twinning@1"]),
        (AsOf(known_at=CAME - timedelta(days=9)), {"twinning@2": 1}, ["twinning@2", "twinning@1"]),
    ],
    ids=["when it came", "before", "not valid yet", "valid", "its file was brought back later"],
)
def test_a_version_is_known_from_its_file_or_its_first_case(
    as_of: AsOf, then: Mapping[str, int], known: list[str]
) -> None:
    past = keeping({"twinning@2": 7}, then).at(as_of)
    assert [version.procedure.pin for version in past.versions(AUDITOR)] == known
    assert past.followed(AUDITOR) == then
    assert (past.version(AUDITOR, "twinning@2") is None) is ("twinning@2" not in known)


def test_rights_are_those_of_today() -> None:
    past = keeping({}, {}).at(AsOf(known_at=CAME))
    assert past.versions(ADMINISTRATOR)
    with pytest.raises(Forbidden):
        past.versions(OFFICER)
    with pytest.raises(Forbidden):
        past.followed(OFFICER)
