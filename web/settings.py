"""Settings: from the environment (`POBRATIM_*`) over those of `pobratim.toml`. See docs for what each one does."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from application.accounts import LOCALES
from web.client_address import networks
from web.mail_server import mail_server

PREFIX = "POBRATIM_"
"""Of every environment variable that is ours."""
FILE = Path("pobratim.toml")
"""In the working directory."""
_SECRET_LENGTH = 32
_SITE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]+)?")
"""Host and port; names in Cyrillic, such as those of .срб, too."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RATE = re.compile("[0-9]{1,6}")
_SENDER = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class SettingsFault(Exception):
    """A setting that cannot be used; the message names it and says how to mend it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How this installation runs. Fields are named as the variables, without the prefix and in small letters."""

    database_url: str = ""
    migration_url: str = ""
    """As the owner of the database; empty where `database_url` is the owner's."""
    data_dir: str = ""
    secret_key: Annotated[str, msgspec.Meta(min_length=_SECRET_LENGTH)] = msgspec.field(
        default_factory=lambda: secrets.token_urlsafe(_SECRET_LENGTH)
    )
    """Binds forms to sessions. Without one, forms that are open during a restart have to be sent twice."""
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: str = ""
    """Addresses and networks, separated by commas, whose `X-Forwarded-For` is believed."""
    smtp_url: str = ""
    """The mail server; empty where no mail is sent."""
    mail_from: str = ""
    """The address from which mail comes; empty for `pobratim@` the host of `base_url`."""
    api_rate: str = "1200"
    """Requests a minute that one token may make of the API; 0 for as many as it likes."""
    oidc_issuer: str = ""
    """The identity provider whose access tokens the API takes, as `iss` has it; empty where there is none."""
    oidc_audience: str = ""
    """What `aud` has to name; empty for `base_url`."""
    nats_url: str = ""
    """Where `pobratim log publish` publishes; may hold name and password."""
    witnesses: str = ""
    """Who cosigns the checkpoints of the seal: verifier key and address of each, with commas between them."""
    witness_quorum: str = ""
    """How many of them have to sign; empty for more than half."""
    locale: Literal["sr-Latn", "sr-Cyrl", "en"] = "sr-Latn"
    log: Literal["text", "json"] = "text"

    @property
    def secure(self) -> bool:
        """Whether people reach it by TLS, so that cookies and browsers may insist on it."""
        return self.base_url.startswith("https://")

    def as_environment(self) -> dict[str, str]:
        """The same settings as variables, for processes that are started from this one."""
        given = {name: str(getattr(self, name)) for name in self.__struct_fields__}
        return {PREFIX + name.upper(): value for name, value in given.items() if value}

    def shown(self) -> dict[str, str]:
        """For people: secrets and passwords left out."""
        given = {name: str(getattr(self, name)) for name in self.__struct_fields__}
        hidden = dict.fromkeys(("secret_key", "smtp_url", "nats_url"), "set")
        urls = {name: _without_password(given[name]) for name in ("database_url", "migration_url")}
        shown = {name: (hidden | urls).get(name, value) if value else "not set" for name, value in given.items()}
        return {name: value.encode(errors="backslashreplace").decode() for name, value in shown.items()}


def _without_password(url: str) -> str:
    """Also in the form of `key=value` pairs, and in an address that is none."""
    url = re.sub(r"(://[^:@]*):.*@", r"\1:…@", url)
    return re.sub(r"(password\s*=\s*)('(\\.|[^'\\])*'?|[^\s&]+)", r"\1…", url)


def origin(name: str, environ: Mapping[str, str] | None = None, file: Path = FILE) -> str:
    """How a person knows where a setting comes from: its variable, or its place in the file."""
    variable = PREFIX + name.upper()
    given = (os.environ if environ is None else environ).get(variable)
    return variable if given or not file.exists() else f"{name} in {file}"


