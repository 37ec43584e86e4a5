"""Follows the facts of a Pobratim installation by any transport, from one cursor, and verifies its webhooks."""

from pobratim_client.asynchronous import AsyncClient
from pobratim_client.course import By, Filter
from pobratim_client.cursors import CursorStore, FileCursor
from pobratim_client.errors import (
    BadAnswer,
    ClientError,
    CursorFault,
    Denied,
    OtherLog,
    Passing,
    Refused,
    Unavailable,
    WebhookRefused,
    WebhookRepeated,
)
from pobratim_client.events import Batch, Cursor, Event, events_of
from pobratim_client.files import read_file, read_file_async
from pobratim_client.synchronous import Client
from pobratim_client.webhooks import Delivery, Webhooks

__all__ = [
    "AsyncClient",
    "BadAnswer",
    "Batch",
    "By",
    "Client",
    "ClientError",
    "Cursor",
    "CursorFault",
    "CursorStore",
    "Delivery",
    "Denied",
    "Event",
    "FileCursor",
    "Filter",
    "OtherLog",
    "Passing",
    "Refused",
    "Unavailable",
    "WebhookRefused",
    "WebhookRepeated",
    "Webhooks",
    "events_of",
    "read_file",
    "read_file_async",
]
