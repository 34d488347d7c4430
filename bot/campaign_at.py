"""Who does what in which campaign: what each step of taking part needs."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import parts, taking_part
from participation.campaigns.walk import Walk
from participation.models import Campaign, CampaignPart, Conversation, Participant


@dataclass(frozen=True)
class At:
    """One press or answer, with all that is needed to act on it."""

    session: AsyncSession
    conversation: Conversation
    meaning: dict[str, Any]
    text: str
    now: datetime
    campaign: Campaign
    participant: Participant

    async def walk(self) -> Walk:
        return await taking_part.walk_of(self.session, campaign=self.campaign, participant=self.participant)

    async def part(self) -> CampaignPart:
        return await parts.find(self.session, campaign_id=self.campaign.id, part_id=uuid.UUID(self.meaning["deel"]))
