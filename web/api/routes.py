"""Every address of the API beside the feed."""

from typing import Final

from litestar.types import ControllerRouterHandler

from web.api.choices import initiative_choices
from web.api.contracts import list_schemas, show_asyncapi, show_schema
from web.api.deeds import Initiatives, do_deed
from web.api.description import docs, openapi
from web.api.initiatives import initiative_events, initiative_texts, one_initiative
from web.api.partner_deeds import Partners, do_partner_deed
from web.api.partners import one_partner
from web.api.reference import list_local_governments, list_procedures, one_local_government, one_procedure
from web.api.work import calendar, queue, tasks

API_ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    Initiatives,
    one_initiative,
    initiative_events,
    initiative_texts,
    initiative_choices,
    do_deed,
    Partners,
    one_partner,
    do_partner_deed,
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
    openapi,
    docs,
)
