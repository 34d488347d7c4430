"""Totals of an outcome against a plain count of the raw rows, and what is hidden, held back and published."""

import asyncio
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import case, select, text, update

from bench.campaign import plain_count
from participation.campaigns import events, fairness, outcome, recounting
from participation.campaigns.faults import OutcomeNotFinal, OutcomePublished
from participation.campaigns.suppression import DESK, FEWEST, PUBLIC
from participation.database import EVERY_MUNICIPALITY
from participation.models import Campaign, CampaignAnswer, CampaignOutcome, Participant
from participation.models.campaign_outcome import EVERYWHERE
from participation.privacy import own_data
from participation.services import clerks
from tests.integration.participation.simulated_campaign import CODES, simulate

UTRECHT, AMERSFOORT, _ = CODES
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
async def maker(database):
    """Who makes campaigns in this module."""
    async with database.session(UTRECHT) as session:
        made, _ = await clerks.create_clerk(
            session, email="maker@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=NOW
        )
    return made


@pytest.fixture(scope="module")
async def simulated(database, maker):
    """A campaign that has ended, counted once; tests here only read it, or publish it."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        made = await simulate(
            session, clerk_id=maker.id, people=240, statements=12, now=NOW, rng=np.random.default_rng(4)
        )
    assert await count(database, made.campaign, NOW)
    return made


async def count(database, campaign, now):
    return await recounting.recount(database, campaign_id=campaign.id, theme_of=lambda words: "wonen", now=now)


async def put_aside(database, campaign, which, now=NOW):
    """Set these participants aside, as somebody of their municipality decides."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        theirs = Participant.campaign_id == campaign.id
        await session.execute(update(Participant).where(theirs, which).values(aside_at=now))
        await events.record(session, campaign, what=fairness.ASIDE, clerk=None, now=now)


async def outcomes(database, campaign, reader):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return {about: await outcome.of(session, campaign.id, about, reader=reader) for about in (*CODES, EVERYWHERE)}


async def sql(database, query, campaign):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return (await session.execute(text(query), {"campaign": campaign.id})).all()


PLACES = dict(zip(CODES, ("Utrecht", "Amersfoort", "Amsterdam"), strict=True))


async def plain_count_of(database, campaign):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await plain_count.counted(session, campaign.id)


def said(found):
    return plain_count.said({about: one for about, one in found.items() if one is not None}, PLACES)


async def test_every_number_is_that_of_a_plain_count_and_few_are_hidden_at_the_desk(database, simulated):
    plain = await plain_count_of(database, simulated.campaign)
    for reader in (DESK, PUBLIC):
        told = said(await outcomes(database, simulated.campaign, reader))
        shown = {key: number for key, number in told.items() if number is not None}
        assert shown == {key: plain[key] for key in shown}
        assert set(plain) <= set(told)
        assert all(number == 0 or number >= FEWEST[reader] for number in shown.values())
        together = [key for key in told if key[0] == EVERYWHERE]
        assert sum(told[key] is not None for key in together) > len(together) * 0.8


async def test_a_place_that_somebody_typed_is_in_no_outcome(database, simulated):
    """Nobody read it before it is shown, and the rows are of other municipalities too."""
    typed = await sql(database, plain_count.CHOSEN, simulated.campaign)
    assert {code for code, key, _ in typed if key == "plaats:anders"} == set(CODES)
    rows = await sql(
        database, "SELECT content::text FROM campaign_outcome WHERE campaign_id = :campaign", simulated.campaign
    )
    assert len(rows) == 4
    assert [row for (row,) in rows if "kwikstaart" in row.casefold()] == []
    places = (await outcomes(database, simulated.campaign, DESK))[EVERYWHERE].content["onderdelen"][6]
    assert [row["id"] for row in places["keuzes"]] == ["Noord", "Zuid", "anders"]
    assert "schreven" not in places


async def test_groups_are_told_with_what_they_stand_for(database, simulated):
    content = (await outcomes(database, simulated.campaign, DESK))[EVERYWHERE].content
    groups = content["groepen"]
    sizes = [one["mensen"] for one in groups["groepen"]]
    assert 2 <= len(sizes) <= 5
    assert sum(sizes) + (groups["geen_groep"] or 0) <= content["deelnemers"]
    assert all(groups["staat_voor"][one["letter"]] for one in groups["groepen"])
    assert groups["verdeelt"]


