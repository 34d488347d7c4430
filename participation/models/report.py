"""Papers for the council: what the griffie is making, what was issued and never changes, and where quotes came from."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode

REPORT_KINDS = ("stukken", "signalen")
"""The list of pieces received, of people who are known; and what lives among people who are not."""

AUDIENCES = ("raad", "openbaar")
DRAFT_STATES = ("wacht", "bezig", "klaar", "mislukt")
SOURCE_ROLES = ("citaat", "stuk", "stuk_met_naam")
FORMATS = ("pdf", "docx", "odt", "xlsx", "csv")


class ReportDraft(Base):
    """A paper that is being made: what was chosen, and what was found for it.

    It holds numbers and the ids of contributions, and no word of a resident: the texts are read when the page is shown,
    so that what was withdrawn is gone from it at once. `done` is how far the counting is, in percent.
    """

    __tablename__ = "report_draft"
    __table_args__ = (
        CheckConstraint(f"kind IN {REPORT_KINDS}", name="kind"),
        CheckConstraint(f"state IN {DRAFT_STATES}", name="state"),
        CheckConstraint("done BETWEEN 0 AND 100", name="done"),
        Index("ix_report_draft_municipality_code", "municipality_code"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(10))
    scope: Mapped[dict[str, Any]]
    edits: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(8))
    done: Mapped[int] = mapped_column(SmallInteger)
    found: Mapped[dict[str, Any]]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("issued_report.id"))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    made_at: Mapped[Moment]
    changed_at: Mapped[Moment]


class IssuedReport(Base):
    """A paper as the council got it. The application can not change or delete a row.

    `content` is the whole text, `digest` its SHA-256. Numbers count per municipality and year.
    """

    __tablename__ = "issued_report"
    __table_args__ = (
        CheckConstraint(f"kind IN {REPORT_KINDS}", name="kind"),
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        UniqueConstraint("municipality_code", "year", "number"),
        UniqueConstraint("replaces_id"),
    )

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(10))
    year: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    until: Mapped[date]
    scope: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any]]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("issued_report.id"))
    issued_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    issued_at: Mapped[Moment]

    @property
    def reference(self) -> str:
        """Its number as people say it, such as 2026-003."""
        return f"{self.year}-{self.number:03}"


class ReportFile(Base):
    """An issued report as a file. Made once; never changed."""

    __tablename__ = "report_file"
    __table_args__ = (CheckConstraint(f"format IN {FORMATS}", name="format"),)

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issued_report.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(4), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]


class ReportSource(Base):
    """From which contribution a quote or piece came. The report itself shows only the number.

    The only thing that can change is that the link is cut, when the contribution or its resident is erased.
    """

    __tablename__ = "report_source"
    __table_args__ = (
        CheckConstraint(f"role IN {SOURCE_ROLES}", name="role"),
        Index("ix_report_source_contribution_id", "contribution_id"),
    )

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issued_report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    role: Mapped[str] = mapped_column(String(14))
    contribution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contribution.id", ondelete="SET NULL"))
