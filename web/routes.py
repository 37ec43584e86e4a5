"""Every page and address beyond the shell, by context."""

from web.api.events import events
from web.casework import PAGES

ROUTES = (*PAGES, events)
