"""What residents told the council, and everything that happened to it. History is appended, never edited."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
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


ENTRY_KINDS = ("antwoord", "vraag", "bericht", "aanvulling", "reactie")
"""Of the griffie: an answer, a question, or a notice of what happened. Of the resident: an addition, or a reaction to
what the griffie wrote."""

FROM_RESIDENT = ("aanvulling", "reactie")
VERDICTS = ("ja", "nee")

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
    `code_hash` is of the secret code with which somebody on another device may ask for its status. `changed_at` is when
    the resident last put other words in its place; those of before are not kept.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        UniqueConstraint("draft"),
        Index("ix_contribution_municipality_code_created_at", "municipality_code", "created_at"),
        Index("ix_contribution_municipality_code_theme", "municipality_code", "theme"),
        Index("ix_contribution_unmasked", "id", postgresql_where="masked_at IS NULL"),
        Index("ix_contribution_unsorted", "created_at", postgresql_where="kind IS NULL OR theme IS NULL"),
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
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
    changed_at: Mapped[Moment | None]

    @property
    def readable_text(self) -> str:
        """What the desk reads."""
        return self.masked_text or NOT_YET_READABLE


class ContributionStatus(Base):
    """One change of status; the latest row is the status in force.

    A closing names its `disposition` (a key). While the resident is asked something, `waits_until` says how long.
    What is passed on has its `destination`: to whom, or the meeting of `planned_for`, as the resident was told. Where
    the calendar has that meeting, `meeting_id` is its id; it refers to nothing, since a calendar may lose a meeting.
    """

    __tablename__ = "contribution_status"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        Index("ix_contribution_status_contribution_id_number", "contribution_id", "number", unique=True),
        Index(
            "ix_contribution_status_planned",
            "municipality_code",
            "planned_for",
            postgresql_where="planned_for IS NOT NULL",
        ),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    number: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    disposition: Mapped[str | None] = mapped_column(String(40))
    waits_until: Mapped[Moment | None]
    destination: Mapped[str | None] = mapped_column(Text)
    planned_for: Mapped[date | None]
    meeting_id: Mapped[uuid.UUID | None]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class ContributionSorting(Base):
    """What kind a contribution is and to which theme it belongs, according to the model or to a clerk.

    The model's rows carry probabilities (0 to 1) and no clerk; a kind that it was not sure enough of is left open. A
    clerk's rows teach the next model.
    """

    __tablename__ = "contribution_sorting"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        Index("ix_contribution_sorting_contribution_id", "contribution_id"),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str | None] = mapped_column(String(12))
    theme: Mapped[str] = mapped_column(String(30))
    kind_probability: Mapped[float | None]
    theme_probability: Mapped[float | None]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class ContributionEntry(Base):
    """A text in the thread of a contribution: to the resident, or from the resident.

    `delivered_at` is empty until the worker has put a text of the griffie into the resident's chat; what the resident
    wrote has arrived at once. Of that the desk reads `readable_text`, as of the contribution itself. A notice that the
    program wrote by itself has no clerk.
    """

    __tablename__ = "contribution_entry"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ENTRY_KINDS), name="kind"),
        Index("ix_contribution_entry_contribution_id", "contribution_id"),
        Index("ix_contribution_entry_undelivered", "created_at", postgresql_where="delivered_at IS NULL"),
        Index(
            "ix_contribution_entry_unmasked",
            "id",
            postgresql_where=f"{_one_of('kind', FROM_RESIDENT)} AND masked_at IS NULL",
        ),
        UniqueConstraint("submission"),
    )

    id: Mapped[base.Identity]
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    submission: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(10), default="antwoord")
    text: Mapped[str] = mapped_column(Text)
    masked_text: Mapped[str | None] = mapped_column(Text)
    masked_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    delivered_at: Mapped[Moment | None]

    @property
    def from_resident(self) -> bool:
        """Whether the resident wrote it."""
        return self.kind in FROM_RESIDENT

    @property
    def readable_text(self) -> str:
        """What the desk reads."""
        return (self.masked_text or NOT_YET_READABLE) if self.from_resident else self.text


class ReplyVerdict(Base):
    """Whether a text of the griffie helped the resident; no words of theirs. Pressing again replaces it."""

    __tablename__ = "reply_verdict"
    __table_args__ = (
        CheckConstraint(_one_of("verdict", VERDICTS), name="verdict"),
        Index("ix_reply_verdict_municipality_code_created_at", "municipality_code", "created_at"),
    )

    entry_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution_entry.id", ondelete="CASCADE"), primary_key=True
    )
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), index=True)
    municipality_code: Mapped[MunicipalityCode]
    verdict: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[Moment]


class ReferenceCounter(Base):
    """The last reference number given out in a year."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]
