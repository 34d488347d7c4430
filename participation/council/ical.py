"""Meetings from an iCalendar file (RFC 5545), with repeats written out."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

import icalendar
import recurring_ical_events

from participation.council.faults import FeedFault
from participation.council.records import (
    AHEAD,
    BACK,
    Harvest,
    MeetingRecord,
    Paper,
    dutch_time,
    one_line,
    web_address,
)
from participation.dates import AMSTERDAM

MAX_OCCURRENCES = 5000
_REPEATING = ("RRULE", "RDATE", "RECURRENCE-ID")
_READ = {"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "EXDATE", "CATEGORIES", "ATTACH", *_REPEATING}
_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
"""No council meets that often, and writing such a rule out would take this process hours."""

_STREAM = re.compile(r"live|stream|webcast|youtu|video|kijk|company ?webcast|royalcast", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"\\]+")


def read(content: bytes, *, now: datetime) -> Harvest:
    """Read a calendar; what lies outside the year before and the time ahead is left out.

    Raises:
        FeedFault: it is no calendar, or only half of one.
    """
    calendar = _calendar(content)
    events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    usable = [event for event in events if _usable(event)]
    series = {_uid(event) for event in usable if any(event.get(name) for name in _REPEATING)}
    calendar.subcomponents = [one for one in calendar.subcomponents if one.name != "VEVENT"] + usable
    meetings: dict[str, MeetingRecord] = {}
    papers: list[Paper] = []
    for occurrence in _occurrences(calendar, now):
        meeting = _meeting(occurrence, repeats=_uid(occurrence) in series)
        meetings[meeting.external_id] = meeting
        papers += _papers(occurrence, meeting)
    return Harvest(
        meetings=tuple(meetings.values()),
        papers=tuple({paper.external_id: paper for paper in papers}.values()),
        unreadable=len(events) - len(usable),
        first_day=(now - BACK).date(),
        last_day=(now + AHEAD).date(),
    )


def _calendar(content: bytes) -> icalendar.Calendar:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "BEGIN:VCALENDAR" not in text[:1000].upper():
        raise FeedFault("onleesbaar")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise FeedFault("half")
    try:
        return icalendar.Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError):
        raise FeedFault("onleesbaar") from None


def _occurrences(calendar: icalendar.Calendar, now: datetime) -> list[Any]:
    try:
        query = recurring_ical_events.of(calendar, components=["VEVENT"])
        found: list[Any] = []
        for occurrence in query.after(now - BACK):
            if _start(occurrence)[0] > now + AHEAD or len(found) >= MAX_OCCURRENCES:
                break
            found.append(occurrence)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise FeedFault("onleesbaar") from None
    return found


def _usable(event: Any) -> bool:
    """Whether all that we read of a meeting can be read; icalendar keeps what it could not and names it in `errors`."""
    if {name for name, _ in event.errors} & _READ:
        return False
    rules = event.get("RRULE") or []
    often = {str(one) for rule in (rules if isinstance(rules, list) else [rules]) for one in rule.get("FREQ", [])}
    named = one_line(_text(event, "SUMMARY")) is not None and bool(_uid(event))
    return isinstance(getattr(event.get("DTSTART"), "dt", None), date) and named and not often & _TOO_OFTEN


def _uid(event: Any) -> str:
    return (_text(event, "UID") or "").replace("\0", "").strip()


def _meeting(event: Any, *, repeats: bool) -> MeetingRecord:
    starts_at, time_known = _start(event)
    end = getattr(event.get("DTEND"), "dt", None)
    description = _text(event, "DESCRIPTION") or ""
    return MeetingRecord(
        external_id=_identity(event) if repeats else _uid(event),
        name=one_line(_text(event, "SUMMARY")) or "",
        starts_at=starts_at,
        time_known=time_known,
        ends_at=dutch_time(end).astimezone(UTC) if time_known and isinstance(end, datetime) else None,
        body=_body(event),
        place=one_line(_text(event, "LOCATION")),
        url=web_address(_text(event, "URL")),
        livestream_url=web_address(_text(event, "CONFERENCE")) or _stream(description),
        cancelled=(_text(event, "STATUS") or "").upper() == "CANCELLED",
    )


def _start(event: Any) -> tuple[datetime, bool]:
    """The beginning, and whether its time is told. A day without a time begins at midnight in Dutch time."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime):
        return dutch_time(start).astimezone(UTC), True
    return datetime.combine(start, time(), AMSTERDAM).astimezone(UTC), False


def _identity(event: Any) -> str:
    """One of a series is known by the moment at which the series has it: it keeps its identity when it is moved."""
    moment = event["RECURRENCE-ID"].dt
    if isinstance(moment, datetime):
        return f"{_uid(event)}/{dutch_time(moment).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{_uid(event)}/{moment:%Y%m%d}"


def _body(event: Any) -> str | None:
    categories = event.get("CATEGORIES")
    if categories is None:
        return None
    first = categories[0] if isinstance(categories, list) else categories
    names = [str(name) for name in getattr(first, "cats", [])]
    return one_line(names[0]) if names else None


def _stream(description: str) -> str | None:
    """A link in the description, when its line or the address speaks of watching."""
    for line in description.splitlines():
        for found in _ADDRESS.findall(line):
            if _STREAM.search(line):
                return web_address(found.rstrip(".,;)"))
    return None


def _papers(event: Any, meeting: MeetingRecord) -> list[Paper]:
    attached = event.get("ATTACH") or []
    papers = []
    for attachment in attached if isinstance(attached, list) else [attached]:
        url = web_address(str(attachment))
        title = one_line(str(attachment.params.get("FILENAME", ""))) if hasattr(attachment, "params") else None
        if url and title:
            papers.append(
                Paper(
                    external_id=url,
                    title=title,
                    kind=None,
                    url=url,
                    day=meeting.starts_at.astimezone(AMSTERDAM).date(),
                    meeting=meeting.external_id,
                )
            )
    return papers


def _text(event: Any, name: str) -> str | None:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return None if value is None else str(value)
