"""Every page and address beyond the shell, by context."""

from typing import Final

from litestar.types import ControllerRouterHandler

from web.admin.people import PeoplePages
from web.admin.people_entries import EntryPages
from web.admin.procedures import ProcedurePages
from web.admin.processing import show_processing
from web.admin.subscriptions import KeptSubscriptionPages, SubscriptionPages
from web.admin.subscriptions_deeds import KeptDeedPages, SubscriptionDeedPages
from web.admin.subscriptions_deliveries import DeliveryPages, KeptDeliveryPages
from web.api.feed.events import event_stream, events
from web.api.routes import API_ROUTES
from web.audit.bundle_pages import BundlePages
from web.audit.figure_pages import show_figures
from web.audit.inquiry_pages import InquiryPages
from web.audit.log_pages import LogPages
from web.audit.look_pages import show_looks
from web.audit.places import show_audit
from web.calendar.feed_pages import CalendarFeedPages, calendar_feed
from web.calendar.pages import CalendarPages
from web.desk.pages import DeskPages
from web.desk.task_pages import show_tasks
from web.initiatives.account_page import show_account
from web.initiatives.board_pages import show_board
from web.initiatives.case_pages import CasePages
from web.initiatives.changes_page import show_changes
from web.initiatives.deed_pages import DeedPages
from web.initiatives.following_pages import FollowingPages
from web.initiatives.hand_over_pages import HandOverPages
from web.initiatives.history_pages import HistoryPages
from web.initiatives.proposal_pages import ProposalPages
from web.initiatives.register_pages import RegisterPages
from web.initiatives.saved_view_pages import SavedViewPages
from web.initiatives.side_pages import AskSidePages, ConfirmPages
from web.initiatives.who_could_act_pages import show_who_could_act
from web.local_governments.pages import LocalGovernmentPages
from web.notices.choice_pages import NoticeChoicePages
from web.notices.pages import NoticePages
from web.own_account.absence_pages import AbsencePages
from web.partners.pages import PartnerPages
from web.seal import show_checkpoint, show_keys

ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    DeskPages,
    show_tasks,
    RegisterPages,
    show_board,
    HandOverPages,
    FollowingPages,
    SavedViewPages,
    ProposalPages,
    CasePages,
    show_who_could_act,
    HistoryPages,
    show_changes,
    show_account,
    AskSidePages,
    ConfirmPages,
    DeedPages,
    PartnerPages,
    LocalGovernmentPages,
    ProcedurePages,
    show_audit,
    BundlePages,
    LogPages,
    InquiryPages,
    show_figures,
    PeoplePages,
    EntryPages,
    show_processing,
    SubscriptionPages,
    SubscriptionDeedPages,
    DeliveryPages,
    KeptSubscriptionPages,
    KeptDeedPages,
    KeptDeliveryPages,
    show_looks,
    AbsencePages,
    NoticePages,
    NoticeChoicePages,
    CalendarPages,
    CalendarFeedPages,
    calendar_feed,
    events,
    event_stream,
    *API_ROUTES,
    show_checkpoint,
    show_keys,
)
