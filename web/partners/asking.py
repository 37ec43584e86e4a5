"""The forms of a partner's file: registration, and each deed on it."""

from collections.abc import Sequence
from typing import Final

from application.views.partners import PartnerFile
from web.forms import Form
from web.initiatives.asking import Asked, DeedForm
from web.initiatives.naming import Names, other_name
from web.initiatives.presenting import word
from web.initiatives.proposal_form import countries
from web.initiatives.questions import Question
from web.initiatives.words import LANGUAGES, WORDS
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.partners.words import PARTNER_DEEDS, REGISTER

PATH: Final = "/partners"


def registration_form(names: Names, form: Form) -> DeedForm:
    """The form of a new file."""
    spoken = names.spoken
    return DeedForm(
        code="register",
        title=spoken.gettext(N_("New partner")),
        button=spoken.gettext(N_("Enter the partner")),
        when=spoken.gettext(N_("Look first whether it is there under another spelling.")),
        consequence="",
        asked=[_asked(question, names, ()) for question in REGISTER],
        form=form,
        action=f"{PATH}/new",
        seen=0,
    )


def partner_form(file: PartnerFile, deed: str, names: Names, form: Form) -> DeedForm:
    """The form of one deed on a file, with what it shows."""
    said, spoken = PARTNER_DEEDS[deed], names.spoken
    others = [(name.name, other_name(name, spoken)) for name in file.partner.names]
    return DeedForm(
        code=deed,
        title=spoken.gettext(said.title),
        button=spoken.gettext(said.button),
        when=spoken.gettext(said.when),
        consequence="",
        asked=[_asked(question, names, others) for question in said.questions],
        form=form,
        action=f"{PATH}/{file.id}/{deed}",
        seen=file.partner.version,
        bad=deed == "merge",
    )


def _asked(question: Question, names: Names, others: Sequence[tuple[str, str]]) -> Asked:
    spoken = names.spoken
    if question.words:
        options = [(str(w), word(w, spoken)) for w in WORDS[question.words] if w not in question.leave_out]
        return Asked(question=question, options=options)
    match question.source:
        case "countries":
            return Asked(question=question, options=countries(spoken))
        case "languages":
            return Asked(question=question, options=[(c, spoken.gettext(n)) for c, n in LANGUAGES.items()])
        case "names":
            return Asked(question=question, options=others)
        case _:
            return Asked(question=question)


def opening(file: PartnerFile, deed: str) -> Form:
    """What a deed's form opens with: the file as it stands."""
    held = file.partner
    match deed:
        case "rename":
            return Form.showing(name=held.name, old_name_is="former")
        case "reclassify":
            return Form.showing(kind=held.kind.value, country=held.country)
        case "add-name":
            return Form.showing(kind="alias")
        case _:
            return Form()
