"""Campaigns start and close at their moment, once, and residents are asked in between."""

from datetime import timedelta

from sqlalchemy import select

from participation.campaigns import events, links, parts, sending_jobs, states, templates
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, Statement
from participation.services import conversations
from participation.settings import Settings
from tests.integration.campaign_maker import Ask, clerk_of, make

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
HOUR = timedelta(hours=1)
USUAL = Settings(demo=True)


async def test_the_worker_starts_what_was_agreed_and_closes_what_has_ended(database: Database, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        period = {"opens_at": now + HOUR, "closes_at": now + 3 * HOUR, "started_at": None}
        ready = await make(session, now=now, state="klaar", **period)
        draft = await make(session, now=now, state="concept", **period)
        paused = await make(session, now=now, state="pauze", closes_at=now + 3 * HOUR)
    seen = []
    for hours in (0, 2, 2, 4):
        at = now + hours * HOUR
        async with database.session(EVERY_MUNICIPALITY) as session:
            await states.keep_time(session, now=at)
        async with database.session(UTRECHT) as session:
            joined = {one.id for one in await states.running(session, UTRECHT, at)}
            kept = [(await session.get_one(Campaign, one.id)).state for one in (ready, draft, paused)]
        seen.append((kept, ready.id in joined))
    assert seen == [
        (["klaar", "concept", "pauze"], False),
        (["loopt", "concept", "pauze"], True),
        (["loopt", "concept", "pauze"], True),
        (["gesloten", "concept", "gesloten"], False),
    ]
    async with database.session(UTRECHT) as session:
        assert [(one.what, one.clerk_id) for one in await events.of(session, ready.id)] == [
            ("sluiten", None),
            ("starten", None),
        ]


async def test_a_statement_that_nobody_looked_at_before_the_end_is_refused_and_its_writer_hears_it(
    database: Database, converse, now
) -> None:
    chat, words = await converse(), "Meer bomen op het plein."
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended, paused = [
            await make(session, Ask("stellingen"), now=now, state=state) for state in ("gesloten", "pauze")
        ]
        for one in (ended, paused):
            (part,) = await parts.of(session, one.id)
            session.add(
                Statement(
                    campaign_id=one.id,
                    part_id=part.id,
                    municipality_code=UTRECHT,
                    number=1,
                    text=words,
                    masked_text=words,
                    state="wacht",
                    resident_id=chat.resident_id,
                    writer_code=UTRECHT,
                    created_at=now,
                )
            )
    await sending_jobs.see_to_words(database, USUAL, now=now.replace(hour=23))
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await conversations.history(session, conversation_id=chat.id) == []  # at midnight nobody is woken
    for _ in range(2):
        await sending_jobs.see_to_words(database, USUAL, now=now.replace(hour=12) + timedelta(days=1))
    async with database.session(UTRECHT) as session:
        kept = {one.campaign_id: one for one in await session.scalars(select(Statement).where(Statement.number == 1))}
        assert [(kept[one.id].state, kept[one.id].reason) for one in (ended, paused)] == [
            ("afgewezen", "De peiling is gesloten. Niemand van de gemeente keek op tijd naar uw stelling."),
            ("wacht", None),
        ]
        assert [(one.what, one.clerk_id, one.detail) for one in await events.of(session, ended.id)] == [
            ("stelling_afgewezen", None, {"nummer": 1})
        ]
    async with database.session(EVERY_MUNICIPALITY) as session:
        (told,) = await conversations.history(session, conversation_id=chat.id)
    assert (words in str(told.body), "keek op tijd naar uw stelling" in str(told.body)) == (True, True)


async def test_residents_of_another_municipality_are_asked_nothing(database: Database, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, now=now)
    for scope in (EVERY_MUNICIPALITY, AMERSFOORT):
        async with database.session(scope) as session:
            assert campaign.id not in {one.id for one in await states.running(session, AMERSFOORT, now)}


async def test_each_template_becomes_a_draft_with_all_of_its_parts_once(database: Database, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=now)
        template = templates.usual()["begroting-kiezen"]
        submission = clerk.id
        for _ in range(2):
            made = await templates.make_from(
                session,
                key=template.key,
                title="",
                municipality_code=UTRECHT,
                submission=submission,
                clerk=clerk,
                now=now,
            )
        kept = await parts.of(session, made.id)
    assert (made.title, made.state) == (template.texts.title, "concept")
    assert [part.kind for part in kept] == [part.typed.kind for part in template.parts]
    assert kept[3].condition == {"part": str(kept[2].id), "options": [kept[2].options[1]["id"]]}


async def test_a_link_of_another_campaign_or_municipality_counts_as_none(database: Database, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign, other = await make(session, now=now), await make(session, now=now)
        own = await links.add(session, campaign, municipality_code=UTRECHT, place="Markt", now=now)
        values = [links.value_of(one.public_id, own.id) for one in (campaign, other)]
        settled = [await links.settled(session, one, municipality_code=UTRECHT) for one in (*values, "fietsen", None)]
        elsewhere = await links.settled(session, values[0], municipality_code=AMERSFOORT)
    assert settled == [(campaign.public_id, "Markt"), (other.public_id, None), ("fietsen", None), (None, None)]
    assert elsewhere == (campaign.public_id, None)
