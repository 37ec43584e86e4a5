"""A new version of a procedure, looked at and brought into force by program."""

from uuid import uuid4

import pytest

from tests.web.api.program import Program
from tests.web.running import House

KEEPER = "administrator"
DRAFT = "/procedures/draft"


def test_a_draft_is_checked_and_brought_into_force(house: House, program: Program) -> None:
    text = program.get(f"{DRAFT}?code=project_based", KEEPER).json()["text"]
    assert "version = 3\n" in text, "the house has a second version of it"
    head = house.head()
    looked = program.post(DRAFT, {"text": text.replace("\n", "\r\n")}, KEEPER)
    assert looked.status_code == 200, looked.text
    assert (looked.json()["pin"], looked.json()["in_force"]) == ("project_based@3", "project_based@2")
    assert "+version = 3\n" in looked.json()["changes"]
    assert program.get("/procedures/project_based@3").status_code == 404, "looking keeps nothing"
    key = str(uuid4())
    adopted = program.post("/procedures", {"text": text}, KEEPER, idempotency_key=key)
    assert (adopted.status_code, adopted.json()["pin"]) == (201, "project_based@3")
    assert program.get("/procedures/project_based@3").json()["in_force"] is True
    assert program.post("/procedures", {"text": text}, KEEPER).json() == adopted.json(), "the same is the same version"
    again = program.post("/procedures", {"text": text}, KEEPER, idempotency_key=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert house.head() == head
    stale = program.post(DRAFT, {"text": text}, KEEPER)
    assert (stale.status_code, stale.json()["code"]) == (422, "procedure.version-not-newer")


def test_every_flaw_is_told_with_its_line(program: Program) -> None:
    refused = program.post(DRAFT, {"text": 'code = "x"\nversion = "y"\n'}, KEEPER)
    assert refused.status_code == 422
    assert all("line" in one["params"] for one in refused.json()["errors"]), refused.text
    assert program.post("/procedures", {"text": "code = 1"}, KEEPER).status_code == 422
    assert program.post(DRAFT, {"text": "#" * 100_001}, KEEPER).status_code == 400
    assert program.post(DRAFT, {"text": "ж" * 90_000}, KEEPER).status_code == 422, "it is read whole"


@pytest.mark.parametrize("who", ["coordinator", "officer", "approver", "auditor"])
def test_administrators_alone_bring_procedures_into_force(program: Program, who: str) -> None:
    for path in (DRAFT, "/procedures"):
        refused = program.post(path, {}, who)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.administrator-only"), path
    assert program.get(DRAFT, who).status_code == 403
    lacks = program.ask("POST", "/procedures", KEEPER, ("cases:write",), json={})
    assert lacks.json()["params"] == {"scope": "procedures:write"}
