"""What a person at the desk has to look at: signs of a threat or danger, and contributions that are nearly the same.

Nothing here decides anything: a contribution with a flag or in a group is kept, shown and answered as any other.
"""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode

FLAG_KINDS = ("bedreiging", "strafbaar", "noodgeval", "persoonlijke_nood")


class ContributionCheck(Base):
    """That a contribution has been checked, and with which others it is nearly the same.

    `signature` is a MinHash of the text (empty when the text is too short to compare); `group_id` is shared by texts
    that are alike. `checked_until` is the time of the last text of the resident that was checked for signs.
    """

    __tablename__ = "contribution_check"
    __table_args__ = (
        Index("ix_contribution_check_municipality_code_received_at", "municipality_code", "received_at"),
        Index("ix_contribution_check_group_id", "group_id"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_code: Mapped[MunicipalityCode]
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    group_id: Mapped[uuid.UUID]
    seconds_in_chat: Mapped[int | None]
    received_at: Mapped[Moment]
    checked_until: Mapped[Moment]


class ContributionFlag(Base):
    """A sign in a contribution, for a person to look at. `is_right` is what that person made of it."""

    __tablename__ = "contribution_flag"
    __table_args__ = (
        CheckConstraint(f"kind IN {FLAG_KINDS}", name="kind"),
        Index("ix_contribution_flag_unseen", "municipality_code", "created_at", postgresql_where="seen_at IS NULL"),
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    created_at: Mapped[Moment]
    is_right: Mapped[bool | None]
    seen_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clerk.id"))
    seen_at: Mapped[Moment | None]
