"""What programs read: pages that lead on, tags that spare a body, and nothing beyond the sight of the token's owner."""

from typing import Final
from uuid import uuid4

import pytest

from tests.web.api.program import Program
from tests.web.running import OTHER, OWN, House

MANY: Final = 23


@pytest.fixture(scope="module")
def cases(house: House) -> list[str]:
    """Of Niš, and every third one of Leskovac."""
    numbers = [house.propose(OTHER if n % 3 == 2 else OWN) for n in range(MANY)]
    house.show_everything()
    return numbers


@pytest.mark.parametrize("sort", ["number", "-number", "pair", "-pair", "stage", "due", "-due", "kind", "updated"])
@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_lead_through_every_case_once(program: Program, cases: list[str], sort: str, limit: int) -> None:
    found = [one["number"] for one in program.every(f"/initiatives?sort={sort}&limit={limit}", "initiatives")]
    assert sorted(found) == sorted(cases)
    if sort == "number":
        assert found == sorted(cases)


def test_a_case_that_changes_between_two_pages_drops_out_no_other(house: House, program: Program) -> None:
    before = {one["number"] for one in program.every("/initiatives?sort=-updated&limit=200", "initiatives")}
    first = program.get("/initiatives?sort=-updated&limit=5").json()
    seen = [one["number"] for one in first["initiatives"]]
    house.propose(OWN)
    house.show_everything()
    rest = program.every(f"/initiatives?sort=-updated&limit=5&cursor={first['next']}", "initiatives")
    assert sorted([*seen, *(one["number"] for one in rest)]) == sorted(before)


def test_a_filter_narrows_and_its_total_says_how_far(program: Program, cases: list[str]) -> None:
    answer = program.get(f"/initiatives?local_government={OTHER}&limit=2").json()
    assert (answer["total"], len(answer["initiatives"])) == (MANY // 3, 2)
    assert {code for one in answer["initiatives"] for code in one["local_governments"]} == {OTHER}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("cursor=nonsense", "cursor", "request.cursor"),
        ("cursor=AAAA", "cursor", "request.cursor"),
        ("cursor=%00", "cursor", "request.cursor"),
        ("limit=0", "limit", "request.parameter"),
        ("limit=201", "limit", "request.parameter"),
        ("limit=%D9%A3", "limit", "request.parameter"),
        ("limit=1&limit=2", "limit", "request.parameter"),
        ("stage=asleep", "stage", "request.parameter"),
        ("country=Turkey", "country", "request.parameter"),
        ("handler=me", "handler", "request.parameter"),
        ("partner=1", "partner", "request.parameter"),
        ("page=2", "page", "request.parameter"),
        ("colour=red", "colour", "request.parameter"),
        ("known_at=yesterday", "known_at", "date.unclear"),
        ("known_at=2199-01-01", "known_at", "past.not-come"),
    ],
)
def test_what_cannot_be_meant_is_named(program: Program, cases: list[str], query: str, field: str, code: str) -> None:
    answer = program.get(f"/initiatives?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


def test_a_cursor_of_other_filters_or_another_order_is_refused(program: Program, cases: list[str]) -> None:
    cursor = program.get("/initiatives?sort=number&limit=2").json()["next"]
    for query in ("sort=due", f"sort=number&local_government={OWN}", "sort=-number"):
        answer = program.get(f"/initiatives?{query}&cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "request.cursor")


def test_another_size_goes_on_from_the_same_place(program: Program, cases: list[str]) -> None:
    first = program.get("/initiatives?sort=number&limit=2").json()
    then = program.every(f"/initiatives?sort=number&limit=11&cursor={first['next']}", "initiatives")
    assert [one["number"] for one in (*first["initiatives"], *then)] == [
        one["number"] for one in program.every("/initiatives?sort=number", "initiatives")
    ]


def test_one_case_with_what_could_be_done(program: Program, cases: list[str]) -> None:
    case = program.get(f"/initiatives/{cases[0]}").json()
    assert (case["number"], case["version"], case["stage"]) == (cases[0], 1, "proposed")
    assert [party["role"] for party in case["parties"]] == ["home", "partner"]
    assert {"coordinate", "decline", "add-remark"} <= {*case["deeds"]}
    assert "absorb" not in case["deeds"]
    assert program.get(f"/initiatives/{cases[0]}", "auditor").json()["deeds"] == []
    assert "coordinate" not in program.get(f"/initiatives/{cases[0]}", "officer").json()["deeds"]


def test_a_tag_names_these_bytes_and_begins_with_the_version(program: Program, cases: list[str]) -> None:
    path = f"/initiatives/{cases[0]}"
    first = program.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"1-')
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = program.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert program.get(path, headers={"if-none-match": '"1-0123456789abcdef"'}).status_code == 200
    assert program.get(path, "officer").headers["etag"] != tag, "what the owner could do differs"


def test_the_events_of_a_case_are_those_of_the_feed(program: Program, cases: list[str]) -> None:
    alone = program.get(f"/initiatives/{cases[0]}/events")
    assert alone.headers["content-type"] == "application/cloudevents-batch+json"
    assert alone.content == program.get(f"/events?case={cases[0]}", "auditor").content
    after = alone.json()[-1]["id"]
    assert program.get(f"/initiatives/{cases[0]}/events?after={after}").json() == []
    assert f"after={after}&" in alone.headers["link"]
    assert program.get(f"/initiatives/{cases[0]}/events", "officer").content == alone.content


def test_words_are_given_to_who_may_see_the_case_and_that_is_kept(
    house: House, program: Program, cases: list[str]
) -> None:
    fact = program.get(f"/initiatives/{cases[0]}/events").json()[0]["data"]["fact"]
    texts = program.get(f"/initiatives/{cases[0]}/texts").json()["texts"]
    assert texts[fact["rationale"]] == "Сарадња школа"


def test_what_deeds_can_name_is_what_the_forms_offer(house: House, program: Program, cases: list[str]) -> None:
    choices = program.get(f"/initiatives/{cases[0]}/choices").json()
    assert [one["id"] for one in choices["handlers"]] == [str(house.accounts["coordinator"].id)]
    assert {str(house.accounts[who].id) for who in ("coordinator", "officer", "approver")} == {
        one["id"] for one in choices["assignees"]
    }
    assert str(house.accounts["stranger"].id) not in {one["id"] for one in choices["mentions"]}
    assert str(house.accounts["auditor"].id) in {one["id"] for one in choices["mentions"]}


def test_a_day_of_the_past(program: Program, cases: list[str]) -> None:
    assert program.get(f"/initiatives/{cases[0]}?known_at=2020-01-01").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/initiatives/{stranger}",
        "/initiatives/{stranger}/events",
        "/initiatives/{stranger}/texts",
        "/initiatives/{stranger}/choices",
        f"/local-governments/{OTHER}",
        "/queue?group=team",
        "/initiatives/2026-99999",
        "/initiatives/2026",
        "/initiatives/%00",
        "/partners/0b4f2d56-9a2e-5c6e-8e0e-3f6f7a1d9c11",
        "/local-governments/atlantis",
        "/nothing",
    ],
)
def test_beyond_sight_looks_like_nothing(program: Program, cases: list[str], path: str) -> None:
    answer = program.get(path.format(stranger=cases[2]), "officer")
    assert (answer.status_code, answer.json()["code"]) == (404, "request.not-found")


