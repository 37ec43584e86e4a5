"""Style sheet, scripts and signs: read once, addressed by what is in them, kept by browsers for ever."""

import hashlib
import mimetypes
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

_OWN = Path(__file__).parent / "static"
_YEAR: Final = 31_536_000
FOREVER: Final = f"public, max-age={_YEAR}, immutable"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class StaticFile(msgspec.Struct, frozen=True):
    content: bytes
    media_type: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Every file by name. htmx comes from the package that carries it."""
    paths = {path.name: path for path in sorted(_OWN.iterdir()) if path.is_file()}
    htmx = distribution("django-htmx").locate_file("django_htmx/static/django_htmx/htmx-2.min.js")
    paths["htmx.js"] = Path(str(htmx))
    return {name: StaticFile(path.read_bytes(), _media_type(path)) for name, path in paths.items()}


@cache
def version() -> str:
    """Changes with the content of any file, so that an address never changes its meaning."""
    digest = hashlib.sha256()
    for name, file in sorted(static_files().items()):
        digest.update(name.encode() + b"\0" + file.content + b"\0")
    return digest.hexdigest()[:12]


def static_address(name: str) -> str:
    """Where a file is served. Raises KeyError for a name that does not exist, at the first look at the page."""
    _ = static_files()[name]
    return f"/static/{version()}/{name}"


@get("/static/{asked_version:str}/{name:str}", opt={"public": True, "anonymous": True}, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], asked_version: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """An old version in the address gets the file of today, but nobody is told to keep it."""
    file = static_files().get(name)
    if file is None:
        raise NotFoundException
    kept = FOREVER if asked_version == version() else "no-cache"
    tag = f'"{version()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers={"cache-control": kept, "etag": tag})
    return Response(file.content, media_type=file.media_type, headers={"cache-control": kept, "etag": tag})


def _media_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
