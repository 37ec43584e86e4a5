"""Partners' files: names, kinds, merging."""

from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from domain.kernel import Command, Refused
from domain.partners import events as e
from domain.partners.decisions import (
    MOST_NAMES,
    AbsorbPartner,
    AddName,
    MergePartner,
    ReclassifyPartner,
    RegisterPartner,
    RemoveName,
    RenamePartner,
    decide,
)
from domain.partners.partner import BrokenHistory, Name, Partner, evolve, fold
from tests.domain.specification import TODAY

REGISTERED = e.PartnerRegistered(name="Bucureşti", country="RO")
OTHER = UUID(int=9)
BUKURESHT = e.NameAdded(name="Bukurešt", kind=e.NameKind.EXONYM, language="sr")
MERGED = e.PartnerMerged(into=OTHER)


def decided(command: Command, *history: e.PartnerEvent) -> list[e.PartnerEvent]:
    return decide(fold(history), command, TODAY)


def refused(command: Command, *history: e.PartnerEvent) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refusal:
        decided(command, *history)
    [reason] = refusal.value.refusals
    return reason.code, reason.field


@pytest.mark.parametrize("kind", e.PartnerKind)
def test_a_partner_of_any_kind_is_registered(kind: e.PartnerKind) -> None:
    registered = e.PartnerRegistered(name="Simmering", country="AT", kind=kind, part_of="Wien")
    command = RegisterPartner(name="Simmering", country="AT", kind=kind, part_of="Wien")
    assert decided(command) == [registered]
    assert fold([registered]) == Partner(name="Simmering", country="AT", kind=kind, part_of="Wien")


@pytest.mark.parametrize("country", ["RS", "XK"])
def test_a_partner_is_abroad(country: str) -> None:
    assert refused(RegisterPartner(name="Niš", country=country)) == ("partner.domestic", "country")
    moved = ReclassifyPartner(kind=e.PartnerKind.LOCAL_GOVERNMENT, country=country)
    assert refused(moved, REGISTERED) == ("partner.domestic", "country")


def test_a_partner_is_registered_once() -> None:
    assert refused(RegisterPartner(name="Bucureşti", country="RO"), REGISTERED) == ("partner.exists", "name")


def test_a_renamed_partner_keeps_its_old_name() -> None:
    renamed = e.PartnerRenamed(name="București", old_name_is=e.NameKind.ALIAS)
    assert decided(RenamePartner(name="București", old_name_is=e.NameKind.ALIAS), REGISTERED) == [renamed]
    assert fold([REGISTERED, renamed]).names == (Name("Bucureşti", e.NameKind.ALIAS),)
    assert decided(RenamePartner(name="București"), REGISTERED, renamed) == []


def test_a_partner_may_take_its_old_name_back() -> None:
    there, back = e.PartnerRenamed(name="Bukarest"), e.PartnerRenamed(name="Bucureşti")
    state = fold([REGISTERED, there, back])
    assert (state.name, state.names) == ("Bucureşti", (Name("Bukarest", e.NameKind.FORMER),))


def test_an_exonym_is_a_name_beside_the_official_one() -> None:
    command = AddName(name="Bukurešt", kind=e.NameKind.EXONYM, language="sr")
    assert decided(command, REGISTERED) == [BUKURESHT]
    assert fold([REGISTERED, BUKURESHT]).all_names == ("Bucureşti", "Bukurešt")
    assert decided(command, REGISTERED, BUKURESHT) == []


def test_a_name_is_taken_away_but_never_the_official_one() -> None:
    assert decided(RemoveName(name="Bukurešt"), REGISTERED, BUKURESHT) == [e.NameRemoved(name="Bukurešt")]
    assert fold([REGISTERED, BUKURESHT, e.NameRemoved(name="Bukurešt")]).all_names == ("Bucureşti",)
    assert decided(RemoveName(name="Bukurešt"), REGISTERED) == []
    assert refused(RemoveName(name="Bucureşti"), REGISTERED) == ("partner.official-name", "name")


