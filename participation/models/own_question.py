"""Questions of a municipality's own, which no model was trained on."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode


class OwnQuestion(Base):
    """A question with its answer. `ways` holds the question and the other ways to ask it.

    `embeddings` has 384 float32 for each of `ways`, in the same order. `revision` goes up with each change: by it other
    processes see that what they hold is old. `offer_id` and `offer_number` tell which version in the shared library it
    was taken over from, if it was. `checked_on` is the day on which somebody read the source: a change checks nothing.
    """

    __tablename__ = "own_question"
    __table_args__ = (
        Index("ix_own_question_municipality_code", "municipality_code"),
        Index(
            "ix_own_question_offer",
            "municipality_code",
            "offer_id",
            unique=True,
            postgresql_where="offer_id IS NOT NULL",
        ),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    ways: Mapped[list[str]] = mapped_column(JSONB)
    embeddings: Mapped[bytes] = mapped_column(LargeBinary)
    short: Mapped[str] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    checked_on: Mapped[date] = mapped_column(server_default=func.current_date())
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]
    is_published: Mapped[bool]
    revision: Mapped[int]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]

    @property
    def question(self) -> str:
        """The question as it is shown."""
        return self.ways[0]
