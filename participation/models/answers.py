"""A municipality's own answers before they are in force, every version that ever was, and who looks after them.

`offer_id` and `offer_number` tell which version in the shared library a text was taken over from, if it was.
"""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode

DRAFT, IN_REVIEW = "concept", "ter_controle"


class AnswerDraft(Base):
    """An own answer that residents do not see yet. `revision` tells two people apart who edit at the same time."""

    __tablename__ = "answer_draft"
    __table_args__ = (CheckConstraint(f"state IN ('{DRAFT}', '{IN_REVIEW}')", name="state"),)

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    short: Mapped[str] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    checked_on: Mapped[date]
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    edited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    edited_at: Mapped[Moment]


class AnswerVersion(Base):
    """What was in force from a moment on. Rows are only ever added; without a text the national one came back."""

    __tablename__ = "answer_version"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    short: Mapped[str | None] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    checked_on: Mapped[date | None]
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]
    restored_from: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    written_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    published_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    published_at: Mapped[Moment]


class AnswerOwner(Base):
    """Who keeps an answer up to date, be it the national text or an own one. Who leaves the municipality keeps none."""

    __tablename__ = "answer_owner"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clerk_id", "municipality_code"],
            ["clerk_role.clerk_id", "clerk_role.municipality_code"],
            ondelete="CASCADE",
        ),
    )

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    clerk_id: Mapped[uuid.UUID] = mapped_column(index=True)
