"""A regional campaign of three municipalities from draft to final report.

The instance is one of its own; only Telegram is a double, with the limits of the real one. Worker and telegram process
send and count as they always do. Taking part goes through the services, beside the chat: what the chat does of it is
tested elsewhere, and the pace of votes is measured in `voting`. Residents agreed to messages before. They get the
invitation, some opt out while it is being sent, more than half take part: they stop halfway, come back and change their
minds. Then it is closed, counted by the worker, published, and told to who wanted to know.
"""

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from bench.campaign import plain_count
from bench.campaign.making import Begun, begin
from bench.campaign.town import CODES, Taking, opt_out, settle, take_part
from bench.load import own_instance
from participation.campaigns import audience, feedback, final_report, making, outcome, outcome_paper, sending, states
from participation.campaigns.suppression import DESK, PUBLIC
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Mailing, Participant, Recipient, Vote
from participation.models.campaign_outcome import EVERYWHERE
from participation.services import municipalities
from tests.bot_api import TOKEN, Sent, TelegramDouble

STATEMENTS, SEED = 20, 8
LIMIT_PER_SECOND, IN_A_CHAT = 30.0, 1.0
"""Bot API FAQ, "My bot is hitting limits": messages a second over all chats, and in one chat."""

MOST_OVER = 5.0
"""The goal: percent that sending takes longer than the limit of the platform asks."""

OPT_OUT, OPT_OUT_LATER = 0.03, 0.02
"""Shares: of all residents while the invitation is being sent, and of who took part before the outcome is told."""

INVITED, TOLD = "Wat vindt u van energie in de buurt? Meedoen kost vijf minuten.", "Dit is met uw antwoorden gedaan."
POINT = {
    "heard": "Veel mensen willen zonnepanelen op daken.",
    "decided": "De raad begint met daken van scholen.",
    "because": "Dat kan snel en er is geld voor.",
    "next_step": "In maart begint het werk.",
}
PATIENCE = 1800.0


def figures(var: Path, *, people: int) -> dict[str, Any]:
    """Hold the campaign, and compare what was told and counted with what really happened."""
    return asyncio.run(_held(var, people))


async def _held(var: Path, people: int) -> dict[str, Any]:
    telegram = TelegramDouble(per_second=LIMIT_PER_SECOND, in_a_chat=IN_A_CHAT)
    await telegram.start()
    key = secrets.token_urlsafe(48)
    chosen = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "PSEUDONYM_KEY": key,
        "CAMPAIGN_QUIET_FROM": "24",
        "CAMPAIGN_QUIET_UNTIL": "0",
        "CAMPAIGN_SUNDAYS": "true",
    }
    instance = contextlib.ExitStack()
    try:  # in a thread: while the parts start, one of them asks the double who it is
        await asyncio.to_thread(instance.enter_context, own_instance.running(var, replicas=1, settings=chosen))
        database = Database(own_instance.database_of(var), become_app_role=True)
        try:
            return await _campaign(database, telegram, people, key)
        finally:
            await database.close()
    finally:
        await asyncio.to_thread(instance.close)
        await telegram.stop()


async def _campaign(database: Database, telegram: TelegramDouble, people: int, key: str) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    town = await settle(database, telegram, people=people, key=key, rng=rng)
    begun = await begin(database, codes=CODES, statements=STATEMENTS, now=_now())
    leaving = town.some(OPT_OUT, rng)
    invited = await _send(database, begun, kind="uitnodiging", words=INVITED, who=audience.MESSAGES)
    await asyncio.gather(
        opt_out(telegram, leaving, INVITED, seconds=people / LIMIT_PER_SECOND), _ready(database, invited)
    )
    await town.have_heard(leaving)
    invitations = [one for one in telegram.sent if INVITED in one.text]
    taking = await take_part(database, begun, town, town.without(leaving), rng=rng)
    votes_wrong = await _wrongly_kept(database, begun, taking)
    await _close(database, begun)
    counted = await _compared(database, begun)
    late = town.some(OPT_OUT_LATER, rng, among=taking.wants_outcome)
    await opt_out(telegram, late, INVITED, seconds=1.0)
    await town.have_heard(late)
    mailing = await _tell(database, begun)
    await _ready(database, mailing)
    told = Counter(one.chat_id for one in telegram.sent if TOLD in one.text)
    waited = {town.chats[resident] for resident in taking.wants_outcome} - {person.id for person in late}
    report = await _report(database, begun)
    found = {
        "statements": STATEMENTS,
        "municipalities": len(CODES),
        "invited": len(invitations),
        **_pace(telegram, invitations),
        "opted_out": len(leaving) + len(late),
        "twice": _twice(invitations) + sum(number > 1 for number in told.values()),
        "after_opting_out": sum(town.after_opting_out(person) for person in (*leaving, *late)),
        "forgotten": await _forgotten(database, invited, people, invitations),
        "took_part": taking.people,
        "came_back": taking.returns,
        "votes_cast": taking.votes,
        "votes_that_count": len(taking.given),
        "votes_wrong": votes_wrong,
        **counted,
        "told_outcome": len(told),
        "told_wrongly": len(set(told) ^ waited),
        "final_report": report,
    }
    met = {name: not found[name] for name in NONE} | {"pace": found["percent_over_limit"] <= MOST_OVER}
    return {**found, "goals": met, "goal_met": all(met.values())}


def _now() -> datetime:
    return datetime.now(UTC)


