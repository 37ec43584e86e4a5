"""Access tokens of an identity provider: JWTs (RFC 7519), verified as RFC 8725 and RFC 9068 advise.

A token's header chooses nothing but among our own list: the algorithm has to be one of the key that `kid` names, and
keys come from the provider that is set, never from the token (`jku`, `x5u` and `jwk` are not looked at).
"""

import json
import logging
import math
import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, cast

import jwt

from adapters.identity.oidc_provider import LONGEST_KID, Key
from application.oidc_clients import LONGEST_ACCESS_TOKEN, LONGEST_CLIENT, Asserted, TokenRefused

LEEWAY_SECONDS: Final = 30
"""So far may the clocks of the two be apart."""
QUIET_SECONDS: Final = 10.0
"""A reason is logged at most so often."""
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
"""A JWS of three parts that are there. A JWE has five."""
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt", "jwt", "application/jwt"})
_CHANGING: Final = ("crit", "b64", "zip", "enc")
"""Header parameters that would change what the token means."""
_CLIENT_CLAIMS: Final = ("azp", "client_id")
_NUMBERS: Final = ("exp", "nbf", "iat")
_LOGGER: Final = logging.getLogger("pobratim.office")


class Keys(Protocol):
    def key(self, kid: str) -> Key | None:
        """Raises ProviderUnavailable."""
        ...


class JwtAccessTokens:
    """Of one issuer, for one audience."""

    def __init__(self, issuer: str, audience: str, keys: Keys) -> None:
        self._issuer, self._audience, self._keys = issuer, audience, keys

    def verified(self, token: str, now: datetime) -> Asserted:
        """Implements application.oidc_clients.AccessTokens."""
        if len(token) > LONGEST_ACCESS_TOKEN or not _COMPACT.fullmatch(token):
            raise TokenRefused("it is no JWT that is signed")
        kid, algorithm = _header(token)
        key = self._keys.key(kid)
        if key is None:
            raise TokenRefused("the provider has no such key, or none that may be used")
        if algorithm not in key.algorithms:
            raise TokenRefused("the algorithm is not one of the key")
        claims = self._claims(token, key, algorithm)
        _require_now(claims, now.timestamp())
        return Asserted(_client(claims), cast("str", claims["sub"]))

    def _claims(self, token: str, key: Key, algorithm: str) -> Mapping[str, Any]:
        """Signature, issuer and audience hold. Times are looked at by our own clock."""
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": ["iss", "aud", "sub", "exp"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.MissingRequiredClaimError as fault:
            raise TokenRefused(f"{fault.claim} is missing") from None
        except jwt.InvalidSignatureError:
            raise TokenRefused("the signature does not hold") from None
        except jwt.InvalidIssuerError:
            raise TokenRefused("it is of another issuer") from None
        except jwt.InvalidAudienceError:
            raise TokenRefused("it is for another audience") from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise TokenRefused("its claims cannot be read") from None


class RefusalLog:
    """Logs why tokens are refused: nothing of them, and each reason now and then only."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, reason: str) -> None:
        now = time.monotonic()
        if now - self._said.get(reason, float("-inf")) >= QUIET_SECONDS:
            self._said[reason] = now
            _LOGGER.warning("An access token of the identity provider was refused: %s.", reason)


def _header(token: str) -> tuple[str, str]:
    """`kid` and `alg`. Raises TokenRefused."""
    encoded = token.partition(".")[0]
    try:
        read = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise TokenRefused("its header cannot be read") from None
    if not isinstance(read, dict):
        raise TokenRefused("its header cannot be read")
    header = cast("dict[str, Any]", read)
    if any(name in header for name in _CHANGING):
        raise TokenRefused("its header asks for what is not done here")
    if str(header.get("typ", "jwt")).lower() not in _TYPES:
        raise TokenRefused("it is no access token")
    kid, algorithm = header.get("kid"), header.get("alg")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise TokenRefused("its header names no key")
    if not isinstance(algorithm, str):
        raise TokenRefused("the algorithm is not one of the key")
    return kid, algorithm


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError for a name that is given twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _require_now(claims: Mapping[str, Any], now: float) -> None:
    """Raises TokenRefused where the token works no more, or not yet."""
    for name in _NUMBERS:
        value = claims.get(name, 0)
        if isinstance(value, bool) or not (
            isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
        ):
            raise TokenRefused(f"{name} is no moment")
    if claims["exp"] + LEEWAY_SECONDS <= now:
        raise TokenRefused("it has expired")
    if max(claims.get("nbf", 0), claims.get("iat", 0)) - LEEWAY_SECONDS > now:
        raise TokenRefused("it does not work yet")


def _client(claims: Mapping[str, Any]) -> str:
    """Raises TokenRefused where the client is not named, or in two ways."""
    named = [claims[name] for name in _CLIENT_CLAIMS if name in claims]
    first = named[0] if named else None
    fits = isinstance(first, str) and 0 < len(first) <= LONGEST_CLIENT and first.isprintable()
    if not fits or any(one != first for one in named):
        raise TokenRefused("it names no client, or two")
    return cast("str", first)
