"""What people of the griffie write for each other about a contribution."""

import uuid

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode


class ContributionNote(Base):
    """An internal note. It is never sent to the resident, who does get to read it among their own data on request.

    `submission` is the random id of the form, so that sending it twice keeps one note.
    """

    __tablename__ = "contribution_note"
    __table_args__ = (Index("ix_contribution_note_contribution_id", "contribution_id"),)

    id: Mapped[Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    submission: Mapped[uuid.UUID] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
