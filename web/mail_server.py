"""The mail server as settings name it."""

from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from application.mailing import MailServer

_PORTS: Final = {"smtp": 587, "smtps": 465}


def mail_server(url: str, sender: str, base_url: str) -> MailServer | None:
    """None where no mail is sent. `smtp://` begins TLS by STARTTLS, `smtps://` with it, `smtp://…?tls=no` has none.

    The sender is `pobratim@` the host of the site where none is named. Raises ValueError for an address that is none.
    """
    if not url:
        return None
    parts, asked = urlsplit(url), ""
    for name, value in parse_qsl(parts.query, strict_parsing=bool(parts.query)):
        if (name, value, parts.scheme) != ("tls", "no", "smtp"):
            raise ValueError(f"{name}={value}")
        asked = value
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or not url.isprintable():
        raise ValueError
    host = urlsplit(base_url).hostname or "localhost"
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        secured="tls" if parts.scheme == "smtps" else "none" if asked else "starttls",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender or f"pobratim@{host}",
    )
