"""Addresses that lead nowhere but into this site."""

from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 2000


def local_path(address: str | None, otherwise: str = "/") -> str:
    """The path with its query if it is one of this site, else `otherwise`. `//evil`, `/\\evil`, `https:` are not."""
    if not address or len(address) > _LONGEST or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return otherwise
    if "\\" in address or not address.isprintable() or " " in address:
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else address


def path_of_referer(referer: str, host: str) -> str | None:
    """The local path that a `Referer` header names, None when it is of another host."""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
