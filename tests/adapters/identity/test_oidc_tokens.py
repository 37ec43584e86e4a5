"""Access tokens that hold, and every known way to forge one, against a provider on a real socket."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.identity.oidc_keys import ProviderKeys
from adapters.identity.oidc_tokens import LEEWAY_SECONDS, JwtAccessTokens
from application.oidc_clients import LONGEST_ACCESS_TOKEN, Asserted, TokenRefused
from tests.identity_provider import AUDIENCE, LASTS, IdentityProvider, b64, identity_provider, jwk, jws, number, rsa_key

NOW = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
AT = NOW.timestamp()
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
P521, K256 = ec.generate_private_key(ec.SECP521R1()), ec.generate_private_key(ec.SECP256K1())
ED = ed25519.Ed25519PrivateKey.generate()


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as made:
        yield made


def verified(provider: IdentityProvider, token: str, now: datetime = NOW) -> Asserted:
    """By a verifier that knows nothing yet."""
    return JwtAccessTokens(provider.issuer, AUDIENCE, ProviderKeys(provider.issuer)).verified(token, now)


def why(provider: IdentityProvider, token: str, now: datetime = NOW) -> str:
    with pytest.raises(TokenRefused) as refused:
        verified(provider, token, now)
    return refused.value.reason


def test_a_token_says_who_asks_and_the_scopes_in_it_say_nothing(provider: IdentityProvider) -> None:
    token = provider.token(AT, scope="cases:write openid", azp="portal", sub="7f1c")
    assert verified(provider, token) == Asserted("portal", "7f1c")
    assert verified(provider, provider.token(AT, aud=["account", AUDIENCE])) == Asserted("portal", "portal")
    assert verified(provider, provider.token(AT, client_id=None, azp="portal")) == Asserted("portal", "portal")


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        *((name, rsa_key()) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
        ("ES256", P256),
        ("ES384", P384),
        ("ES512", P521),
        ("EdDSA", ED),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_algorithm_of_a_key_pair_is_taken(provider: IdentityProvider, algorithm: str, key: Any) -> None:
    provider.published = [jwk(key)]
    token = provider.token(AT, key, {"alg": algorithm})
    assert verified(provider, token).client == "portal"
    head, _, signed = token.split(".")
    other = b64(json.dumps(provider.claims(AT, client_id="ministry")).encode())
    assert why(provider, f"{head}.{other}.{signed}") == "the signature does not hold"


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+JWT", "JWT", None])
def test_types_of_access_tokens(provider: IdentityProvider, typ: str | None) -> None:
    assert verified(provider, provider.token(AT, header={"typ": typ}))


def test_times_are_those_of_our_clock_with_some_leeway(provider: IdentityProvider) -> None:
    token = provider.token(AT, nbf=int(AT))
    for moment in (AT - LEEWAY_SECONDS, AT + LASTS + LEEWAY_SECONDS - 1):
        assert verified(provider, token, datetime.fromtimestamp(moment, UTC))
    assert why(provider, token, datetime.fromtimestamp(AT + LASTS + LEEWAY_SECONDS, UTC)) == "it has expired"
    assert why(provider, token, datetime.fromtimestamp(AT - LEEWAY_SECONDS - 1, UTC)) == "it does not work yet"


WRONG_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "other issuer": ({"iss": "https://login.example.org"}, "it is of another issuer"),
    "issuer with a slash": ({"iss": "{issuer}/"}, "it is of another issuer"),
    "list of issuers": ({"iss": ["{issuer}"]}, "it is of another issuer"),
    "no issuer": ({"iss": None}, "iss is missing"),
    "other audience": ({"aud": "https://pobratim.example.org"}, "it is for another audience"),
    "audience that begins alike": ({"aud": AUDIENCE + ".evil.example"}, "it is for another audience"),
    "list without us": ({"aud": ["account", "portal"]}, "it is for another audience"),
    "list with something else": ({"aud": [AUDIENCE, 7]}, "it is for another audience"),
    "audience as an object": ({"aud": {AUDIENCE: True}}, "it is for another audience"),
    "no audience": ({"aud": None}, "aud is missing"),
    "empty audience": ({"aud": []}, "aud is missing"),
    "expired": ({"exp": AT - LEEWAY_SECONDS}, "it has expired"),
    "no expiry": ({"exp": None}, "exp is missing"),
    "expiry as text": ({"exp": str(AT + 60)}, "exp is no moment"),
    "expiry as truth": ({"exp": True}, "exp is no moment"),
    "expiry that is no number": ({"exp": float("nan")}, "exp is no moment"),
    "expiry without end": ({"exp": float("inf")}, "exp is no moment"),
    "not yet": ({"nbf": AT + LEEWAY_SECONDS + 1}, "it does not work yet"),
    "begin as a list": ({"nbf": [1]}, "nbf is no moment"),
    "issued tomorrow": ({"iat": AT + 86_400}, "it does not work yet"),
    "no subject": ({"sub": None}, "sub is missing"),
    "subject as number": ({"sub": 7}, "its claims cannot be read"),
    "no client": ({"client_id": None}, "it names no client, or two"),
    "two clients": ({"azp": "ministry"}, "it names no client, or two"),
    "client as list": ({"client_id": ["portal"]}, "it names no client, or two"),
    "client with a NUL": ({"client_id": "portal\0"}, "it names no client, or two"),
    "client without end": ({"client_id": "p" * 201}, "it names no client, or two"),
}


@pytest.mark.parametrize("how", WRONG_CLAIMS)
def test_signed_claims_that_are_not_for_us_do_not_hold(provider: IdentityProvider, how: str) -> None:
    claims, said = WRONG_CLAIMS[how]
    filled = {n: json.loads(json.dumps(v).replace("{issuer}", provider.issuer)) for n, v in claims.items()}
    assert why(provider, provider.token(AT, **filled)) == said


def test_an_expiry_beyond_every_float_is_a_moment(provider: IdentityProvider) -> None:
    assert verified(provider, provider.token(AT, exp=10**400))


@pytest.mark.parametrize("payload", [b"[]", b"7", b"", b"\xff", b"[" * 3000, b'{"iss":'])
def test_a_payload_that_is_no_object_does_not_hold(provider: IdentityProvider, payload: bytes) -> None:
    token = jws({"alg": "RS256", "kid": "first"}, payload)
    assert why(provider, token) in ("its claims cannot be read", "it is no JWT that is signed")


def none(provider: IdentityProvider) -> str:
    return provider.token(AT, header={"alg": "none"})


def none_without_signature(provider: IdentityProvider) -> str:
    return none(provider).rpartition(".")[0] + "."


def hs256_with_the_public_key(provider: IdentityProvider) -> str:
    """The public key as PEM, taken for a shared secret."""
    pem = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = provider.token(AT, header={"alg": "HS256"}).rpartition(".")[0]
    return f"{signed}.{b64(hmac.new(pem, signed.encode(), hashlib.sha256).digest())}"


def with_header(**header: Any) -> Callable[[IdentityProvider], str]:
    return lambda provider: provider.token(AT, header=header)


def with_its_own_key(name: str, value: Any) -> Callable[[IdentityProvider], str]:
    """Signed with the attacker's key, which the header offers."""
    return lambda provider: provider.token(AT, rsa_key(number=1), {name: value})


