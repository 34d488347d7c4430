"""Guesses at the secret codes of contributions."""

import uuid

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment


class CodeAttempt(Base):
    """A reference and a code that did not belong together. Kept for a day, to slow down who guesses.

    `reference_hash` is an HMAC: the table does not tell which references somebody asked for.
    """

    __tablename__ = "code_attempt"
    __table_args__ = (Index("ix_code_attempt_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"), index=True)
    reference_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    created_at: Mapped[Moment]
