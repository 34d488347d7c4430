"""Desk users, their roles per municipality and their sessions."""

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode
from participation.roles import ROLES


class Clerk(Base):
    """A person who works at the desk. `password_is_one_time` forces a new password at the first log-in."""

    __tablename__ = "clerk"

    id: Mapped[base.Identity]
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    password_is_one_time: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]


class ClerkRole(Base):
    """What a person may do, in which municipality."""

    __tablename__ = "clerk_role"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),)

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), primary_key=True)
    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16))


class DeskSession(Base):
    """A log-in. Only the SHA-256 of the cookie's token is kept."""

    __tablename__ = "desk_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]


class LoginAttempt(Base):
    """A failed log-in, kept for a day to slow down guessing. `subject` is an HMAC of e-mail or address."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_subject_created_at", "subject", "created_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    subject: Mapped[bytes]
    created_at: Mapped[Moment]
