"""A campaign: what a municipality, or several together, put to residents, and what was done with it on the way."""

import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode

LEVELS = ("informeren", "raadplegen", "adviseren", "coproduceren", "meebeslissen")
"""How much residents have to say: the participation ladder as Dutch municipalities use it (Edelenbos and Monnikhof)."""

STATES = ("concept", "controle", "klaar", "loopt", "pauze", "gesloten")
"""`klaar`: somebody else looked at it and agreed; it starts at its moment, or when somebody starts it."""

PART_KINDS = ("stellingen", "keuze", "schaal", "rangorde", "open", "plaats", "dilemma")
STATEMENT_STATES = ("wacht", "goed", "afgewezen")
LONGEST_STATEMENT = 140
"""Characters, as in Polis: what fits on one card and holds one thought."""


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Campaign(Base):
    """What is asked, why, of whom it is and when. `municipality_code` leads; see `CampaignMunicipality`.

    `offer_id` and `offer_number` tell what of the shared library it was made of, if it was.
    `public_id` stands in links and addresses; it is random. `revision` counts the edits, so that two people who edit at
    once notice. `decides` is who decides on the outcome, `portfolio_holder` the alderman or mayor, `official` the one
    who answers for the campaign. `asks_age` and `asks_area` say whether participants are asked for those, never forced.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="period"),
        Unique("id", "municipality_code"),
        Index("ix_campaign_municipality_code", "municipality_code"),
    )

    id: Mapped[base.Identity]
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    municipality_code: Mapped[MunicipalityCode]
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    intro: Mapped[str] = mapped_column(Text)
    thanks: Mapped[str] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(String(30))
    level: Mapped[str] = mapped_column(String(14))
    phase: Mapped[str] = mapped_column(Text)
    decides: Mapped[str] = mapped_column(Text)
    official: Mapped[str] = mapped_column(Text)
    portfolio_holder: Mapped[str] = mapped_column(Text)
    asks_age: Mapped[bool]
    asks_area: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    opens_at: Mapped[Moment | None]
    closes_at: Mapped[Moment | None]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    made_at: Mapped[Moment]
    sent_in_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    reviewed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    reviewed_at: Mapped[Moment | None]
    started_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    outcome_published_at: Mapped[Moment | None]
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    offer_number: Mapped[int | None]


class CampaignMunicipality(Base):
    """A municipality that takes part in a campaign: the one that leads, and those that were asked and agreed.

    Of a municipality without `agreed_at` no resident is asked anything. `leader_code` is that of the campaign, here
    again so that row-level security needs no other table; the foreign key keeps it true.
    """

    __tablename__ = "campaign_municipality"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "leader_code"], ["campaign.id", "campaign.municipality_code"], ondelete="CASCADE"
        ),
        Index("ix_campaign_municipality_municipality_code", "municipality_code"),
    )

    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(6), ForeignKey("municipality.code"), primary_key=True)
    leader_code: Mapped[str] = mapped_column(String(6))
    asked_at: Mapped[Moment]
    agreed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    agreed_at: Mapped[Moment | None]


class CampaignPart(Base):
    """One thing that is asked. `options` are what can be chosen, each with its own `id` and `text`.

    `rules` differ per kind: `most` choices, `lowest` and `highest` of a scale with their words, whether own statements
    are welcome, whether a choice may be given words. `condition` says after which answer this part is asked:
    `{"part": id, "options": [id, ...]}`.
    """

    __tablename__ = "campaign_part"
    __table_args__ = (
        CheckConstraint(one_of("kind", PART_KINDS), name="kind"),
        Unique("campaign_id", "position", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]]
    rules: Mapped[dict[str, Any]]
    condition: Mapped[dict[str, Any] | None]


class Statement(Base):
    """Something to agree or disagree with, of the team or of a participant.

    Of a participant it is shown after somebody agreed (`goed`). `masked_text` is what the desk and others read;
    `resident_id` goes when the resident erases their data, and a statement that others voted on stays without it.
    `writer_code` is the municipality where its writer takes part, `told_at` when they heard what was decided. Numbers
    count per campaign.
    """

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint(one_of("state", STATEMENT_STATES), name="state"),
        CheckConstraint(f"char_length(text) <= {LONGEST_STATEMENT}", name="length"),
        Unique("campaign_id", "number"),
        Index("ix_statement_part_id", "part_id"),
        Index("ix_statement_resident_id", "resident_id"),
    )

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign_part.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    number: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)
    masked_text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    resident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resident.id", ondelete="SET NULL"))
    writer_code: Mapped[str | None] = mapped_column(String(6), ForeignKey("municipality.code"))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    decided_at: Mapped[Moment | None]
    told_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class CampaignEvent(Base):
    """What was done with a campaign and by whom: every change of state, edit after the start, and answer set aside.

    The database lets nobody change or delete a row.
    """

    __tablename__ = "campaign_event"
    __table_args__ = (Index("ix_campaign_event_campaign_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    municipality_code: Mapped[MunicipalityCode]
    what: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]
