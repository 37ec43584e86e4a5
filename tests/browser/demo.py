"""`pobratim demo` in a process of its own."""

import os
import re
import signal
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, expect

from tests.processes import free_port, started, wait_until_it_answers


class Demo:
    """One start of the demo over a folder."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        arguments = ["demo", "--no-browser", "--data-dir", str(folder), "--port", str(self.port)]
        self.process = started(arguments, {"PYTHONUNBUFFERED": "1"})
        wait_until_it_answers(self.url, self.process)
        self.exports: dict[str, str] = {}
        """What other commands need to reach it, as it is printed."""
        self.links = self._links()

    def _links(self) -> dict[str, str]:
        """Role and address, as they are printed."""
        assert self.process.stdout is not None
        links: dict[str, str] = {}
        for line in self.process.stdout:
            self.exports |= dict(re.findall(r"export (\w+)='(.*)'", line))
            links |= dict(re.findall(r"(\w+) +(http://\S+/sign-in/link/\S+)", line))
            if "Ctrl-C" in line:
                return links
        raise AssertionError(f"the demo ended with {self.process.wait()}")

    def killed(self) -> None:
        """All of it at once, the database's server included, as when the machine loses its power."""
        server = _children(self.process.pid)
        os.killpg(self.process.pid, signal.SIGKILL)
        for child in server:
            os.kill(child, signal.SIGKILL)
        self.process.communicate()


def signed_in(chromium: Browser, demo: Demo, role: str = "coordinator", **more: Any) -> Page:
    """A browser of its own, entered by the link that the demo printed."""
    page = chromium.new_context(base_url=demo.url, locale="sr-Latn-RS", **more).new_page()
    page.goto(demo.links[role])
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def _children(of: int) -> list[int]:
    return [child.pid for child in psutil.Process(of).children(recursive=True)]
