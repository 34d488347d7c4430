"""What residents told the council, and everything that happened to it. History is appended, never edited."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode

KINDS = ("vraag", "zorg", "idee", "compliment", "initiatief")
STATUSES = (
    "ontvangen",
    "in_behandeling",
    "reactie_gevraagd",
    "reactie_ontvangen",
    "gebundeld",
    "doorgezonden",
    "ingepland",
    "afgehandeld",
    "geannuleerd",
    "heropend",
)


NOT_YET_READABLE = "[nog niet leesbaar gemaakt]"
"""What the desk reads as long as personal data has not been masked."""

WITHDRAWN = "[ingetrokken]"
"""Stands instead of the words that a resident withdrew."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Contribution(Base):
    """A confirmed contribution. `text` holds the resident's own words, whole and unchanged.

    The desk reads `readable_text`: `masked_text`, which has no personal data. Without `masked_at` that text hides
    everything, and the worker still has to mask.
    `draft` is the random id that the conversation gave it before confirmation: a repeated confirmation finds the
    first row instead of making a second one. `kind` and `theme` are those of the latest `ContributionSorting`.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        UniqueConstraint("draft"),
        Index("ix_contribution_municipality_code_created_at", "municipality_code", "created_at"),
        Index("ix_contribution_municipality_code_theme", "municipality_code", "theme"),
        Index("ix_contribution_unmasked", "id", postgresql_where="masked_at IS NULL"),
        Index("ix_contribution_unsorted", "created_at", postgresql_where="kind IS NULL"),
    )

    id: Mapped[base.Identity]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    municipality_code: Mapped[MunicipalityCode]
    resident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resident.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    draft: Mapped[uuid.UUID]
    kind: Mapped[str | None] = mapped_column(String(12))
    theme: Mapped[str | None] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)
    masked_text: Mapped[str | None] = mapped_column(Text)
    masked_at: Mapped[Moment | None]
    channel: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Moment]

    @property
    def readable_text(self) -> str:
        """What the desk reads."""
        return self.masked_text or NOT_YET_READABLE


class ContributionStatus(Base):
    """One change of status; the latest row is the status in force."""

    __tablename__ = "contribution_status"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        Index("ix_contribution_status_contribution_id_number", "contribution_id", "number", unique=True),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    number: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class ContributionSorting(Base):
    """What kind a contribution is and to which theme it belongs, according to the model or to a clerk.

    The model's rows carry probabilities (0 to 1) and no clerk. A clerk's rows teach the next model.
    """

    __tablename__ = "contribution_sorting"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        Index("ix_contribution_sorting_contribution_id", "contribution_id"),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(12))
    theme: Mapped[str] = mapped_column(String(30))
    kind_probability: Mapped[float | None]
    theme_probability: Mapped[float | None]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class ContributionEntry(Base):
    """A text in the thread of a contribution: from the griffie to the resident, or without a clerk their addition.

    `delivered_at` is empty until the worker has put a text of the griffie into the resident's chat; an addition has
    arrived at once. Of an addition the desk reads `readable_text`, as of the contribution itself.
    """

    __tablename__ = "contribution_entry"
    __table_args__ = (
        Index("ix_contribution_entry_contribution_id", "contribution_id"),
        Index("ix_contribution_entry_undelivered", "created_at", postgresql_where="delivered_at IS NULL"),
        Index("ix_contribution_entry_unmasked", "id", postgresql_where="clerk_id IS NULL AND masked_at IS NULL"),
        UniqueConstraint("submission"),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    submission: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(Text)
    masked_text: Mapped[str | None] = mapped_column(Text)
    masked_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    delivered_at: Mapped[Moment | None]

    @property
    def from_resident(self) -> bool:
        """Whether this is an addition."""
        return self.clerk_id is None

    @property
    def readable_text(self) -> str:
        """What the desk reads."""
        return (self.masked_text or NOT_YET_READABLE) if self.from_resident else self.text


class ReferenceCounter(Base):
    """The last reference number given out in a year."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]
