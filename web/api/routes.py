"""Every address of the API beside the feed."""

from typing import Final

from litestar.types import ControllerRouterHandler

from web.api.described.contracts import list_schemas, show_asyncapi, show_schema
from web.api.described.description import docs, openapi
from web.api.office.audit import facts, figures, looks
from web.api.office.audit_bundles import bundle, bundle_file, bundle_policy
from web.api.office.procedures import Drafts, Procedures
from web.api.office.subscription_deeds import SubscriptionDeeds
from web.api.office.subscriptions import Subscriptions
from web.api.own.absences import Absences
from web.api.own.following import follow, followed, see_followed, unfollow
from web.api.own.notices import Mail, notices, read_notice, read_notices
from web.api.own.saved_views import SavedViews
from web.api.register.asking_sides import ask_side
from web.api.register.board import board
from web.api.register.choices import initiative_choices
from web.api.register.deeds import Initiatives, do_deed
from web.api.register.handing_over import HandingOver
from web.api.register.initiatives import initiative_events, initiative_texts, one_initiative
from web.api.register.partner_deeds import Partners, do_partner_deed
from web.api.register.partners import one_partner
from web.api.register.reference import list_local_governments, one_local_government, one_procedure
from web.api.register.who_could_act import who_could_act
from web.api.register.work import calendar, queue, tasks

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