async def test_open_answers_show_agreed_quotes_to_all_only_after_somebody_chose_them(database, simulated, maker):
    part = (await outcomes(database, simulated.campaign, DESK))[EVERYWHERE].content["onderdelen"][5]
    quotes = [quote for one in part["onderwerpen"] for quote in one["citaten"]]
    assert part["schreven"] > 20
    assert quotes
    assert all(int(quote.rstrip(".").split()[-1]) % 2 == 0 for quote in quotes)
    public = (await outcomes(database, simulated.campaign, PUBLIC))[EVERYWHERE].content["onderdelen"][5]
    assert [one["citaten"] for one in public["onderwerpen"]] == [[] for _ in public["onderwerpen"]]
    async with database.session(UTRECHT) as session:
        campaign = await session.get(Campaign, simulated.campaign.id)
        await outcome.publish(session, campaign, quotes=quotes[:1], clerk=maker, now=NOW)
    async with database.session(EVERY_MUNICIPALITY) as session:
        shown = await outcome.published(session, await session.get(Campaign, simulated.campaign.id))
    assert outcome.quotes_in(shown.content) == quotes[:1]


async def test_it_is_counted_again_only_when_the_desk_decided_something(database, maker):
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended = await simulate(
            session, clerk_id=maker.id, people=90, statements=8, now=NOW, rng=np.random.default_rng(2)
        )
    assert await count(database, ended.campaign, NOW)
    assert not await count(database, ended.campaign, NOW + timedelta(minutes=2))
    async with database.session(EVERY_MUNICIPALITY) as session:
        aside = (
            await session.scalars(
                select(Participant.id)
                .where(Participant.campaign_id == ended.campaign.id, Participant.municipality_code == UTRECHT)
                .limit(12)
            )
        ).all()
    await put_aside(database, ended.campaign, Participant.id.in_(aside))
    assert await count(database, ended.campaign, NOW + timedelta(minutes=4))
    found = await outcomes(database, ended.campaign, DESK)
    assert found[EVERYWHERE].counted_from == 78
    assert (found[EVERYWHERE].content["opzij"], found[UTRECHT].content["opzij"]) == (12, 12)
    plain = await plain_count_of(database, ended.campaign)
    told = said(found)
    assert all(told[key] in (None, plain[key]) for key in told if key[1][0].isdigit())

    await put_aside(database, ended.campaign, Participant.municipality_code == AMERSFOORT, NOW + timedelta(minutes=5))
    assert await count(database, ended.campaign, NOW + timedelta(minutes=6))
    found = await outcomes(database, ended.campaign, DESK)
    assert {about for about, one in found.items() if one is None} == {AMERSFOORT}


def meanwhile(doing):
    """A model of themes that does something else once, in the middle of a count: it works in a thread."""
    loop, done = asyncio.get_running_loop(), []

    def theme_of(words):
        if not done:
            done.append(asyncio.run_coroutine_threadsafe(doing(), loop).result(timeout=60))
        return "wonen"

    return theme_of


async def test_who_is_erased_while_it_is_counted_is_not_quoted(database, maker, converse):
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended = await simulate(
            session, clerk_id=maker.id, people=60, statements=8, now=NOW, rng=np.random.default_rng(6)
        )
    resident_id = (await converse()).resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        person, words = (
            await session.execute(
                select(CampaignAnswer.participant_id, CampaignAnswer.masked_words)
                .where(CampaignAnswer.campaign_id == ended.campaign.id, CampaignAnswer.may_quote)
                .limit(1)
            )
        ).one()
        await session.execute(update(Participant).where(Participant.id == person).values(resident_id=resident_id))

    async def erase():
        async with database.session(EVERY_MUNICIPALITY) as session:
            await own_data.erase(session, resident_id=resident_id, now=NOW)

    assert not await recounting.recount(database, campaign_id=ended.campaign.id, theme_of=meanwhile(erase), now=NOW)
    assert await count(database, ended.campaign, NOW)
    found = await outcomes(database, ended.campaign, DESK)
    assert found[EVERYWHERE].counted_from == 59
    assert words not in str(found[EVERYWHERE].content)


