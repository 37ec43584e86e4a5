"""Calendar files hold to RFC 5545, as a parser of others reads them."""

from datetime import UTC, date, datetime

import icalendar

from adapters.files.calendar_writing import ics_bytes
from application.calendar_feed import Event

LONG = "Сагласност Владе: Ниш – Graz; „прва, друга“ \\ трећа, и даље док ред не постане предугачак за један ред"


def event(**more: object) -> Event:
    held = {
        "uid": "7-publish@primer.rs",
        "sequence": 4,
        "day": date(2026, 12, 31),
        "changed_at": datetime(2026, 3, 17, 7, 30, tzinfo=UTC),
        "summary": LONG,
        "description": "Први ред\nи други",
        "url": "https://primer.rs/initiatives/2026-0001",
    }
    return Event(**{**held, **more})  # type: ignore[arg-type]


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says() -> None:
    written = ics_bytes([event()], "Рокови")
    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert lines[-1] == b""
    for line in lines:
        line.decode()  # no sign is cut in two


def test_a_parser_reads_back_what_was_written() -> None:
    calendar = icalendar.Calendar.from_ical(ics_bytes([event()], "Рокови, моји"))
    (read,) = calendar.walk("VEVENT")
    assert (str(read["summary"]), str(read["description"])) == (LONG, "Први ред\nи други")
    assert (read.decoded("dtstart"), read.decoded("dtend")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert read.decoded("dtstamp") == datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
    assert (read["sequence"], read["status"], read["transp"]) == (4, "CONFIRMED", "TRANSPARENT")
    assert str(calendar["x-wr-calname"]) == "Рокови, моји"
    assert calendar["refresh-interval"].to_ical() == b"PT1H"


def test_a_cancelled_entry_says_so() -> None:
    calendar = icalendar.Calendar.from_ical(ics_bytes([event(cancelled=True)]))
    assert [str(read["status"]) for read in calendar.walk("VEVENT")] == ["CANCELLED"]
    assert "x-wr-calname" not in calendar
