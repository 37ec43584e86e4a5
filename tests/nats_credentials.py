"""Operator, account and user of a NATS server in operator mode, and the user's .creds file."""

import base64
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import nkeys

_NO_LIMITS = {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": True, "conn": -1}
_STREAMS = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}


def _pair(prefix: int) -> tuple[str, nkeys.KeyPair, str]:
    seed = nkeys.encode_seed(os.urandom(32), prefix)
    pair = nkeys.from_seed(bytearray(seed))
    return pair.public_key.decode(), pair, seed.decode()


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _jwt(issuer: nkeys.KeyPair, subject: str, name: str, claims: dict[str, Any]) -> str:
    body: dict[str, Any] = {
        "iat": int(time.time()),
        "iss": issuer.public_key.decode(),
        "sub": subject,
        "name": name,
        "nats": {**claims, "version": 2},
    }
    body["jti"] = base64.b32encode(hashlib.sha256(json.dumps(body).encode()).digest()).rstrip(b"=").decode()
    head = _base64(json.dumps({"typ": "JWT", "alg": "ed25519-nkey"}).encode())
    signed = f"{head}.{_base64(json.dumps(body).encode())}"
    return f"{signed}.{_base64(issuer.sign(signed.encode()))}"


def operator_mode(folder: Path) -> tuple[str, Path, Path]:
    """The server's configuration, credentials that it takes, and some that another operator gave."""
    settings, good = _made(folder, "good")
    _, other = _made(folder, "other")
    return settings, good, other


def _made(folder: Path, name: str) -> tuple[str, Path]:
    operator_id, operator, _ = _pair(nkeys.PREFIX_BYTE_OPERATOR)
    system_id, _, _ = _pair(nkeys.PREFIX_BYTE_ACCOUNT)
    account_id, account, _ = _pair(nkeys.PREFIX_BYTE_ACCOUNT)
    user_id, _, seed = _pair(nkeys.PREFIX_BYTE_USER)
    of_operator = _jwt(operator, operator_id, "office", {"type": "operator", "system_account": system_id})
    of_system = _jwt(operator, system_id, "SYS", {"type": "account", "limits": _NO_LIMITS})
    of_account = _jwt(operator, account_id, "facts", {"type": "account", "limits": _NO_LIMITS | _STREAMS})
    of_user = _jwt(account, user_id, "pobratim", {"type": "user", "subs": -1, "data": -1, "payload": -1})
    file = folder / f"{name}.creds"
    file.write_text(
        f"-----BEGIN NATS USER JWT-----\n{of_user}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n",
        encoding="utf-8",
    )
    settings = (
        f"operator: {of_operator}\nsystem_account: {system_id}\nresolver: MEMORY\n"
        f"resolver_preload: {{\n  {system_id}: {of_system}\n  {account_id}: {of_account}\n}}"
    )
    return settings, file
