"""The checklist of the stage on the page of a case: what is there, what is missing, and where that is mended."""

from collections.abc import Sequence

import msgspec

from application.initiatives import CaseOffer
from domain.initiatives.checklist import GIVEN_BY, Checklist
from domain.kernel import Refusal
from web.initiatives.deed_words import DEEDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.moves import OF_APPROVALS, mend_address, mending_deed
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import word
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.refusals import sentence


class Need(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    there: bool = False
    mend: str = ""
    href: str = ""


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    lines: Sequence[Need]


def needs(case: OpenCase, wanted: Checklist | None, offers: Sequence[CaseOffer], shown: str) -> Needs | None:
    """None where nothing is needed. `shown` is the deed whose form stands open on the page."""
    if wanted is None:
        return None
    spoken, open_now = case.names.spoken, {offer.deed for offer in offers if offer.open}

    def mended(text: str, deed: str, field: str = "") -> Need:
        if deed not in open_now:
            return Need(text=text)
        path = "" if field and deed == shown else f"{case.path}/{deed}"
        href = f"{path}#{field}" if field else path
        if deed in OF_APPROVALS:
            href = mend_address(case.path, deed, wanted.deed)
        return Need(text=text, mend=spoken.gettext(DEEDS[deed].title), href=href)

    papers = [
        Need(text=word(paper, spoken).capitalize(), there=True)
        if there
        else mended(word(paper, spoken).capitalize(), GIVEN_BY[paper])
        for paper, there in wanted.papers
    ]
    labels = {question.name: question.label for question in DEED_FORMS[wanted.deed]}
    particulars = [
        mended(
            spoken.gettext(N_("%(particular)s, in the form")) % {"particular": spoken.gettext(labels[name])},
            wanted.deed,
            name,
        )
        for name in wanted.particulars
    ]
    others = [mended(sentence(r, spoken), _mend(case, r, offers)) for r in wanted.refusals]
    lines = [*papers, *others, *particulars]
    title = spoken.gettext(N_("What “%(deed)s” needs")) % {"deed": spoken.gettext(DEEDS[wanted.deed].title)}
    return Needs(title=title, lines=lines) if lines else None


def _mend(case: OpenCase, refusal: Refusal, offers: Sequence[CaseOffer]) -> str:
    return mending_deed(case, [refusal], offers) or ""
