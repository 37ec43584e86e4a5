"""Two scripts of one language: what is shown, what is found, what stands before what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.script import fold, latin, sort_key

LATIN = {
    "Љубљана": "Ljubljana",
    "ЉУБЉАНА": "LJUBLJANA",
    "Његош": "Njegoš",
    "ЊЕГОШ": "NJEGOŠ",
    "Џеп": "Džep",
    "ЏЕП": "DŽEP",
    "НИЊ": "NINJ",
    "КРАЉ": "KRALJ",
    "Љ. Петровић": "Lj. Petrović",
    "конјугација": "konjugacija",
    "надживети": "nadživeti",
    "инјекција": "injekcija",
    "Ђорђе Ћурчић": "Đorđe Ćurčić",
    "СКГО и ЈЛС": "SKGO i JLS",
    "Washington и Wien": "Washington i Wien",
    "%(count)s предмета": "%(count)s predmeta",
    "": "",
}


@pytest.mark.parametrize(("cyrillic", "expected"), LATIN.items())
def test_latin_follows_from_cyrillic(cyrillic: str, expected: str) -> None:
    assert latin(cyrillic) == expected


@given(st.text())
def test_latin_of_latin_is_itself(text: str) -> None:
    assert latin(latin(text)) == latin(text)


ALIKE = [
    ("Niš", "Ниш", "nis", "NIS", "NIŠ", " niš "),
    ("Đorđe", "Djordje", "Dorde", "Ђорђе", "ĐORĐE", "DJORDJE"),
    ("Inđija", "Инђија", "Indjija", "Indija"),
    ("Žabalj", "Жабаљ", "zabalj", "ŽABALJ"),
    ("Iași", "Iaşi", "iasi"),
    ("Constanța", "Constanţa", "constanta"),
    ("Łódź", "lodz", "LODZ"),
    ("Mława", "mlawa"),
    ("Straße", "STRASSE", "strasse"),
    ("Ærø", "aero"),
    ("İstanbul", "istanbul", "Istanbul", "ıstanbul"),
    ("L’Aquila", "L'Aquila", "laquila"),
    ("Saint-Leu-la-Forêt", "Saint Leu la Foret", "saint–leu–la–foret"),
    ("Gravina in Puglia", "Gravina  in  Puglia", "gravina in\u00a0puglia", "Gra\u00advina in Puglia"),
    ("Čačak", "Чачак", "cacak", "C\u030cac\u030cak"),
    ("Ｎｉš", "niš"),
    ("Сушево", "Suševo"),
]


@pytest.mark.parametrize("spellings", ALIKE)
def test_spellings_of_one_name_fold_alike(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


def test_different_names_stay_different() -> None:
    names = ["Niš", "Novi Sad", "Sad", "Senta", "Sento", "Užice", "Ub", "Bar", "Bač", "2026-0042", "2026-0043"]
    assert len({fold(name) for name in names}) == len(names)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.sampled_from("dđђjјДЂĐ'\u0335\u030c lnžЉ")))
def test_folding_twice_is_folding_once_around_the_troublesome_letters(text: str) -> None:
    assert fold(fold(text)) == fold(text)


ORDERED = [
    ["Beograd", "Bor", "Ćuprija", "Gadžin Han"],
    ["cvet", "čaj", "ćup", "dan", "duša", "džep", "đak", "evo"],
    ["lopata", "luk", "ljubav", "mir", "nož", "nula", "njiva", "oko"],
    ["sat", "šal", "zec", "žaba"],
    ["Novi", "Novi Pazar", "Novi Sad", "Novo Brdo"],
    ["pas", "Quito", "raž"],
    ["vuk", "Wien", "zub"],
    ["Paris", "Pariz", "Párizs"],
    ["1. maj", "Ada"],
]


@pytest.mark.parametrize("names", ORDERED)
def test_names_stand_in_the_order_of_the_alphabet(names: list[str]) -> None:
    shuffled = names[1:] + names[:1]
    assert sorted(shuffled, key=lambda name: sort_key(name).encode()) == names


CYRILLIC = [
    "Ада",
    "Бач",
    "Велика Плана",
    "Димитровград",
    "Ђаково",
    "Житиште",
    "Љиг",
    "Нови Сад",
    "Његошево",
    "Ћуприја",
    "Чачак",
    "Џеп",
]


def test_both_scripts_give_the_same_order() -> None:
    by_cyrillic = [latin(name) for name in sorted(CYRILLIC, key=sort_key)]
    assert by_cyrillic == sorted(map(latin, CYRILLIC), key=sort_key)
    assert [sort_key(name) for name in CYRILLIC] == [sort_key(latin(name)) for name in CYRILLIC]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_key_can_be_stored(text: str) -> None:
    assert "\0" not in sort_key(text)
