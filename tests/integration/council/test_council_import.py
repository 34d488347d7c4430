"""Importing: a second time changes nothing, changes come through, and faults leave the last good data in place."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from participation.council import feeds
from participation.council.faults import AddressRefused, FeedExists, FeedFault, FeedUnknown
from participation.council.sources import Surroundings
from participation.council.store import Changes
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import CouncilFeed
from participation.services import clerks
from tests.council_site import Page, Site, payload
from tests.integration.council.conftest import AMERSFOORT, UTRECHT, AddFeed, ImportTable

YEAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//proef//NL
BEGIN:VEVENT
UID:raad
SUMMARY:Raadsvergadering
LOCATION:Raadszaal
DTSTART;TZID=Europe/Amsterdam:20260903T193000
DTEND;TZID=Europe/Amsterdam:20260903T223000
RRULE:FREQ=WEEKLY;COUNT=52
END:VEVENT
BEGIN:VEVENT
UID:extra
SUMMARY:Extra raad
DTSTART;TZID=Europe/Amsterdam:20261130T200000
END:VEVENT
END:VCALENDAR
"""
ROWS = {
    "meeting": "external_id, name, starts_at, ends_at, place, url, cancelled, vanished_at, is_council",
    "agenda_item": "external_id, position, title",
    "council_document": "external_id, title, kind, url, day",
}


