"""Desk users, their roles per municipality and their sessions."""

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode
from participation.roles import BEHEERDER, ROLES

MAIL = ("wacht", "bezig", "verstuurd", "mislukt", "onzeker")


class Clerk(Base):
    """A person who works at the desk. `password_is_one_time` forces a new password at the first log-in.

    Who has had no role anywhere for long is deactivated: no password and no provider lets them in.
    """

    __tablename__ = "clerk"

    id: Mapped[base.Identity]
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    password_is_one_time: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    last_login_at: Mapped[Moment | None]
    without_role_since: Mapped[Moment | None]
    deactivated_at: Mapped[Moment | None]


class ClerkRole(Base):
    """What a person may do, in which municipality."""

    __tablename__ = "clerk_role"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),)

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), primary_key=True)
    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16))


class DeskSession(Base):
    """A log-in. Only the SHA-256 of the cookie's token is kept.

    `id` is for the person who ends it; `device` is what the browser said it is, in a few words. With `awaits_code` the
    password was right and the code of the second factor is still to come: it opens only the page that asks for it.
    `provider` is the key of the OpenID provider that said who it is, None after a password; with `provider_factor` it
    also asked the second factor, and every municipality of this person counted that.
    """

    __tablename__ = "desk_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    device: Mapped[str] = mapped_column(Text, default="")
    awaits_code: Mapped[bool] = mapped_column(default=False)
    provider: Mapped[str | None] = mapped_column(Text)
    provider_factor: Mapped[bool] = mapped_column(default=False)
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


class SecondFactor(Base):
    """What a person's authenticator app makes its codes with (TOTP, RFC 6238); in force once confirmed with a code.

    `last_step` is the time step of the last code that was accepted: it, and every earlier one, is refused.
    """

    __tablename__ = "second_factor"

    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]


class RecoveryCode(Base):
    """A code for who lost the app: works once, instead of the app's. Only an HMAC is kept."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[Moment | None]


class SignOnLink(Base):
    """Whose account a person at an OpenID provider has here. Made at the first log-in, by their verified address.

    From then on the address does not count: it may be given to somebody else, `subject` never is.
    """

    __tablename__ = "sign_on_link"
    __table_args__ = (UniqueConstraint("clerk_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]


class SignOnUsed(Base):
    """An answer of a provider that was taken: it works once. Only the SHA-256 of its `state` is kept, for an hour."""

    __tablename__ = "sign_on_used"

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[Moment] = mapped_column(index=True)


class Invitation(Base):
    """Somebody is asked to work for a municipality. The link works once; only the SHA-256 of its secret is kept.

    Where it is mailed as well, the link waits for that, sealed with a key outside the database, and then goes.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),
        CheckConstraint(f"mail IN ({', '.join(repr(state) for state in MAIL)})", name="mail"),
    )

    id: Mapped[base.Identity]
    municipality_code: Mapped[MunicipalityCode] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]
    mail: Mapped[str | None] = mapped_column(String(10))
    """What became of the mail; None: it was not asked for."""
    mail_tries: Mapped[int] = mapped_column(default=0)
    mail_after: Mapped[Moment | None]
    sealed_link: Mapped[bytes | None]


class AccessRequest(Base):
    """Somebody of another municipality asks to work for this one too; it goes when the municipality has decided."""

    __tablename__ = "access_request"
    __table_args__ = (
        UniqueConstraint("municipality_code", "clerk_id"),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES if role != BEHEERDER)})", name="role"),
    )

    id: Mapped[base.Identity]
    municipality_code: Mapped[MunicipalityCode]
    clerk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[Moment]


class AccessRule(Base):
    """What a municipality asks of all who work for it, beyond what every municipality asks."""

    __tablename__ = "access_rule"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    second_factor_for_all: Mapped[bool] = mapped_column(default=False)
    counted_provider: Mapped[str | None] = mapped_column(Text)
    """Key of the OpenID provider whose second factor counts here; None: our own is always asked."""
