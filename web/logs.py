"""Logs: readable lines, or JSON for machines. Neither bodies nor cookies are ever logged.

A traceback is logged without the values of its variables: among them are forms, names and sessions.
"""

import logging
import sys
from typing import Literal

import structlog


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
            *([tracebacks, structlog.processors.JSONRenderer()] if kind == "json" else []),
            *([readable] if kind == "text" else []),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
