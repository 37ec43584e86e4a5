"""Keys of the identity provider, held for a while, so that who sends tokens cannot make us ask it all the time."""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Condition
from typing import Final

from adapters.identity.oidc_provider import ANSWER_SECONDS, Key, ProviderFault, fetched_keys
from application.oidc_clients import ProviderUnavailable

KEPT_SECONDS: Final = 3600.0
"""So long keys count after they were fetched."""
AGED_SECONDS: Final = 1800.0
"""From this age on they are fetched again while they still count, so that a provider may be away for a while."""
AGAIN_SECONDS: Final = 60.0
"""Between two questions, for a key that is not known or keys that are aged."""
PAUSE_SECONDS: Final = 10.0
"""The same where there are no keys at all."""
MOST_WAITING: Final = 4
"""Requests that wait for an answer, beside the one that asks."""
_LOGGER: Final = logging.getLogger("pobratim.office")


class ProviderKeys:
    """Threads may ask at the same time; one of them asks the provider."""

    def __init__(
        self,
        issuer: str,
        fetch: Callable[[str], Mapping[str, Key]] = fetched_keys,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer, self._fetch, self._monotonic = issuer, fetch, monotonic
        self._turn = Condition()
        self._keys: Mapping[str, Key] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = False
        self._waiting = 0

    def key(self, kid: str) -> Key | None:
        """None where the provider has no such key. Raises ProviderUnavailable."""
        with self._turn:
            found = self._usable().get(kid)
            if found and (self._fetching or not self._wanted(kid)):
                return found
            if self._fetching:
                self._wait()
                return self._told(kid)
            if not self._wanted(kid):
                return self._told(kid)
            self._fetching = True
        self._ask()
        with self._turn:
            return self._told(kid)

    def _usable(self) -> Mapping[str, Key]:
        return self._keys if self._monotonic() - self._fetched_at < KEPT_SECONDS else {}

    def _wanted(self, kid: str) -> bool:
        """The provider is to be asked."""
        now, usable = self._monotonic(), self._usable()
        if not usable:
            return now - self._tried_at >= PAUSE_SECONDS
        aged = now - self._fetched_at >= AGED_SECONDS
        return (aged or kid not in usable) and now - self._tried_at >= AGAIN_SECONDS

    def _wait(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise ProviderUnavailable("too many wait for the identity provider", int(ANSWER_SECONDS))
        self._waiting += 1
        try:
            self._turn.wait_for(lambda: not self._fetching, 3 * ANSWER_SECONDS)
        finally:
            self._waiting -= 1

    def _told(self, kid: str) -> Key | None:
        if not self._usable():
            raise ProviderUnavailable("the identity provider gives no keys", int(PAUSE_SECONDS))
        return self._usable().get(kid)

    def _ask(self) -> None:
        """What goes wrong is logged, and the keys that there are stay."""
        keys: Mapping[str, Key] = {}
        try:
            keys = self._fetch(self._issuer)
        except ProviderFault as fault:
            _LOGGER.warning("Access tokens: %s", fault)
        finally:
            with self._turn:
                self._fetching, self._tried_at = False, self._monotonic()
                if keys:
                    self._keys, self._fetched_at = keys, self._tried_at
                self._turn.notify_all()
