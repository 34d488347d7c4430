"""The mail with counts that a clerk can ask for, and what became of each."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment

RHYTHMS = ("dag", "week")
STATES = ("bezig", "verstuurd", "niets", "mislukt", "onzeker")


class DigestChoice(Base):
    """How often a clerk wants the mail; without a row never."""

    __tablename__ = "digest_choice"
    __table_args__ = (CheckConstraint(f"rhythm IN ({', '.join(map(repr, RHYTHMS))})", name="rhythm"),)

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), primary_key=True)
    rhythm: Mapped[str] = mapped_column(String(4))
    changed_at: Mapped[Moment]


class Digest(Base):
    """The one mail of a clerk in a period, such as 2026-11-27 or 2026-W48.

    `bezig` is written before the mail goes and stays when the process dies: such a mail is never tried again, since it
    may have arrived. `niets` says that nothing was waiting, `onzeker` that the server did not confirm.
    """

    __tablename__ = "digest"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),)

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    state: Mapped[str] = mapped_column(String(9))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[Moment]
