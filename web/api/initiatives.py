"""`GET /api/v1/initiatives` and one of them: the register for programs, as it stands now or as of any day."""

import re
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.auditing_looks import Place
from application.identity import case_id
from application.reading import NotFound
from domain.kernel import Refusal, Refused
from domain.words import CASE_NUMBER
from web.casework import Casework
from web.clocks import past_of
from web.forms import Form
from web.guards import grant_required
from web.initiatives.filters import LABELS, pairs_of, readable
from web.past import NAMES
from web.session import PageRequest, path_of

SCOPE: Final = "cases:read"
_KNOWN: Final = {*LABELS, *NAMES, "differs"}
_JSON: Final = "application/json"


@get("/api/v1/initiatives", past=True, sync_to_thread=True)
def list_initiatives(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
) -> Response[bytes]:
    """The filters of the list of initiatives, with `known_at` and `valid_at`; `Link: rel="next"` leads on."""
    person = _granted(request)
    for name in {name for name, _ in asked.fields} - _KNOWN:
        raise Refused(
            Refusal("feed.parameter", {"reason": "there is no such parameter", "name": name[:100]}, name[:100])
        )
    query, read = readable(asked)
    if read.refusals:
        raise Refused(*read.refusals)
    found = work.reading.register(person, query)
    records = list(work.exporting.records(person, [found.rows if query.page <= found.pages else ()], Place.API))
    body = {"initiatives": records, "total": found.total, **_clocks(request)}
    headers: dict[str, str] = {}
    if query.page < found.pages:
        past = past_of(request)
        more = [*pairs_of(query), *(past.fields if past else ()), ("page", str(query.page + 1))]
        headers["link"] = f'<{path_of(request)}?{urlencode(more)}>; rel="next"'
    return Response(msgspec.json.encode(body), media_type=_JSON, headers=headers)


@get("/api/v1/initiatives/{number:str}", past=True, sync_to_thread=True)
def one_initiative(request: PageRequest, work: NamedDependency[Casework], number: FromPath[str]) -> Response[bytes]:
    """One case; 404 where it lies outside the rights of the token's owner, and where it had not begun."""
    person = _granted(request)
    if not re.fullmatch(CASE_NUMBER, number):
        raise NotFound(number)
    rows = work.reading.cases(person, [case_id(number)])
    if not rows:
        raise NotFound(number)
    [record] = work.exporting.records(person, [rows], Place.API)
    return Response(msgspec.json.encode(record | _clocks(request)), media_type=_JSON)


def _granted(request: PageRequest) -> Person:
    """Raises TokenNeeded, and Forbidden without the scope."""
    grant = grant_required(request)
    grant.require(SCOPE)
    return grant.person


def _clocks(request: PageRequest) -> dict[str, Any]:
    """Where on the two clocks the answer stands; `known_at` is a moment, nothing where it is now."""
    past = past_of(request)
    if past is None:
        return {}
    return {"as_of": {"known_at": past.as_of.known_at, "valid_at": past.as_of.valid_at}}