def test_names_have_an_end() -> None:
    many = [e.NameAdded(name=f"B{n}", kind=e.NameKind.ALIAS) for n in range(MOST_NAMES)]
    assert refused(AddName(name="Buc", kind=e.NameKind.ALIAS), REGISTERED, *many) == ("partner.too-many-names", "name")


def test_a_county_was_taken_for_a_city() -> None:
    command = ReclassifyPartner(kind=e.PartnerKind.COUNTY, country="HU")
    reclassified = e.PartnerReclassified(kind=e.PartnerKind.COUNTY, country="HU")
    assert decided(command, REGISTERED) == [reclassified]
    assert decided(command, REGISTERED, reclassified) == []


def test_a_second_file_ends_in_the_first_and_nothing_more_is_written_in_it() -> None:
    assert decided(MergePartner(into=OTHER), REGISTERED) == [MERGED]
    assert decided(MergePartner(into=OTHER), REGISTERED, MERGED) == []
    assert refused(MergePartner(into=UUID(int=10)), REGISTERED, MERGED) == ("partner.merged-away", None)
    assert refused(RenamePartner(name="Bukarest"), REGISTERED, MERGED) == ("partner.merged-away", None)


def test_the_file_that_goes_on_takes_the_names_that_it_lacks() -> None:
    absorbed = e.PartnerAbsorbed(partner=OTHER, names=("Bukurešt", "Bukarest", "Bukarest"))
    assert decided(AbsorbPartner(partner=OTHER, names=absorbed.names), REGISTERED, BUKURESHT) == [absorbed]
    state = fold([REGISTERED, BUKURESHT, absorbed])
    assert state.all_names == ("Bucureşti", "Bukurešt", "Bukarest")
    assert decided(AbsorbPartner(partner=OTHER, names=()), REGISTERED, absorbed) == []


def test_a_file_that_does_not_exist_is_not_edited() -> None:
    assert refused(RenamePartner(name="Bukarest")) == ("partner.unknown", None)


def test_a_history_that_cannot_be_a_partner_does_not_fold() -> None:
    with pytest.raises(BrokenHistory):
        fold([REGISTERED, REGISTERED])
    with pytest.raises(BrokenHistory):
        fold([MERGED])


NAMES = ("Beč", "Wien", "Vienna", "Bécs")


def any_command(r: Random) -> Command:
    name, kind = r.choice(NAMES), r.choice(list(e.NameKind))
    return r.choice(
        [
            RegisterPartner(name=name, country="AT"),
            RenamePartner(name=name, old_name_is=kind),
            AddName(name=name, kind=kind),
            RemoveName(name=name),
            ReclassifyPartner(kind=r.choice(list(e.PartnerKind)), country=r.choice(["AT", "RS"])),
            AbsorbPartner(partner=UUID(int=r.randint(1, 3)), names=NAMES[:2]),
            MergePartner(into=UUID(int=r.randint(1, 3))),
        ]
    )


@settings(max_examples=300, deadline=None)
@generated(seed=st.integers(0, 2**40), steps=st.integers(1, 30))
def test_a_replay_gives_the_running_state_and_a_repeated_command_nothing(seed: int, steps: int) -> None:
    r = Random(seed)  # noqa: S311 - a walk, not a secret
    history: list[e.PartnerEvent] = [e.PartnerRegistered(name="Wien", country="AT")]
    running = fold(history)
    for _ in range(steps):
        command = any_command(r)
        try:
            facts = decide(running, command, TODAY)
        except Refused as refusal:
            assert refusal.refusals
            continue
        history += facts
        for fact in facts:
            running = evolve(running, fact)
        assert decide(running, command, TODAY) == []
        assert len(set(running.all_names)) == len(running.all_names)
    assert running == fold(history)
    assert running.version == len(history)
    assert msgspec.json.decode(msgspec.json.encode(running), type=Partner) == running
