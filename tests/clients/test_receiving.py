"""The mirror as a receiver of webhooks: a rehearsal finds no fault with it, and what comes makes the register."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from mirror import Mirror
from pobratim_client import Batch, Cursor, OtherLog, events_of
from receive import MOST_BYTES, Receiver

from application.feed import FeedFilter, encoded
from application.rehearsal_play import Fault
from application.subscriptions import MACHINE, Wish
from domain.subscriptions.events import Signing
from tests.adapters.delivery.conftest import House, housed, key
from tests.clients.history import erase_and_correct, record
from tests.conftest import new_database
from tests.receivers import Receiver as Elsewhere


@pytest.fixture(scope="module")
def house(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("receiving")
    with new_database(server, template) as database, housed(database, folder) as made:
        record(made.made)
        yield made


@contextmanager
def receiving(house: House, database: Path, code: str) -> Iterator[Receiver]:
    """For a subscription that rests."""
    address = "http://localhost:8001/hook"
    keeping = house.made.keeping_subscriptions
    secret = keeping.create(MACHINE, key(), code, Wish(name=code, address=address), Signing.HMAC, 0).for_receiver
    receiver = Receiver("127.0.0.1", 0, str(database), [secret])
    keeping.change(MACHINE, code, key(), Wish(name=code, address=address.replace("8001", str(receiver.server_port))))
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rehearsal_finds_no_fault_with_the_mirror(house: House, tmp_path: Path, seed: int) -> None:
    with receiving(house, tmp_path / "rehearsal.sqlite", f"rehearsal-{seed}"):
        outcome = house.made.rehearsing_subscriber.rehearse(MACHINE, f"rehearsal-{seed}", 40, seed, lambda *_: None)
    assert outcome.findings == ()
    assert outcome.cases == 40
    assert outcome.deliveries > 400


def test_a_rehearsal_finds_a_mirror_that_forgets_what_it_has(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the test above can fail."""
    monkeypatch.setattr(Mirror, "deliver", lambda _self, _events: None)
    with receiving(house, tmp_path / "rehearsal.sqlite", "forgets"):
        outcome = house.made.rehearsing_subscriber.rehearse(MACHINE, "forgets", 3, 1, lambda *_: None)
    assert {finding.fault for finding in outcome.findings} == {Fault.LOST}


def test_what_is_delivered_is_the_register_and_a_pull_goes_on_from_there(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erase_and_correct(house.made)
    with receiving(house, tmp_path / "hooked.sqlite", "hooked"), house.delivering():
        house.made.keeping_subscriptions.resume(MACHINE, "hooked", key())
        Elsewhere().wait(lambda: house.caught_up("hooked"), 120)
    assert capsys.readouterr().err == ""

    feed, log = house.made.feed, house.made.log
    events = events_of(b"[%b]" % b",".join(map(encoded, feed.events(feed.sieved(FeedFilter(), log.page(0, 10_000))))))
    whole = Batch(events, Cursor(events[-1].position, events[-1].source), Cursor())
    with (
        closing(Mirror(str(tmp_path / "pulled.sqlite"))) as pulled,
        closing(Mirror(str(tmp_path / "hooked.sqlite"))) as hooked,
    ):
        pulled.take(whole)
        assert len(hooked.rows()) > 80
        assert hooked.rows() == pulled.rows()
        assert table(hooked, "gone") == table(pulled, "gone") != []
        hooked.take(whole)
        assert hooked.rows() == pulled.rows()
        assert table(hooked, "facts") == table(pulled, "facts")
        with pytest.raises(OtherLog):
            hooked.deliver(events_of(encoded(feed.events(log.page(0, 1))[0]).replace(b":8000", b":8000/rehearsal/1")))


def table(mirror: Mirror, name: str) -> list[tuple[object, ...]]:
    return mirror.db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608 - a word of ours


@pytest.mark.parametrize(
    ("code", "headers", "body", "status"),
    [
        ("unsigned", {}, b"{}", 401),
        ("large", {"content-length": str(MOST_BYTES + 1)}, b"", 413),
        ("negative", {"content-length": "-1"}, b"", 411),
        ("endless", {"content-length": "x"}, b"", 411),
    ],
)
def test_what_is_no_delivery_is_refused(
    house: House, tmp_path: Path, code: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    with receiving(house, tmp_path / "bad.sqlite", code) as receiver:
        door = http.client.HTTPConnection("127.0.0.1", receiver.server_port, timeout=30)
        with closing(door):
            door.request("POST", "/hook", body, headers)
            assert door.getresponse().status == status
    with closing(Mirror(str(tmp_path / "bad.sqlite"))) as mirror:
        assert table(mirror, "streams") == []
