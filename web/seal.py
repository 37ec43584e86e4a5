"""What the seal publishes: the newest checkpoint and the keys that sign, for everybody (docs/interfaces.md)."""

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from web.health import OPEN
from web.parts import Parts


@get("/seal/checkpoint", opt=OPEN, sync_to_thread=True)
def show_checkpoint(parts: NamedDependency[Parts]) -> Response[str]:
    return _text(parts.seal.checkpoint())


@get("/seal/keys", opt=OPEN, sync_to_thread=True)
def show_keys(parts: NamedDependency[Parts]) -> Response[str]:
    return _text(parts.seal.keys())


def _text(content: str | None) -> Response[str]:
    if content is None:
        raise NotFoundException
    return Response(content, media_type=MediaType.TEXT, headers={"cache-control": "no-cache"})