async def _send(database: Database, begun: Begun, *, kind: str, words: str, who: str) -> Mailing:
    """Write a message and start it, as somebody at the desk."""
    leader = begun.campaign.municipality_code
    async with database.session(leader) as session:
        campaign = await making.led(session, municipality_code=leader, campaign_id=begun.campaign.id)
        by: dict[str, Any] = {"clerk": begun.maker, "now": _now()}
        mailing = await sending.prepare(session, campaign=campaign, kind=kind, words=words, audience={"who": who}, **by)
    async with database.session(leader) as session:
        mailing = await session.get_one(Mailing, mailing.id)
        await sending.take(session, mailing=mailing, step="starten", **by)
    return mailing


NONE = ("twice", "after_opting_out", "forgotten", "votes_wrong", "numbers_wrong", "outcomes_missing", "told_wrongly")
"""What may not happen once."""


async def _ready(database: Database, mailing: Mailing) -> None:
    async def ready() -> bool:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await session.scalar(select(Mailing.state).where(Mailing.id == mailing.id)) == "klaar"

    await _until(ready)


async def _until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110  other processes do it, and tell no other way
            await asyncio.sleep(0.5)


def _pace(telegram: TelegramDouble, invitations: list[Sent]) -> dict[str, Any]:
    """How long sending took beside what the limit asks for all that was sent meanwhile, answers too."""
    first, last = invitations[0].at, invitations[-1].at
    messages = sum(first <= one.at <= last for one in telegram.sent)
    at_limit = (messages - 1) / LIMIT_PER_SECOND
    return {
        "sending_seconds": round(last - first, 1),
        "seconds_at_limit": round(at_limit, 1),
        "percent_over_limit": round(100 * ((last - first) / at_limit - 1), 1),
        "too_fast": telegram.too_fast,
    }


def _twice(sent: list[Sent]) -> int:
    return sum(number > 1 for number in Counter(one.chat_id for one in sent).values())


async def _forgotten(database: Database, mailing: Mailing, people: int, invitations: list[Sent]) -> int:
    """Who did not get the message, and did not say that they want none."""
    sent, left = Recipient.state == "verstuurd", Recipient.reason == "afgemeld"
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.execute(
            select(func.count().filter(sent), func.count().filter(left)).where(Recipient.mailing_id == mailing.id)
        )
    kept_as_sent, opted_out = rows.one()
    return abs(people - kept_as_sent - opted_out) + abs(kept_as_sent - len(invitations))


async def _wrongly_kept(database: Database, begun: Begun, taking: Taking) -> int:
    """How many votes are lost, changed or made up, by the rows themselves."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.execute(
            select(Participant.resident_id, Vote.statement_id, Vote.value)
            .join(Participant, Participant.id == Vote.participant_id)
            .where(Vote.campaign_id == begun.campaign.id)
        )
        kept = {((resident, statement), value) for resident, statement, value in rows}
    return len(kept ^ set(taking.given.items()))


async def _close(database: Database, begun: Begun) -> None:
    leader = begun.campaign.municipality_code
    async with database.session(leader) as session:
        campaign = await making.led(session, municipality_code=leader, campaign_id=begun.campaign.id)
        await states.take(session, campaign, "sluiten", clerk=begun.maker, now=_now())


async def _compared(database: Database, begun: Begun) -> dict[str, Any]:
    """Wait for the last count of the worker, and put each number beside that of a plain query."""
    began = time.monotonic()

    async def counted() -> bool:
        async with database.session(EVERY_MUNICIPALITY) as session:
            found = await outcome.of(session, begun.campaign.id, EVERYWHERE)
        return found is not None and found.final

    await _until(counted)
    seconds = round(time.monotonic() - began, 1)
    compared = wrong = hidden = missing = 0
    async with database.session(EVERY_MUNICIPALITY) as session:
        plain = await plain_count.counted(session, begun.campaign.id)
        for reader in (DESK, PUBLIC):
            found = {
                about: await outcome.of(session, begun.campaign.id, about, reader=reader)
                for about in (*CODES, EVERYWHERE)
            }
            missing += sum(one is None for one in found.values())
            told = plain_count.said({about: one for about, one in found.items() if one}, municipalities.names())
            shown = {key: number for key, number in told.items() if number is not None}
            compared, hidden = compared + len(shown), hidden + len(told) - len(shown)
            wrong += sum(number != plain[key] for key, number in shown.items())
    return {
        "counted_after_seconds": seconds,
        "numbers_compared": compared,
        "numbers_hidden": hidden,
        "numbers_wrong": wrong,
        "outcomes_missing": missing,
    }


async def _tell(database: Database, begun: Begun) -> Mailing:
    """Publish the outcome and what is done with it, and send that to who wanted to know."""
    leader = begun.campaign.municipality_code
    by: dict[str, Any] = {"clerk": begun.maker, "now": _now()}
    async with database.session(leader) as session:
        campaign = await making.led(session, municipality_code=leader, campaign_id=begun.campaign.id)
        await outcome.publish(session, campaign, quotes=[], **by)
        await feedback.save(session, campaign, number=None, texts=POINT, seen=None, **by)
        await feedback.publish(session, campaign, **by)
    return await _send(database, begun, kind=feedback.MAILING, words=TOLD, who=audience.OUTCOME)


async def _report(database: Database, begun: Begun) -> dict[str, Any]:
    """Issue the final report, and make the paper of it."""
    leader = begun.campaign.municipality_code
    async with database.session(leader) as session:
        campaign = await making.led(session, municipality_code=leader, campaign_id=begun.campaign.id)
        report = await final_report.issue(session, campaign, clerk=begun.maker, now=_now())
        paper = await asyncio.to_thread(outcome_paper.as_pdf, report.content)
    return {"number": report.content["nummer"], "sha256": report.digest.hex(), "bytes_of_pdf": len(paper)}
