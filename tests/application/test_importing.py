"""Importing the register: every row once, however often and however spelled it comes."""

import random
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application import importing
from application.access import Forbidden, Person, Role
from application.identity import case_id, partner_id
from application.importing_known import PAGE
from application.importing_report import MESSAGES, english
from application.ports import LogUnavailable
from application.script import fold
from application.tables import TableRefused
from domain.initiatives import events as i
from domain.initiatives.terms import Kind, Origin, Party, PartyRole, Stage
from domain.kernel import AccountId, VaultRef
from domain.partners import events as p
from domain.partners.partner import Name
from tests.application.importing_desk import COLUMNS, DATA, Desk

TWIN = "Grad Niš,Kassandra,GR,twinning,,,active; seen in 2024,https://example.org/1"
PAIR = "local_government,partner,country"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- the reference data


def test_the_whole_reference_data_is_taken_without_a_problem(desk: Desk) -> None:
    register, pipeline = desk.take(DATA / "partnerships.csv"), desk.take(DATA / "initiatives.csv")
    assert (register.rows, register.entered, register.new_partners) == (534, 534, 440)
    assert (pipeline.rows, pipeline.taken_over, pipeline.already_there, pipeline.differing) == (24, 24, 0, 0)
    assert [*register.problems, *register.notes, *pipeline.problems, *pipeline.notes] == []
    assert len(desk.log.cases()) == 558
    partners = {(partner.country, partner.name): partner for partner in desk.log.partners().values()}
    assert partners["BE", "Brussels"].names == (
        Name("Bruxelles", p.NameKind.EXONYM, "fr"),
        Name("Brussel", p.NameKind.EXONYM, "nl"),
        Name("Брисел", p.NameKind.EXONYM, "sr"),
    )


def test_the_reference_data_a_second_time_adds_no_fact(desk: Desk) -> None:
    files = (DATA / "partnerships.csv", DATA / "initiatives.csv")
    for file in files:
        desk.take(file)
    facts = len(desk.log.facts)
    reports = [desk.take(file) for file in files]
    assert [r.already_there for r in reports] == [534, 24]
    assert len(desk.log.facts) == facts


def test_rows_in_another_order_and_script_add_no_fact(desk: Desk) -> None:
    header, *rows = (DATA / "partnerships.csv").read_text(encoding="utf-8").splitlines()
    desk.rows(*rows, header=header)
    facts = len(desk.log.facts)
    random.Random(1).shuffle(rows)  # noqa: S311 - any order will do
    report = desk.rows(*(row.upper().replace("Š", "S").replace("GRAD ", "ГРАД ") for row in rows), header=header)
    assert (report.already_there, report.problems) == (534, [])
    assert len(desk.log.facts) == facts


# --- one row


def test_a_row_becomes_a_historic_agreement_with_its_source_and_words(desk: Desk) -> None:
    report = desk.rows("Ниш,Kassandra,Грчка,братимљење,2001,2001-05,active; seen in 2024,https://example.org/1")
    number = "2001-0001"
    partner = partner_id("GR", "Kassandra")
    fact = desk.log.facts[-1].fact
    assert isinstance(fact, i.HistoricAgreementEntered)
    assert (fact.number, fact.kind, fact.occurred_on, fact.confirmed) == (number, Kind.TWINNING, "2001-05", True)
    assert (fact.source, desk.log.words[fact.remark]) == ("https://example.org/1", "seen in 2024")
    assert [party.key for party in fact.parties] == ["nis", str(partner)]
    assert desk.log.facts[-1].stream == case_id(number)
    assert (report.entered, report.partners, report.position) == (1, ["Kassandra"], 4)  # after two other names


