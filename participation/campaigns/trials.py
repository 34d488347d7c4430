"""Taking part in the chat before a campaign starts, as residents will, by a link that its makers give away.

A turn of a trial is a turn of a resident, in a transaction that is taken back (`Database.undone`): the campaign is as
if it had started, what was given before is given again, and behind the answer nothing of it is left. So no count, list,
mailing or export has to leave a trial out, also none that is made later: there is no participant to forget.
All that is kept is what was pressed and typed, in a table of its own, until the link is over.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns.faults import StepNotAllowed
from participation.campaigns.trying import TrialOver
from participation.models import Campaign, CampaignTrial, CampaignTrialRun, Clerk, Conversation, DeepLink, Participant
from participation.services import audit

TIME = timedelta(days=2)
BEFORE_START = ("concept", "controle", "klaar")

MOST_GIVEN = 250
"""Presses and texts of one run: each turn does all before it again. The longest campaign asks for some 150."""

MARK = "proef"
"""The key under which a meaning tells of which trial it is; also what the `campaign` of a conversation begins with."""


async def make(session: AsyncSession, campaign: Campaign, *, clerk: Clerk | None, now: datetime) -> CampaignTrial:
    """Make a link; the one before stops working.

    It is in the log of the desk and not in the history of the campaign: whoever tries it may still agree to it.

    Raises:
        StepNotAllowed: the campaign has started.
    """
    if campaign.state not in BEFORE_START:
        raise StepNotAllowed
    await session.execute(
        update(CampaignTrial)
        .where(CampaignTrial.campaign_id == campaign.id, CampaignTrial.until > now)
        .values(until=now)
        .execution_options(synchronize_session=False)
    )
    link_id, code = secrets.token_urlsafe(16), campaign.municipality_code
    session.add(DeepLink(id=link_id, municipality_code=code, campaign=value_of(link_id), place=None, created_at=now))
    await session.flush()
    trial = CampaignTrial(id=link_id, campaign_id=campaign.id, municipality_code=code, made_at=now, until=now + TIME)
    session.add(trial)
    await audit.record(
        session, action="campagne.proef", clerk=clerk, municipality_code=code, record=str(campaign.id), now=now
    )
    await session.flush()
    return trial


async def current(session: AsyncSession, campaign: Campaign, *, now: datetime) -> CampaignTrial | None:
    """Return the link of a campaign that works now; none when there is none."""
    if campaign.state not in BEFORE_START:
        return None
    found = await session.scalars(
        select(CampaignTrial)
        .where(CampaignTrial.campaign_id == campaign.id, CampaignTrial.until > now)
        .order_by(CampaignTrial.made_at.desc())
        .limit(1)
    )
    return found.one_or_none()


async def find(session: AsyncSession, trial_id: str, *, now: datetime) -> tuple[CampaignTrial, Campaign]:
    """Return a trial that works now, with its campaign.

    Raises:
        TrialOver: made up, replaced, too old, or the campaign has started.
    """
    trial = await session.get(CampaignTrial, trial_id)
    if trial is None or trial.until <= now:
        raise TrialOver
    campaign = await session.get_one(Campaign, trial.campaign_id)
    if campaign.state not in BEFORE_START:
        raise TrialOver
    return trial, campaign


def value_of(trial_id: str) -> str:
    """Return what a conversation keeps as its `campaign` of who came by this link."""
    return f"{MARK}.{trial_id}"


def read(value: str) -> str | None:
    """Return which trial such a value is about; none when it is about none. No campaign has `proef` as its id."""
    mark, _, trial_id = value.partition(".")
    return trial_id if mark == MARK and trial_id else None


async def run_of(
    session: AsyncSession, trial: CampaignTrial, campaign: Campaign, *, conversation_id: uuid.UUID
) -> tuple[CampaignTrialRun, bool]:
    """Return what a conversation did in a trial so far, and whether it has to begin anew.

    That is when the campaign was changed since: what was given may not fit any more. Or when it became too much.
    """
    run = await session.scalar(
        select(CampaignTrialRun)
        .where(CampaignTrialRun.trial_id == trial.id, CampaignTrialRun.conversation_id == conversation_id)
        .with_for_update()
    )
    if run is None:
        run = CampaignTrialRun(
            id=uuid.uuid4(),
            trial_id=trial.id,
            conversation_id=conversation_id,
            municipality_code=trial.municipality_code,
            revision=campaign.revision,
            given=[],
        )
        session.add(run)
        await session.flush()
    anew = run.revision != campaign.revision or len(run.given) >= MOST_GIVEN
    if anew:
        await begin_anew(session, run, campaign)
    return run, anew


async def begin_anew(session: AsyncSession, run: CampaignTrialRun, campaign: Campaign) -> None:
    """Forget what was given."""
    run.revision, run.given = campaign.revision, []
    await session.flush()


async def keep(
    session: AsyncSession, run_id: uuid.UUID, *, revision: int, meaning: dict[str, Any], words: str, now: datetime
) -> None:
    """Add what was pressed or typed, for the turns that follow; not when the trial ended or began anew meanwhile."""
    run = await session.get(CampaignTrialRun, run_id, with_for_update=True)
    if run is not None and run.revision == revision:
        run.given = [*run.given, {"meaning": meaning, "words": words, "at": now.isoformat()}]
        await session.flush()


async def pretend_started(
    session: AsyncSession, campaign_id: uuid.UUID, *, run_id: uuid.UUID, conversation: Conversation, now: datetime
) -> Campaign:
    """Let this transaction, which has to be taken back, see a campaign that runs and in which somebody takes part.

    The participant has the id of the run: the order of statements follows from it, and has to stay. Until the
    transaction ends the campaign can not start: whoever takes part for real by then would be here as well.

    Raises:
        TrialOver: the campaign has started.
    """
    campaign = await session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign.state not in BEFORE_START:
        raise TrialOver
    campaign.state, campaign.opens_at = "loopt", None
    if campaign.closes_at is not None and campaign.closes_at <= now:
        campaign.closes_at = None
    await session.flush()
    session.add(
        Participant(
            id=run_id,
            campaign_id=campaign.id,
            municipality_code=conversation.municipality_code or campaign.municipality_code,
            resident_id=conversation.resident_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            started_at=now,
            last_at=now,
        )
    )
    await session.flush()
    return campaign


async def erase_over(session: AsyncSession, *, now: datetime) -> int:
    """Erase the trials that are over, with all that was given; returns how many. For the worker."""
    over = await session.scalars(
        select(CampaignTrial.id)
        .join(Campaign, Campaign.id == CampaignTrial.campaign_id)
        .where((CampaignTrial.until <= now) | Campaign.state.not_in(BEFORE_START))
    )
    ids = over.all()
    if ids:
        conversations = select(CampaignTrialRun.conversation_id).where(CampaignTrialRun.trial_id.in_(ids))
        await session.execute(
            update(Conversation)
            .where(Conversation.id.in_(conversations), Conversation.campaign.in_([value_of(one) for one in ids]))
            .values(campaign=None)
            .execution_options(synchronize_session=False)
        )
        await session.execute(delete(DeepLink).where(DeepLink.id.in_(ids)))
    return len(ids)
