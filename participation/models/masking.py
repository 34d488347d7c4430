"""What people decided about masking: in one contribution, and for all later texts of a municipality."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

LESSON_KINDS = ("plaats", "ambt")


class MaskCorrection(Base):
    """Words that are hidden or shown in one contribution and what was added to it, whatever the rules find.

    `hidden_as` is the kind of personal data that the words are; without it they are shown. The words can be personal
    data: they go when the text loses its own.
    """

    __tablename__ = "mask_correction"

    id: Mapped[Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), index=True)
    municipality_code: Mapped[MunicipalityCode]
    words: Mapped[str] = mapped_column(Text)
    hidden_as: Mapped[str | None] = mapped_column(String(13))
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class MaskLesson(Base):
    """A public place or the name of a holder of an office, which stays readable in later texts of a municipality.

    `key` is how the words are compared.
    """

    __tablename__ = "mask_lesson"
    __table_args__ = (
        CheckConstraint(f"kind IN {LESSON_KINDS}", name="kind"),
        UniqueConstraint("municipality_code", "key"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    key: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(6))
    taught_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    taught_at: Mapped[Moment]
