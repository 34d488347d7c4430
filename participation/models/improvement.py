"""What the griffie learns from: whether answers were clear, and what the chat did not answer well."""

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

VERDICTS = ("ja", "nee")
REASONS = ("te_moeilijk", "klopt_niet", "andere_vraag")


class AnswerVerdict(Base):
    """What one resident thought of one answer; no words of theirs.

    `turn_id` is the message that was answered: pressing again changes the verdict instead of adding one. It is no
    foreign key, since messages go when their time is up and the conversation may go on.
    """

    __tablename__ = "answer_verdict"
    __table_args__ = (
        CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
        CheckConstraint(f"reason IS NULL OR (verdict = 'nee' AND reason IN {REASONS})", name="reason"),
        Index("ix_answer_verdict_municipality_code_created_at", "municipality_code", "created_at"),
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    turn_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    municipality_code: Mapped[MunicipalityCode]
    topic: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[Moment]


class UnsureQuestion(Base):
    """A question that the chat did not answer well, without personal data.

    It got no answer, but a choice or the word that this is not for the chat; or an answer that the resident did not
    find clear. Of the latter, `topic` is what was answered and `turn_id` the message, as in `AnswerVerdict`.
    `embedding` (384 float32, of the masked text) lets the desk put questions together that are alike.
    """

    __tablename__ = "unsure_question"
    __table_args__ = (Index("ix_unsure_question_municipality_code_created_at", "municipality_code", "created_at"),)

    id: Mapped[Identity]
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    municipality_code: Mapped[MunicipalityCode]
    masked_text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(Text)
    turn_id: Mapped[int | None] = mapped_column(BigInteger)
    embedding: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
