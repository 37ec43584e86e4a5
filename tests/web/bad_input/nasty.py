"""What people, programs and attackers type, and how a page is looked at afterwards."""

from html.parser import HTMLParser
from typing import Final

from httpx import Response

SCRIPT: Final = "<script>alert(1)</script>"
IMAGE: Final = '"><img src=x>'
TEXTS: Final = {
    "empty": "",
    "blank": " \t  ",
    "10,000 characters": "ж" * 10_000,
    "control character": "Grad\x07 Niš",
    "NUL": "Niš\0",
    "only NUL": "\0",
    "bidi override": "Niš \u202etxt.exe",
    "zero width": "Ni\u200bš",
    "private use and noncharacter": "\ue000\uffff\U0010ffff",
    "combining marks": "Nis" + "\u030c" * 150,
    "30 digits": "1" * 30,
    "negative": "-1",
    "float": "1.5",
    "infinity": "1e400",
    "not a number": "NaN",
    "digits of others": "٣٤²½",
    "impossible day": "31. 2. 2026.",
    "impossible ISO day": "2026-02-31",
    "part of a date": "2026-",
    "month 13": "2026-13",
    "huge year": "1. 1. 99999999999999999999.",
    "year 0": "0000-01-01",
    "element": SCRIPT,
    "end of attribute": IMAGE,
    "template": "{{ 7 * 7 }}{% raw %}",
    "format": "%(number)s %s %d %",
    "pattern": "%_\\%",
    "search operators": "& | !( :* <-> 'a",
    "SQL": "'; DROP TABLE log.facts; --",
    "path": "../../etc/passwd",
    "emoji": "👩‍🌾🏳️‍🌈",
    "line ends": "prvi\r\ndrugi\rtreći\n",
    "JSON": '{"a": [1, null]}',
    "null": "null",
    "no UUID": "00000000-0000-0000-0000-00000000000g",
    "other UUID": "00000000-0000-4000-8000-000000000000",
}
DATES: Final = (
    "control character",
    "30 digits",
    "negative",
    "float",
    "impossible day",
    "impossible ISO day",
    "part of a date",
    "month 13",
    "huge year",
    "year 0",
    "digits of others",
    "element",
    "end of attribute",
    "10,000 characters",
    "NUL",
)
NUMBERS: Final = (
    "30 digits",
    "negative",
    "float",
    "infinity",
    "not a number",
    "digits of others",
    "NUL",
    "end of attribute",
)
CHOICES: Final = ("30 digits", "NUL", "element", "end of attribute", "10,000 characters", "other UUID", "null")
RAW: Final = {
    "no UTF-8": "%ff%fe",
    "half a character": "%c5",
    "lone surrogate": "%ed%a0%80",
    "overlong slash": "%c0%af",
    "half an escape": "%",
    "no escape": "%zz",
    "NUL": "%00",
    "plus": "+",
}
"""As they stand in an address, which no string of ours can say."""


def whole(answer: Response, *allowed: int) -> None:
    """One of these answers, and nothing of the inside or of the canaries in it."""
    assert answer.status_code in allowed, f"{answer.status_code} {answer.text[:1500]}"
    text = answer.text
    if "html" in answer.headers.get("content-type", ""):
        assert SCRIPT not in text
        assert IMAGE not in text
    for inside in ("Traceback", "psycopg", "site-packages", "litestar", "File &#34;"):
        assert inside not in text


class Typed(HTMLParser):
    """What the forms of a page hold: name and value of every input that is typed into, and of every text area."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._area: tuple[str, list[str]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "input" and held.get("type", "text") in ("text", "email", "search"):
            self.fields.append((held.get("name", ""), held.get("value", "")))
        elif tag == "textarea":
            self._area = (held.get("name", ""), [])

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            name, parts = self._area
            self.fields.append((name, "".join(parts).removeprefix("\n")))  # a browser drops the first line end too
            self._area = None
