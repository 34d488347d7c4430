"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who lost it.

The secret is sealed with a key outside the database; of the recovery codes only an HMAC with that key is kept.
"""

import hmac
import re
import secrets
import uuid
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import CodeRefused
from participation.models import AccessRule, Clerk, DeskSession, RecoveryCode, SecondFactor
from participation.privacy.sealing import Sealer
from participation.services import audit, clerks, desk_sessions

ISSUER = "Samenspel"
SEALED_FOR = "tweede stap"
STEP_SECONDS = 30
DRIFT = 1
"""Steps before and after the present one whose codes are taken too: clocks differ, and people type slowly."""

SET_UP_LIMIT = timedelta(minutes=15)
"""How long a secret waits for its first code, before the page shows another: somebody else may have seen it."""

RECOVERY_CODES = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's, without i, l, o and u: they are read wrongly. Three groups of four are 60 random bits."""

_DIGITS = re.compile(r"\d{6}", re.ASCII)


async def secret_to_set_up(
    session: AsyncSession, *, clerk: Clerk, key: str, now: datetime, starts: bool = True
) -> str | None:
    """Return the secret (base32) that waits for its first code, made when there was none; None when it is in force.

    Args:
        key: the setting `pseudonym_key`.
        starts: somebody begins: a secret that waited for more than 15 minutes is replaced. Not while somebody is at
            it, or the picture would not be of the secret that the page shows.
    """
    row = await _locked(session, clerk.id)
    if row is not None and row.confirmed_at is not None:
        return None
    sealer = Sealer(key, purpose=SEALED_FOR)
    if row is not None and not (starts and now - row.created_at > SET_UP_LIMIT):
        return sealer.open(row.sealed_secret)
    secret = pyotp.random_base32()
    await session.merge(SecondFactor(clerk_id=clerk.id, sealed_secret=sealer.seal(secret), created_at=now))
    await session.flush()
    return secret


