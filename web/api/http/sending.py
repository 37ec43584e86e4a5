"""One request that changes something: by a key that makes it safe to send again, and by the version that was seen."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

import msgspec
from litestar import Response, post
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from application.access import Person
from application.answers import Answer, KeepingAnswers
from application.identity import command_key
from domain.kernel import CommandKey, Refusal
from web.api.http.bodies import LARGEST_BODY, sent_bytes
from web.api.http.describing import JSON, Operation
from web.problems import Problem
from web.session import PageRequest, path_of

OK: Final = 200
CREATED: Final = 201
LONGEST_KEY: Final = 255
REPLAYED: Final = "idempotency-replayed"
_KEY: Final = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
_SEEN: Final = re.compile(r'"([1-9][0-9]{0,8})(?:-[0-9a-f]+)?"')
_BODY: Final = msgspec.json.Encoder(order="sorted")


def deed(
    path: str, operation: Operation, *, largest: int = LARGEST_BODY
) -> Callable[[Callable[..., Response[bytes]]], HTTPRouteHandler]:
    """A handler that takes a body of so many bytes at most, which it finds in `sent`."""
    return post(
        path,
        status_code=operation.status,
        sync_to_thread=True,
        dependencies={"sent": Provide(sent_bytes)},
        request_max_body_size=largest,
        api=operation,
    )


def key_of(request: PageRequest, person: Person) -> CommandKey:
    """Of the account: keys of two programs never meet. Raises Problem (400) without `Idempotency-Key`."""
    given = request.headers.get("idempotency-key", "").strip()
    if not _KEY.fullmatch(given):
        raise Problem(400, Refusal("request.idempotency-key", {"most": LONGEST_KEY}, "Idempotency-Key"))
    return command_key("api", str(person.account), given)


def seen_version(request: PageRequest) -> int | None:
    """What `If-Match` names; None for `*`, which takes whatever stands there.

    Raises Problem: 428 where it is missing, 400 for what is no tag of a version.
    """
    given = request.headers.get("if-match", "").strip()
    if not given:
        raise Problem(428, Refusal("request.if-match-missing", {}, "If-Match"))
    if given == "*":
        return None
    found = _SEEN.fullmatch(given)
    if found is None:
        raise Problem(400, Refusal("request.if-match-unreadable", {}, "If-Match"))
    return int(found[1])


def digest_of(request: PageRequest, sent: msgspec.Struct) -> bytes:
    """By which two requests of one key are told apart."""
    return hashlib.sha256(_BODY.encode([path_of(request), sent])).digest()


def once(
    request: PageRequest,
    person: Person,
    keeping: KeepingAnswers,
    sent: msgspec.Struct,
    do: Callable[[CommandKey], Answer],
    *,
    keep: Callable[[Answer], bool] = lambda _: True,
) -> Response[bytes]:
    """What the request was answered before, else what it is answered now. Raises CommandKeyReused, and what `do` does.

    A refusal is not kept: nothing was done. An answer is kept after the deed; where it is lost, the log knows the key.
    """
    key = key_of(request, person)
    digest = digest_of(request, sent)
    if before := keeping.find(key, digest):
        return _response(before, replayed=True)
    answer = do(key)
    if keep(answer):
        keeping.keep(key, person.account, digest, answer)
    return _response(answer)


def beside(
    request: PageRequest,
    person: Person,
    keeping: KeepingAnswers,
    sent: msgspec.Struct,
    do: Callable[[], msgspec.Struct],
    *,
    status: int = OK,
) -> Response[bytes]:
    """What is kept beside the log and knows no keys: whatever `do` does may be done twice where an answer was lost."""
    return once(request, person, keeping, sent, lambda _: Answer(status, msgspec.json.encode(do())))


def with_secret(
    request: PageRequest,
    person: Person,
    keeping: KeepingAnswers,
    sent: msgspec.Struct,
    do: Callable[[CommandKey], tuple[msgspec.Struct, msgspec.Struct]],
    *,
    status: int,
) -> Response[bytes]:
    """`do` gives what is told this once, and what is kept and told when the request is sent again."""
    key, digest = key_of(request, person), digest_of(request, sent)
    if before := keeping.find(key, digest):
        return _response(before, replayed=True)
    told, kept = do(key)
    keeping.keep(key, person.account, digest, Answer(status, msgspec.json.encode(kept)))
    return _response(Answer(status, msgspec.json.encode(told)))


def _response(answer: Answer, *, replayed: bool = False) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    if answer.location:
        headers["location"] = answer.location
    if answer.version:
        headers["etag"] = f'"{answer.version}"'
    if replayed:
        headers[REPLAYED] = "true"
    return Response(answer.body, status_code=answer.status, media_type=JSON, headers=headers)
