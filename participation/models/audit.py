"""The log of what desk users did, and the chain that shows whether anybody changed it."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode


class AuditEvent(Base):
    """Who did what to which record, when. Rows are only ever added: the database refuses all else.

    Nothing in it may have to be erased: residents are in it by the ids of their records alone. `words_hash` stands for
    what somebody typed in their own words, see `AuditWords`.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_municipality_code_created_at", "municipality_code", "created_at"),
        Index("ix_audit_event_municipality_code_id", "municipality_code", "id"),
        Index("ix_audit_event_municipality_code_clerk_id_id", "municipality_code", "clerk_id", "id"),
        Index("ix_audit_event_municipality_code_record_id", "municipality_code", "record", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    municipality_code: Mapped[MunicipalityCode | None]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    action: Mapped[str] = mapped_column(Text)
    record: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]]
    words_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]


class AuditWords(Base):
    """What a desk user typed about a contribution: it may name somebody, so it goes when the contribution does.

    The event keeps the SHA-256 of `salt` and `text`. With the salt gone, guessing does not tell what was there.
    """

    __tablename__ = "audit_words"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", ondelete="CASCADE"), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(Text)


class AuditLink(Base):
    """The place of an event in the chain: the SHA-256 of the link before it and of what the event says.

    The database adds them when a transaction commits, see the migration; the application can only read them.
    """

    __tablename__ = "audit_link"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
