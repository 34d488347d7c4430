"""How a municipality handles contributions: what it can do with them, and how long it waits for an answer."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode


class Disposition(Base):
    """What a municipality changed in the usual list of dispositions, or added to it.

    A usual one is named by its key in content/afdoeningen.yml. `words` is what the resident reads. None is ever
    deleted, since closed contributions name it: one that is no longer offered has `is_offered` false.
    """

    __tablename__ = "disposition"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    is_offered: Mapped[bool]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]


class HandlingRule(Base):
    """What a municipality set itself; without a row the usual holds."""

    __tablename__ = "handling_rule"
    __table_args__ = (CheckConstraint("answer_days BETWEEN 1 AND 90", name="answer_days"),)

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    answer_days: Mapped[int] = mapped_column(SmallInteger)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]