READS: Final = (
    "/initiatives",
    "/initiatives/{case}",
    "/initiatives/{case}/events",
    "/initiatives/{case}/texts",
    "/initiatives/{case}/choices",
    "/partners",
    "/partners/{partner}",
    "/local-governments",
    f"/local-governments/{OWN}",
    "/procedures",
    "/procedures/twinning@1",
    "/queue?group=late",
    "/tasks",
    "/calendar?first=2026-03-01",
)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("who", ["coordinator", "officer", "approver", "auditor", "administrator"])
def test_each_role_reads_what_its_pages_show(
    house: House, program: Program, cases: list[str], path: str, who: str
) -> None:
    partner = program.get(f"/initiatives/{cases[0]}").json()["parties"][1]["partner"]["id"]
    answer = program.get(path.format(case=cases[0], partner=partner), who)
    wanted = 200
    if who == "administrator" and not path.startswith("/procedures"):
        wanted = 403
    if (who, path) in {("officer", "/procedures"), ("officer", "/procedures/twinning@1"), ("auditor", "/tasks")}:
        wanted = 403
    if (who, path) in {("auditor", "/queue?group=late"), ("administrator", "/queue?group=late")}:
        wanted = 404
    assert answer.status_code == wanted, answer.text


@pytest.mark.parametrize("path", READS)
def test_a_token_without_the_scope_hears_which_one_and_nothing_else(
    program: Program, cases: list[str], path: str
) -> None:
    for case in (cases[0], "2026-99999"):
        answer = program.get(path.format(case=case, partner=uuid4()), scopes=("events:read",))
        assert answer.status_code == 403
        assert (answer.json()["code"], answer.json()["params"]) == ("access.scope-missing", {"scope": "cases:read"})


def test_partners_by_cursor_and_one_of_them(house: House, program: Program, cases: list[str]) -> None:
    found = program.every("/partners?limit=3", "partners")
    assert len({one["id"] for one in found}) == len(found) == house.partners
    one = program.get(f"/partners/{found[0]['id']}")
    assert one.json()["name"] == found[0]["name"]
    assert one.headers["etag"].startswith('"1-')
    assert program.get("/partners?q=Stadt 3&country=DE").json()["total"] >= 1


def test_the_queue_is_the_desk(house: House, program: Program, cases: list[str]) -> None:
    found = program.every("/queue?group=unassigned&limit=4", "initiatives")
    assert {*cases} <= {one["number"] for one in found}
    assert program.get("/queue").json()["field"] == "group"
    assert program.get("/calendar?first=9999-12-31").status_code == 422
    assert program.get("/calendar?first=2026-03-01&days=367").status_code == 422


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_another_method_is_told_which_ones_there_are(program: Program, cases: list[str], method: str) -> None:
    answer = program.ask(method, "/partners/" + str(uuid4()))
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"GET", "HEAD"} <= {*answer.headers["allow"].split(", ")}


def test_head_has_the_same_headers(program: Program, cases: list[str]) -> None:
    path = f"/initiatives/{cases[0]}"
    head, whole = program.ask("HEAD", path), program.get(path)
    assert (head.content, head.headers["etag"]) == (b"", whole.headers["etag"])
