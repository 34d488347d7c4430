"""Passing on: to whom, for which meeting of the calendar, and what is seen when that meeting moves."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from participation.council import feeds
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import DayOver, FieldOpen, MeetingUnknown, TextMissing, TextTooLong
from participation.models import AuditWords, Clerk, Contribution, ContributionEntry, CouncilFeed, Meeting
from participation.privacy import own_data
from participation.services import bulk, contributions, passing_on
from participation.services.passing_on import PLANNED, REFERRED, Shifted
from participation.services.statuses import Destination
from tests.integration.participation.conftest import AMERSFOORT, SOMEWHERE, UTRECHT, Contribute, MakeClerk

Imports = Callable[..., Awaitable[None]]
HEAD = "nummer;datum;begin;naam;status\n"
TABLE = f"""{HEAD}1;2026-12-03;19:30;Commissie Ruimte;
2;2026-12-17;20:00;Raadsvergadering;
3;2026-12-10;;Vervalt;afgelast
"""


@pytest.fixture
async def imports(database: Database, now: datetime) -> AsyncIterator[Imports]:
    """Hand over a table with meetings, as the griffie does."""

    async def hand_over(table: str = TABLE) -> None:
        async with database.session(UTRECHT) as session:
            await feeds.hand_over(session, municipality_code=UTRECHT, name="raad.csv", content=table.encode(), now=now)

    yield hand_over
    async with database.session(EVERY_MUNICIPALITY) as session:
        for table in (Contribution, CouncilFeed):
            await session.execute(delete(table))


@pytest.fixture
def about(clerk: Clerk, now: datetime) -> dict[str, Any]:
    return {"municipality_code": UTRECHT, "clerk": clerk, "now": now}


@pytest.fixture
async def planned(
    database: Database, contribute: Contribute, imports: Imports, about: dict[str, Any], now: datetime
) -> Contribution:
    """Planned for the committee of 3 December."""
    await imports()
    contribution = await contribute()
    async with database.session(UTRECHT) as session:
        meeting_id = await meeting_called(session, "Commissie Ruimte")
        to = await passing_on.of_calendar(session, municipality_code=UTRECHT, meeting_id=meeting_id, now=now)
        await contributions.change_status(session, contribution_id=contribution.id, status=PLANNED, to=to, **about)
    return contribution


async def meeting_called(session: Any, name: str) -> uuid.UUID:
    found = await session.scalar(select(Meeting.id).where(Meeting.name == name))
    assert isinstance(found, uuid.UUID)
    return found


async def shifted(database: Database, now: datetime, code: str = UTRECHT) -> list[Shifted]:
    async with database.session(code) as session:
        return list(await passing_on.shifted(session, municipality_code=code, now=now))


async def test_only_a_coming_meeting_of_ones_own_calendar_can_be_chosen(
    database: Database, imports: Imports, now: datetime
) -> None:
    await imports()
    async with database.session(UTRECHT) as session:
        ahead = await passing_on.meetings(session, municipality_code=UTRECHT, now=now)
        ids = {name: await meeting_called(session, name) for name in ("Commissie Ruimte", "Vervalt")}
        to = await passing_on.of_calendar(
            session, municipality_code=UTRECHT, meeting_id=ids["Commissie Ruimte"], now=now
        )
    assert [meeting.name for meeting in ahead] == ["Commissie Ruimte", "Raadsvergadering"]
    assert to == Destination("Commissie Ruimte", date(2026, 12, 3), ids["Commissie Ruimte"])
    for code, meeting_id, at in (
        (UTRECHT, ids["Vervalt"], now),
        (UTRECHT, ids["Commissie Ruimte"], now + timedelta(days=30)),
        (UTRECHT, uuid.uuid4(), now),
        (AMERSFOORT, ids["Commissie Ruimte"], now),
    ):
        async with database.session(EVERY_MUNICIPALITY) as session:
            with pytest.raises(MeetingUnknown):
                await passing_on.of_calendar(session, municipality_code=code, meeting_id=meeting_id, now=at)


@pytest.mark.parametrize(
    ("name", "day", "error"),
    [
        (" ", date(2026, 12, 3), TextMissing),
        ("x" * 121, date(2026, 12, 3), TextTooLong),
        ("Commissie [welke]", date(2026, 12, 3), FieldOpen),
        ("Commissie Ruimte", date(2026, 11, 22), DayOver),
        ("Commissie Ruimte", date(2029, 1, 1), DayOver),
    ],
)
def test_a_meeting_by_hand_has_a_name_and_a_day_to_come(name: str, day: date, error: type[Exception]) -> None:
    with pytest.raises(error):
        passing_on.by_hand(name, day, today=date(2026, 11, 23))


async def test_nobody_is_told_twice_where_it_went_and_a_mistake_is_told_once_more(
    database: Database, contribute: Contribute, person: MakeClerk, about: dict[str, Any]
) -> None:
    contribution = await contribute()
    colleague = await person()
    for to, who in (
        (Destination("Waterschap"), about["clerk"]),
        (Destination("Waterschap"), colleague),
        (Destination("Provincie"), about["clerk"]),
    ):
        async with database.session(UTRECHT) as session:
            by = about | {"clerk": who}
            await contributions.change_status(session, contribution_id=contribution.id, status=REFERRED, to=to, **by)
    async with database.session(UTRECHT) as session:
        told = await session.scalars(
            select(ContributionEntry.text)
            .where(ContributionEntry.contribution_id == contribution.id)
            .order_by(ContributionEntry.created_at)
        )
        logged = await session.scalars(
            select(AuditWords.text).where(AuditWords.contribution_id == contribution.id).order_by(AuditWords.event_id)
        )
        assert sorted(text.split(".")[0] for text in told) == [
            "De griffie heeft uw inbreng doorgestuurd naar: Provincie",
            "De griffie heeft uw inbreng doorgestuurd naar: Waterschap",
        ]
        assert logged.all() == ["Waterschap", "Provincie"]


@pytest.mark.usefixtures("imports")
async def test_undoing_puts_back_where_it_went(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    contribution = await contribute()
    to = SOMEWHERE[PLANNED]
    async with database.session(UTRECHT) as session:
        await contributions.change_status(session, contribution_id=contribution.id, status=PLANNED, to=to, **about)
    async with database.session(UTRECHT) as session:
        change = await bulk.carry_out(
            session, contribution_ids=[contribution.id], action="oppakken", target=None, **about
        )
    async with database.session(UTRECHT) as session:
        await bulk.undo(session, change_id=change.id, **about)
        found = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    assert (found.status, Destination.of(found.statuses[-1])) == (PLANNED, to)


async def test_what_is_planned_for_a_meeting_is_found_as_long_as_it_is(
    database: Database, contribute: Contribute, planned: Contribution, about: dict[str, Any], now: datetime
) -> None:
    typed, next_week = await contribute(), await contribute()
    async with database.session(UTRECHT) as session:
        for one, day in ((typed, 3), (next_week, 10)):
            to = Destination("commissie ruimte", date(2026, 12, day))
            await contributions.change_status(session, contribution_id=one.id, status=PLANNED, to=to, **about)
        meeting_id = await meeting_called(session, "Commissie Ruimte")

    async def found() -> tuple[set[uuid.UUID], set[uuid.UUID], dict[uuid.UUID, Any]]:
        async with database.session(UTRECHT) as session:
            by_id = passing_on.planned_for(UTRECHT, meeting_id=meeting_id)
            by_name = passing_on.planned_for(UTRECHT, meeting_id=None, name="Commissie Ruimte")
            return (
                set(await session.scalars(by_id)),
                set(await session.scalars(by_name)),
                await passing_on.planned(session, municipality_code=UTRECHT, meeting_ids=[meeting_id]),
            )

    by_id, by_name, listed = await found()
    assert (by_id, by_name) == ({planned.id, typed.id}, {planned.id, typed.id, next_week.id})
    assert {meeting: {one for one, _ in rows} for meeting, rows in listed.items()} == {meeting_id: by_id}
    for one in (planned, typed, next_week):
        async with database.session(UTRECHT) as session:
            await contributions.change_status(session, contribution_id=one.id, status="in_behandeling", **about)
    assert await found() == (set(), set(), {})


@pytest.mark.parametrize(
    ("becomes", "day"),
    [
        ("1;2026-12-10;19:30;Commissie Ruimte;", date(2026, 12, 10)),
        ("1;2026-12-03;19:30;Commissie Ruimte;afgelast", None),
        ("9;2026-12-03;19:30;Commissie Wonen;", None),
    ],
)
async def test_a_meeting_that_moves_falls_out_or_is_lost_is_seen_until_it_is_planned_anew(
    database: Database,
    planned: Contribution,
    imports: Imports,
    about: dict[str, Any],
    now: datetime,
    becomes: str,
    day: date | None,
) -> None:
    assert await shifted(database, now) == []
    await imports(f"{HEAD}{becomes}\n2;2026-12-17;20:00;Raadsvergadering;\n")
    assert await shifted(database, now) == [
        Shifted(planned.id, planned.reference, "Commissie Ruimte", date(2026, 12, 3), day)
    ]
    assert await shifted(database, now, AMERSFOORT) == []
    async with database.session(UTRECHT) as session:
        meeting_id = await meeting_called(session, "Raadsvergadering")
        to = await passing_on.of_calendar(session, municipality_code=UTRECHT, meeting_id=meeting_id, now=now)
        await contributions.change_status(session, contribution_id=planned.id, status=PLANNED, to=to, **about)
    assert await shifted(database, now) == []


@pytest.mark.parametrize(
    ("becomes", "off"),
    [
        ("9;2026-12-03;20:00;commissie ruimte;", False),
        ("9;2026-12-03;20:00;Commissie Ruimte;afgelast", True),
        ("1;2026-12-03;19:30;Commissie Ruimte;afgelast\n9;2026-12-03;19:30;Commissie Ruimte;", True),
    ],
)
@pytest.mark.usefixtures("planned")
async def test_a_meeting_that_comes_back_with_another_number_is_not_lost_unless_it_is_cancelled(
    database: Database, imports: Imports, now: datetime, becomes: str, off: bool
) -> None:
    await imports(f"{HEAD}{becomes}\n2;2026-12-17;20:00;Raadsvergadering;\n")
    assert [one.day for one in await shifted(database, now)] == ([None] if off else [])


async def test_a_name_with_brackets_is_told_without_what_looks_like_an_open_field(
    database: Database, contribute: Contribute, imports: Imports, about: dict[str, Any], now: datetime
) -> None:
    table = f"{HEAD}{{number}};2026-12-03;19:30;Raad [concept] {{{{voorlopig}}}};\n"
    await imports(table.format(number=1))
    contribution = await contribute()
    async with database.session(UTRECHT) as session:
        meeting_id = await meeting_called(session, "Raad [concept] {voorlopig}")
        to = await passing_on.of_calendar(session, municipality_code=UTRECHT, meeting_id=meeting_id, now=now)
        await contributions.change_status(session, contribution_id=contribution.id, status=PLANNED, to=to, **about)
    assert to.name == "Raad (concept) (voorlopig)"
    await imports(table.format(number=9))
    assert await shifted(database, now) == []


async def test_another_hour_of_the_same_day_is_no_other_day_and_a_calendar_may_forget_what_is_over(
    database: Database, planned: Contribution, imports: Imports, now: datetime
) -> None:
    await imports(TABLE.replace("19:30", "23:30"))
    assert await shifted(database, now) == []
    async with database.session(UTRECHT) as session:
        await session.execute(delete(CouncilFeed))
    assert [one.day for one in await shifted(database, now)] == [None]
    assert await shifted(database, now + timedelta(days=30)) == []
    await imports()
    assert await shifted(database, now) == []
    async with database.session(UTRECHT) as session:
        meeting_id = await meeting_called(session, "Commissie Ruimte")
        again = await session.scalars(passing_on.planned_for(UTRECHT, meeting_id=meeting_id))
        assert again.all() == [planned.id]


async def test_residents_get_where_it_went_with_their_own_data(database: Database, planned: Contribution) -> None:
    assert planned.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        exported = await own_data.export(session, resident_id=planned.resident_id)
    last = exported["inbreng"][0]["verloop"][-1]
    assert (last["waarheen"], last["ingepland_voor"]) == ("Commissie Ruimte", "2026-12-03")
