"""What an identity provider publishes: OpenID Connect Discovery 1.0, and its keys (RFC 7517)."""

import http.client
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from adapters.asking import Unanswered, ask, line
from adapters.fault import Fault

ANSWER_SECONDS: Final = 5.0
"""To connect, and then from the first byte to the last one; for each of the two answers."""
LONGEST_ANSWER: Final = 256_000
"""Bytes."""
LEAST_RSA: Final = 2_048
MOST_RSA: Final = 8_192
"""Bits; a longer key would let each signature cost too much."""
LONGEST_KID: Final = 200
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_RSA: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey
_Kind = TypeVar("_Kind")


class ProviderFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "provider.away": "{url} does not answer ({reason}). See POBRATIM_OIDC_ISSUER.",
        "provider.refused": "{url} answers {status}; redirections are not followed. See POBRATIM_OIDC_ISSUER.",
        "provider.long": "{url} answers with more than {most} bytes. See POBRATIM_OIDC_ISSUER.",
        "provider.unreadable": "{url} answers what cannot be read ({reason}). See POBRATIM_OIDC_ISSUER.",
        "provider.other-issuer": "{url} speaks for another issuer than the one that is set. See POBRATIM_OIDC_ISSUER.",
        "provider.keys-address": "The address of the keys at {url} is neither https nor on this machine.",
        "provider.no-key": "{url} has no key that can be used: RSA of 2048 bits or more, P-256, P-384, P-521, Ed25519.",
    }


class Key(msgspec.Struct, frozen=True):
    key: PublicKey
    algorithms: frozenset[str]
    """What may be signed with it, by the names of RFC 7518 and RFC 8037."""


class _Discovered(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _KeySet(msgspec.Struct):
    keys: list[dict[str, Any]]


def fetched_keys(issuer: str) -> dict[str, Key]:
    """The keys for signatures that can be used, by `kid`. Raises ProviderFault."""
    url = issuer.rstrip("/") + _WELL_KNOWN
    found = _read(url, _Discovered)
    if found.issuer != issuer:
        raise ProviderFault("provider.other-issuer", url=url)
    if not _safe(found.jwks_uri):
        raise ProviderFault("provider.keys-address", url=url)
    keys = usable(_read(found.jwks_uri, _KeySet).keys)
    if not keys:
        raise ProviderFault("provider.no-key", url=found.jwks_uri)
    return keys


def usable(listed: list[dict[str, Any]]) -> dict[str, Key]:
    """Of keys those that may verify a signature. Where a `kid` is given twice neither counts."""
    often = Counter(kid for one in listed if isinstance(kid := one.get("kid"), str))
    return {
        kid: key
        for one in listed
        if isinstance(kid := one.get("kid"), str)
        and 0 < len(kid) <= LONGEST_KID
        and often[kid] == 1
        and (key := _key(one)) is not None
    }


def _key(one: Mapping[str, Any]) -> Key | None:
    """None for what is for something else, secret, weak, or not known here."""
    operations = one.get("key_ops")
    if one.get("use", "sig") != "sig" or one.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    if operations is not None and (not isinstance(operations, list) or "verify" not in operations):
        return None
    try:
        key = jwt.PyJWK({name: value for name, value in one.items() if name != "alg"}).key
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return None
    match key:
        case RSAPublicKey() if LEAST_RSA <= key.key_size <= MOST_RSA:
            fitting = _RSA
        case EllipticCurvePublicKey() if key.curve.name in _CURVES:
            fitting = frozenset({_CURVES[key.curve.name]})
        case Ed25519PublicKey():
            fitting = frozenset({"EdDSA"})
        case _:
            return None
    named = one.get("alg")
    algorithms = fitting if named is None else fitting & {"EdDSA" if named == "Ed25519" else str(named)}
    return Key(key, algorithms) if algorithms else None


def _read(url: str, kind: type[_Kind]) -> _Kind:
    """Raises ProviderFault."""
    try:
        return msgspec.json.decode(_answer(url), type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise ProviderFault("provider.unreadable", url=url, reason=line(str(fault))) from fault


def _answer(url: str) -> bytes:
    """Raises ProviderFault."""
    try:
        status, said = ask(
            url, "GET", None, {"Accept": "application/json"}, seconds=ANSWER_SECONDS, most=LONGEST_ANSWER
        )
    except Unanswered as fault:
        raise ProviderFault("provider.away", url=url, reason=str(fault)) from fault
    if status != http.client.OK:
        raise ProviderFault("provider.refused", url=url, status=status)
    if len(said) > LONGEST_ANSWER:
        raise ProviderFault("provider.long", url=url, most=LONGEST_ANSWER)
    return said


def _safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    secured = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = url.isascii() and url.isprintable() and " " not in url
    return bool(secured and plain and parts.hostname and "@" not in parts.netloc)
