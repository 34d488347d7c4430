"""What residents agree to. Rows are only ever added: the latest word on a purpose is the one in force."""

import uuid
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode

SHARE: Final = "delen"
"""The council reads this contribution, without a name."""
CONTACT: Final = "contact"
"""The griffie calls or mails the resident about this contribution."""
NAME: Final = "naam"
"""The council hears who this contribution is from."""
CAMPAIGN: Final = "campagne"
"""Messages about campaigns of the municipality; not about one contribution."""
PURPOSES: Final = (SHARE, CONTACT, NAME, CAMPAIGN)


class Consent(Base):
    """One consent, or its withdrawal (`given` is false). The database lets nobody change a row.

    `text_version` is that of the words in content/toestemming.yml that the resident agreed with. The rows go with the
    resident whom they are about.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        CheckConstraint(f"(contribution_id IS NULL) = (purpose = '{CAMPAIGN}')", name="about"),
        Index("ix_consent_resident_id", "resident_id"),
        Index("ix_consent_contribution_id", "contribution_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    contribution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(12))
    given: Mapped[bool]
    text_version: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Moment]


class ConsentDetail(Base):
    """A name, a telephone number or a mail address that goes with a consent in force; gone when that is withdrawn.

    Kept apart from the contribution, whose text has no personal data.
    """

    __tablename__ = "consent_detail"
    __table_args__ = (Index("ix_consent_detail_contribution_id", "contribution_id"),)

    consent_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    value: Mapped[str] = mapped_column(Text)
