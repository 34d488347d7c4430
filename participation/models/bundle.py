"""Contributions that say the same: which are handled together, and by what they are found."""

import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment, MunicipalityCode


class Bundle(Base):
    """Several contributions on one subject. Residents never see its name."""

    __tablename__ = "bundle"
    __table_args__ = (Index("ix_bundle_municipality_code", "municipality_code"),)

    id: Mapped[Identity]
    municipality_code: Mapped[MunicipalityCode]
    name: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]


class BundleMember(Base):
    """That a contribution is in a bundle, in one at most. When it came and went stands in its history."""

    __tablename__ = "bundle_member"

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    bundle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bundle.id", ondelete="CASCADE"), index=True)
    municipality_code: Mapped[MunicipalityCode]
    created_at: Mapped[Moment]


class ContributionLikeness(Base):
    """By what a contribution is compared with others: 384 float32 of its masked text.

    `created_at` is that of the contribution: the newest are compared.
    """

    __tablename__ = "contribution_likeness"
    __table_args__ = (
        Index("ix_contribution_likeness_municipality_code_created_at", "municipality_code", "created_at"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_code: Mapped[MunicipalityCode]
    embedding: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
