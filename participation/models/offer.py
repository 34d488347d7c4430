"""The library that municipalities share: what one offers to all, each version of it, and who uses it.

What is written here is readable by every municipality (see the policies in the migration), so it holds no more than
residents of the offering municipality could read already, and no names of people.
"""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

ANSWER, OWN_QUESTION, STANDARD_TEXT, CAMPAIGN = "antwoord", "eigen_vraag", "standaardtekst", "campagne"
OFFER_KINDS = (ANSWER, OWN_QUESTION, STANDARD_TEXT, CAMPAIGN)


class Offer(Base):
    """Something that a municipality offers to the others.

    `subject` is the topic of an answer, the id of an own question or of a campaign, or the key of a standard text;
    `newest` is the number of its last version. When it has been withdrawn, the row stays to tell those who took it
    over; its texts are out of their sight.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(f"kind IN {OFFER_KINDS}", name="kind"),
        UniqueConstraint("municipality_code", "kind", "subject"),
        UniqueConstraint("id", "municipality_code"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(14))
    subject: Mapped[str] = mapped_column(Text)
    newest: Mapped[int]
    offered_at: Mapped[Moment]
    withdrawn_at: Mapped[Moment | None]


class OfferVersion(Base):
    """A text as the municipality used it when that offered it. Rows are only ever added, by the offerer.

    {gemeente} and the {names} of facts stand in it as they were written: who takes it over fills in their own. `ways`
    are the other ways to ask an own question. A standard text has its name as `question`, its words as `short`, a
    `purpose`, and no source. A campaign has its title as `question`, why it is asked as `short`, all of its `setup`
    (see `campaigns.setups`), and no source. `search_text` is all that is searched in, in small letters, and
    `search_words` its Dutch stems.
    """

    __tablename__ = "offer_version"
    __table_args__ = (ForeignKeyConstraint(["offer_id", "municipality_code"], ["offer.id", "offer.municipality_code"]),)

    offer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_code: Mapped[MunicipalityCode]
    question: Mapped[str] = mapped_column(Text)
    ways: Mapped[list[str]] = mapped_column(JSONB)
    short: Mapped[str] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    checked_on: Mapped[date]
    purpose: Mapped[str | None] = mapped_column(String(10))
    setup: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    search_text: Mapped[str] = mapped_column(Text)
    search_words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('dutch'::regconfig, search_text)", persisted=True), deferred=True
    )
    offered_at: Mapped[Moment]


class OfferUse(Base):
    """A municipality whose residents get what it took over. What is still a draft there is nobody else's business."""

    __tablename__ = "offer_use"

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    number: Mapped[int]
    since: Mapped[Moment]
