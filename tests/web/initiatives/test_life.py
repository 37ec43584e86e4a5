"""One case is led through the browser from proposal to renewal, and its history tells that story."""

from tests.web.casework_stack import Browser, proposed

FIRST = "1. 2. 2024."
DEEDS = (
    ("coordinate", {"occurred_on": "2. 2. 2024."}, "In coordination"),
    (
        "give-support",
        {"items": ["information", "partner_profile", "model_documents"], "occurred_on": "5. 2. 2024."},
        "In coordination",
    ),
    ("complete-coordination", {"occurred_on": "6. 2. 2024."}, "In coordination"),
    ("sign-letter-of-intent", {"occurred_on": "februar 2024", "place": "Bursa"}, "Letter of intent"),
    ("start-drafting", {"occurred_on": "1. 3. 2024."}, "Drafting"),
    ("review-draft", {"languages": ["sr", "tr"], "draft_version": "2", "occurred_on": "10. 3. 2024."}, "Drafting"),
    (
        "adopt-decision",
        {"number": "06-12/2024", "foreign_state": "Republika Turska", "occurred_on": "27. 3. 2024."},
        "Decided",
    ),
    ("request-consent", {"registry_number": "06-31/2024", "occurred_on": "30. 3. 2024."}, "Consent requested"),
    (
        "record-opinion",
        {"body": "Republički sekretarijat za zakonodavstvo", "stance": "with_remarks", "occurred_on": ""},
        "Awaiting opinions",
    ),
    ("return-file", {"missing": "Prevod sporazuma.", "due_on": "1. 6. 2024.", "occurred_on": ""}, "Returned"),
    ("supplement-file", {"registry_number": "06-32/2024"}, "Consent requested"),
    ("record-opinion", {"body": "MSP", "stance": "favourable"}, "Awaiting opinions"),
    ("grant-consent", {"act_number": "05 broj 011-1/2024", "occurred_on": "1. 7. 2024."}, "Consent granted"),
    (
        "publish",
        {"gazette_name": "Službeni list grada Niša", "gazette_number": "4/2024", "occurred_on": "8. 7. 2024."},
        "Published",
    ),
    (
        "sign-agreement",
        {"occurred_on": "15. 9. 2024.", "place": "Niš", "ends_on": "15. 9. 2026.", "languages": ["sr", "tr"]},
        "Signed",
    ),
    ("enter-into-force", {"rule": "eighth_day_after_publication", "occurred_on": "23. 9. 2024."}, "Active"),
    ("hold-visit", {"occurred_on": "maj 2025", "place": "Bursa", "purpose": "Dani kulture."}, "Active"),
    ("announce-expiry", {"ends_on": ""}, "Expiring"),
    ("renew", {"renewal": "new_agreement", "ends_on": "15. 9. 2031.", "occurred_on": "1. 9. 2026."}, "Renewed"),
)


def test_a_case_goes_from_proposal_to_renewal_by_forms_alone(coordinator: Browser) -> None:
    number = proposed(coordinator, "Ниш", "Bursa", occurred_on=FIRST, origin="local_government")
    assert number.startswith("2024-")
    for deed, values, stage in DEEDS:
        page = coordinator.do(number, deed, values)
        assert (page.status, page.path) == (200, f"/initiatives/{number}"), (deed, page.words)
        assert stage in page.words, deed
    the_history_tells_the_story(coordinator, number)


def the_history_tells_the_story(coordinator: Browser, number: str) -> None:
    history = coordinator.open(f"/initiatives/{number}/history")
    told = history.words
    for sentence in ("The initiative was proposed", "The Government gave its consent", "The agreement was renewed"):
        assert sentence in told
    assert told.index("The agreement was renewed") < told.index("A visit was held") < told.index("was proposed")
    for particular in ("06-12/2024", "Republika Turska", "Dani kulture.", "Službeni list grada Niša, 4/2024"):
        assert particular in told
    assert "days later" in told  # recorded long after it happened
    assert "May 2025" in told
    assert "Serbian, Turkish" in told
    assert "Jelena Marković" in told
    serbian(coordinator, number)


def serbian(coordinator: Browser, number: str) -> None:
    coordinator.speaks("sr-Cyrl")
    told = coordinator.open(f"/initiatives/{number}/history").words
    assert "Влада је дала сагласност" in told
    assert "Град Ниш" in told
    assert "Bursa" in told
    coordinator.speaks("sr-Latn")
    assert "Vlada je dala saglasnost" in coordinator.open(f"/initiatives/{number}/history").words
    coordinator.speaks("en")
