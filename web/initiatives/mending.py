"""How what was just recorded is put right: nothing is undone, a correction or another fact stands beside it."""

from application.access import Person
from application.handling import Done
from application.rights import may
from domain.initiatives import events as e
from domain.initiatives.deeds import DEEDS
from domain.initiatives.initiative import LEADS_TO
from web.initiatives.corrections import correctable
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


def way_to_mend(path: str, spoken: Language, person: Person, done: Done) -> tuple[str, str] | None:
    """Address and text of a link: to reinstate a case that was ended, else to correct exactly this fact.

    None where there is nothing to mend, or it is not this person's to do. `path` is that of the case.
    """
    for version, fact in enumerate(done.facts, done.after + 1):
        if may(person, "reinstate") and LEADS_TO.get(type(fact)) in DEEDS["reinstate"].stages:  # type: ignore[call-overload]
            return f"{path}/reinstate", spoken.gettext(N_("It was a mistake"))
        wrong = fact.corrects if isinstance(fact, e.FactCorrected) else version
        if may(person, "correct") and (correctable(fact) or wrong != version):
            return f"{path}/history/{wrong}/correct", spoken.gettext(N_("Correct it"))
    return None