def address(secret: str, *, email: str) -> str:
    """What the QR code says (otpauth://, as authenticator apps read it)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


async def confirm(session: AsyncSession, *, clerk: Clerk, code: str, key: str, token: str, now: datetime) -> list[str]:
    """Put the second factor in force, once the app gave a right code; returns the recovery codes, to show once.

    All other sessions of this person end: those were opened with the password alone, by whoever had it.

    Args:
        token: of the session that goes on.

    Raises:
        CodeRefused: the code is not that of the app, or there is nothing to confirm.
    """
    row = await _locked(session, clerk.id)
    if row is None or row.confirmed_at is not None:
        raise CodeRefused
    step = _step_of(Sealer(key, purpose=SEALED_FOR).open(row.sealed_secret), code, after=row.last_step, now=now)
    if step is None:
        raise CodeRefused
    row.last_step, row.confirmed_at = step, now
    await audit.record_about_person(session, action="desk.tweede_stap_aan", about=clerk, by=clerk, now=now)
    await desk_sessions.end_others(session, clerk=clerk, token=token, now=now)
    return await _new_recovery_codes(session, clerk, key)


async def log_in(
    session: AsyncSession, *, token: str, code: str, address: str, key: str, attempts_key: str, now: datetime
) -> str | None:
    """Give a session that waits for a code what it waits for: returns the token of a full session, or None.

    A wrong code is written down here, while others who try for the same person wait: however many try at once, no more
    than the allowed number is looked at.

    Args:
        address: the client's, for counting.
        attempts_key: the setting `secret_key`.

    Raises:
        TooManyAttempts: the code was not looked at.
        CodeRefused: there is no such session.
    """
    waiting = await desk_sessions.find(session, token=token, now=now, awaits_code=True)
    if waiting is None:
        raise CodeRefused
    clerk = await session.get_one(Clerk, waiting.clerk_id)
    right = await check(session, clerk=clerk, code=code, address=address, key=key, attempts_key=attempts_key, now=now)
    if not right:
        return None
    await session.delete(waiting)
    await clerks.note_log_in(session, clerk=clerk, now=now, provider=waiting.provider)
    return await desk_sessions.open_session(
        session, clerk=clerk, now=now, device=waiting.device, provider=waiting.provider
    )


async def check(
    session: AsyncSession, *, clerk: Clerk, code: str, address: str, key: str, attempts_key: str, now: datetime
) -> bool:
    """Say whether a code of the app or a recovery code is right, and use it up. A wrong one is written down.

    Raises:
        TooManyAttempts: the code was not looked at.
    """
    row = await _locked(session, clerk.id)
    await clerks.guard_log_in(session, email=clerk.email, address=address, key=attempts_key, now=now, what=clerks.CODE)
    if row is not None and row.confirmed_at is not None:
        step = _step_of(Sealer(key, purpose=SEALED_FOR).open(row.sealed_secret), code, after=row.last_step, now=now)
        if step is not None:
            row.last_step = step
            return True
        if await _use_recovery_code(session, clerk, code, key=key, now=now):
            return True
    await clerks.note_failure(session, email=clerk.email, address=address, key=attempts_key, now=now, what=clerks.CODE)
    await session.flush()
    return False


async def renew_recovery_codes(session: AsyncSession, *, clerk: Clerk, key: str, now: datetime) -> list[str]:
    """Replace all recovery codes; the old ones stop working. Ask for a code first."""
    await audit.record_about_person(session, action="desk.herstelcodes", about=clerk, by=clerk, now=now)
    return await _new_recovery_codes(session, clerk, key)


async def unused_recovery_codes(session: AsyncSession, *, clerk: Clerk) -> int:
    """Return how many recovery codes are left."""
    left = select(func.count()).where(RecoveryCode.clerk_id == clerk.id, RecoveryCode.used_at.is_(None))
    return await session.scalar(left) or 0


async def turn_off(session: AsyncSession, *, clerk: Clerk, now: datetime) -> None:
    """Do without a second factor, where none is asked. Ask for a code first."""
    await _remove(session, clerk.id)
    await audit.record_about_person(session, action="desk.tweede_stap_uit", about=clerk, by=clerk, now=now)


async def reset(session: AsyncSession, *, clerk: Clerk, by: Clerk | None, now: datetime) -> None:
    """Take it away from somebody who lost the app and the codes, and end their sessions. Who may, is for the caller.

    Args:
        by: None is whoever installed the program.
    """
    await _remove(session, clerk.id)
    await session.execute(delete(DeskSession).where(DeskSession.clerk_id == clerk.id))
    await audit.record_about_person(session, action="medewerker.tweede_stap_gewist", about=clerk, by=by, now=now)


async def ask_of_all(session: AsyncSession, *, municipality_code: str, on: bool, clerk: Clerk, now: datetime) -> None:
    """Ask a second factor of everyone who works for a municipality, or of a beheerder only."""
    await session.merge(AccessRule(municipality_code=municipality_code, second_factor_for_all=on))
    await audit.record(
        session,
        action="instelling.tweede_stap",
        clerk=clerk,
        municipality_code=municipality_code,
        details={"iedereen": on},
        now=now,
    )
    await session.flush()


async def is_asked_of_all(session: AsyncSession, *, municipality_code: str) -> bool:
    """Whether a municipality asks it of everyone."""
    row = await session.get(AccessRule, municipality_code)
    return row is not None and row.second_factor_for_all


async def _locked(session: AsyncSession, clerk_id: uuid.UUID) -> SecondFactor | None:
    """What this person has. The person is locked and not the row, which may not be there yet."""
    await session.execute(select(Clerk.id).where(Clerk.id == clerk_id).with_for_update(key_share=True))
    return await session.get(SecondFactor, clerk_id, populate_existing=True)


def _step_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The time step whose code this is, when it is near the present one and later than the last one used."""
    typed = re.sub(r"\s", "", code)
    if not _DIGITS.fullmatch(typed):
        return None
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS), typed) and step > after:
            found = step
    return found


async def _new_recovery_codes(session: AsyncSession, clerk: Clerk, key: str) -> list[str]:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.clerk_id == clerk.id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_hash(code, clerk, key), clerk_id=clerk.id) for code in codes)
    await session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


async def _use_recovery_code(session: AsyncSession, clerk: Clerk, code: str, *, key: str, now: datetime) -> bool:
    typed = re.sub(r"[\s-]", "", code).lower().translate(str.maketrans("ilo", "110"))
    row = await session.get(RecoveryCode, _hash(typed, clerk, key), populate_existing=True)
    if row is None or row.used_at is not None:
        return False
    row.used_at = now
    await audit.record_about_person(session, action="desk.herstelcode_gebruikt", about=clerk, by=clerk, now=now)
    return True


async def _remove(session: AsyncSession, clerk_id: uuid.UUID) -> None:
    await _locked(session, clerk_id)
    await session.execute(delete(RecoveryCode).where(RecoveryCode.clerk_id == clerk_id))
    await session.execute(delete(SecondFactor).where(SecondFactor.clerk_id == clerk_id))


def _hash(code: str, clerk: Clerk, key: str) -> bytes:
    return hmac.digest(key.encode(), f"herstelcode\x00{clerk.id}\x00{code}".encode(), "sha256")
