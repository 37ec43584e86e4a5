"""Where a command begins in the log, and the filters of the event feed."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from application.access import Scope
from domain.kernel import Refused
from web.cli.faults import Complaint

if TYPE_CHECKING:
    from application.feed import FeedFilter
    from web.main import Installation


def filtered(command: Callable[..., Any]) -> Callable[..., Any]:
    """The filters of the event feed."""
    for option in (
        click.option("--kind", multiple=True, help="A kind of cooperation, such as twinning; several fit any of them."),
        click.option("--local-government", multiple=True, metavar="CODE", help="Of cases whose home it then is."),
        click.option("--case", default=None, help="Number of a case."),
        click.option("--type", multiple=True, help="Such as initiative.agreement-signed.v1; several fit any of them."),
    ):
        command = option(command)
    return command


def wanted_of(pobratim: "Installation", after: int, asked: Mapping[str, Any]) -> "FeedFilter":
    """Raises Complaint for a filter or cursor that cannot be."""
    from web.api.feed.event_parameters import feed_query  # noqa: PLC0415 - heavy
    from web.forms import Form  # noqa: PLC0415
    from web.language import language  # noqa: PLC0415
    from web.refusals import sentence  # noqa: PLC0415

    try:
        wanted = pobratim.feed.filter(feed_query(Form.showing(**asked)), Scope())
    except Refused as fault:
        english = language("en")
        told = (f"--{(r.field or '').replace('_', '-')}: {sentence(r, english)}" for r in fault.refusals)
        raise Complaint(" ".join(told)) from None
    require_reached(pobratim, after, "--after")
    return wanted


def require_reached(pobratim: "Installation", after: int, where: str) -> None:
    head = pobratim.log.head()
    if after > head:
        raise Complaint(f"{where}: {after} lies beyond the end of the log, {head}. Give a position up to {head}.")
