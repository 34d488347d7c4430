"""What was erased or withdrawn at somebody's wish, as hashes: so that a restore does not bring it back."""

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Identity, Moment

ERASURE_KINDS = ("inwoner", "inbreng", "ingetrokken", "toestemming")


class Erasure(Base):
    """One line of the list that is kept beside the back-ups.

    What a line names is gone, so it has no foreign keys. It has hashes of ids that were made at random: without an
    older copy of the database nobody can tell whom they are of. The application may only add lines; the program that
    makes back-ups reads them, and removes what is older than every back-up (`participation.operations.journal`).
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint(f"kind IN {ERASURE_KINDS}", name="kind"),
        CheckConstraint("(kind = 'toestemming') = (purpose IS NOT NULL)", name="purpose"),
        Index("ix_erasure_created_at", "created_at"),
    )

    id: Mapped[Identity]
    kind: Mapped[str] = mapped_column(String(12))
    record: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Of the resident for `inwoner` and `toestemming`, of the contribution for the others."""
    purpose: Mapped[str | None] = mapped_column(String(12))
    about: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """What a consent was about, if it was about one contribution."""
    created_at: Mapped[Moment]


class BackupMade(Base):
    """A back-up that was made, for who keeps an eye on the installation."""

    __tablename__ = "backup_made"

    id: Mapped[Identity]
    made_at: Mapped[Moment]
    """Of the copy: what happened later is not in it."""
    finished_at: Mapped[Moment]
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
