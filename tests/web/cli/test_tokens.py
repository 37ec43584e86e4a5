"""`pobratim token`, as an operator types it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.conftest import Database
from tests.identity_provider import identity_provider

Shell = Callable[..., subprocess.CompletedProcess[str]]


def shell_of(database: Database) -> Shell:
    environment = os.environ | {"POBRATIM_DATABASE_URL": database.owner_url, "POBRATIM_SECRET_KEY": "k" * 40}

    def run(*words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "web.cli", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture(scope="module")
def shell(database: Database) -> Shell:
    run = shell_of(database)
    run("account", "add", "portal@nis.rs", "--name", "Portal", "--role", "coordinator")
    return run


def test_the_life_of_a_token(shell: Shell) -> None:
    secret = shell("token", "add", "portal@nis.rs", "--name", "Town portal", "--scope", "events:read").stdout.strip()
    id_ = secret.split("_")[1]
    listed = json.loads(shell("token", "list", "town", "--json").stdout)
    assert (listed["id"], listed["scopes"], listed["used_at"]) == (id_, ["events:read"], None)
    assert "never used" in shell("token", "list").stdout
    assert secret not in shell("token", "list").stdout
    again = shell("token", "rotate", id_, "--hours", "2").stdout.strip()
    assert again.split("_")[1] == id_
    assert again != secret
    assert "revoked" in shell("token", "revoke", id_).stdout
    assert shell("token", "list").stdout == ""
    assert id_ in shell("token", "list", "--ended").stdout
    refused = shell("token", "revoke", id_, expect=2).stderr
    assert refused == "pobratim: There is no such token, or it has ended.\n"


def test_the_older_command_works_on(shell: Shell) -> None:
    made = shell("account", "token", "portal@nis.rs", "--name", "Stari", "--scope", "cases:read").stdout
    assert re.fullmatch(r"pbt_[0-9a-f]{10}_[A-Za-z0-9_-]{43}\n", made)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nobody@nis.rs", "--name", "x", "--scope", "events:read"), "nobody@nis.rs"),
        (("add", "portal@nis.rs", "--name", "x" * 201, "--scope", "events:read"), "201 characters"),
        (("add", "portal@nis.rs", "--name", "x", "--scope", "everything"), "everything"),
        (("rotate", "0123456789"), "no such token"),
        (("rotate", "0123456789", "--hours", "25"), "25"),
        (("revoke", "\udcff"), "no such token"),
        (("client", "add", "portal", "nobody@nis.rs", "--scope", "events:read"), "nobody@nis.rs"),
        (("client", "add", "portal", "portal@nis.rs", "--scope", "everything"), "everything"),
        (("client", "remove", "\udcff"), "no such client"),
    ],
)
def test_wrong_use_is_one_line(shell: Shell, words: tuple[str, ...], said: str) -> None:
    refused = shell("token", *words, expect=2).stderr
    assert said in refused
    assert refused.count("\n") == 1


ISSUER = "https://login.example.rs/realms/towns"


def test_the_life_of_a_client(shell: Shell, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = shell("token", "client", "add", "portal", "portal@nis.rs", "--scope", "events:read", expect=2).stderr
    assert refused == "pobratim: No identity provider is set here. Set POBRATIM_OIDC_ISSUER first.\n"
    monkeypatch.setitem(os.environ, "POBRATIM_OIDC_ISSUER", ISSUER)
    shell = shell_of(database)
    shell("token", "client", "add", "portal", "portal@nis.rs", "--scope", "events:read")
    words = ("--scope", "cases:read", "--scope", "events:read", "--subject", "7f1c", "--json")
    added = json.loads(shell("token", "client", "add", "portal", "portal@nis.rs", *words).stdout)
    assert (added["issuer"], added["client"], added["subject"]) == (ISSUER, "portal", "7f1c")
    assert [json.loads(line) for line in shell("token", "client", "list", "--json").stdout.splitlines()] == [added]
    assert shell("token", "client", "list").stdout == (
        f"{added['id']} {'portal@nis.rs':36} {'never used':15} cases:read,events:read portal\n"
    )
    monkeypatch.setitem(os.environ, "POBRATIM_OIDC_ISSUER", "https://other.example.rs")
    assert f"(of {ISSUER}, which is not set now)" in shell_of(database)("token", "client", "list").stdout
    assert "removed" in shell("token", "client", "remove", added["id"]).stdout
    assert shell("token", "client", "list").stdout == ""
    gone = shell("token", "client", "remove", added["id"], expect=2).stderr
    assert gone == "pobratim: There is no such client here, or it was removed.\n"


def test_the_doctor_asks_the_provider(database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def line(shell: Shell) -> dict[str, object]:
        checks = map(json.loads, shell("doctor", "--json", expect=1).stdout.splitlines())
        return next(check for check in checks if check["what"] == "provider")

    assert line(shell)["good"] is True
    with identity_provider() as provider:
        monkeypatch.setitem(os.environ, "POBRATIM_OIDC_ISSUER", provider.issuer)
        shell = shell_of(database)
        shell("token", "client", "add", "portal", "portal@nis.rs", "--scope", "events:read")
        assert line(shell) == {
            "what": "provider",
            "good": True,
            "says": f"{provider.issuer} gives keys, 1 clients may ask",
        }
        provider.published.clear()
        found = line(shell)
        assert (found["good"], "has no key that can be used" in str(found["says"])) == (False, True)
