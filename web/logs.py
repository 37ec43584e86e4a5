"""Logs: readable lines, or JSON for machines. Neither bodies nor cookies are ever logged."""

import logging
import sys
from typing import Literal

import structlog


def configure_logs(kind: Literal["text", "json"]) -> None:
    """For the whole process; goes to standard error."""
    readable = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()] if kind == "json" else []),
            *([readable] if kind == "text" else []),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
