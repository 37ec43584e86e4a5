"""A deed from its form to the page that shows it, among 100,000 cases: `python -m benchmarks.deeds`.

A coordinator at a browser opens a case, sends a form, follows the redirect and sees the new fact there. What counts is
the time from the POST to the last byte of the page after it: the decision, the commit to the disk, the projection into
every view, and the page. Alone, and with 8 readers of the register beside it.
"""

import http.client
import random
import re
import statistics
import threading
import time
from collections.abc import Callable
from html import unescape
from http import HTTPStatus
from urllib.parse import urlencode

from benchmarks.serving import CASES, READERS, AtWork, Reader, at_work

DEEDS = 200
READERS_BESIDE = (0, READERS)
WANTED_MS = 150.0
_HIDDEN = re.compile(r'name="(_csrf|_key|seen)" value="([^"]*)"')


class Writer:
    """One browser that fills in forms."""

    def __init__(self, port: int, secret: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookie = {"Cookie": f"pobratim={secret}"}
        self._origin = f"http://127.0.0.1:{port}"

    def remark(self, case: str, words: str) -> float:
        """Milliseconds from the POST to the page that shows the remark. Raises SystemExit where it does not show it."""
        action = f"{case}/add-remark"
        form = _between(self._get(case), f'action="{action}"', "</form>")
        fields = {name: unescape(value) for name, value in _HIDDEN.findall(form)} | {"remark": words}
        headers = self._cookie | {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._origin}
        began = time.perf_counter()
        self._connection.request("POST", action, urlencode(fields), headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.SEE_OTHER:
            raise SystemExit(f"{action}: {answer.status}")
        shown = self._get(answer.headers["location"].partition("#")[0])
        taken = (time.perf_counter() - began) * 1000
        if words not in shown:
            raise SystemExit(f"{case} does not show what was recorded on it")
        return taken

    def _get(self, address: str) -> str:
        self._connection.request("GET", address, headers=self._cookie)
        return self._connection.getresponse().read().decode()


def main() -> None:
    with at_work() as served:
        measure(served)


def measure(served: AtWork) -> None:
    print(f"\nFrom the POST to the page that shows the deed, {DEEDS} deeds, wanted: p95 < {WANTED_MS:.0f} ms")
    print(f"{'readers beside':>20} {'p50 ms':>8} {'p95 ms':>8}")
    for beside in READERS_BESIDE:
        taken = sorted(_measured(served.port, served.secret, beside))
        print(f"{beside:>20} {statistics.median(taken):>8.1f} {taken[int(len(taken) * 0.95)]:>8.1f}")


def _measured(port: int, secret: str, beside: int) -> list[float]:
    chance, done = random.Random(beside), threading.Event()  # noqa: S311 - the same walk each time

    def read() -> None:
        with Reader(port, secret) as reader:
            while not done.is_set():
                reader.get("/initiatives")

    threads = [threading.Thread(target=read) for _ in range(beside)]
    for thread in threads:
        thread.start()
    try:
        writer = Writer(port, secret)
        deed: Callable[[int], float] = lambda n: writer.remark(_case(chance), f"Beleška {beside}-{n}")  # noqa: E731
        _ = [deed(-n) for n in range(1, 11)]  # templates are compiled, statements prepared
        return [deed(n) for n in range(DEEDS)]
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _case(chance: random.Random) -> str:
    running = chance.randrange(CASES)
    return f"/initiatives/{2000 + running * 26 // CASES}-{running + 1:04d}"


def _between(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0]


if __name__ == "__main__":
    main()
