"""Logs: readable lines, or JSON for machines. Neither bodies nor cookies are ever logged.

A traceback is logged without the values of its variables: among them are forms, names and sessions.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, Literal

import structlog

_SECRET_ADDRESS: Final = re.compile(r"((?:/sign-in/link|/calendar/feed|/confirm)/+)[^/\s?#]+")
"""Whoever has the last part of it can sign in, or read a private calendar."""


def configure_logs(kind: Literal["text", "json"]) -> None:
    """For the whole process; goes to standard error."""
    readable = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    tracebacks = structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_secrets,
            *([tracebacks, structlog.processors.JSONRenderer()] if kind == "json" else []),
            *([readable] if kind == "text" else []),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _SECRET_ADDRESS.sub(r"\1…", value)
    return event