def test_without_a_day_the_number_is_of_this_year(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR", "Bor,Bar,ME", header=PAIR)
    assert sorted(case.number for case in desk.log.cases().values()) == ["2026-0001", "2026-0002"]


def test_a_row_without_a_source_names_the_file(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR", header=PAIR)
    assert desk.log.facts[-1].fact.source == "table.csv"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Lokalna samouprava,Partner,Država,Vrsta saradnje,Datum potpisivanja",
            "Ниш,Kassandra,Грчка,bratimljenje,7. 7. 2001.",
        ),
        (
            "Локална самоуправа;Партнер;Држава;Врста сарадње;Датум потписивања",
            "Niš;Kassandra;Grčka;братимљење;2001-07-07",
        ),
        (
            "LOKALNA SAMOUPRAVA\tPARTNER\tDRZAVA\tVRSTA SARADNJE\tDATUM POTPISIVANJA",
            "nis\tKassandra\tGrcka\ttwinning\t7.7.2001",
        ),
        (
            "Local government,Partner,Country,Kind of cooperation,Signed on",
            "Niš,Kassandra,Greece,Town twinning,7 July 2001",
        ),
    ],
)
def test_titles_and_words_are_read_in_three_languages(desk: Desk, header: str, row: str) -> None:
    report = desk.rows(row, header=header)
    case = next(iter(desk.log.cases().values()))
    assert (report.problems, case.kind, case.number) == ([], Kind.TWINNING, "2001-0001")
    assert desk.log.facts[-1].fact.occurred_on == "2001-07-07"