_MENDS = {
    "secret_key": f"Give at least {_SECRET_LENGTH} random characters, for example from: openssl rand -base64 48",
    "locale": f"Give one of {', '.join(LOCALES)}",
    "log": "Give text or json",
    "trusted_proxies": "Give addresses or networks separated by commas, such as 127.0.0.1, 10.0.0.0/8",
    "smtp_url": "Give smtp://user:password@host:587 (STARTTLS), "
    "smtps://user:password@host:465, or smtp://host:25?tls=no; "
    "write %, @, :, / and ? of a password as %25, %40, %3A, %2F and %3F",
    "mail_from": "Give an address such as pobratim@example.rs",
    "api_rate": "Give a number up to 999999 in quotation marks, or 0 for no limit",
    "oidc_issuer": "Give the issuer of the identity provider, such as https://login.example.rs/realms/towns",
    "oidc_audience": "Give what the provider writes into aud, such as https://pobratim.example.rs",
    "witness_quorum": "Give a number in quotation marks",
    "base_url": "Give the address that people type, such as https://pobratim.example.rs, without a path",
}


def read_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings of a process; `file` defaults to `pobratim.toml` in the working directory, if there is one.

    Raises SettingsFault for a setting that is unknown in the file or has a value that cannot be used.
    """
    return msgspec.convert(given_settings(environ, file), Settings)


def given_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> dict[str, Any]:
    """Only those that somebody has set, by name. Raises as `read_settings` does."""
    environ = os.environ if environ is None else environ
    given = _from_file(file or FILE, required=file is not None)
    names = Settings.__struct_fields__
    if unknown := next((name for name in given if name not in names), None):
        known = ", ".join(names)
        raise SettingsFault(f"{file or FILE}: there is no setting {unknown!r}. Remove it, or use one of: {known}")
    given |= {name: environ[key] for name in names if environ.get(key := PREFIX + name.upper())}
    for name, value in given.items():
        _check(name, value, origin(name, environ, file or FILE))
    return given


def _check(name: str, value: object, where: str) -> None:
    """One setting by itself, so that the message can name it."""
    try:
        made = msgspec.convert({name: value}, Settings)
    except msgspec.ValidationError as fault:
        raise SettingsFault(f"{where}: {fault}. {_MENDS.get(name, 'Give a text')}.") from None
    if name == "base_url" and not _is_base(made.base_url):
        raise SettingsFault(f"{where}: {made.base_url!r} is no address of a site. {_MENDS[name]}.")
    if name == "secret_key" and not made.secret_key.isprintable():
        raise SettingsFault(f"{where}: holds what is no text. {_MENDS[name]}.")
    if name == "smtp_url":
        _check_mail(made.smtp_url, where)
    if name == "mail_from" and made.mail_from and not _SENDER.fullmatch(made.mail_from):
        raise SettingsFault(f"{where}: is no mail address. {_MENDS[name]}.")
    if name == "api_rate" and not _RATE.fullmatch(made.api_rate):
        raise SettingsFault(f"{where}: {made.api_rate!r} is no number of requests. {_MENDS[name]}.")
    if name == "oidc_issuer" and made.oidc_issuer and not _is_issuer(made.oidc_issuer):
        raise SettingsFault(
            f"{where}: {made.oidc_issuer!r} is no issuer. {_MENDS[name]}; http is for this machine only."
        )
    if name == "oidc_audience" and not made.oidc_audience.isprintable():
        raise SettingsFault(f"{where}: holds what is no text. {_MENDS[name]}.")
    if name == "trusted_proxies":
        _check_proxies(made.trusted_proxies, where)


def _check_mail(url: str, where: str) -> None:
    """The message repeats nothing of an address that may hold a password."""
    try:
        mail_server(url, "", "")
    except ValueError:
        raise SettingsFault(f"{where}: is no address of a mail server. {_MENDS['smtp_url']}.") from None


def _check_proxies(listed: str, where: str) -> None:
    try:
        networks(listed)
    except ValueError as fault:
        raise SettingsFault(f"{where}: {fault}. {_MENDS['trusted_proxies']}.") from None


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    site = parts.scheme in ("http", "https") and _SITE.fullmatch(parts.netloc)
    return bool(site) and url.isprintable() and url.rstrip("/") == f"{parts.scheme}://{parts.netloc}"


def _is_issuer(url: str) -> bool:
    """OpenID Connect Discovery 1.0, section 3: no query and no fragment."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    secured = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = url.isascii() and url.isprintable() and not set(url) & set(" ?#@")
    return bool(secured and plain and parts.hostname)


def _from_file(file: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        if required:
            raise SettingsFault(f"{file}: there is no such file. Name another one, or leave it out.") from None
        return {}
    except OSError as fault:
        raise SettingsFault(f"{file}: cannot be read ({fault.strerror}). Check its rights.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsFault(f'{file}: is no TOML ({fault}). Write lines such as: locale = "sr-Cyrl"') from None
