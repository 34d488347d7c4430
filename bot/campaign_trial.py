"""A campaign in the chat before it starts: the turns of a resident, each taken back, and marked as a trial.

What it says in between is what residents will read; that it is a trial stands before the beginning and at the end.
Whoever reads a meaning with the mark of a trial does it here, so nothing pressed or typed in one is done for real.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaign_messages
from bot.campaign_act import FAULTS, act, refused
from participation.campaigns import asking, offering, states, taking_part, trials
from participation.campaigns.asking import GATE, meaning
from participation.campaigns.texts import text
from participation.campaigns.trials import MARK
from participation.campaigns.trying import TrialOver
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM, dutch_date
from participation.models import Campaign, CampaignTrial, CampaignTrialRun, Conversation, Participant
from participation.reply import Button, Reply

AGAIN = "proef_opnieuw"
"""The step of the button that begins a trial anew."""

LEAVES = ("stoppen", "niet_nu")
ASKS = ("vraag", "keuze")
"""Kinds of messages behind which a trial goes on."""


async def offered(
    session: AsyncSession, conversation: Conversation, trial_id: str, *, now: datetime
) -> list[dict[str, Any]]:
    """What somebody gets who came by the link of a trial."""
    try:
        trial, campaign = await trials.find(session, trial_id, now=now)
    except TrialOver:
        ended = await session.get(CampaignTrial, trial_id)
        return [(await _over(session, ended.campaign_id if ended else None, now=now)).to_json()]
    code = conversation.municipality_code
    if code is not None and code not in await states.agreed_codes(session, campaign.id):
        return [Reply(text("andere_gemeente", titel=campaign.title)).to_json()]
    await trials.run_of(session, trial, campaign, conversation_id=conversation.id)
    return _marked(await _beginning(session, trial, campaign), trial)


async def handle(
    database: Database, conversation: Conversation, meaning: dict[str, Any], *, text: str, now: datetime
) -> list[dict[str, Any]]:
    """Act on a button of a trial or on words that were asked for, and ask what comes next; nothing of it stays."""
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            trial, campaign = await trials.find(session, meaning[MARK], now=now)
            run, anew = await trials.run_of(session, trial, campaign, conversation_id=conversation.id)
            if anew or meaning["stap"] == AGAIN:
                await trials.begin_anew(session, run, campaign)
                return _marked(await _beginning(session, trial, campaign, changed=anew), trial)
        async with database.undone(EVERY_MUNICIPALITY) as session:
            person = await _given_again(session, conversation, run, trial, now)
            replies = await _done(session, conversation, meaning, text, now)
            await session.refresh(person)
            finished = person.finished_at is not None
    except TrialOver:
        async with database.session(EVERY_MUNICIPALITY) as session:
            about = uuid.UUID(meaning["peiling"]) if "peiling" in meaning else None
            return [(await _over(session, about, now=now)).to_json()]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await trials.keep(session, run.id, revision=run.revision, meaning=meaning, words=text, now=now)
    asks = bool(replies) and replies[-1].kind in ASKS
    if meaning["stap"] in LEAVES or (finished and not asks):
        replies.append(_end(trial, replies))
    return _marked(replies, trial)


async def reminder(
    database: Database, conversation: Conversation, at: dict[str, Any], *, now: datetime
) -> list[dict[str, Any]]:
    """After an answer to something else: offer to go on with the trial."""
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            trial, campaign = await trials.find(session, at[MARK], now=now)
            run, _ = await trials.run_of(session, trial, campaign, conversation_id=conversation.id)
        async with database.undone(EVERY_MUNICIPALITY) as session:
            person = await _given_again(session, conversation, run, trial, now)
            campaign = await session.get_one(Campaign, trial.campaign_id)
            step = (await taking_part.walk_of(session, campaign=campaign, participant=person)).next()
            reply = asking.reminding(campaign, step, at)
    except TrialOver:
        return []
    return _marked([reply], trial)


async def _beginning(
    session: AsyncSession, trial: CampaignTrial, campaign: Campaign, *, changed: bool = False
) -> list[Reply]:
    until = trial.until.astimezone(AMSTERDAM)
    told = text("proef_begin", titel=campaign.title, datum=dutch_date(until.date()), tijd=f"{until:%H.%M}")
    news = [Reply(text("proef_veranderd"))] if changed else []
    return [*news, Reply(told), await offering.invitation(session, campaign)]


def _end(trial: CampaignTrial, behind: Sequence[Reply]) -> Reply:
    """Say that this was a trial. "Terug" and "verder" still are about it; anything else is not."""
    again = Button(text("knop_proef_opnieuw"), meaning(trial.campaign_id, AGAIN))
    at = (behind[-1].expects.get(GATE) if behind else None) or {"id": str(trial.campaign_id), "bij": None}
    left = {GATE: {**at, "herinnerd": True}}
    return Reply(text("proef_einde"), kind="bevestiging", buttons=(again,), expects=left)


async def _over(session: AsyncSession, campaign_id: uuid.UUID | None, *, now: datetime) -> Reply:
    """Say that a trial is over. Where its campaign runs now they can take part for real."""
    campaign = await session.get(Campaign, campaign_id) if campaign_id else None
    if campaign is None or not states.is_open(campaign, now):
        return Reply(text("proef_voorbij"))
    join = Button(text("knop_meedoen"), meaning(campaign.id, "begin"))
    return Reply(text("proef_begonnen", titel=campaign.title), kind="keuze", buttons=(join,))


async def _given_again(
    session: AsyncSession, conversation: Conversation, run: CampaignTrialRun, trial: CampaignTrial, now: datetime
) -> Participant:
    """Bring a transaction that is taken back to where somebody was in their trial."""
    await trials.pretend_started(session, trial.campaign_id, run_id=run.id, conversation=conversation, now=now)
    for one in run.given:
        await _done(session, conversation, one["meaning"], one["words"], datetime.fromisoformat(one["at"]))
    return await session.get_one(Participant, run.id)


async def _done(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], words: str, now: datetime
) -> list[Reply]:
    if meaning["stap"].startswith("berichten_"):
        return [await campaign_messages.act(session, conversation, meaning, words, now)]
    try:
        return await act(session, conversation, meaning, words, now)
    except FAULTS as fault:
        return [await refused(session, conversation, meaning, fault, now)]


def _marked(replies: Sequence[Reply], trial: CampaignTrial) -> list[dict[str, Any]]:
    """Mark all that a press or an answer to these messages means, so that it is done here."""
    found = [reply.to_json() for reply in replies]
    for one in found:
        one["knoppen"] = [button | {"betekenis": _of_trial(button["betekenis"], trial)} for button in one["knoppen"]]
        one["verwacht"] = {
            key: {**value, MARK: trial.id} if key == GATE else _of_trial(value, trial)
            for key, value in one["verwacht"].items()
        }
    return found


def _of_trial(meant: Any, trial: CampaignTrial) -> Any:
    return {**meant, MARK: trial.id} if isinstance(meant, dict) and meant.get("poort") == GATE else meant