def test_a_stage_under_way_is_taken_over(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR,saglasnost data,2024-12", header=PAIR + ",Faza,Stanje na dan")
    fact = desk.log.facts[-1].fact
    assert isinstance(fact, i.InitiativeTakenOver)
    assert (fact.stage, fact.occurred_on) == (Stage.CONSENT_GRANTED, "2024-12")


def test_several_sides_of_one_act_make_one_case(desk: Desk) -> None:
    report = desk.rows("Priboj; Čajetina,Rudo; Višegrad,BA", header=PAIR)
    again = desk.rows("Čajetina,Rudo,BA", header=PAIR)
    case = next(iter(desk.log.cases().values()))
    assert (report.entered, again.already_there) == (1, 1)
    assert (len(case.home), len(case.partners)) == (2, 2)


# --- partners under other names


def test_a_partner_is_found_by_an_alias_and_after_a_merging(desk: Desk) -> None:
    desk.rows("Bor,București,RO", "Bor,Bukarest,RO", "Niš,Bukarest,RO", header=PAIR)
    right, wrong = partner_id("RO", "București"), partner_id("RO", "Bukarest")
    desk.log.happened(right, p.NameAdded(name="Bukurešt", kind=p.NameKind.EXONYM))
    desk.log.happened(right, p.PartnerAbsorbed(partner=wrong, names=("Bukarest",)))
    desk.log.happened(wrong, p.PartnerMerged(into=right))
    facts = len(desk.log.facts)
    report = desk.rows("Bor,Bucureşti,RO", "Bor,Букурешт,RO", "Niš,Bukurešt,RO", "Niš,Bukarest,RO", header=PAIR)
    assert (report.already_there, report.duplicates, report.problems) == (2, 2, [])
    assert len(desk.log.facts) == facts


@pytest.mark.parametrize(
    "text", ["Budavár (Budapest)", "Budapest – Budavár", "Budavár – Budapest", "Budavar", "BUDAPEST - BUDAVAR"]
)
def test_a_district_is_found_in_every_order(desk: Desk, text: str) -> None:
    desk.rows("Stari grad,Budavár (Budapest),HU", header=PAIR)
    report = desk.rows(f"Stari grad,{text},HU", header=PAIR)
    assert (report.already_there, report.new_partners) == (1, 0)


ROME = ("Rome", "Roma", "Рим", "RIM", "rim")


@pytest.mark.parametrize("first", ROME)
def test_every_known_name_means_one_partner_whichever_comes_first(desk: Desk, first: str) -> None:
    desk.rows(f"Grad Beograd,{first},IT", header=PAIR)
    facts = len(desk.log.facts)
    report = desk.rows(*(f"Grad Beograd,{name},Italija" for name in ROME), header=PAIR)
    assert (report.already_there, report.duplicates, report.new_partners) == (1, 4, 0)
    assert len(desk.log.facts) == facts
    [partner] = desk.log.partners().values()
    assert partner.name == first
    assert {fold(name) for name in partner.all_names} == {"rome", "roma", "rim"}


def test_a_known_name_in_another_country_is_another_partner(desk: Desk) -> None:
    desk.rows("Niš,Rome,IT", "Niš,Rome,US", header=PAIR)
    assert [partner.all_names[1:] for partner in desk.log.partners().values()] == [("Roma", "Рим"), ()]


@pytest.mark.parametrize(
    "text", ["Simmering (Beč)", "Зимеринг (Беч)", "Wien – Simmering", "Zimering (Wien)", "Simmering"]
)
def test_a_district_is_found_in_every_known_name_of_its_city(desk: Desk, text: str) -> None:
    desk.rows("Voždovac,Simmering (Vienna),AT", "Voždovac,Vienna,AT", header=PAIR)
    report = desk.rows(f"Voždovac,{text},AT", header=PAIR)
    assert (report.already_there, report.new_partners) == (1, 0)


def test_a_name_that_was_taken_away_does_not_come_back(desk: Desk) -> None:
    desk.rows("Niš,Rome,IT", header=PAIR)
    desk.log.happened(partner_id("IT", "Rome"), p.NameRemoved(name="Рим"))
    facts = len(desk.log.facts)
    desk.rows("Niš,Rome,IT", "Niš,Roma,IT", header=PAIR)
    assert len(desk.log.facts) == facts


SAME = [
    ("Vukovarsko – srijemska županija", "Vukovarsko-srijemska županija", "VUKOVARSKO - SRIJEMSKA ZUPANIJA"),
    ("Baden – Württemberg", "Baden-Württemberg", "Württemberg – Baden"),
    ("Budavár – Budapest", "Budavár (Budapest)", "Budapest (Budavár)", "Budapest – Budavár", "Budavár (Grad Budapest)"),
    ("Höchst – Frankfurt", "Frankfurt (Höchst)", "Höchst (Frankfurt)", "FRANKFURT — HÖCHST"),
    ("Pest megye", "PEST MEGYE"),
]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whichever_spelling_comes_first_the_partners_are_the_same(tmp_path: Path, data: st.DataObject) -> None:
    texts = data.draw(st.permutations([text for same in SAME for text in same]))
    header = "local_government,partner,country,kind"
    rows = [f"{home},{text},HU,twinning" for text in texts for home in ("Niš", "Bor")]
    desk = Desk(tmp_path)
    report = desk.rows(*data.draw(st.permutations(rows)), header=header)
    assert (report.new_partners, report.entered, report.duplicates) == (len(SAME), 2 * len(SAME), len(rows) - 10)
    cut = [file for file in desk.log.partners().values() if "megye" in file.name or "županija" in file.name.lower()]
    assert all(file.part_of is None for file in cut)


@given(st.permutations(["Centar", "Centar (Skopje)", "Skopje – Centar", "Centar (Bitola)", "Čair (Skopje)"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bare_name_in_the_same_file_is_a_partner_of_its_own(tmp_path: Path, texts: list[str]) -> None:
    assert Desk(tmp_path).rows(*(f"Bor,{text},MK" for text in texts), header=PAIR).new_partners == 4


def test_a_county_that_was_once_cut_in_two_is_found_whole(desk: Desk) -> None:
    stream = partner_id("HR", "srijemska županija", "Vukovarsko")
    name = {"name": "srijemska županija", "part_of": "Vukovarsko"}
    desk.log.happened(stream, p.PartnerRegistered(country="HR", kind=p.PartnerKind.COUNTY, **name))
    assert desk.rows("Bor,Vukovarsko-srijemska županija,HR", header=PAIR).new_partners == 0


def test_districts_of_one_name_in_two_cities_stay_two_partners(desk: Desk) -> None:
    report = desk.rows("Bor,Centar (Skopje),MK", "Bor,Centar (Bitola),MK", "Bor,Centar,MK", header=PAIR)
    assert (report.entered, report.new_partners) == (3, 3)


def test_one_name_in_two_countries_is_two_partners(desk: Desk) -> None:
    assert desk.rows("Bor,Bar,ME", "Bor,Bar,UA", header=PAIR).new_partners == 2


def test_a_removed_name_does_not_lead_to_the_partner_but_its_file_is_not_opened_twice(desk: Desk) -> None:
    desk.rows("Niš,Alimoso,GR", header=PAIR)
    stream = partner_id("GR", "Alimoso")
    desk.log.happened(
        stream, p.PartnerRenamed(name="Alimos", old_name_is=p.NameKind.ALIAS), p.NameRemoved(name="Alimoso")
    )
    report = desk.rows("Bor,Alimoso,GR", header=PAIR)
    assert (report.entered, report.new_partners) == (1, 0)


# --- what is there already


def test_the_second_of_two_equal_rows_is_a_duplicate_of_the_first(desk: Desk) -> None:
    report = desk.rows(TWIN, "", TWIN.replace("Niš", "Ниш"))
    assert (report.rows, report.entered, report.duplicates) == (2, 1, 1)
    assert [(f.code, f.line, f.params) for f in desk.told] == [("import.duplicate", 4, {"line": 2})]


def test_a_row_after_a_refused_one_is_no_duplicate(desk: Desk) -> None:
    report = desk.rows("Niš,Kassandra,GR,2031", "Niš,Kassandra,GR,2001", header=PAIR + ",Godina")
    assert (report.refused, report.entered, desk.codes) == (1, 1, ["date.in-future"])


def test_another_day_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR,2001-05-01", header=PAIR + ",date_signed")
    facts = len(desk.log.facts)
    report = desk.rows("Niš,Kassandra,GR,2002", header=PAIR + ",date_signed")
    assert (report.already_there, report.differing, desk.codes) == (1, 1, ["import.differs"])
    assert "2001-0001 with 2001-05-01, here it has 2002" in english(desk.told[0])
    assert len(desk.log.facts) == facts


def test_less_precise_is_no_difference(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR,2001-05-01", header=PAIR + ",date_signed")
    assert desk.rows("Niš,Kassandra,GR,2001", header=PAIR + ",Godina").differing == 0


def test_a_row_is_known_after_its_case_was_corrected_and_ended(desk: Desk) -> None:
    desk.rows(TWIN)
    case, begin = desk.log.facts[-1].stream, desk.log.facts[-1].fact
    restated = i.HistoricAgreementEntered(number=begin.number, kind=Kind.FRIENDSHIP, parties=begin.parties, source="x")
    desk.log.happened(case, i.FactCorrected(corrects=1, restated=restated, reason=VaultRef(uuid4())))
    facts = len(desk.log.facts)
    assert desk.rows(TWIN).already_there == 1
    assert desk.rows(TWIN.replace("twinning", "friendship")).already_there == 1
    assert len(desk.log.facts) == facts


def proposal(desk: Desk, number: str = "2026-0001", name: str = "Kassandra") -> UUID:
    partner = partner_id("GR", name)
    parties = (Party(role=PartyRole.HOME, local_government="nis"), Party(role=PartyRole.PARTNER, partner=partner))
    desk.log.happened(partner, p.PartnerRegistered(name=name, country="GR"))
    fact = i.InitiativeProposed(
        number=number, kind=Kind.TWINNING, parties=parties, origin=Origin.EMBASSY, rationale=VaultRef(uuid4())
    )
    desk.log.happened(case_id(number), fact)
    return case_id(number)


def test_an_initiative_under_way_is_not_entered_a_second_time(desk: Desk) -> None:
    proposal(desk)
    report = desk.rows(TWIN)
    assert (report.already_there, report.differing, desk.codes) == (1, 1, ["import.under-way"])


def test_a_declined_proposal_does_not_stand_in_the_way(desk: Desk) -> None:
    desk.log.happened(proposal(desk), i.InitiativeDeclined(reason=VaultRef(uuid4())))
    assert desk.rows(TWIN).entered == 1
    assert {case.number for case in desk.log.cases().values()} == {"2026-0001", "2026-0002"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_kind_that_was_not_known_is_told_and_makes_no_second_case(desk: Desk, dry_run: bool) -> None:
    desk.rows("Niš,Kassandra,GR,", header=PAIR + ",kind")
    facts = len(desk.log.facts)
    report = desk.rows("Niš,Kassandra,GR,twinning", header=PAIR + ",kind", dry_run=dry_run)
    assert (report.entered, report.already_there, report.differing) == (0, 1, 1)
    assert desk.codes == ["import.kind-known"]
    assert "2026-0001 without a kind of cooperation, here it is bratimljenje" in english(desk.told[0])
    assert len(desk.log.facts) == facts


def test_nor_within_one_file(desk: Desk) -> None:
    report = desk.rows("Niš,Kassandra,GR,", "Niš,Kassandra,GR,twinning", header=PAIR + ",kind")
    assert (report.entered, report.already_there, desk.codes) == (1, 1, ["import.kind-known"])


def test_a_kind_that_the_file_does_not_know_is_no_difference(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR,twinning", header=PAIR + ",kind")
    report = desk.rows("Niš,Kassandra,GR,", header=PAIR + ",kind")
    assert (report.already_there, report.differing) == (1, 0)


def test_two_kinds_are_two_cases(desk: Desk) -> None:
    kinds = ("twinning", "friendship", "")
    report = desk.rows(*(f"Niš,Kassandra,GR,{kind}" for kind in kinds), header=PAIR + ",kind")
    assert (report.entered, report.already_there, report.differing) == (2, 1, 0)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_case_taken_over_that_was_concluded_since_is_told(desk: Desk, dry_run: bool) -> None:
    desk.rows("Niš,Kassandra,GR,izrada nacrta", header=PAIR + ",Faza")
    facts = len(desk.log.facts)
    report = desk.rows("Niš,Kassandra,GR,2025-05-01", header=PAIR + ",date_signed", dry_run=dry_run)
    assert (report.entered, report.already_there, desk.codes) == (0, 1, ["import.under-way"])
    assert len(desk.log.facts) == facts


def test_a_case_taken_over_that_led_to_nothing_does_not_stand_in_the_way(desk: Desk) -> None:
    row = "Niš,Kassandra,GR,izrada nacrta"
    desk.rows(row, header=PAIR + ",Faza")
    desk.log.happened(desk.log.facts[-1].stream, i.InitiativeWithdrawn(reason=VaultRef(uuid4())))
    assert desk.rows(row, header=PAIR + ",Faza").already_there == 1
    assert desk.rows("Niš,Kassandra,GR", header=PAIR).entered == 1


@pytest.mark.parametrize("order", [1, -1])
def test_an_agreement_and_another_initiative_in_one_file_are_two_cases(desk: Desk, order: int) -> None:
    rows = ["Niš,Kassandra,GR,izrada nacrta", "Niš,Kassandra,GR,aktivno"][::order]
    report = desk.rows(*rows, header=PAIR + ",Faza")
    again = desk.rows(*rows, header=PAIR + ",Faza")
    assert (report.entered, report.taken_over, report.notes) == (1, 1, [])
    assert (again.already_there, again.notes) == (2, [])


# --- rows that cannot be taken

BAD = {
    "Palić,Bar,ME,twinning,,,,x": ("import.local-government-settlement", "local_government", "Palić"),
    "Lekovac,Bar,ME,twinning,,,,x": ("import.local-government-nearest", "local_government", "Lekovac"),
    "Palilulla,Bar,ME,twinning,,,,x": ("import.local-government-nearest", "local_government", "Palilulla"),
    "Xyzzyq,Bar,ME,twinning,,,,x": ("import.local-government-unknown", "local_government", "Xyzzyq"),
    "Palilula,Bar,ME,twinning,,,,x": ("import.local-government-unclear", "local_government", "Palilula"),
    ",Bar,ME,twinning,,,,x": ("import.cell-missing", "local_government", ""),
    "Niš,,ME,twinning,,,,x": ("import.cell-missing", "partner_name", ""),
    "Niš,–,ME,twinning,,,,x": ("import.cell-missing", "partner_name", ""),
    "Niš,???,ME,twinning,,,,x": ("import.name-missing", "partner_name", "???"),
    "Niš,12345,ME,twinning,,,,x": ("import.name-missing", "partner_name", "12345"),
    "Niš,#REF!,ME,twinning,,,,x": ("import.formula-error", "partner_name", "#REF!"),
    "Niš,Bar,ME,twinning,,#VALUE!,,x": ("import.formula-error", "date_signed", "#VALUE!"),
    "Niš,Bar,,twinning,,,,x": ("import.cell-missing", "partner_country_iso2", ""),
    "Niš,Bar,Atlantida,twinning,,,,x": ("import.country-unknown", "partner_country_iso2", "Atlantida"),
    "Niš,Bor,Srbija,twinning,,,,x": ("import.partner-at-home", "partner_country_iso2", "Srbija"),
    "Niš,Prizren,Kosovo,twinning,,,,x": ("import.partner-at-home", "partner_country_iso2", "Kosovo"),
    "Niš,Bar; Berane,ME; ME; ME,twinning,,,,x": ("import.countries-differ", "partner_country_iso2", "ME; ME; ME"),
    "Niš,Bar; Bar,ME,twinning,,,,x": ("initiative.party-twice", "", "Niš – Bar; Bar"),
    "Niš,Bar,ME,brak,,,,x": ("import.kind-unknown", "kind", "brak"),
    f"Niš,Bar,ME,twinning,{'9' * 30},,,x": ("import.year-unclear", "year", "9" * 30),
    "Niš,Bar,ME,twinning,0001,,,x": ("date.out-of-range", "year", "0001"),
    "Niš,Bar,ME,twinning,2030,,,x": ("date.in-future", "year", "2030"),
    "Niš,Bar,ME,twinning,,31.2.2020,,x": ("date.impossible", "date_signed", "31.2.2020"),
    "Niš,Bar,ME,twinning,,2020-02-31,,x": ("date.impossible", "date_signed", "2020-02-31"),
    "Niš,Bar,ME,twinning,,juče,,x": ("date.unclear", "date_signed", "juče"),
    "Niš,Bar,ME,twinning,,2030-01-01,,x": ("date.in-future", "date_signed", "2030-01-01"),
    "Niš,B\u202ear,ME,twinning,,,,x": ("import.characters", "partner_name", "B\\u202ear"),
    "Niš,B\u0007ar,ME,twinning,,,,x": ("import.characters", "partner_name", "B\\x07ar"),
    f"Niš,{'b' * 10_000},ME,twinning,,,,x": ("import.too-long", "partner_name", "b" * 80 + "…"),
    f"Niš,Bar,ME,twinning,,,{'n' * 501},x": ("import.too-long", "status_note", "n" * 80 + "…"),
    "Niš,Bar,ME,twinning,,,a,x,y,z": ("import.too-many-cells", "", "z"),
}


CLEANED = {
    '"Niš","Stara\n Zagora",BG': ("Stara Zagora", None),
    "Niš,Stara\u00a0Zagora,BG": ("Stara Zagora", None),
    "Niš,Na\u00adxos,GR": ("Naxos", None),
    "Nis\u030c,Kos\u030cice,SK": ("Košice", None),
    "Niš,Naxos,GR,2001-07-07 00:00:00": ("Naxos", "2001-07-07"),
    "Niš,Naxos,GR,2001-07-07T12:30:00.000": ("Naxos", "2001-07-07"),
    "Niš,Naxos,GR,–": ("Naxos", None),
    'Niš,Naxos,GR,"7.\n7. 2001."': ("Naxos", "2001-07-07"),
}


@pytest.mark.parametrize(("row", "expected"), CLEANED.items())
def test_what_only_spoils_a_cell_is_cleared_away(desk: Desk, row: str, expected: tuple) -> None:
    report = desk.rows(row, header=PAIR + ",date_signed")
    [partner] = desk.log.partners().values()
    assert (report.problems, partner.name, desk.log.facts[-1].fact.occurred_on) == ([], *expected)


def test_a_remark_of_several_lines_becomes_one(desk: Desk) -> None:
    desk.rows('Niš,Naxos,GR,"active; prvo\n\ndrugo"', header=PAIR + ",note")
    assert list(desk.log.words.values()) == ["prvo drugo"]


@pytest.mark.parametrize(("row", "expected"), BAD.items())
def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_taken(desk: Desk, row: str, expected: tuple) -> None:
    report = desk.rows(TWIN, row, TWIN.replace("Niš", "Bor"))
    assert (report.rows, report.refused, report.entered) == (3, 1, 2)
    [finding] = report.problems
    assert (finding.file, finding.line) == ("table.csv", 3)
    assert (finding.code, finding.column, finding.value) == expected
    assert english(finding).startswith("table.csv, line 3")


def test_a_short_row_lacks_its_last_cells(desk: Desk) -> None:
    assert desk.rows("Niš,Kassandra,GR").entered == 1


def test_a_case_that_has_ended_is_left_to_a_person(desk: Desk) -> None:
    desk.rows("Niš,Kassandra,GR,raskinuto", header=PAIR + ",Faza")
    assert desk.codes == ["initiative.not-live"]


def test_the_nearest_names_are_offered_once(desk: Desk) -> None:
    desk.rows("Lekovac,Bar,ME", "Palilula,Bar,ME", "Palilulla,Bar,ME", "Opština Lekovac,Bar,ME", header=PAIR)
    assert english(desk.told[0]).endswith("did you mean Leskovac, Rekovac, Lajkovac?")
    assert english(desk.told[1]).endswith("Palilula (Beograd), Palilula (Niš)")
    assert english(desk.told[2]).endswith("did you mean Palilula (Beograd), Palilula (Niš)?")
    assert english(desk.told[3]).endswith("did you mean Leskovac, Rekovac, Lajkovac?")


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Palić", "Subotica"), ("ГУЧА", "Lučani"), ("naselje Palić", "Subotica"), ("Palić (Subotica)", "Subotica")],
)
def test_of_a_settlement_it_is_said_where_it_belongs(desk: Desk, name: str, unit: str) -> None:
    desk.rows(f"{name},Bar,ME", header=PAIR)
    assert f"no local government; this one belongs to {unit}:" in english(desk.told[0])


def test_every_code_that_a_row_can_get_has_a_sentence() -> None:
    assert {code for code, _, _ in BAD.values()} <= set(MESSAGES)


# --- headers


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ("partner,country", "table.column-missing", "Lokalna samouprava"),
        ("local_government,country", "table.column-missing", "Partner"),
        ("local_government,partner", "table.column-missing", "Država"),
        ("local_government,partner,country,Партнер", "table.column-twice", "Partner"),
    ],
)
def test_a_column_that_lacks_is_named(desk: Desk, header: str, code: str, column: str) -> None:
    with pytest.raises(TableRefused) as refused:
        desk.rows("Niš,Kassandra,GR", header=header)
    assert refused.value.code == code
    assert f"“{column}”" in str(refused.value)
    assert desk.log.facts == []


def test_columns_that_are_not_read_are_named(desk: Desk) -> None:
    assert desk.rows("Niš,Kassandra,GR,lepo", header=PAIR + ",Raspoloženje").columns_not_read == ("Raspoloženje",)


def test_a_header_alone_is_an_empty_register(desk: Desk) -> None:
    report = desk.rows()
    assert (report.rows, report.broken) == (0, "")


# --- how it runs


def test_a_dry_run_says_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    rehearsal = desk.take(DATA / "partnerships.csv", dry_run=True)
    assert desk.log.facts == []
    assert desk.log.words == {}
    real = desk.take(DATA / "partnerships.csv")
    assert (rehearsal.entered, rehearsal.new_partners, rehearsal.partners) == (534, 440, real.partners)


def test_broken_off_in_the_middle_it_continues(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 100)
    desk.log.fails_after = 3
    with pytest.raises(LogUnavailable):
        desk.take(DATA / "partnerships.csv")
    assert len(desk.log.cases()) == 300
    desk.log.fails_after = None
    report = desk.take(DATA / "partnerships.csv")
    assert (report.already_there, report.entered) == (300, 234)
    assert len(desk.log.cases()) == 534


def test_a_number_that_somebody_took_meanwhile_is_passed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    append, raced = desk.log.append, []

    def race(saves):
        if not raced:
            raced.append(proposal(desk))
        return append(saves)

    monkeypatch.setattr(desk.log, "append", race)
    report = desk.rows("Bor,Bar,ME", "Čačak,Kassandra,GR", header=PAIR)
    assert (report.rows, report.entered, report.new_partners) == (2, 2, 1)
    assert sorted(c.number for c in desk.log.cases().values()) == ["2026-0001", "2026-0002", "2026-0003"]


def test_after_a_lost_race_only_what_is_new_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 100)
    desk.take(DATA / "partnerships.csv")
    append, page, raced, pages = desk.log.append, desk.log.page, [], []

    def race(saves):
        if len(raced) < 2:
            raced.append(proposal(desk, f"2026-{len(raced) + 900:04d}", f"Naxos {len(raced)}"))
        return append(saves)

    def asked(after, limit):
        pages.append(after)
        return page(after, limit)

    monkeypatch.setattr(desk.log, "append", race)
    monkeypatch.setattr(desk.log, "page", asked)
    facts = len(desk.log.facts)
    rows = [f"Bor,Mesto {n},ME" for n in range(300)]
    report = desk.rows(*rows, header=PAIR)
    assert (report.entered, report.new_partners, len(raced)) == (300, 300, 2)
    again = desk.rows(*rows, header=PAIR)
    assert (again.already_there, again.problems, again.notes) == (300, [], [])
    assert [after for after in pages if after < facts] == [0, PAGE] * 2  # by each import, at its beginning


def test_a_pair_that_somebody_proposed_meanwhile_is_not_entered_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, raced = desk.log.append, []

    def race(saves):
        if not raced:
            raced.append(proposal(desk))
        return append(saves)

    monkeypatch.setattr(desk.log, "append", race)
    report = desk.rows(
        "Bor,Bar,ME", TWIN.replace("GR,twinning,,,active; seen in 2024,https://example.org/1", "GR"), header=PAIR
    )
    assert (report.entered, report.already_there, desk.codes) == (1, 1, ["import.under-way"])


def test_small_batches_give_the_same_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, pieces = Desk(tmp_path), Desk(tmp_path)
    whole.take(DATA / "partnerships.csv")
    monkeypatch.setattr(importing, "BATCH", 7)
    pieces.take(DATA / "partnerships.csv")
    assert pieces.log.cases() == whole.log.cases()


def test_only_the_office_imports(desk: Desk) -> None:
    auditor = Person(AccountId(uuid4()), "Revizorka", Role.AUDITOR)
    with pytest.raises(Forbidden):
        desk.take(desk.file(COLUMNS), person=auditor)
