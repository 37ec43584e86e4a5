"""The publisher and its server are killed, away, locked or not what they seem: no gap, no duplicate, no secret told."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from nats.js.api import StreamConfig

from tests.adapters.broker.conftest import Office, Serving, bodies, positions
from tests.nats_credentials import operator_mode
from tests.nats_server import NatsServer
from tests.processes import started
from tests.receivers import authority

SECRET = "s3cret-hrast"
BACKLOG = 3_000


def follow(office: Office, server: NatsServer, *words: str) -> "subprocess.Popen[str]":
    arguments = ["log", "publish", "--to", server.url, "--stream", "FACTS", *words]
    return started(arguments, {name: value for name, value in office.environment.items() if "POBRATIM" in name})


def until(enough: Callable[[], bool], process: "subprocess.Popen[str]", seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not enough():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stopped(process: "subprocess.Popen[str]") -> str:
    """As systemd stops it; what it had said."""
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert "Traceback" not in output
    return output


def test_it_follows_the_log_until_it_is_told_to_end(office: Office, serving: Serving) -> None:
    server = serving()
    publisher = follow(office, server, "--create")
    until(lambda: server.count("FACTS") > 0, publisher)
    for _ in range(5):
        office.record()
        head = office.made.log.head()
        until(lambda head=head: positions(server)[-1] == head, publisher)
    assert "0 positions behind" in stopped(publisher)
    assert bodies(server) == office.lines()


def test_a_publisher_that_is_killed_midway_leaves_neither_gap_nor_duplicate(office: Office, serving: Serving) -> None:
    server = serving()
    server.make("FACTS", subjects=["pobratim.>"])
    office.record(facts=BACKLOG)
    head = office.made.log.head()
    reached = 0
    for _ in range(2):
        publisher = follow(office, server)
        until(lambda most=reached + 300: server.count("FACTS") > most, publisher)
        publisher.kill()
        publisher.communicate()
        reached = server.count("FACTS")
        assert reached < head
    office.publish(server)
    assert bodies(server) == office.lines()


def test_a_server_that_is_killed_midway_leaves_neither_gap_nor_duplicate(office: Office, serving: Serving) -> None:
    server = serving()
    server.make("FACTS", subjects=["pobratim.>"])
    office.record(facts=BACKLOG)
    head = office.made.log.head()
    publisher = follow(office, server)
    reached = 0
    for _ in range(2):
        until(lambda most=reached + 300: server.count("FACTS") > most, publisher)
        server.end(signal.SIGKILL)
        time.sleep(0.5)
        server.start()
        reached = server.count("FACTS")
        assert reached < head
    until(lambda: server.count("FACTS") >= head, publisher)
    assert "waiting 0.5 s: " in stopped(publisher)
    assert bodies(server) == office.lines()


def test_two_publishers_beside_each_other_write_each_fact_once(office: Office, serving: Serving) -> None:
    server = serving()
    server.make("FACTS", subjects=["pobratim.>"], duplicate_window=0.1)
    office.record(facts=2_000)
    both = [follow(office, server), follow(office, server)]
    until(lambda: server.count("FACTS") >= office.made.log.head(), both[0])
    for publisher in both:
        stopped(publisher)
    assert bodies(server) == office.lines()


def test_a_server_that_comes_later_is_waited_for(office: Office, serving: Serving) -> None:
    server = serving()
    server.end()
    publisher = follow(office, server, "--create")
    assert publisher.stdout is not None
    first = publisher.stdout.readline()
    assert first.startswith("waiting 0.5 s: ")
    assert publisher.stdout.readline().startswith("waiting 1 s: ")
    server.start()
    until(lambda: server.count("FACTS") >= office.made.log.head(), publisher)
    stopped(publisher)
    assert bodies(server) == office.lines()


def test_it_ends_in_order_while_it_waits(office: Office, serving: Serving) -> None:
    server = serving()
    server.end()
    publisher = follow(office, server)
    assert publisher.stdout is not None
    assert publisher.stdout.readline().startswith("waiting")
    stopped(publisher)


def test_a_full_stream_is_waited_for_and_nothing_is_lost(office: Office, serving: Serving) -> None:
    server = serving()
    office.record(facts=20)
    server.make("FACTS", subjects=["pobratim.>"], max_msgs=7, discard="new")
    publisher = follow(office, server)
    assert publisher.stdout is not None
    assert publisher.stdout.readline().startswith("waiting 0.5 s: ")
    assert publisher.stdout.readline().startswith("waiting 1 s: ")
    assert bodies(server) == office.lines()[:7]
    wider = StreamConfig(name="FACTS", subjects=["pobratim.>"], max_msgs=100_000, discard="new")
    server.do(lambda js: js.update_stream(wider))
    until(lambda: server.count("FACTS") >= office.made.log.head(), publisher)
    stopped(publisher)
    assert bodies(server) == office.lines()


def test_name_and_password(office: Office, serving: Serving) -> None:
    locked = f'authorization {{ user: "facts", password: "{SECRET}" }}'
    server = serving(settings=locked, options={"user": "facts", "password": SECRET})
    host = server.url.removeprefix("nats://")
    said = office.publish("", "--create", POBRATIM_NATS_URL=f"nats://facts:{SECRET}@{host}")
    assert bodies(server) == office.lines()
    for wrong in (f"nats://facts:x{SECRET}@{host}", f"nats://{SECRET}@{host}", f"nats://{host}"):
        said = office.publish("", expect=2, POBRATIM_NATS_URL=wrong)
        assert "does not let this program in" in said
        assert SECRET not in said
    said = office.publish(f"nats://facts:{SECRET}@{host}", expect=2)
    assert "everybody on this machine" in said
    assert SECRET not in said
    assert SECRET not in office("doctor", "--json", expect=1, POBRATIM_NATS_URL=f"nats://f:{SECRET}@{host}").stdout


def test_no_password_stands_in_the_list_of_processes(office: Office, serving: Serving) -> None:
    server = serving(settings=f'authorization {{ token: "{SECRET}" }}', options={"token": SECRET})
    url = server.url.replace("nats://", f"nats://{SECRET}@")
    environment = {name: value for name, value in office.environment.items() if "POBRATIM" in name}
    arguments = ["log", "publish", "--stream", "FACTS", "--create"]
    publisher = started(arguments, environment | {"POBRATIM_NATS_URL": url})
    until(lambda: server.count("FACTS") > 0, publisher)
    assert SECRET not in " ".join(psutil.Process(publisher.pid).cmdline())
    assert SECRET not in stopped(publisher)


@pytest.mark.parametrize("url", ["foo", f"http://u:{SECRET}@h", f"nats://u:{SECRET}@h:port", "nats://h/x", "nats://:1"])
def test_no_address_of_a_server(office: Office, url: str) -> None:
    said = office.publish("", expect=2, POBRATIM_NATS_URL=url)
    assert said.startswith("pobratim: POBRATIM_NATS_URL is no address")
    assert said.count("\n") == 1
    assert SECRET not in said


def test_a_file_of_credentials(office: Office, serving: Serving, tmp_path: Path) -> None:
    settings, good, other = operator_mode(tmp_path)
    server = serving(settings=settings, options={"user_credentials": str(good)})
    office.publish(server, "--create", "--credentials", str(good))
    assert bodies(server) == office.lines()
    assert "does not let this program in" in office.publish(server, "--credentials", str(other), expect=2)
    empty = tmp_path / "empty.creds"
    empty.write_text("nothing", encoding="utf-8")
    assert "no credentials in it" in office.publish(server, "--credentials", str(empty), expect=2)
    missing = office.publish(server, "--credentials", str(tmp_path / "none.creds"), expect=2)
    assert "No such file" in missing


def test_what_this_user_may_not_do(office: Office, serving: Serving) -> None:
    rights = 'publish: ["$JS.API.STREAM.INFO.*", "$JS.API.STREAM.MSG.GET.*", "_INBOX.>"], subscribe: ["_INBOX.>"]'
    users = f'users: [{{ user: "a", password: "a" }}, {{ user: "b", password: "b", permissions: {{ {rights} }} }}]'
    server = serving(settings=f"authorization {{ {users} }}", options={"user": "a", "password": "a"})
    server.make("FACTS", subjects=["pobratim.>"])
    url = server.url.replace("nats://", "nats://b:b@")
    said = office.publish("", expect=2, POBRATIM_NATS_URL=url)
    assert "forbids what has to be done" in said
    assert server.count("FACTS") == 0


def test_tls(office: Office, serving: Serving, tmp_path: Path) -> None:
    held = authority(tmp_path, "localhost")
    pem = tmp_path / "localhost.pem"
    os.chmod(pem, 0o644)  # noqa: PTH101
    server = serving(
        settings=f'tls {{ cert_file: "{pem}", key_file: "{pem}" }}',
        options={"tls": held.trusted, "tls_hostname": "localhost"},
    )
    named = f"tls://localhost:{server.port}"
    office.publish(named, "--create", "--ca", str(pem))
    assert bodies(server) == office.lines()
    assert "does not hold" in office.publish(named, expect=2)
    assert "does not hold" in office.publish(f"tls://127.0.0.1:{server.port}", "--ca", str(pem), expect=2)
    assert "certificates in PEM" in office.publish(named, "--ca", str(tmp_path / "none.pem"), expect=2)


def test_a_password_for_tls_does_not_go_to_a_server_without(office: Office, serving: Serving) -> None:
    server = serving(settings=f'authorization {{ user: "facts", password: "{SECRET}" }}\ndebug: true\ntrace: true')
    url = server.url.replace("nats://", f"tls://facts:{SECRET}@")
    assert "offers no TLS" in office.publish("", expect=2, POBRATIM_NATS_URL=url)
    assert "CONNECT" not in (server.folder / "nats.log").read_text()
