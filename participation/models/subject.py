"""Subjects that many contributions are about, found by likeness: which they are, and what belongs to each."""

import uuid

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode


class SubjectRound(Base):
    """When the subjects of a municipality were last looked for, in how many texts, and whether somebody asked again."""

    __tablename__ = "subject_round"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    asked_at: Mapped[Moment | None]
    computed_at: Mapped[Moment | None]
    texts: Mapped[int]


class Subject(Base):
    """One subject of the last round. `words` are its most telling words; each was used by several residents."""

    __tablename__ = "subject"

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(Text)


class SubjectMember(Base):
    """That a contribution belongs to a subject. Gone as soon as the numbers are by which it was compared."""

    __tablename__ = "subject_member"

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution_likeness.contribution_id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"), index=True)
    municipality_code: Mapped[MunicipalityCode]
