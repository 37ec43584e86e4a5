"""Whether the process lives, and whether it can serve."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from application.ports import LogUnavailable
from web.parts import Parts, Readiness

OPEN = {"public": True, "anonymous": True}


@get("/health/live", opt=OPEN, sync_to_thread=False)
def live() -> dict[str, str]:
    return {"status": "ok"}


@get("/health/ready", opt=OPEN, sync_to_thread=True)
def ready(parts: NamedDependency[Parts]) -> Response[Any]:
    """503 with the names of what is missing, so that a load balancer looks elsewhere."""
    try:
        state = parts.readiness()
    except LogUnavailable:
        state = Readiness(ready=False, missing=("database",))
    return Response(state, status_code=200 if state.ready else 503)
