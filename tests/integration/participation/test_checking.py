"""Contributions are looked over for a person, and grouped when they are nearly the same; all of them are kept."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution, ContributionCheck, ContributionFlag, Conversation
from participation.services import checking, contributions, own_contributions, signals, statuses
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Converse, draft_of

APPEAL = "Beste raad, het windpark bij ons dorp moet van tafel. Stem op 12 december tegen, namens alle bewoners"
THREAT = "Als dit doorgaat dan maak ik die wethouder af, dat beloof ik."
Tell = Callable[..., Awaitable[Contribution]]


@pytest.fixture
def tell(database: Database, converse: Converse, now: datetime) -> Tell:
    """Pass a text on, so many seconds after the chat was opened, in a conversation of somebody new or of this one."""

    async def told(
        text: str, *, seconds: int = 90, code: str = UTRECHT, at: datetime = now, by: Conversation | None = None
    ) -> Contribution:
        conversation = by or await converse(at - timedelta(seconds=seconds), code)
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await contributions.log_contribution(
                session, municipality_code=code, draft=draft_of(conversation, text), now=at
            )

    return told


async def check(database: Database, now: datetime) -> int:
    total = 0
    async with database.session(EVERY_MUNICIPALITY) as session:
        while found := await checking.check_waiting(session, now=now):
            total += found
        return total + await checking.check_additions(session, now=now)


async def add(database: Database, contribution: Contribution, text: str, now: datetime) -> None:
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.add(
            session,
            resident_id=contribution.resident_id,
            contribution_id=contribution.id,
            text=text,
            submission=uuid.uuid4(),
            now=now,
        )


async def flags_of(database: Database, contribution: Contribution) -> list[str]:
    async with database.session(UTRECHT) as session:
        found = await signals.of_contribution(session, municipality_code=UTRECHT, contribution_id=contribution.id)
    return [flag.kind for flag in found]


async def test_signs_are_flagged_and_the_contribution_stays_as_it_was(
    database: Database, tell: Tell, now: datetime
) -> None:
    threat, despair, calm = (
        await tell(THREAT),
        await tell("ik wil niet meer leven"),
        await tell("Jullie zijn prutsers, de stoep is al een jaar stuk!"),
    )
    await check(database, now)
    assert [await flags_of(database, one) for one in (threat, despair, calm)] == [
        ["bedreiging"],
        ["persoonlijke_nood"],
        [],
    ]
    async with database.session(UTRECHT) as session:
        detail = await contributions.find_contribution(session, municipality_code=UTRECHT, contribution_id=threat.id)
    assert (detail.contribution.text, detail.status) == (THREAT, "ontvangen")
    assert await check(database, now) == 0, "what was checked is not checked again"


async def test_what_is_added_later_is_looked_over_too(database: Database, tell: Tell, now: datetime) -> None:
    contribution = await tell("De stoep voor onze deur is al een jaar stuk.")
    await check(database, now)
    later = now + timedelta(hours=1)
    await add(database, contribution, THREAT, later)
    assert await check(database, later) == 1
    assert await flags_of(database, contribution) == ["bedreiging"]
    assert await check(database, later) == 0


async def test_additions_to_what_somebody_is_changing_wait_for_the_next_round(
    database: Database, tell: Tell, now: datetime
) -> None:
    """Who hides a name or changes the words has the contribution, and then needs its check: neither may wait."""
    contribution = await tell("De stoep voor onze deur is al een jaar stuk.")
    await check(database, now)
    later = now + timedelta(hours=1)
    await add(database, contribution, THREAT, later)
    async with database.session(UTRECHT) as session:
        await statuses.lock(session, contribution_id=contribution.id, municipality_code=UTRECHT)
        assert await asyncio.wait_for(check(database, later), 10) == 0
        (await session.get_one(ContributionCheck, contribution.id)).signature = None
    assert await check(database, later) == 1
    assert await flags_of(database, contribution) == ["bedreiging"]


async def test_signs_do_not_wait_for_masking_for_ever(database: Database, tell: Tell, now: datetime) -> None:
    contribution = await tell(THREAT)
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.get_one(Contribution, contribution.id)).masked_at = None
    await check(database, now)
    assert await flags_of(database, contribution) == []
    await check(database, now + timedelta(minutes=6))
    assert await flags_of(database, contribution) == ["bedreiging"]


async def test_a_flag_is_judged_by_a_person_of_its_municipality(
    database: Database, tell: Tell, clerk: Clerk, now: datetime
) -> None:
    contribution = await tell(THREAT)
    await check(database, now)
    async with database.session(AMERSFOORT) as session:
        assert (
            await session.scalar(select(func.count()).where(ContributionFlag.contribution_id == contribution.id)) == 0
        )
    async with database.session(UTRECHT) as session:
        before = await signals.open_count(session, municipality_code=UTRECHT)
        await signals.judge(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            kind="bedreiging",
            is_right=True,
            clerk=clerk,
            now=now,
        )
        assert await signals.open_count(session, municipality_code=UTRECHT) == before - 1
        seen = await signals.flags(session, municipality_code=UTRECHT, seen=True)
    assert [(one.flag.is_right, one.flag.seen_by) for one in seen if one.contribution.id == contribution.id] == [
        (True, clerk.id)
    ]


async def test_an_action_of_many_a_program_and_one_sender_are_shown_as_such(
    database: Database, tell: Tell, converse: Converse, now: datetime
) -> None:
    """In Amersfoort, where no other test tells anything; the same appeal in Utrecht stays out of it."""
    for name in ("Marieke", "Ali", "Joke", "Wout"):
        await tell(f"{APPEAL}. Groet van {name}", code=AMERSFOORT)
    await tell(APPEAL, code=UTRECHT)
    for number in range(6):
        await tell(
            f"Koop nu onze zonnepanelen met korting via deze mooie website, aanbod {number}", code=AMERSFOORT, seconds=3
        )
    one = await converse(now - timedelta(hours=1), AMERSFOORT)
    for subject in (
        "de bus naar het station",
        "het zwembad",
        "de bomen langs de singel",
        "het afval",
        "de bibliotheek",
    ):
        await tell(f"Ik wil graag iets zeggen over {subject}.", by=one, code=AMERSFOORT)
    await tell("De lantaarn bij nummer tien doet het al drie weken niet meer.", code=AMERSFOORT)
    await check(database, now)
    async with database.session(AMERSFOORT) as session:
        groups = await signals.groups(session, municipality_code=AMERSFOORT, now=now + timedelta(seconds=1))
        total = await session.scalar(select(func.count()).where(Contribution.municipality_code == AMERSFOORT))
    assert [(group.label, group.count, group.senders) for group in groups] == [
        ("automaat", 6, 6),
        ("afzender", 5, 1),
        ("kopie", 4, 4),
    ]
    assert total == 16, "nothing is lost by being grouped"


async def test_a_round_reads_the_earlier_signatures_once(database: Database, tell: Tell, now: datetime) -> None:
    text = "De bank onder de beuk op het plein is stuk en niemand doet er iets aan, al maanden niet."
    first = await tell(text)
    await check(database, now)
    later = [await tell(f"{text} Namens straat {number}.") for number in range(3)]
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            assert await checking.check_waiting(session, now=now) == 3
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    read = [query for query in asked if query.startswith("SELECT") and "contribution_check.signature" in query]
    async with database.session(UTRECHT) as session:
        groups = await session.scalars(
            select(ContributionCheck.group_id).where(
                ContributionCheck.contribution_id.in_([one.id for one in (first, *later)])
            )
        )
        assert (len(read), set(groups)) == (1, {first.id})


async def test_two_weeks_later_it_is_another_group(database: Database, tell: Tell, now: datetime) -> None:
    text = "Een tekst die later nog eens komt, over het oude stadhuis en wat daarmee moet gebeuren."
    first, second = await tell(text), await tell(text, at=now + timedelta(days=15))
    await check(database, now + timedelta(days=15))
    async with database.session(EVERY_MUNICIPALITY) as session:
        groups = await session.scalars(
            select(ContributionCheck.group_id).where(ContributionCheck.contribution_id.in_([first.id, second.id]))
        )
        assert set(groups) == {first.id, second.id}


async def test_withdrawing_takes_the_signature_away(database: Database, tell: Tell, now: datetime) -> None:
    contribution = await tell("Een tekst die ik bij nader inzien toch liever weer intrek, over de haven.")
    await check(database, now)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=now
        )
        check_row = await session.get_one(ContributionCheck, contribution.id)
        await session.refresh(check_row)
    assert check_row.signature is None
