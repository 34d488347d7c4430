"""Calendars: repeats, moved and cancelled ones, summer time, and files that are not what they should be."""

from datetime import UTC, datetime

import pytest

from participation.council import ical
from participation.council.faults import FeedFault

SERIES = """BEGIN:VEVENT
UID:raad
SUMMARY:Raadsvergadering
LOCATION:Raadszaal\\, Stadsplein 1
DTSTART;TZID=Europe/Amsterdam:20260903T193000
DTEND;TZID=Europe/Amsterdam:20260903T223000
RRULE:FREQ=MONTHLY;BYDAY=1TH;COUNT=6
EXDATE;TZID=Europe/Amsterdam:20261203T193000
END:VEVENT"""
MOVED = """BEGIN:VEVENT
UID:raad
RECURRENCE-ID;TZID=Europe/Amsterdam:20261105T193000
SUMMARY:Raadsvergadering begroting
DTSTART;TZID=Europe/Amsterdam:20261110T090000
STATUS:CANCELLED
END:VEVENT"""


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//proef//NL", *events, "END:VCALENDAR", ""]
    return "\r\n".join("\n".join(lines).splitlines()).encode() + b"\r\n"


def event(**properties: str) -> str:
    lines = [f"{name.replace('__', '-')}:{value}" for name, value in properties.items()]
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def starts(content: bytes, now: datetime) -> dict[str, str]:
    return {one.external_id: f"{one.starts_at:%Y-%m-%dT%H:%MZ}" for one in ical.read(content, now=now).meetings}


def test_a_series_is_written_out_with_the_same_hour_in_summer_and_winter(now: datetime) -> None:
    assert starts(calendar(SERIES), now) == {
        "raad/20260903T173000Z": "2026-09-03T17:30Z",
        "raad/20261001T173000Z": "2026-10-01T17:30Z",
        "raad/20261105T183000Z": "2026-11-05T18:30Z",
        "raad/20270107T183000Z": "2027-01-07T18:30Z",
        "raad/20270204T183000Z": "2027-02-04T18:30Z",
    }


def test_one_of_a_series_keeps_its_identity_when_it_is_moved_and_cancelled(now: datetime) -> None:
    read = {one.external_id: one for one in ical.read(calendar(SERIES, MOVED), now=now).meetings}
    moved = read["raad/20261105T183000Z"]
    assert (moved.name, moved.starts_at, moved.cancelled) == (
        "Raadsvergadering begroting",
        datetime(2026, 11, 10, 8, 0, tzinfo=UTC),
        True,
    )
    assert [one.cancelled for one in read.values()].count(True) == 1
    assert len(read) == 5


def test_all_that_a_meeting_can_tell_is_read(now: datetime) -> None:
    described = event(
        UID="1",
        SUMMARY="Raadsvergadering",
        DTSTART="20261203T183000Z",
        DTEND="20261203T213000Z",
        LOCATION="Raadszaal\\, Stadsplein 1",
        URL="https://raad.example/3-december",
        CATEGORIES="Gemeenteraad",
        DESCRIPTION="Zie https://raad.example/agenda\\nKijk live mee: https://raad.example/live.",
    )
    (meeting,) = ical.read(calendar(described), now=now).meetings
    assert (meeting.ends_at, meeting.place, meeting.url) == (
        datetime(2026, 12, 3, 21, 30, tzinfo=UTC),
        "Raadszaal, Stadsplein 1",
        "https://raad.example/3-december",
    )
    assert (meeting.body, meeting.livestream_url, meeting.is_council) == (
        "Gemeenteraad",
        "https://raad.example/live",
        True,
    )


def test_a_day_without_a_time_and_a_time_without_a_zone_are_dutch(now: datetime) -> None:
    whole_day = "BEGIN:VEVENT\nUID:dag\nSUMMARY:Raad\nDTSTART;VALUE=DATE:20260701\nEND:VEVENT"
    read = ical.read(calendar(whole_day, event(UID="los", SUMMARY="Raad", DTSTART="20261201T200000")), now=now)
    assert {(one.external_id, one.starts_at, one.time_known) for one in read.meetings} == {
        ("dag", datetime(2026, 6, 30, 22, 0, tzinfo=UTC), False),
        ("los", datetime(2026, 12, 1, 19, 0, tzinfo=UTC), True),
    }


def test_what_is_long_ago_or_far_ahead_stays_out(now: datetime) -> None:
    days = {"oud": "20251001T180000Z", "nu": "20261201T180000Z", "ver": "20280401T180000Z"}
    events = [event(UID=uid, SUMMARY="Raad", DTSTART=start) for uid, start in days.items()]
    assert list(starts(calendar(*events), now)) == ["nu"]


def test_one_broken_meeting_is_counted_and_the_others_are_read(now: datetime) -> None:
    good = {"SUMMARY": "Raad", "DTSTART": "20261201T180000Z"}
    broken = [
        event(UID="1", SUMMARY="Raad", DTSTART="morgen"),
        event(UID="2", DTSTART="20261201T180000Z"),
        event(UID="3", DTEND="straks", **good),
        event(UID="4", RRULE="FREQ=SOMS", **good),
    ]
    read = ical.read(calendar(*broken, event(UID="5", **good)), now=now)
    assert ([one.external_id for one in read.meetings], read.unreadable) == (["5"], 4)


@pytest.mark.timeout(20)
def test_a_rule_that_repeats_every_second_is_left_alone(now: datetime) -> None:
    endless = event(UID="1", SUMMARY="Raad", DTSTART="19000101T000000Z", RRULE="FREQ=SECONDLY")
    read = ical.read(calendar(endless), now=now)
    assert (read.meetings, read.unreadable) == ((), 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "onleesbaar"),
        (b"<html>Log in</html>", "onleesbaar"),
        (calendar(SERIES)[:200], "half"),
        (calendar(SERIES)[:-20], "half"),
        (calendar("BEGIN:VEVENT\nonzin zonder dubbele punt"), "onleesbaar"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(content: bytes, code: str, now: datetime) -> None:
    with pytest.raises(FeedFault) as refused:
        ical.read(content, now=now)
    assert refused.value.code == code


def test_links_that_are_no_web_pages_are_left_out(now: datetime) -> None:
    sly = event(UID="1", SUMMARY="Raad", DTSTART="20261201T180000Z", URL="javascript:alert(1)")
    assert [one.url for one in ical.read(calendar(sly), now=now).meetings] == [None]