async def stored(database: Database, table: str, *, versions: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a table. With `versions`, also what PostgreSQL changes at any write to a row."""
    columns = f"xmin, ctid, {ROWS[table]}" if versions else ROWS[table]
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.execute(text(f"SELECT {columns} FROM {table} ORDER BY external_id"))  # noqa: S608
        return [tuple(row) for row in found]


async def feed_of(database: Database, feed: CouncilFeed) -> CouncilFeed:
    async with database.session(UTRECHT) as session:
        return await feeds.find(session, municipality_code=UTRECHT, feed_id=feed.id)


@pytest.mark.parametrize("kind", ["ical", "ori", "csv"])
async def test_a_second_import_writes_nothing(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime, kind: str
) -> None:
    """Counted in statements, and seen in the rows: PostgreSQL gives a row that is written another version."""
    if kind == "ori":
        site.records["ori_proef"] = payload("ori_amsterdam")
        feed, at = await add_feed("ori", "ori_proef"), datetime.fromisoformat("2018-03-01T12:00:00Z")
    elif kind == "ical":
        feed, at = await add_feed("ical", site.put("/raad.ics", YEAR)), now
    else:
        lines = (
            "soort;nummer;datum;naam;vergadering\n;1;3-12-2026;Raad;\nagendapunt;;;Opening;1\nmotie;2;1-11-2026;Meer;1"
        )
        feed, at = await add_feed("csv", site.put("/raad.csv", lines)), now
    first = await feeds.update(database, around, feed=feed, now=at)
    before = {table: await stored(database, table, versions=True) for table in ROWS}
    written: list[str] = []

    def count(*arguments: Any) -> None:
        statement = arguments[2]
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement.split(" SET ")[0].split("(")[0].strip())

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    try:
        second = await feeds.update(database, around, feed=feed, now=at + timedelta(hours=1))
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)
    assert first.added == first.meetings == {"ical": 53, "ori": 1, "csv": 1}[kind]
    assert second == Changes(first.meetings, 0, 0, 0, first.papers, 0)
    assert written == ["UPDATE council_feed"]
    assert {table: await stored(database, table, versions=True) for table in ROWS} == before
    assert len(before["council_document"]) == {"ical": 0, "ori": 14, "csv": 1}[kind]
    assert len(before["agenda_item"]) == {"ical": 0, "ori": 12, "csv": 1}[kind]


async def test_what_changed_is_changed_and_what_vanished_is_marked(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime
) -> None:
    feed = await add_feed("ical", site.put("/raad.ics", YEAR))
    await feeds.update(database, around, feed=feed, now=now)
    without = YEAR.replace("Raadszaal", "Theater")
    start, end = without.index("BEGIN:VEVENT\nUID:extra"), without.index("END:VCALENDAR")
    site.put("/raad.ics", without[:start] + without[end:])
    changes = await feeds.update(database, around, feed=feed, now=now)
    assert changes == Changes(52, 0, 52, 1, 0, 0)
    extra = (await stored(database, "meeting"))[0]
    assert (extra[0], extra[7]) == ("extra", now)
    site.put("/raad.ics", YEAR)
    assert (await feeds.update(database, around, feed=feed, now=now)).changed == 53
    assert (await stored(database, "meeting"))[0][7] is None


async def test_a_meeting_that_is_over_does_not_vanish(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime
) -> None:
    feed = await add_feed("ical", site.put("/raad.ics", YEAR))
    await feeds.update(database, around, feed=feed, now=now)
    site.put("/raad.ics", YEAR.replace("COUNT=52", "COUNT=2").replace("20260903T193000", "20261203T193000"))
    later = datetime.fromisoformat("2026-12-01T12:00:00Z")
    await feeds.update(database, around, feed=feed, now=later)
    vanished = [row for row in await stored(database, "meeting") if row[7] is not None]
    assert [row for row in vanished if row[2] <= later] == []
    assert len(vanished) > 0


async def test_papers_that_were_taken_back_are_gone(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed
) -> None:
    """A municipality may take back what it should never have published."""
    site.records["ori_proef"] = payload("ori_amsterdam")
    at = datetime.fromisoformat("2018-03-01T12:00:00Z")
    feed = await add_feed("ori", "ori_proef")
    await feeds.update(database, around, feed=feed, now=at)
    site.records["ori_proef"] = [hit for hit in payload("ori_amsterdam") if hit["_id"] != "6183601"]
    await feeds.update(database, around, feed=feed, now=at)
    assert "6183601" not in [row[0] for row in await stored(database, "council_document")]
    assert len(await stored(database, "council_document")) == 13


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(b"", 500), "foutmelding"),
        (Page(YEAR.encode()[:300]), "half"),
        (Page(YEAR.encode()[:300], promised=900), "half"),
        (Page(b"<html>Onderhoud</html>"), "onleesbaar"),
        (Page(b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n"), "leeg"),
        (Page(YEAR.replace("SUMMARY", "X-TITEL").encode()), "veranderd"),
    ],
)
async def test_a_fault_leaves_the_last_good_data_and_is_recorded(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime, page: Page, code: str
) -> None:
    feed = await add_feed("ical", site.put("/raad.ics", YEAR))
    await feeds.update(database, around, feed=feed, now=now)
    before = await stored(database, "meeting", versions=True)
    site.pages["/raad.ics"] = page
    later = now + timedelta(hours=1)
    with pytest.raises(FeedFault) as refused:
        await feeds.update(database, around, feed=feed, now=later)
    row = await feed_of(database, feed)
    assert (refused.value.code, row.fault, row.last_good_at, row.last_tried_at) == (code, code, now, later)
    assert await stored(database, "meeting", versions=True) == before
    site.put("/raad.ics", YEAR)
    await feeds.update(database, around, feed=feed, now=later)
    row = await feed_of(database, feed)
    assert (row.fault, row.fault_details, row.last_good_at) == (None, None, later)


@pytest.mark.parametrize(("page", "code"), [(Page(YEAR.encode()), "ander_adres"), (Page(b"", 500), "foutmelding")])
async def test_a_reading_of_an_address_that_was_changed_meanwhile_says_nothing_of_the_new_one(
    database: Database,
    site: Site,
    around: Surroundings,
    add_feed: AddFeed,
    now: datetime,
    page: Page,
    code: str,
) -> None:
    read = await add_feed("ical", site.put("/oud.ics", ""))
    site.pages["/oud.ics"] = page
    async with database.session(UTRECHT) as session:
        clerk, _ = await clerks.create_clerk(
            session, email=f"{code}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
        feed = await feeds.find(session, municipality_code=UTRECHT, feed_id=read.id)
        await feeds.change(
            session, feed=feed, address=site.put("/nieuw.ics", YEAR), fresh_hours=24, clerk=clerk, now=now
        )
    with pytest.raises(FeedFault) as refused:
        await feeds.update(database, around, feed=read, now=now)
    row = await feed_of(database, read)
    assert (refused.value.code, row.fault, row.last_tried_at) == (code, None, None)
    assert await stored(database, "meeting") == []


async def test_when_a_part_can_not_be_read_nothing_is_taken_for_gone(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime
) -> None:
    feed = await add_feed("ical", site.put("/raad.ics", YEAR))
    await feeds.update(database, around, feed=feed, now=now)
    site.put("/raad.ics", YEAR.replace("SUMMARY:Extra raad\n", ""))
    changes = await feeds.update(database, around, feed=feed, now=now)
    assert (changes.vanished, changes.unreadable) == (0, 1)
    assert (await stored(database, "meeting"))[0][7] is None


async def test_a_table_with_a_fault_changes_nothing(database: Database, import_table: ImportTable) -> None:
    await import_table("naam;datum\nRaad;3-12-2026\n")
    before = await stored(database, "meeting", versions=True)
    with pytest.raises(FeedFault):
        await import_table("naam;datum\nRaad;3-12-2026\nRaad;nooit\n")
    assert await stored(database, "meeting", versions=True) == before


async def test_a_new_table_takes_the_place_of_the_last(database: Database, import_table: ImportTable) -> None:
    await import_table("naam;datum\nRaad;3-12-2026\nRaad;10-12-2026\n")
    await import_table("naam;datum\nRaad;10-12-2026\n")
    assert [(row[0], row[7] is None) for row in await stored(database, "meeting")] == [
        ("2026-12-03/Raad", False),
        ("2026-12-10/Raad", True),
    ]
    async with database.session(UTRECHT) as session:
        assert len(await feeds.of_municipality(session, municipality_code=UTRECHT)) == 1


async def test_a_feed_of_another_municipality_does_not_exist(database: Database, add_feed: AddFeed) -> None:
    feed = await add_feed("ical", "https://raad.example/raad.ics")
    for scope in (AMERSFOORT, EVERY_MUNICIPALITY):
        async with database.session(scope) as session:
            with pytest.raises(FeedUnknown):
                await feeds.find(session, municipality_code=AMERSFOORT, feed_id=feed.id)


async def test_addresses_are_checked_and_a_feed_is_added_once(database: Database, add_feed: AddFeed) -> None:
    feed = await add_feed("ical", "webcal://raad.example/raad.ics")
    assert feed.address == "https://raad.example/raad.ics"
    with pytest.raises(FeedExists):
        await add_feed("ical", "https://raad.example/raad.ics")
    for kind, address in (("ical", "raad.ics"), ("ori", "ori_utrecht/_search"), ("ori", "*"), ("bestand", "x.csv")):
        with pytest.raises(AddressRefused):
            await add_feed(kind, address)
    assert (await add_feed("ori", "ORI_Utrecht*")).address == "ori_utrecht*"


async def test_the_clock_takes_a_feed_once_an_hour(
    database: Database, site: Site, around: Surroundings, add_feed: AddFeed, import_table: ImportTable, now: datetime
) -> None:
    await import_table("naam;datum\nRaad;3-12-2026\n")
    feed = await add_feed("ical", site.put("/raad.ics", YEAR))

    async def due(at: datetime) -> list[Any]:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return [one.id for one in await feeds.due(session, now=at)]

    assert await due(now) == [feed.id]
    await feeds.update(database, around, feed=feed, now=now)
    assert await due(now + timedelta(minutes=30)) == []
    assert await due(now + timedelta(minutes=55)) == [feed.id]
