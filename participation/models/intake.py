"""What belongs to a contribution that the desk entered for somebody."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode

ANSWERS_BY = ("telefoon", "email", "post", "zelf")
"""How the person hears the answer; `zelf`: they ask for it themselves, with the reference."""


class ContributionIntake(Base):
    """When it was received, who entered it, and how the person wants to hear about it, if at all.

    `contact` is a number or address, encrypted: it is erased some time after the contribution is closed.
    `batch` is the same for all lines of one table.
    """

    __tablename__ = "contribution_intake"
    __table_args__ = (
        CheckConstraint(f"answer_by IN {ANSWERS_BY}", name="answer_by"),
        Index("ix_contribution_intake_batch", "batch"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_code: Mapped[MunicipalityCode]
    received_on: Mapped[date]
    answer_by: Mapped[str | None] = mapped_column(String(10))
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    batch: Mapped[uuid.UUID | None]
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    entered_at: Mapped[Moment]
