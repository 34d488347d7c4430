"""The council's calendar: where it comes from, the meetings, what is on the agenda, and the papers.

Nothing here is about residents: it is what the council publishes. It still belongs to a municipality, so that one
griffie can not change another's calendar.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

FEED_KINDS = ("ori", "ical", "csv", "bestand")
"""Open Raadsinformatie, iCalendar at an address, a table at an address, and a table that the griffie hands over."""

SEARCH_CONFIGURATION = "dutch"
"""PostgreSQL's own configuration for Dutch full-text search."""


class CouncilFeed(Base):
    """A source of meetings and papers, with how it fared.

    `address` is an index of Open Raadsinformatie, a web address, or the name of the file that was handed over.
    `fresh_hours` is how long the griffie may rely on what it brought: after that, answers say how old it is.
    """

    __tablename__ = "council_feed"
    __table_args__ = (
        CheckConstraint(f"kind IN {FEED_KINDS}", name="kind"),
        CheckConstraint("fresh_hours > 0", name="fresh_hours"),
        UniqueConstraint("municipality_code", "kind", "address"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(Text)
    fresh_hours: Mapped[int]
    last_good_at: Mapped[Moment | None]
    last_tried_at: Mapped[Moment | None]
    fault: Mapped[str | None] = mapped_column(String(20))
    fault_details: Mapped[dict[str, Any] | None]
    created_at: Mapped[Moment]


class Meeting(Base):
    """One meeting as its source tells it. `vanished_at` is set when the source no longer lists a coming meeting."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("feed_id", "external_id"),
        Index("ix_meeting_municipality_code_starts_at", "municipality_code", "starts_at"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    feed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("council_feed.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    is_council: Mapped[bool]
    starts_at: Mapped[Moment]
    time_known: Mapped[bool]
    ends_at: Mapped[Moment | None]
    place: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    livestream_url: Mapped[str | None] = mapped_column(Text)
    cancelled: Mapped[bool]
    vanished_at: Mapped[datetime | None]


class AgendaItem(Base):
    """One point on the agenda of a meeting."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "external_id"),)

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Text)


class CouncilDocument(Base):
    """A paper or a decision. `kind` is the source's own word for it, such as besluit, motie or raadsvoorstel."""

    __tablename__ = "council_document"
    __table_args__ = (
        UniqueConstraint("feed_id", "external_id"),
        Index("ix_council_document_municipality_code_day", "municipality_code", "day"),
        Index(
            "ix_council_document_words",
            func.to_tsvector(literal_column(f"'{SEARCH_CONFIGURATION}'::regconfig"), literal_column("title")),
            postgresql_using="gin",
        ),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    feed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("council_feed.id", ondelete="CASCADE"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    external_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    day: Mapped[date | None]
