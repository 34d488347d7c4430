"""What the desk reads is masked when it is logged; what could not be masked is hidden, kept, and masked later."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ContributionUnknown, ReasonMissing, ReasonTooLong
from participation.models import AuditEvent, AuditWords, Clerk, Contribution
from participation.models.contribution import NOT_YET_READABLE
from participation.privacy.masking_decisions import Decisions
from participation.services import masking
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute

WORDS = "Mijn buurman Piet Jansen van Dorpsstraat 12 blaft. Groetjes, Sanne"
MASKED = "Mijn buurman [naam] van [adres] blaft. Groetjes, [naam]"


async def stored(database: Database, contribution: Contribution) -> Contribution:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.get_one(Contribution, contribution.id)


async def broken(_words: str, _decisions: Decisions) -> str:
    raise MemoryError


async def forget_masking(database: Database, *contributions: Contribution) -> None:
    """As rows are that were there before the column."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        for contribution in contributions:
            row = await session.get_one(Contribution, contribution.id)
            row.masked_text = row.masked_at = None


async def reveal(database: Database, contribution: Contribution, clerk: Clerk, now: datetime, **changed: str) -> str:
    given = {"municipality_code": UTRECHT, "reason": "Terugbellen"} | changed
    async with database.session(given["municipality_code"]) as session:
        return await masking.reveal_original(session, contribution_id=contribution.id, clerk=clerk, now=now, **given)


async def revealed(database: Database, contribution: Contribution) -> list[tuple[AuditEvent, str]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.execute(
            select(AuditEvent, AuditWords.text)
            .join(AuditWords, AuditWords.event_id == AuditEvent.id)
            .where(AuditEvent.record == str(contribution.id), AuditEvent.action == "inbreng.origineel")
        )
        return [(event, words) for event, words in found]


async def test_the_masked_text_is_stored_beside_the_original(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    row = await stored(database, await contribute(text=WORDS))
    assert (row.text, row.masked_text, row.masked_at) == (WORDS, MASKED, now)
    assert row.readable_text == MASKED


async def test_words_that_can_not_be_masked_are_logged_and_hidden(
    database: Database, contribute: Contribute, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "mask", lambda *_: 1 / 0)
    row = await stored(database, await contribute(text=WORDS))
    assert (row.text, row.masked_text, row.masked_at) == (WORDS, NOT_YET_READABLE, None)


async def test_a_resident_does_not_wait_for_slow_masking(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "PATIENCE_SECONDS", 0.05)

    async def slow(_words: str, _decisions: Decisions) -> str:
        await asyncio.sleep(60)
        return MASKED

    assert await masking.readable(WORDS, now=now, masker=slow) == masking.Readable(NOT_YET_READABLE, None)


async def test_the_worker_masks_what_waits_and_leaves_the_rest(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    waiting, done = await contribute(text=WORDS), await contribute(text="Meer groen.")
    await forget_masking(database, waiting)
    assert (await stored(database, waiting)).readable_text == NOT_YET_READABLE
    later = now + timedelta(minutes=1)
    async with database.session(EVERY_MUNICIPALITY) as session:
        last = await masking.mask_waiting(session, now=later)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await masking.mask_waiting(session, now=later) is None
    assert last is not None
    assert last >= waiting.id
    rows = [await stored(database, waiting), await stored(database, done)]
    assert [(row.masked_text, row.masked_at) for row in rows] == [(MASKED, later), ("Meer groen.", now)]


async def test_one_text_that_keeps_failing_does_not_keep_the_others_hidden(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    bad, good = await contribute(text="kapot"), await contribute(text=WORDS)
    await forget_masking(database, bad, good)

    async def masker(words: str, decisions: Decisions) -> str:
        return await (broken if words == "kapot" else masking.masked)(words, decisions)

    async with database.session(EVERY_MUNICIPALITY) as session:
        await masking.mask_waiting(session, now=now, masker=masker)
    assert [(await stored(database, one)).readable_text for one in (bad, good)] == [NOT_YET_READABLE, MASKED]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await masking.mask_waiting(session, now=now)
    assert (await stored(database, bad)).readable_text == "kapot"


async def test_revealing_gives_the_words_and_records_who_and_why(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute(text=WORDS)
    assert await reveal(database, contribution, clerk, now, reason="  Terugbellen ") == WORDS
    assert [
        (event.clerk_id, event.municipality_code, event.details, words, event.created_at)
        for event, words in await revealed(database, contribution)
    ] == [(clerk.id, UTRECHT, {}, "Terugbellen", now)]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"reason": " \n"}, ReasonMissing),
        ({"reason": "x" * 501}, ReasonTooLong),
        ({"municipality_code": AMERSFOORT}, ContributionUnknown),
    ],
)
async def test_nothing_is_revealed_without_a_reason_or_to_another_municipality(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    changed: dict[str, str],
    error: type[Exception],
) -> None:
    contribution = await contribute(text=WORDS)
    with pytest.raises(error):
        await reveal(database, contribution, clerk, now, **changed)
    assert await revealed(database, contribution) == []


async def test_a_waiting_text_is_found_by_its_own_index(database: Database) -> None:
    """The worker asks every minute, also when a million texts have been masked."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await session.scalars(
            text("EXPLAIN SELECT id FROM contribution WHERE masked_at IS NULL ORDER BY id LIMIT 50")
        )
        assert "ix_contribution_unmasked" in "\n".join(plan)
