"""Taking part in a campaign before it starts, by its makers: the link to it, and what somebody did so far."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode


class CampaignTrial(Base):
    """A link by which a campaign that has not started can be gone through in the chat.

    `id` is that of the deep link, and stands in both addresses; it is random. It works until `until`. The row goes with
    its deep link, soon after that moment or the start of the campaign, and what was done with it goes along.
    """

    __tablename__ = "campaign_trial"
    __table_args__ = (Index("ix_campaign_trial_campaign_id", "campaign_id"),)

    id: Mapped[str] = mapped_column(String(22), ForeignKey("deep_link.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    made_at: Mapped[Moment]
    until: Mapped[Moment]


class CampaignTrialRun(Base):
    """What one conversation did in a trial, to be done again in a transaction that is taken back: see `trials`.

    `given` are presses and typed words in order: `{"meaning": ..., "words": ..., "at": ...}`. It is about one
    `revision` of the campaign. Desk users have no right to read it.
    """

    __tablename__ = "campaign_trial_run"
    __table_args__ = (
        UniqueConstraint("trial_id", "conversation_id"),
        Index("ix_campaign_trial_run_conversation_id", "conversation_id"),
    )

    id: Mapped[base.Identity]
    trial_id: Mapped[str] = mapped_column(ForeignKey("campaign_trial.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    revision: Mapped[int]
    given: Mapped[list[dict[str, Any]]]
