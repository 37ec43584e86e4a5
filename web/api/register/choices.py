"""`GET /api/v1/initiatives/{number}/choices`: what the fields of deeds can name, as the forms offer it."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.colleagues import sees, takes_tasks
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.initiatives import IN_PATH, PATH, number_of
from web.api.register.shapes import AccountName, CaseChoices
from web.casework import Casework
from web.forms import Form
from web.initiatives.opening import names_in
from web.language import language
from web.session import PageRequest


@get(
    f"{PATH}/{{number:str}}/choices",
    sync_to_thread=True,
    api=Operation(
        id="getInitiativeChoices",
        tag="Deeds",
        summary="What the fields of deeds on a case can name: accounts, versions of the procedure, deeds to approve.",
        asked=Asked,
        path=IN_PATH,
        answer=CaseChoices,
        example=examples.CHOICES,
        problems=(404,),
    ),
)
def initiative_choices(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], number: FromPath[str]
) -> Response[bytes]:
    """As the forms of the pages offer it now."""
    person = granted(request, READS)
    asked_as(asked, Asked)
    state = work.reading.case(person, number_of(number)).state
    names = names_in(language("en"), work)
    body = CaseChoices(
        handlers=_accounts(names.handlers),
        assignees=_accounts(names.colleagues(state, takes_tasks)),
        mentions=_accounts(names.colleagues(state, sees)),
        procedures=tuple(pin for pin, _ in names.procedures(state)),
        approvable=tuple(deed for deed, _ in names.approvable(state)),
    )
    return answered(request, body)


def _accounts(listed: Sequence[tuple[str, str]]) -> tuple[AccountName, ...]:
    return tuple(AccountName(UUID(account), name) for account, name in listed)
