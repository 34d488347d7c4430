"""Municipalities and what is known of each: facts and its own versions of answers."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode


class Municipality(Base):
    """A tenant. `code` is the CBS code, such as GM0344."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    province: Mapped[str] = mapped_column(Text)
    inhabitants: Mapped[int]


class LocalFact(Base):
    """One fact that fills a {slot} in answers, with where it was found and until when it holds."""

    __tablename__ = "local_fact"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    checked_on: Mapped[date]
    valid_until: Mapped[date | None]


class AnswerOverride(Base):
    """A municipality's own version of a national answer, in force from the moment it is committed.

    `offer_id` and `offer_number` tell which version in the shared library it was taken over from, if it was.
    """

    __tablename__ = "answer_override"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    short: Mapped[str] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    checked_on: Mapped[date]
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]
    published_at: Mapped[Moment]
    published_by: Mapped[str | None] = mapped_column(ForeignKey("clerk.email", onupdate="CASCADE"))
