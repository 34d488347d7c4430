"""How long a municipality keeps what, and the lists of what was destroyed: evidence without the content."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

LIST_STATES = ("voorgesteld", "goedgekeurd", "afgewezen", "vernietigd", "vanzelf", "verwacht")
OUTCOMES = ("vernietigd", "bewaard", "heropend", "al_weg")


class RetentionPeriod(Base):
    """A municipality's own period for a kind of data (see `participation.privacy.periods`), in days."""

    __tablename__ = "retention_period"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    days: Mapped[int]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]


class DestructionList(Base):
    """What a person has to approve, or what went by itself (`vanzelf`), with the periods that were the ground for it.

    One row of each municipality says what is expected to go by itself the coming night (`verwacht`): chats are hidden
    from the desk, so it can not count them.

    The application can not delete these rows. Conversations without a municipality have lists without one.
    """

    __tablename__ = "destruction_list"
    __table_args__ = (
        CheckConstraint(f"state IN {LIST_STATES}", name="state"),
        Index("ix_destruction_list_municipality_code_made_at", "municipality_code", "made_at"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[str | None] = mapped_column(String(6), ForeignKey("municipality.code"))
    state: Mapped[str] = mapped_column(String(12))
    counts: Mapped[dict[str, Any]]
    periods: Mapped[dict[str, Any]]
    made_at: Mapped[Moment]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    decided_at: Mapped[Moment | None]
    note: Mapped[str | None] = mapped_column(Text)
    destroyed_at: Mapped[Moment | None]


class DestructionItem(Base):
    """One contribution on a list, known by its number and dates. No foreign key: the line outlives what it names."""

    __tablename__ = "destruction_item"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_destruction_item_record_id", "record_id"),
    )

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("destruction_list.id"), primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(24))
    reference: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date]
    closed_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(10))
