"""When the provider is asked for its keys, what of its answers is taken, and what happens while it is away."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from adapters.identity import oidc_keys, oidc_provider
from adapters.identity.oidc_keys import (
    AGAIN_SECONDS,
    AGED_SECONDS,
    KEPT_SECONDS,
    MOST_WAITING,
    PAUSE_SECONDS,
    ProviderKeys,
)
from adapters.identity.oidc_provider import LONGEST_ANSWER, Key, ProviderFault, fetched_keys
from application.oidc_clients import ProviderUnavailable
from tests.identity_provider import (
    DISCOVERY,
    KEYS,
    Answer,
    IdentityProvider,
    identity_provider,
    json_answer,
    jwk,
    rsa_key,
    until,
)


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as made:
        yield made


@dataclass
class Held:
    """Keys with a clock that tests turn."""

    provider: IdentityProvider
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.keys = ProviderKeys(self.provider.issuer, monotonic=lambda: self.now)

    def knows(self, kid: str = "first") -> bool:
        return self.keys.key(kid) is not None

    def asked(self) -> int:
        return self.provider.asked[DISCOVERY]

    def unavailable(self, kid: str = "first") -> bool:
        with pytest.raises(ProviderUnavailable):
            self.keys.key(kid)
        return True


@pytest.fixture
def held(provider: IdentityProvider) -> Held:
    return Held(provider)


def away(provider: IdentityProvider) -> None:
    provider.answers[DISCOVERY] = lambda: Answer(status=502)


def test_keys_are_fetched_once_and_kept(held: Held) -> None:
    assert [held.knows() for _ in range(50)] == [True] * 50
    assert held.asked() == 1


def test_an_unknown_key_makes_us_ask_once_a_minute_and_not_more(held: Held) -> None:
    assert held.knows()
    held.now += AGAIN_SECONDS
    assert [held.knows(f"made-up-{n}") for n in range(50)] == [False] * 50
    assert held.asked() == 2
    held.now += AGAIN_SECONDS - 1
    assert not held.knows("made-up")
    assert held.asked() == 2
    held.now += 1
    assert not held.knows("made-up")
    assert held.asked() == 3


def test_a_new_key_of_the_provider_is_taken_and_the_withdrawn_one_is_not(held: Held) -> None:
    assert held.knows()
    held.provider.published = [jwk(rsa_key(number=1), "second")]
    held.now += AGAIN_SECONDS
    assert held.knows("second")
    assert not held.knows("first")


def test_a_withdrawn_key_counts_no_longer_than_until_the_keys_have_aged(held: Held) -> None:
    assert held.knows()
    held.provider.published = [jwk(rsa_key(number=1), "second")]
    held.now += AGED_SECONDS - 1
    assert held.knows()
    held.now += 1
    assert not held.knows()


def test_while_the_provider_is_away_the_keys_that_are_there_count_for_an_hour(held: Held) -> None:
    assert held.knows()
    away(held.provider)
    held.now += AGED_SECONDS
    assert [held.knows() for _ in range(10)] == [True] * 10
    assert held.asked() == 2, "it is asked beside the use of aged keys, and then left alone for a minute"
    held.now += KEPT_SECONDS - AGED_SECONDS - 1
    assert held.knows()
    held.now += 1
    assert held.unavailable()
    held.provider.answers.clear()
    held.now += PAUSE_SECONDS
    assert held.knows()


def test_without_any_keys_the_provider_is_asked_again_after_a_pause(held: Held) -> None:
    away(held.provider)
    assert all(held.unavailable() for _ in range(10))
    assert held.asked() == 1
    held.provider.answers.clear()
    held.now += PAUSE_SECONDS - 1
    assert held.unavailable()
    held.now += 1
    assert held.knows()


def test_few_wait_for_a_slow_provider_and_the_others_are_told_at_once(provider: IdentityProvider) -> None:
    begun, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def slow(issuer: str) -> dict[str, Key]:
        asked.append(issuer)
        begun.set()
        assert go_on.wait(30)
        return fetched_keys(issuer)

    keys = ProviderKeys(provider.issuer, slow)
    with ThreadPoolExecutor(MOST_WAITING + 1) as threads:
        first = threads.submit(keys.key, "first")
        assert begun.wait(30)
        waiting = [threads.submit(keys.key, "first") for _ in range(MOST_WAITING)]

        def told_at_once() -> bool:
            try:
                return keys._waiting == MOST_WAITING and not keys.key("first")
            except ProviderUnavailable:
                return True

        until(told_at_once)
        assert not any(one.done() for one in (first, *waiting))
        go_on.set()
        assert all(one.result(30) for one in (first, *waiting))
    assert len(asked) == 1


def test_known_keys_wait_for_nobody(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_keys, "ANSWER_SECONDS", 1000.0)  # whoever waits waits for long
    now = [1000.0]
    begun, go_on = threading.Event(), threading.Event()

    def fetch(issuer: str) -> dict[str, Key]:
        if begun.is_set() or now[0] == 1000.0:
            return fetched_keys(issuer)
        begun.set()
        assert go_on.wait(30)
        return fetched_keys(issuer)

    keys = ProviderKeys(provider.issuer, fetch, lambda: now[0])
    assert keys.key("first")
    now[0] += AGED_SECONDS
    with ThreadPoolExecutor(2) as threads:
        unknown = threads.submit(keys.key, "made-up")
        assert begun.wait(30)
        known = threads.submit(keys.key, "first")
        try:
            assert known.result(20)
        finally:
            go_on.set()
        assert unknown.result(30) is None


def fault_of(provider: IdentityProvider) -> str:
    with pytest.raises(ProviderFault) as fault:
        fetched_keys(provider.issuer)
    assert provider.issuer in str(fault.value)
    return fault.value.code


def elsewhere(provider: IdentityProvider) -> Answer:
    return Answer(status=302, headers={"Location": f"{provider.issuer}/elsewhere"})


WRONG: dict[str, tuple[str, Callable[[IdentityProvider], Answer], str]] = {
    "gone": (DISCOVERY, lambda _p: Answer(status=404), "provider.refused"),
    "redirected": (DISCOVERY, elsewhere, "provider.refused"),
    "keys redirected": (KEYS, elsewhere, "provider.refused"),
    "no JSON": (DISCOVERY, lambda _p: Answer(b"<html>"), "provider.unreadable"),
    "nested deep": (KEYS, lambda _p: Answer(b'{"keys":' + b"[" * 100_000), "provider.unreadable"),
    "no UTF-8": (KEYS, lambda _p: Answer(b'{"keys":[{"kid":"\xff"}]}'), "provider.unreadable"),
    "keys of no kind": (KEYS, lambda _p: json_answer({"keys": "first"}), "provider.unreadable"),
    "no keys": (KEYS, lambda _p: json_answer({"keys": []}), "provider.no-key"),
    "weak keys only": (KEYS, lambda _p: json_answer({"keys": [jwk(rsa_key(1024))]}), "provider.no-key"),
    "huge keys": (
        KEYS,
        lambda _p: json_answer({"keys": [jwk(rsa_key())], "x": "x" * LONGEST_ANSWER}),
        "provider.long",
    ),
    "other issuer": (
        DISCOVERY,
        lambda p: json_answer({"issuer": p.issuer + "/", "jwks_uri": p.issuer + KEYS}),
        "provider.other-issuer",
    ),
    "keys in the clear": (
        DISCOVERY,
        lambda p: json_answer({"issuer": p.issuer, "jwks_uri": "http://192.0.2.1/keys"}),
        "provider.keys-address",
    ),
    "keys in a file": (
        DISCOVERY,
        lambda p: json_answer({"issuer": p.issuer, "jwks_uri": "file:///etc/passwd"}),
        "provider.keys-address",
    ),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_answer_is_one_fault(provider: IdentityProvider, how: str) -> None:
    path, answer, code = WRONG[how]
    provider.answers[path] = lambda: answer(provider)
    assert fault_of(provider) == code
    assert provider.asked["/elsewhere"] == 0


@pytest.mark.parametrize("path", [DISCOVERY, KEYS])
def test_a_provider_that_answers_byte_by_byte_is_left(
    provider: IdentityProvider, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_provider, "ANSWER_SECONDS", 0.5)
    provider.answers[path] = lambda: Answer(b" " * 10_000, drip=0.05)
    assert fault_of(provider) == "provider.away"


def test_a_provider_that_is_not_there_is_one_fault() -> None:
    with identity_provider() as gone:
        issuer = gone.issuer
    with pytest.raises(ProviderFault, match="does not answer"):
        fetched_keys(issuer)


def test_what_is_wrong_is_logged_once_for_each_question(held: Held, caplog: pytest.LogCaptureFixture) -> None:
    away(held.provider)
    with caplog.at_level(logging.WARNING):
        assert all(held.unavailable() for _ in range(5))
    assert [record.getMessage() for record in caplog.records] == [
        f"Access tokens: {held.provider.issuer}{DISCOVERY} answers 502; redirections are not followed. "
        "See POBRATIM_OIDC_ISSUER."
    ]