def encrypted(provider: IdentityProvider) -> str:
    """A JWE has five parts."""
    return ".".join([b64(b'{"alg":"RSA-OAEP","enc":"A256GCM","kid":"first"}'), *(b64(b"x" * 20) for _ in range(4))])


def nested(provider: IdentityProvider) -> str:
    inner = provider.token(AT)
    return jws({"alg": "RS256", "kid": "first", "cty": "JWT"}, inner.encode())


def twice(provider: IdentityProvider) -> str:
    _, body, signed = provider.token(AT).split(".")
    head = b64(b'{"alg":"none","alg":"RS256","kid":"first"}')
    return f"{head}.{body}.{signed}"


def too_long(provider: IdentityProvider) -> str:
    return provider.token(AT, filling="x" * 9_000)


FORGED: dict[str, tuple[Callable[[IdentityProvider], str], str]] = {
    "alg none": (none, "the algorithm is not one of the key"),
    "alg none, unsigned": (none_without_signature, "it is no JWT that is signed"),
    "alg NONE": (with_header(alg="nOnE"), "the algorithm is not one of the key"),
    "alg of no text": (with_header(alg=7), "the algorithm is not one of the key"),
    "HS256 with the public key": (hs256_with_the_public_key, "the algorithm is not one of the key"),
    "ES256 for an RSA key": (with_header(alg="ES256"), "the algorithm is not one of the key"),
    "another key": (lambda p: p.token(AT, rsa_key(number=1)), "the signature does not hold"),
    "kid unknown": (with_header(kid="second"), "the provider has no such key, or none that may be used"),
    "kid absent": (with_header(kid=None), "its header names no key"),
    "kid of no text": (with_header(kid=["first"]), "its header names no key"),
    "kid as a path": (with_header(kid="../../dev/null"), "the provider has no such key, or none that may be used"),
    "crit": (with_header(crit=["exp"], exp=1), "its header asks for what is not done here"),
    "detached payload": (with_header(b64=False), "its header asks for what is not done here"),
    "another kind of token": (with_header(typ="secevent+jwt"), "it is no access token"),
    "jku": (with_its_own_key("jku", "http://127.0.0.1:1/keys"), "the signature does not hold"),
    "x5u": (with_its_own_key("x5u", "http://127.0.0.1:1/chain"), "the signature does not hold"),
    "jwk": (with_its_own_key("jwk", jwk(rsa_key(number=1))), "the signature does not hold"),
    "JWE": (encrypted, "it is no JWT that is signed"),
    "nested": (nested, "its claims cannot be read"),
    "alg twice": (twice, "its header cannot be read"),
    "header as a list": (lambda p: f"{b64(b'[]')}.e30.e30", "its header cannot be read"),
    "header nested deep": (lambda p: f"{b64(b'[' * 4000)}.e30.e30", "its header cannot be read"),
    "header of no text": (lambda p: f"{b64(bytes([255, 254]))}.e30.e30", "its header cannot be read"),
    "other letters": (lambda p: p.token(AT).replace(".", "=.", 1), "it is no JWT that is signed"),
    "a line more": (lambda p: p.token(AT) + "\n", "it is no JWT that is signed"),
    "9 kB": (too_long, "it is no JWT that is signed"),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_does_not_hold(provider: IdentityProvider, how: str) -> None:
    make, said = FORGED[how]
    assert why(provider, make(provider)) == said


def test_what_a_header_offers_is_not_even_looked_at(provider: IdentityProvider) -> None:
    for name in ("jku", "x5u"):
        why(provider, provider.token(AT, rsa_key(number=1), {name: f"{provider.issuer}/evil"}))
    assert provider.asked["/evil"] == 0


def test_the_longest_token_is_taken(provider: IdentityProvider) -> None:
    room = LONGEST_ACCESS_TOKEN - len(provider.token(AT, filling=""))
    token = provider.token(AT, filling="x" * (room * 3 // 4 - 2))
    assert LONGEST_ACCESS_TOKEN - 8 < len(token) <= LONGEST_ACCESS_TOKEN
    assert verified(provider, token)


WRONG_KEYS: dict[str, tuple[list[dict[str, Any]], Any, str]] = {
    "weak RSA": ([jwk(rsa_key(1024), "weak")], rsa_key(1024), "RS256"),
    "RSA for encryption": ([jwk(rsa_key(), "weak", use="enc")], rsa_key(), "RS256"),
    "RSA that may not verify": ([jwk(rsa_key(), "weak", key_ops=["encrypt"])], rsa_key(), "RS256"),
    "RSA for another algorithm": ([jwk(rsa_key(), "weak", alg="PS256")], rsa_key(), "RS256"),
    "RSA said to be for HS256": ([jwk(rsa_key(), "weak", alg="HS256")], rsa_key(), "HS256"),
    "a curve that is not ours": ([jwk(K256, "weak", crv="secp256k1")], K256, "ES256K"),
    "a curve for another algorithm": ([jwk(P384, "weak")], P384, "ES256"),
    "a key twice": ([jwk(rsa_key(), "weak"), jwk(rsa_key(number=1), "weak")], rsa_key(), "RS256"),
    "a shared secret": ([{"kty": "oct", "kid": "weak", "k": b64(b"k" * 32)}], rsa_key(), "HS256"),
    "a private key": ([jwk(rsa_key(), "weak", d=number(rsa_key().private_numbers().d))], rsa_key(), "RS256"),
    "no number": ([{"kty": "RSA", "kid": "weak", "n": "!", "e": "AQAB"}], rsa_key(), "RS256"),
    "no point of the curve": ([jwk(P256, "weak", x=b64(b"\1" * 32))], P256, "ES256"),
    "no kid": ([jwk(rsa_key(), None)], rsa_key(), "RS256"),
}


@pytest.mark.parametrize("how", WRONG_KEYS)
def test_a_key_that_may_not_be_used_verifies_nothing(provider: IdentityProvider, how: str) -> None:
    listed, key, algorithm = WRONG_KEYS[how]
    provider.published = [jwk(rsa_key(number=2), "good"), *listed]
    assert verified(provider, provider.token(AT, rsa_key(number=2), {"kid": "good"}))
    token = provider.token(AT, key, {"kid": "weak", "alg": algorithm})
    assert why(provider, token) in (
        "the provider has no such key, or none that may be used",
        "the algorithm is not one of the key",
    )


def test_reasons_repeat_nothing_of_a_token(provider: IdentityProvider) -> None:
    canary = "Kanarinac"
    tokens = [provider.token(AT, header={name: canary}) for name in ("kid", "alg", "typ", "crit", "b64")] + [
        provider.token(AT, **{name: canary}) for name in ("iss", "aud", "exp", "azp")
    ]
    assert [token for token in tokens if canary in why(provider, token)] == []


def test_the_clock_of_the_machine_is_not_asked(provider: IdentityProvider) -> None:
    assert abs(time.time() - AT) > LASTS
    assert verified(provider, provider.token(AT))
    assert why(provider, provider.token(time.time())) == "it does not work yet"
