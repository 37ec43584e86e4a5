"""What may be a password: long enough, not guessed first, not one's own name; nothing about its composition."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from adapters.identity.common_passwords import is_common
from adapters.identity.passwords import Argon2Passwords
from application.passwords import about_password

PASSWORDS = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
WHOSE = ("Јелена Марковић", "jelena.markovic@skgo.rs")


def codes(password: str) -> list[str]:
    refusals = about_password(password, WHOSE, PASSWORDS)
    assert {refusal.field for refusal in refusals} <= {"password"}
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    "password",
    [
        "sedam hrastova kraj puta",
        "седам храстова крај пута",
        "jelena voli hrastove",
        "marmelada od dunja",
        "xK4-pQ9!vTz2",
        "        v u k        s o v a",
        "🔑🚪🌳🍎🔔🐟🌙🎻🧭🪁🧵🪜",
        "x7q" * 2 + "Bdm9rW",
        "d" + "unja šljiva kruška " * 10,
    ],
)
def test_any_composition_will_do(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(("password", "code"), [("kratko ime", "short"), ("x7 Qm" * 41, "long"), ("", "short")])
def test_it_has_a_length(password: str, code: str) -> None:
    assert codes(password) == [f"account.password-{code}"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "passwordpassword",
        "lozinka12345",
        "Лозинка12345",
        "šifrašifra123",
        "Dobrodošli2026",
        "crvenazvezda",
        "123456789012",
        "210987654321",
        "qwertyuiopas",
        "qwertz123456",
        "1qaz2wsx3edc",
        "asdfghjkl123",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijkl",
        "абвгдђежзијк",
        "!!!!!!!!!!!!",
        "............",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert codes(password) == ["account.password-common"]
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "Jelena Marković",
        "jelenamarkovic1",
        "Марковић Јелена!",
        "jelena.markovic@skgo.rs",
        "Marković-2026",
        "skgojelena26",
    ],
)
def test_ones_own_name_and_address_are_refused_in_any_script(password: str) -> None:
    assert codes(password) == ["account.password-own-name"]


def test_a_letter_and_its_parts_are_one_password() -> None:
    composed = "četiri šljive u žbunu"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert PASSWORDS.verify(decomposed, PASSWORDS.hash(composed))
