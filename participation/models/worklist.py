"""The work list of the desk: narrow rows to choose from, and what clerks keep with it."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode

WAITING = ("ontvangen", "in_behandeling", "reactie_gevraagd", "reactie_ontvangen", "gebundeld", "heropend")
"""Statuses in which somebody still has to do something: the griffie or the resident."""

BULK_ACTIONS = ("toewijzen", "oppakken", "thema")

IS_WAITING = f"(status IN ({', '.join(repr(status) for status in WAITING)}) OR reacted_at IS NOT NULL)"
"""The same as SQL, or the griffie has still to read what the resident wrote. Word for word as in the index: only then
PostgreSQL sees that the index will do."""


_HELD = (
    *("contribution_id", "status", "status_at", "reacted_at", "answered_at"),
    *("channel", "kind", "theme", "place", "assignee_id"),
)
"""What each index of the list holds besides its keys: choosing and counting then never read the rows themselves."""


def _index(name: str, *keys: str, where: str | None = None) -> Index:
    held = [column for column in _HELD if column not in keys]
    return Index(f"ix_worklist_item_{name}", *keys, postgresql_include=held, postgresql_where=where)


class WorklistItem(Base):
    """What the list is chosen and counted by: one row a contribution. The database keeps it right, with triggers.

    `status` is the one in force since `status_at`; `place` is what the text names, once `is_placed`. `reacted_at` is
    when the resident wrote something, or put other words in its place, since a clerk last changed the status, wrote to
    the resident or wrote a note.
    `answered_at` is when the griffie first answered it or closed it. `campaign` is that of the conversation in which it
    was told: the public id, or the name that a site gave it.
    """

    __tablename__ = "worklist_item"
    __table_args__ = (
        _index("newest", "municipality_code", "created_at", "contribution_id"),
        _index("waiting", "municipality_code", "created_at", "contribution_id", where=IS_WAITING),
        _index("theme", "municipality_code", "theme", "created_at"),
        _index("place", "municipality_code", "place", "created_at", where="place IS NOT NULL"),
        _index("campaign", "municipality_code", "campaign", "created_at", where="campaign IS NOT NULL"),
        Index("ix_worklist_item_unplaced", "created_at", postgresql_where="NOT is_placed"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_code: Mapped[MunicipalityCode]
    created_at: Mapped[Moment]
    status_at: Mapped[Moment]
    status: Mapped[str] = mapped_column(String(20))
    reacted_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    channel: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(12))
    theme: Mapped[str | None] = mapped_column(String(30))
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    campaign: Mapped[str | None] = mapped_column(Text)
    is_placed: Mapped[bool]
    place: Mapped[str | None] = mapped_column(String(80))


class WorklistWord(Base):
    """One word (a lexeme of PostgreSQL's Dutch configuration) of what the desk may read of a contribution."""

    __tablename__ = "worklist_word"
    __table_args__ = (Index("ix_worklist_word_contribution_id", "contribution_id"),)

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )


class ContributionAssignment(Base):
    """Who handles a contribution from then on: `assignee_id`, or nobody; `clerk_id` said so. Only ever added to."""

    __tablename__ = "contribution_assignment"
    __table_args__ = (Index("ix_contribution_assignment_contribution_id", "contribution_id"),)

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class SavedFilter(Base):
    """A choice of the list under a name: of one clerk, or shared with the colleagues of the municipality.

    `query` is the part of the address after the question mark.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index("ix_saved_filter_municipality_code", "municipality_code"),)

    id: Mapped[base.Identity]
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool]
    created_at: Mapped[Moment]


class BulkChange(Base):
    """One change to several contributions at once, with what it takes to undo it.

    `changed` holds for each contribution its id, and what there was and what was made; `skipped` counts those that the
    change did not fit.
    """

    __tablename__ = "bulk_change"
    __table_args__ = (
        CheckConstraint(f"action IN ({', '.join(repr(action) for action in BULK_ACTIONS)})", name="action"),
        Index("ix_bulk_change_municipality_code_created_at", "municipality_code", "created_at"),
    )

    id: Mapped[base.Identity]
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(12))
    target: Mapped[str | None] = mapped_column(Text)
    changed: Mapped[list[dict[str, Any]]]
    skipped: Mapped[int]
    created_at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