async def test_what_is_published_has_every_decision_in_it_and_is_not_counted_again(database, maker):
    """The published numbers beside those of a later count would tell what the few answered who are set aside."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended = await simulate(
            session, clerk_id=maker.id, people=90, statements=8, now=NOW, rng=np.random.default_rng(5)
        )
        same = "Dit plan moet er komen, zegt iedereen in de buurt."
        theirs = CampaignAnswer.campaign_id == ended.campaign.id, CampaignAnswer.municipality_code == UTRECHT
        await session.execute(update(CampaignAnswer).where(*theirs, CampaignAnswer.may_quote).values(words=same))
    assert await count(database, ended.campaign, NOW)

    async def as_the_clerk(doing, **details):
        async with database.session(UTRECHT) as session:
            campaign = await session.get_one(Campaign, ended.campaign.id)
            return await doing(session, campaign, clerk=maker, now=NOW, **details)

    async def sign():
        async with database.session(UTRECHT) as session:
            about = {"campaign_id": ended.campaign.id, "municipality_code": UTRECHT}
            return next(one for one in await fairness.signs_of(session, **about) if one.kind == fairness.SAME_WORDS)

    aside = {"municipality_code": UTRECHT, "reason": "Eén folder."}
    assert await as_the_clerk(fairness.set_aside, key=(await sign()).key, **aside) >= 5
    with pytest.raises(OutcomeNotFinal):
        await as_the_clerk(outcome.publish, quotes=[])
    assert await count(database, ended.campaign, NOW + timedelta(minutes=2))
    await as_the_clerk(outcome.publish, quotes=[])
    with pytest.raises(OutcomePublished):
        await as_the_clerk(fairness.put_back, municipality_code=UTRECHT, moment=NOW)
    with pytest.raises(OutcomePublished):
        await as_the_clerk(fairness.set_aside, key="snel", **aside)
    await put_aside(database, ended.campaign, Participant.age_band == "65+")
    assert not await count(database, ended.campaign, NOW + timedelta(minutes=4))
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert ended.campaign.id not in await recounting.to_look_at(session)


async def test_the_last_count_waits_for_words_that_are_not_masked_yet_but_not_for_ever(database, maker):
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended = await simulate(
            session, clerk_id=maker.id, people=90, statements=8, now=NOW, rng=np.random.default_rng(3)
        )
    theirs = CampaignAnswer.campaign_id == ended.campaign.id

    async def change(what, **values):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(update(what).where(what.campaign_id == ended.campaign.id).values(**values))

    async with database.session(EVERY_MUNICIPALITY) as session:
        one = await session.scalar(select(CampaignAnswer.participant_id).where(theirs, CampaignAnswer.may_quote))
    unmasked = {"masked_words": case((CampaignAnswer.participant_id == one, None), else_=CampaignAnswer.words)}
    await change(CampaignAnswer, **unmasked)
    assert not await count(database, ended.campaign, NOW)
    await change(CampaignAnswer, masked_words=CampaignAnswer.words)
    assert await count(database, ended.campaign, NOW)
    written = await sql(
        database,
        "SELECT count(*) FROM campaign_answer a JOIN campaign_part c ON c.id = a.part_id"
        " WHERE a.campaign_id = :campaign AND c.kind = 'open' AND words IS NOT NULL",
        ended.campaign,
    )
    found = await outcomes(database, ended.campaign, DESK)
    assert [(found[EVERYWHERE].content["onderdelen"][5]["schreven"],)] == written

    await change(CampaignAnswer, **unmasked)
    await put_aside(database, ended.campaign, Participant.age_band == "65+")  # so that it is counted again
    assert not await count(database, ended.campaign, NOW + timedelta(hours=5))
    assert await count(database, ended.campaign, NOW + timedelta(hours=7))


async def test_while_it_runs_the_last_five_of_each_municipality_wait(database, maker):
    async with database.session(EVERY_MUNICIPALITY) as session:
        running = await simulate(
            session, clerk_id=maker.id, people=60, statements=8, now=NOW, rng=np.random.default_rng(1), state="loopt"
        )
    assert await count(database, running.campaign, NOW)
    people = dict(await sql(database, plain_count.PEOPLE.replace("'mensen', ", ""), running.campaign))
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = {row.about: row.counted_from for row in await outcome.counted_of(session, running.campaign.id)}
    assert rows == {code: number - 5 for code, number in people.items() if number > 9} | {
        EVERYWHERE: sum(number - 5 for number in people.values() if number > 9)
    }
    assert not await count(database, running.campaign, NOW)
    async with database.session(UTRECHT) as session:
        campaign = await session.get(Campaign, running.campaign.id)
        with pytest.raises(OutcomeNotFinal):
            await outcome.publish(session, campaign, quotes=[], clerk=maker, now=NOW)


async def test_a_municipality_reads_its_own_outcome_and_the_total_and_no_other(database, simulated):
    async with database.session(AMERSFOORT) as session:
        rows = await session.scalars(
            select(CampaignOutcome.about).where(CampaignOutcome.campaign_id == simulated.campaign.id)
        )
        assert sorted(rows) == [AMERSFOORT, EVERYWHERE]
