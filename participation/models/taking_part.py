"""Residents in a campaign: who takes part, what they voted and answered, and how many came from where."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode
from participation.models.campaign import one_of

AGE_BANDS = ("tot18", "18-29", "30-44", "45-64", "65+")
AGREE, PASS, DISAGREE = 1, 0, -1


class Participant(Base):
    """One resident in one campaign: one pseudonym takes part once.

    `resident_id` is cut some time after the end, and then nobody can be told apart from this row. `place` is that of
    the link they came by. `wants_outcome` is asked at the end and empty until they said so. What they gave is set
    aside, never deleted, when there are signs that it is not of one person; the reason is in `CampaignEvent`.
    """

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint(one_of("age_band", AGE_BANDS), name="age_band"),
        UniqueConstraint("campaign_id", "resident_id"),
        Index("ix_participant_resident_id", "resident_id"),
        Index("ix_participant_campaign_id_municipality_code", "campaign_id", "municipality_code"),
    )

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    resident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    channel: Mapped[str] = mapped_column(String(20))
    place: Mapped[str | None] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    age_band: Mapped[str | None] = mapped_column(String(6))
    wants_outcome: Mapped[bool | None]
    started_at: Mapped[Moment]
    last_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    aside_at: Mapped[Moment | None]


class Vote(Base):
    """What a participant thinks of a statement: 1 agrees, -1 disagrees, 0 does not know. The latest one counts.

    Without a value they passed it over, which is no vote.
    """

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
        Index("ix_vote_campaign_id", "campaign_id"),
        Index("ix_vote_statement_id", "statement_id"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    value: Mapped[int | None] = mapped_column(SmallInteger)
    cast_at: Mapped[Moment]


class CampaignAnswer(Base):
    """The answer to a part that is not about statements; the latest one counts.

    `value` is what was chosen: `{"options": [id, ...]}` in the order of choice or rank, `{"score": n}`, or
    `{"place": name}`. `words` are a participant's own, whole and unchanged; `masked_words` is what the desk reads.
    Skipped parts have a row without a value. `may_quote`: the participant agreed that the words are shown.
    """

    __tablename__ = "campaign_answer"
    __table_args__ = (
        Index("ix_campaign_answer_campaign_id", "campaign_id"),
        Index("ix_campaign_answer_part_id", "part_id"),
        Index(
            "ix_campaign_answer_unmasked", "answered_at", postgresql_where="words IS NOT NULL AND masked_words IS NULL"
        ),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign_part.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    value: Mapped[dict[str, Any]]
    words: Mapped[str | None] = mapped_column(Text)
    masked_words: Mapped[str | None] = mapped_column(Text)
    may_quote: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[Moment]


class CampaignReach(Base):
    """How often the page was opened by a link, per day: numbers only, nobody can be followed.

    Without a link the place is empty.
    """

    __tablename__ = "campaign_reach"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(6), ForeignKey("municipality.code"), primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    opened: Mapped[int] = mapped_column(default=0)
