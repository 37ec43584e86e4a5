"""The rehearsal for subscribers: each planted fault is found, and a consumer that does it right passes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from adapters.reference.units import local_governments
from application.identity import case_id
from application.rehearsal_play import REPORT, Fault
from application.subscriptions import MACHINE, Wish
from benchmarks.seeding import cases, partners, seed
from domain.kernel import Refused
from domain.subscriptions.events import Signing
from tests.adapters.delivery.conftest import House, housed, key
from tests.adapters.recording.office import a_save
from tests.conftest import new_database
from tests.receivers import Received, Reply, receiver


@dataclass
class Case:
    facts: set[str] = field(default_factory=set[str])
    effects: int = 0
    version: int = 0
    words: set[str] = field(default_factory=set[str])


@dataclass
class Consumer:
    """Does what docs/webhooks.md says, but for one `fault`."""

    secret: str = ""
    fault: str = ""
    newest: int = 0
    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    seen: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def __call__(self, received: Received) -> Reply:
        if self.fault != "signs nothing" and not self.verified(received):
            return Reply(400)
        event = msgspec.json.decode(received.body)
        self.seen.append(event)
        if self.fault == "known fields only" and "notThoughtOfYet" in event:
            return Reply(422)
        if self.fault == "known types only" and "not-thought-of-yet" in event["type"]:
            return Reply(422)
        if event["type"] == REPORT:
            return self.report(event["data"]["stream"])
        if event["type"] == "people.entry-erased.v1":
            for case in self.cases.values():
                if self.fault != "keeps words":
                    case.words.discard(event["data"]["fact"]["entry"])
            return Reply()
        return self.take(event)

    def verified(self, received: Received) -> bool:
        headers = dict(received.headers)
        hook = Webhook(self.secret)
        try:
            if self.fault == "forgets the time":
                hook._Webhook__verify_timestamp = lambda _headers: _moment(headers)
            hook.verify(received.body.lstrip() if self.fault == "strips the body" else received.body, headers)
        except WebhookVerificationError:
            return False
        return True

    def take(self, event: dict[str, Any]) -> Reply:
        data, position = event["data"], int(event["id"])
        case = self.cases.setdefault(data["stream"], Case())
        if self.fault == "highest id only" and position <= self.newest:
            return Reply()
        self.newest = max(self.newest, position)
        known = event["id"] in case.facts
        if known and self.fault == "conflict when known":
            return Reply(409)
        if known and self.fault == "writes the last over":
            case.version = data["version"]
        if known and self.fault not in {"counts all", "knows messages only"}:
            return Reply()
        case.facts.add(event["id"])
        case.effects += 1
        case.version = max(case.version, data["version"])
        case.words |= {value for value in data["fact"].values() if isinstance(value, str) and len(value) == 36}
        return Reply()

    def report(self, stream: str) -> Reply:
        if self.fault == "says nothing":
            return Reply()
        case = self.cases.get(stream, Case())
        held = {"version": case.version, "facts": case.effects, "words": sorted(case.words)}
        return Reply(200, body=msgspec.json.encode(held))


def _moment(headers: dict[str, str]) -> Any:
    return datetime.fromtimestamp(float(headers["webhook-timestamp"]), UTC)


@pytest.fixture(scope="module")
def house(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    with new_database(server, template) as database, housed(database, folder) as made:
        seed(made.made.log, local_governments(), 60, 20)
        yield made


def rehearsed(house: House, consumer: Consumer, code: str, number: int = 1) -> list[Fault]:
    with receiver(consumer) as to:
        wish = Wish(name="Portal", address=to.address)
        opened = house.made.keeping_subscriptions.create(MACHINE, key(), code, wish, Signing.HMAC, 0)
        consumer.secret = opened.for_receiver
        told: list[tuple[int, int]] = []
        outcome = house.made.rehearsing_subscriber.rehearse(MACHINE, code, 12, number, lambda *at: told.append(at))
    assert told[-1] == (outcome.deliveries, outcome.deliveries)
    assert outcome.cases > 5
    return list(dict.fromkeys(finding.fault for finding in outcome.findings))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_who_does_it_right_passes(house, number):
    consumer = Consumer()
    assert rehearsed(house, consumer, f"right-{number}", number) == []
    positions = [int(event["id"]) for event in consumer.seen if event["type"] != REPORT]
    assert len(positions) > 100
    assert positions != sorted(positions)
    assert len(positions) > len(set(positions))


FAULTS: list[tuple[str, list[Fault]]] = [
    ("signs nothing", [Fault.TOOK_FORGED, Fault.TOOK_STALE, Fault.TOOK_CHANGED]),
    ("forgets the time", [Fault.TOOK_STALE]),
    ("strips the body", [Fault.TOOK_CHANGED]),
    ("known fields only", [Fault.REFUSED_UNKNOWN]),
    ("known types only", [Fault.REFUSED_UNKNOWN]),
    ("conflict when known", [Fault.REFUSED_AGAIN]),
    ("highest id only", [Fault.LOST]),
    ("counts all", [Fault.TWICE]),
    ("writes the last over", [Fault.WENT_BACK]),
    ("keeps words", [Fault.KEPT_ERASED]),
    ("says nothing", [Fault.NO_REPORT]),
]


@pytest.mark.parametrize(("fault", "found"), FAULTS, ids=[fault.replace(" ", "-") for fault, _ in FAULTS])
def test_each_planted_fault_is_found(house, fault, found):
    seen = rehearsed(house, Consumer(fault=fault), fault.replace(" ", "-"))
    assert set(found) <= set(seen), seen
    if fault in {"forgets the time", "strips the body", "conflict when known", "keeps words", "says nothing"}:
        assert seen == found


def test_a_receiver_that_is_away_or_fails_is_said_to_refuse(house):
    with receiver(lambda _received: Reply(500)) as to:
        wish = Wish(name="Portal", address=to.address)
        house.made.keeping_subscriptions.create(MACHINE, key(), "fails", wish, Signing.ED25519, 0)
        outcome = house.made.rehearsing_subscriber.rehearse(MACHINE, "fails", 2, 1, lambda *_: None)
    faults = {finding.fault for finding in outcome.findings}
    assert {Fault.REFUSED_FACT, Fault.NO_REPORT} <= faults
    assert Fault.TOOK_FORGED not in faults


def test_what_is_shown_names_nobody(house):
    """No name, number or id of the real history, and no text: but the same becomes the same."""
    consumer = Consumer()
    rehearsed(house, consumer, "anonymous")
    real = house.made.log.page(0, 1_000)
    ids = {str(recorded.stream) for recorded in real} | {str(recorded.actor) for recorded in real}
    numbers = {getattr(recorded.fact, "number", "-") for recorded in real}
    said = msgspec.json.encode(consumer.seen).decode()
    assert [one for one in ids | numbers if one and f'"{one}"' in said] == []
    for name in ("Република Италија", "Сл. лист", "http"):
        assert name not in said.replace("http://127.0.0.1:8000/rehearsal/1", "")
    subjects = {event["data"]["stream"]: event["subject"] for event in consumer.seen if "stream" in event["data"]}
    assert len(subjects) > 5


def test_no_rehearsal_where_real_facts_are_delivered_or_there_is_nothing_to_show(house, server, template, tmp_path):
    with receiver() as to:
        house.subscribe(to, "real")
        with pytest.raises(Refused, match="rehearsal-active"):
            house.made.rehearsing_subscriber.rehearse(MACHINE, "real", 3, 1, lambda *_: None)
        with new_database(server, template) as database, housed(database, tmp_path) as other:
            wish = Wish(name="Portal", address=to.address)
            other.made.keeping_subscriptions.create(MACHINE, key(), "empty", wish, Signing.HMAC, 0)
            with pytest.raises(Refused, match="rehearsal-empty"):
                other.made.rehearsing_subscriber.rehearse(MACHINE, "empty", 3, 1, lambda *_: None)


def test_a_register_that_was_taken_over_begins_with_agreements_of_one_fact(server, template, tmp_path):
    names = local_governments()
    lives = [a_save(case_id(number), 0, facts) for number, facts in cases(300, names, list(partners(10)))]
    lives.sort(key=lambda save: len(save.writes[0].facts) > 1)
    with new_database(server, template) as database, housed(database, tmp_path) as other, receiver(Consumer()) as to:
        for save in lives:
            other.made.log.append([save])
        wish = Wish(name="Portal", address=to.address)
        other.made.keeping_subscriptions.create(MACHINE, key(), "taken-over", wish, Signing.HMAC, 0)
        outcome = other.made.rehearsing_subscriber.rehearse(MACHINE, "taken-over", 2, 1, lambda *_: None)
    assert (outcome.cases, outcome.deliveries > 10) == (2, True)
