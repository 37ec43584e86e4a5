"""Every address of the API beside the feed."""

from typing import Final

from litestar.types import ControllerRouterHandler

from web.api.contracts import list_schemas, show_asyncapi, show_schema
from web.api.initiatives import initiative_events, initiative_texts, list_initiatives, one_initiative
from web.api.partners import list_partners, one_partner
from web.api.reference import list_local_governments, list_procedures, one_local_government, one_procedure
from web.api.work import calendar, queue, tasks

API_ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    list_initiatives,
    one_initiative,
    initiative_events,
    initiative_texts,
    list_partners,
    one_partner,
    list_local_governments,
    one_local_government,
    list_procedures,
    one_procedure,
    queue,
    tasks,
    calendar,
    list_schemas,
    show_schema,
    show_asyncapi,
)
