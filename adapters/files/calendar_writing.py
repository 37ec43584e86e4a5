"""Calendar files: RFC 5545, with its folding of lines, escaping of text and ends of lines."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from icalendar import Calendar, Event, vDate, vDatetime, vDuration

from application.calendar_feed import Event as Happening

PRODUCT: Final = "-//Pobratim//Pobratim//SR"


def ics_bytes(happenings: Sequence[Happening], name: str = "") -> bytes:
    """One calendar of whole days; `name` is what a program calls a calendar that it follows."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    for happening in happenings:
        calendar.add_component(_event(happening))
    return calendar.to_ical()


def _event(happening: Happening) -> Event:
    event = Event()
    event.add("uid", happening.uid)
    event.add("sequence", happening.sequence)
    event["dtstamp"] = vDatetime(happening.changed_at)
    event["last-modified"] = vDatetime(happening.changed_at)
    event["dtstart"] = vDate(happening.day)
    event["dtend"] = vDate(happening.day + timedelta(days=1))
    event.add("summary", happening.summary)
    if happening.description:
        event.add("description", happening.description)
    event.add("url", happening.url)
    event.add("status", "CANCELLED" if happening.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
