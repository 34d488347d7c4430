"""What came of a campaign: the numbers, what is decided on each point, and the final report."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode

EVERYWHERE = "alle"
"""The part of an outcome that is about all municipalities together."""


class CampaignOutcome(Base):
    """The outcome as it was counted last, for one municipality or for all together (`about` is its code, or `alle`).

    `content` has numbers and the texts of statements, no person. `counted_from` is how many participants it is about.
    """

    __tablename__ = "campaign_outcome"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(String(6), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    content: Mapped[dict[str, Any]]
    counted_from: Mapped[int]
    counted_at: Mapped[Moment]


class CampaignFeedback(Base):
    """One point of the terugkoppeling: what was heard, what is decided about it and why, and what comes next."""

    __tablename__ = "campaign_feedback"
    __table_args__ = (UniqueConstraint("campaign_id", "number", deferrable=True, initially="DEFERRED"),)

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    number: Mapped[int] = mapped_column(SmallInteger)
    heard: Mapped[str] = mapped_column(Text)
    decided: Mapped[str] = mapped_column(Text)
    because: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]


class FinalReport(Base):
    """The eindverslag of a campaign (Gemeentewet art. 150). The application can not change or delete a row.

    A later `number` replaces the one before. `digest` is the SHA-256 of the content as canonical JSON.
    """

    __tablename__ = "final_report"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        Index("ix_final_report_municipality_code", "municipality_code"),
    )

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    municipality_code: Mapped[MunicipalityCode]
    number: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    issued_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    issued_at: Mapped[Moment]
