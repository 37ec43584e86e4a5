"""The list of partners as an address."""

import re
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from application.views.partners import PartnerQuery
from domain.kernel import Refusal, Refused
from web.forms import Form

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MOST_COUNTRIES: Final = 50
_MOST_PAGES: Final = 100_000


def read_list(asked: Form) -> tuple[PartnerQuery, Form]:
    """The query, or the whole list with the reasons why the address could not be read."""
    try:
        with asked.reading() as reader:
            countries = tuple(dict.fromkeys(value for value in asked.values("country") if value))
            if len(countries) > _MOST_COUNTRIES or not all(_COUNTRY.fullmatch(c) for c in countries):
                reader.refuse(Refusal("form.choice-unknown", field="country"))
            query = PartnerQuery(
                text=reader.line_or_none("q") or "",
                countries=countries,
                page=reader.number_or_none("page", least=1, most=_MOST_PAGES) or 1,
            )
    except Refused as refused:
        return PartnerQuery(), asked.refused(refused.refusals)
    return query, asked


def list_address(query: PartnerQuery, **changes: Any) -> str:
    """A link to the same list with something changed; any change but the page goes back to the first page."""
    wanted = msgspec.structs.replace(query, **({"page": 1} | changes))
    pairs = [("q", wanted.text)] if wanted.text else []
    pairs += [("country", country) for country in wanted.countries]
    pairs += [("page", str(wanted.page))] if wanted.page > 1 else []
    return f"/partners?{urlencode(pairs)}" if pairs else "/partners"
