"""Texts that the griffie of a municipality starts from when it writes to residents."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode

PURPOSES = ("antwoord", "vraag", "afsluiting")
"""The forms of a contribution that a standard text is for."""


class StandardText(Base):
    """One version of a standard text; the one with the highest number is in force. Only ever added to.

    A national one is named by its key in content/standaardteksten.yml; without `words` its national text holds again.
    `offer_id` and `offer_number` say which version of what in the shared library it was taken over from, if it was.
    """

    __tablename__ = "standard_text"
    __table_args__ = (CheckConstraint(f"purpose IN ({', '.join(map(repr, PURPOSES))})", name="purpose"),)

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(Text)
    is_offered: Mapped[bool]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]
