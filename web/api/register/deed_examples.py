"""For every deed an example of what is sent."""

from collections.abc import Mapping
from typing import Any, Final

from web.api.register.examples import HANDLER, PARTNER, TASK, TOWN

Example = Mapping[str, Any]
DAY: Final = "2026-03-17"
NUMBER: Final = "06-12/2026"
_DAY: Final[Example] = {"occurred_on": DAY}
_WHY: Final[Example] = {"reason": "Nije dostavljeno u roku."}
_TERM: Final[Example] = {"ends_on": "2031-03-17", "notice_months": 6, "tacit_renewal": True}

DEED_EXAMPLES: Final[Mapping[str, Example]] = {
    "coordinate": {"handler": str(HANDLER), **_DAY},
    "decline": {**_DAY, **_WHY},
    "merge": {"into_number": "2026-0017", **_WHY},
    "give-support": {"items": ["information", "partner_profile"], **_DAY},
    "complete-coordination": _DAY,
    "sign-letter-of-intent": {"place": "Leskovac", **_DAY},
    "start-drafting": _DAY,
    "suspend": {"until": "2026-05-01", **_DAY, **_WHY},
    "resume": _DAY,
    "withdraw": {**_DAY, **_WHY},
    "review-draft": {"draft_version": 2, "languages": ["sr", "tr"], **_DAY},
    "adopt-decision": {
        "number": NUMBER,
        "foreign_state": "Republika Turska",
        "body": "assembly",
        "title": "Odluka o uspostavljanju saradnje",
        "fields": ["culture", "education"],
        **_DAY,
    },
    "request-consent": {"registry_number": NUMBER, "addressee": "Ministarstvo državne uprave", **_DAY},
    "waive-consent": {"basis": "Projektna saradnja bez sporazuma.", **_DAY},
    "record-opinion": {"body": "Sekretarijat za zakonodavstvo", "stance": "favourable", **_DAY},
    "return-file": {"due_on": "2026-04-01", "missing": "Overen prepis odluke.", **_DAY},
    "supplement-file": {"registry_number": NUMBER, **_DAY},
    "grant-consent": {"act_number": NUMBER, **_DAY},
    "refuse-consent": {"act_number": NUMBER, **_DAY, **_WHY},
    "reopen-drafting": {"decision_number": NUMBER, **_DAY, **_WHY},
    "publish": {"gazette_name": "Službeni glasnik Grada Leskovca", "gazette_number": "5/2026", **_DAY},
    "sign-agreement": {"instrument": "charter", "place": "Bursa", "languages": ["sr", "tr"], **_TERM, **_DAY},
    "enter-into-force": {"rule": "on_receipt_of_consent", **_DAY},
    "hold-visit": {"occurred_on": "2026-03", "host": TOWN, "place": "Leskovac", "purpose": "Dani kulture."},
    "confirm-partnership": {"remark": "Razmena đaka u septembru.", **_DAY},
    "announce-expiry": {"ends_on": "2026-09-01", **_DAY},
    "renew": {"renewal": "new_agreement", "instrument": "protocol", **_TERM, **_DAY},
    "confirm-expiry": _DAY,
    "mark-dormant": {**_DAY, **_WHY},
    "resume-activity": _DAY,
    "terminate": {"termination": "mutual", "decision_number": NUMBER, **_DAY},
    "extend-deadline": {"until": "2026-06-01", "reason": "Ministarstvo traži još vremena."},
    "reinstate": {"reason": "Odbijeno greškom."},
    "name-handler": {"handler": str(HANDLER), "reason": "Godišnji odmor."},
    "add-party": {"party": {"role": "partner", "partner": str(PARTNER)}, **_DAY},
    "remove-party": {"party": str(PARTNER), **_DAY},
    "report-party-status": {"party": TOWN, "status": "signed", "known_from": "dopis 06-12/2026", **_DAY},
    "settle-disagreement": {"status": "withdrawn", "note": "Partner se nije povukao."},
    "change-procedure": {"procedure": "twinning@2", "reason": "Novi zakon."},
    "ask-approval": {"deed": "terminate"},
    "approve": {"deed": "terminate"},
    "add-remark": {"remark": "Poziv je primljen.", "mentions": [str(HANDLER)]},
    "link-case": {"other_number": "2026-0017", "link": "continues"},
    "unlink-case": {"other_number": "2026-0017"},
    "give-task": {"what": "Pozvati ambasadu.", "assignee": str(HANDLER), "due_on": "2026-04-01"},
    "finish-task": {"task": str(TASK)},
    "cancel-task": {"task": str(TASK), **_WHY},
    "correct": {
        "corrects": 2,
        "restated": {"fact": "initiative.coordination-started", "occurred_on": "2026-03-16"},
        "reason": "Pogrešno prepisan dan.",
    },
}
PARTNER_DEED_EXAMPLES: Final[Mapping[str, Example]] = {
    "rename": {"name": "Bursa Büyükşehir", "old_name_is": "former"},
    "add-name": {"name": "Бурса", "kind": "exonym", "language": "sr"},
    "remove-name": {"name": "Brusa", "reason": "Pogrešno pročitano."},
    "reclassify": {"kind": "region", "country": "TR", "reason": "Velika opština."},
    "merge": {"into": str(PARTNER), "reason": "Ista opština."},
}
