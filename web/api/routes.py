"""Every address of the API beside the feed."""

from typing import Final

from litestar.types import ControllerRouterHandler

from web.api.absences import Absences
from web.api.asking_sides import ask_side
from web.api.audit import facts, figures, looks
from web.api.audit_bundles import bundle, bundle_file, bundle_policy
from web.api.board import board
from web.api.choices import initiative_choices
from web.api.contracts import list_schemas, show_asyncapi, show_schema
from web.api.deeds import Initiatives, do_deed
from web.api.description import docs, openapi
from web.api.following import follow, followed, see_followed, unfollow
from web.api.handing_over import HandingOver
from web.api.initiatives import initiative_events, initiative_texts, one_initiative
from web.api.notices import Mail, notices, read_notice, read_notices
from web.api.partner_deeds import Partners, do_partner_deed
from web.api.partners import one_partner
from web.api.procedures import Drafts, Procedures
from web.api.reference import list_local_governments, one_local_government, one_procedure
from web.api.saved_views import SavedViews
from web.api.subscription_deeds import SubscriptionDeeds
from web.api.subscriptions import Subscriptions
from web.api.who_could_act import who_could_act
from web.api.work import calendar, queue, tasks

API_ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    Initiatives,
    one_initiative,
    initiative_events,
    initiative_texts,
    initiative_choices,
    who_could_act,
    do_deed,
    HandingOver,
    ask_side,
    follow,
    unfollow,
    board,
    Partners,
    one_partner,
    do_partner_deed,
    list_local_governments,
    one_local_government,
    Procedures,
    Drafts,
    one_procedure,
    queue,
    tasks,
    calendar,
    followed,
    see_followed,
    notices,
    read_notices,
    read_notice,
    Mail,
    SavedViews,
    Absences,
    facts,
    figures,
    looks,
    bundle,
    bundle_file,
    bundle_policy,
    Subscriptions,
    SubscriptionDeeds,
    list_schemas,
    show_schema,
    show_asyncapi,
    openapi,
    docs,
)
