"""`GET /api/v1/partners` and one of them."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.views.partners import PartnerQuery
from domain.words import Country
from web.api.http.answering import answered, as_of
from web.api.http.asking import AsOfAsked, PastPagesAsked, asked_as, cursor, granted, no_cursor, place_of
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.shapes import PartnerShown, PartnersPage
from web.api.register.telling import partner as told
from web.casework import Casework
from web.forms import Form
from web.session import PageRequest

PATH: Final = "/api/v1/partners"
IN_PATH: Final = {"partner": str(examples.PARTNER)}


class PartnersAsked(PastPagesAsked, frozen=True, kw_only=True):
    q: Annotated[str, Meta(max_length=200, description="Words of any of its names, in any script.")] = ""
    country: Annotated[tuple[Country, ...], Meta(max_length=50)] = ()


class PartnerList(Controller):
    path = PATH

    @get(
        past=True,
        sync_to_thread=True,
        api=Operation(
            id="listPartners",
            tag="Partners",
            summary="Partners abroad by name; those that were merged away are left out.",
            asked=PartnersAsked,
            answer=PartnersPage,
            example=examples.PARTNERS,
        ),
    )
    def list_partners(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        person = granted(request, READS)
        wanted = asked_as(asked, PartnersAsked)
        query = PartnerQuery(text=wanted.q, countries=wanted.country, size=wanted.limit)
        try:
            found = work.reading.partners_after(person, query, place_of(wanted.cursor, wanted))
        except ValueError:
            raise no_cursor() from None
        total = work.reading.partners(person, msgspec.structs.replace(query, size=1)).total
        then = cursor(found.next, wanted)
        body = PartnersPage(partners=tuple(map(told, found.files)), total=total, next=then, as_of=as_of(request))
        return answered(request, body, next_page=then)


@get(
    f"{PATH}/{{partner:uuid}}",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getPartner",
        tag="Partners",
        summary="The file of one partner.",
        asked=AsOfAsked,
        path=IN_PATH,
        answer=PartnerShown,
        example=examples.PARTNER_SHOWN,
        problems=(404,),
    ),
)
def one_partner(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], partner: FromPath[UUID]
) -> Response[bytes]:
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    file = work.reading.partner(person, partner)
    return answered(request, told(file), version=file.partner.version)
