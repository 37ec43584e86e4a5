"""One readable sentence for every kind of fact, by its stored name; its particulars follow in labelled lines."""

from typing import Final, NamedTuple

from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


class Sentence(NamedTuple):
    text: str
    icon: str = "check"
    tone: str = ""
    """`go`: the case moved on; `fix`: something was put right."""
    group: str = "steps"


GROUPS: Final[dict[str, str]] = {
    "steps": N_("Steps"),
    "corrections": N_("Corrections"),
    "parties": N_("Sides and handlers"),
    "remarks": N_("Remarks"),
    "tasks": N_("Tasks"),
}
"""By what a history can be filtered."""

SENTENCES: Final[dict[str, Sentence]] = {
    "initiative.proposed": Sentence(N_("The initiative was proposed"), "plus", "go"),
    "initiative.historic-agreement-entered": Sentence(
        N_("An agreement concluded earlier was entered in the register"), "file", "go"
    ),
    "initiative.taken-over": Sentence(N_("A case under way was taken over into the register"), "file", "go"),
    "initiative.declined": Sentence(N_("The proposal was declined"), "stop"),
    "initiative.merged": Sentence(N_("The case was merged into another one"), "link"),
    "initiative.duplicate-absorbed": Sentence(N_("A duplicate case was merged into this one"), "link"),
    "initiative.coordination-started": Sentence(N_("SKGO started the coordination"), "play", "go"),
    "initiative.support-given": Sentence(N_("SKGO gave support"), "file"),
    "initiative.coordinated": Sentence(N_("The coordination was completed"), "check", "go"),
    "initiative.suspended": Sentence(N_("The procedure was suspended"), "clock"),
    "initiative.resumed": Sentence(N_("The procedure was resumed"), "play", "go"),
    "initiative.withdrawn": Sentence(N_("The initiative was withdrawn"), "stop"),
    "initiative.letter-of-intent-signed": Sentence(N_("The letter of intent was signed"), "pen", "go"),
    "initiative.drafting-started": Sentence(N_("Drafting started"), "play", "go"),
    "initiative.draft-reviewed": Sentence(N_("SKGO reviewed the draft"), "file"),
    "initiative.decision-adopted": Sentence(N_("The decision was adopted"), "check", "go"),
    "initiative.drafting-reopened": Sentence(N_("By a new decision the case returned to drafting"), "back"),
    "initiative.consent-not-required": Sentence(
        N_("It was recorded why no consent of the Government is needed"), "info"
    ),
    "initiative.consent-requested": Sentence(N_("The Government's consent was requested"), "check", "go"),
    "initiative.opinion-received": Sentence(N_("An opinion arrived"), "file", "go"),
    "initiative.returned": Sentence(N_("The file was returned for supplement"), "back"),
    "initiative.supplemented": Sentence(N_("The file was supplemented and sent again"), "check", "go"),
    "initiative.consent-granted": Sentence(N_("The Government gave its consent"), "check", "go"),
    "initiative.consent-refused": Sentence(N_("The Government refused its consent"), "stop"),
    "initiative.published": Sentence(N_("The decision was published in the official gazette"), "file", "go"),
    "initiative.earlier-publication-recognised": Sentence(
        N_("With consent given, the earlier publication counts"), "check", "go"
    ),
    "initiative.agreement-signed": Sentence(N_("The agreement was signed"), "pen", "go"),
    "initiative.entered-into-force": Sentence(N_("The agreement entered into force"), "check", "go"),
    "initiative.visit-held": Sentence(N_("A visit was held"), "people", "go"),
    "initiative.expiry-approached": Sentence(N_("The term of the agreement is near its end"), "clock"),
    "initiative.partnership-confirmed": Sentence(N_("It was confirmed that the partnership is alive"), "check"),
    "initiative.renewed": Sentence(N_("The agreement was renewed"), "check", "go"),
    "initiative.expired": Sentence(N_("The agreement expired"), "stop"),
    "initiative.fell-dormant": Sentence(N_("The cooperation fell dormant"), "clock"),
    "initiative.activity-resumed": Sentence(N_("The cooperation came to life again"), "play", "go"),
    "initiative.terminated": Sentence(N_("The cooperation was terminated"), "stop"),
    "initiative.procedure-changed": Sentence(
        N_("The case was moved to another version of the procedure"), "file", "", "parties"
    ),
    "initiative.deadline-extended": Sentence(N_("The deadline was extended"), "clock"),
    "initiative.reinstated": Sentence(N_("The case was reinstated: it had been ended by mistake"), "back", "fix"),
    "initiative.handler-named": Sentence(N_("A handler was named"), "user", "", "parties"),
    "initiative.party-joined": Sentence(N_("A party joined"), "plus", "", "parties"),
    "initiative.party-left": Sentence(N_("A party left"), "x", "", "parties"),
    "initiative.party-status-reported": Sentence(N_("It was reported where a side stands"), "info", "", "parties"),
    "initiative.disagreement-settled": Sentence(N_("It was settled where the sides differ"), "check", "", "parties"),
    "initiative.approval-asked": Sentence(N_("The approval of a second person was asked for"), "people"),
    "initiative.step-approved": Sentence(N_("A second person approved"), "check", "go"),
    "initiative.remark-added": Sentence(N_("A remark was added"), "pen", "", "remarks"),
    "initiative.linked": Sentence(N_("The case was linked with another one"), "link", "", "parties"),
    "initiative.unlinked": Sentence(N_("The link with another case was taken away"), "x", "", "parties"),
    "initiative.task-given": Sentence(N_("A task was given"), "plus", "", "tasks"),
    "initiative.task-done": Sentence(N_("A task was done"), "check", "", "tasks"),
    "initiative.task-cancelled": Sentence(N_("A task was cancelled"), "x", "", "tasks"),
    "initiative.corrected": Sentence(N_("An earlier record was corrected"), "pen", "fix", "corrections"),
    "partner.registered": Sentence(N_("The partner was entered"), "plus", "go"),
    "partner.renamed": Sentence(N_("The official name was changed"), "pen"),
    "partner.name-added": Sentence(N_("A name was added"), "plus"),
    "partner.name-removed": Sentence(N_("A name was removed"), "x"),
    "partner.reclassified": Sentence(N_("Kind or country was changed"), "pen"),
    "partner.merged": Sentence(N_("The file was merged into another one"), "link"),
    "partner.absorbed": Sentence(N_("A second file of the same partner was merged into this one"), "link"),
    "people.request-received": Sentence(N_("A person's request about their data was received"), "plus"),
    "people.answer-delayed": Sentence(N_("The time for the answer to a person was made longer"), "clock"),
    "people.vault-searched": Sentence(N_("The vault was searched by a request of a person"), "search"),
    "people.entries-read": Sentence(N_("Texts of the vault were read by a request of a person"), "file"),
    "people.entry-erased": Sentence(N_("A text of the vault was erased"), "x", "fix"),
    "people.entry-corrected": Sentence(N_("A text of the vault was corrected"), "pen", "fix"),
    "people.request-granted": Sentence(N_("A person's request was granted"), "check"),
    "people.request-refused": Sentence(N_("A person's request was refused"), "stop"),
    "subscription.created": Sentence(N_("A subscription of another system was created"), "plus"),
    "subscription.changed": Sentence(N_("A subscription was changed"), "pen"),
    "subscription.paused": Sentence(N_("A subscription was paused"), "clock"),
    "subscription.resumed": Sentence(N_("Deliveries of a subscription began or went on"), "play"),
    "subscription.secret-rotated": Sentence(N_("A subscription got a new secret"), "lock"),
    "subscription.disabled": Sentence(N_("A subscription was disabled"), "stop"),
    "subscription.case-released": Sentence(N_("A case that was parked for a subscription was released"), "play"),
    "subscription.replay-begun": Sentence(N_("A replay for a subscription began"), "play"),
    "subscription.replay-stopped": Sentence(N_("A replay for a subscription was stopped"), "stop"),
    "subscription.replay-finished": Sentence(N_("A replay for a subscription was finished"), "check"),
}
