"""`pobratim log publish` to a real NATS server: what stands in the stream, and streams in which nobody can go on."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from nats.js import JetStreamContext

from adapters.broker.jetstream import covers
from domain.subscriptions.events import SubscriptionPaused
from tests.adapters.broker.conftest import Office, Serving, bodies, positions
from tests.adapters.recording.office import a_save
from tests.planting import plant


def test_the_stream_holds_the_bytes_of_the_feed_in_their_order(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=3, streams=100)
    said = office.publish(server, "--create")
    assert "0 positions behind" in said
    kept, lines = server.kept("FACTS"), office.lines()
    assert [one.body for one in kept] == lines
    for one, line in zip(kept, lines, strict=True):
        event = json.loads(line)
        assert one.subject == f"pobratim.{event['type']}"
        assert one.headers["Nats-Msg-Id"] == f"{event['source']}#{event['id']}"
        assert one.headers["Content-Type"] == "application/cloudevents+json"

    office.publish(server)
    assert len(server.kept("FACTS")) == len(lines)
    office.record(facts=2)
    office.publish(server)
    assert bodies(server) == office.lines()


def test_filters_are_those_of_the_feed_and_a_stream_goes_on_under_them(office: Office, serving: Serving) -> None:
    server = serving()
    asked = ("--type", "initiative.taken-over.v1", "--kind", "twinning", "--local-government", "nis")
    office.publish(server, "--create", *asked)
    assert bodies(server) == office.lines(*asked) != []
    office.record(facts=5)
    office.publish(server, *asked)
    assert bodies(server) == office.lines(*asked)
    unknown = office.publish(server, "--type", "initiative.nonsense.v1", expect=2)
    assert unknown.startswith("pobratim: --type: ")


def test_subscriptions_are_not_published_and_the_end_is_reached_over_them(office: Office, serving: Serving) -> None:
    server = serving()
    office.record()
    office.publish(server, "--create")
    before = server.count("FACTS")
    office.made.log.append([a_save(uuid4(), 0, [SubscriptionPaused()] * 3)])
    assert "0 positions behind" in office.publish(server)
    assert server.count("FACTS") == before
    office.record()
    office.publish(server)
    assert server.count("FACTS") == before + 1
    assert bodies(server) == office.lines()


def test_another_stream_and_prefix(office: Office, serving: Serving) -> None:
    server = serving()
    office.record()
    office.publish(server, "--create", "--stream", "OTHER_1", "--subject-prefix", "rs.pobratim")
    assert server.kept("OTHER_1")[0].subject.startswith("rs.pobratim.partner.")
    assert "could not be made" in office.publish(server, "--create", "--subject-prefix", "rs", expect=2)


def test_a_stream_begins_where_it_is_told_to(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=4)
    head = office.made.log.head()
    office.publish(server, "--create", "--after", str(head - 2))
    assert positions(server) == [head - 1, head]
    office.publish(server, "--after", "0")
    assert positions(server) == [head - 1, head]
    assert "beyond the end of the log" in office.publish(server, "--after", str(head + 1), expect=2)


def test_an_emptied_stream_is_not_begun_anew_unasked(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=4)
    server.make("FACTS", subjects=["pobratim.>"], duplicate_window=0.1)
    office.publish(server)
    before = bodies(server)
    server.do(lambda js: js.purge_stream("FACTS"))
    assert "was emptied" in office.publish(server, expect=2)
    assert server.count("FACTS") == 0
    office.publish(server, "--after", "0")
    assert bodies(server) == before


def test_what_the_server_takes_for_a_duplicate_is_not_taken_for_published(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=4)
    server.make("FACTS", subjects=["pobratim.>"], duplicate_window=12)  # longer than the command takes to begin
    office.publish(server)
    before = bodies(server)
    server.do(lambda js: js.purge_stream("FACTS"))
    assert "takes a message for one of lately" in office.publish(server, "--after", "0")
    assert bodies(server) == before


def test_a_stream_of_another_installation(office: Office, other_office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=4)
    office.publish(server, "--create")
    other_office.record(facts=9, streams=9)
    said = other_office.publish(server, expect=2, POBRATIM_BASE_URL="https://other.example.rs")
    assert "holds events of https://pobratim.example.rs, not of this installation" in said
    assert "tells of another fact than this log" in other_office.publish(server, expect=2)


def test_a_log_that_was_restored_to_less(office: Office, other_office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=4)
    office.publish(server, "--create")
    assert "tells of another fact than this log" in other_office.publish(server, expect=2)


def test_streams_that_do_not_fit(office: Office, serving: Serving) -> None:
    server = serving()
    office.record()
    assert "There is no stream FACTS" in office.publish(server, expect=2)
    server.make("NARROW", subjects=["pobratim.initiative.>"])
    assert "takes pobratim.initiative.>, not pobratim.>" in office.publish(server, "--stream", "NARROW", expect=2)
    server.make("ONCE", subjects=["once.>"], retention="workqueue")
    said = office.publish(server, "--stream", "ONCE", "--subject-prefix", "once", expect=2)
    assert "gives away what was read (workqueue)" in said
    server.make("SILENT", subjects=["silent.>"], no_ack=True)
    assert "(no_ack)" in office.publish(server, "--stream", "SILENT", "--subject-prefix", "silent", expect=2)
    server.make("MIXED", subjects=["mixed.>"])
    server.send("mixed.weather", b"sun")
    said = office.publish(server, "--stream", "MIXED", "--subject-prefix", "mixed", expect=2)
    assert "ends with something else than an event" in said


def test_a_server_without_jetstream(office: Office, serving: Serving) -> None:
    said = office.publish(serving(jetstream=False), "--create", expect=2)
    assert "keeps no streams for this account" in said
    assert said.count("\n") == 1


def test_facts_before_one_that_cannot_be_read_are_published(other_office: Office, serving: Serving) -> None:
    server = serving()
    other_office.record(facts=3)
    position = plant(other_office.database.owner_url)
    said = other_office.publish(server, "--create", expect=1)
    assert f"position {position}" in said
    assert "A newer version has written it" in said
    assert len(bodies(server)) == 3


def test_a_durable_consumer_goes_on_where_it_stopped(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=30)
    office.publish(server, "--create")

    async def read(js: JetStreamContext) -> list[bytes]:
        reader = await js.pull_subscribe("pobratim.>", durable="mirror", stream="FACTS")
        found = []
        for message in await reader.fetch(10, timeout=5):
            await message.ack_sync()
            found.append(message.data)
        return found

    first, second = server.do(read), server.do(read)
    assert first + second == bodies(server)[:20]


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("a.b.>", True),
        ("a.>", True),
        (">", True),
        ("*.b.>", True),
        ("a.*.>", True),
        ("a.b.*", False),
        ("a.b", False),
        ("a.b.c.>", False),
        ("b.>", False),
        ("a", False),
    ],
)
def test_which_subjects_take_everything_below_a_prefix(pattern: str, taken: bool) -> None:
    assert covers(pattern, "a.b") is taken


def test_without_its_client_the_command_says_what_to_install(office: Office, tmp_path: Path) -> None:
    (tmp_path / "nats").mkdir()
    (tmp_path / "nats" / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'nats'\")\n")
    said = office.publish("nats://127.0.0.1:1", expect=2, PYTHONPATH=str(tmp_path))
    assert "The client of NATS is not installed" in said
    assert said.count("\n") == 1


def test_other_commands_do_not_need_the_client() -> None:
    asked = "import sys, web.main, web.cli.log; print([name for name in sys.modules if name.startswith('nats')])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
