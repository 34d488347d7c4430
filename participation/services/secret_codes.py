"""The secret code that is given with a reference: with both, one may ask for the status on another device.

What is given out is derived from the draft with a key that is outside the database, so that a repeated confirmation
says the same code; what is kept is another HMAC of it. A code has 60 random-looking bits: guessing is hopeless, and is
slowed down all the same. An answer never tells whether a reference exists.
"""

import base64
import hmac
import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import TooManyAttempts
from participation.language.reference_words import CODE, REFERENCE
from participation.models import CodeAttempt, Contribution
from participation.services.references import parse_reference

LENGTH = 12
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""From base32 (RFC 4648) to Crockford's letters, without I, L, O and U: they are read wrongly."""

_MISREAD = str.maketrans("ILO", "110")

PER_RESIDENT, PER_REFERENCE, PER_INSTALLATION = 5, 10, 500
"""Wrong guesses in an hour after which no more are looked at: of one resident, at one reference, of all together.
A new chat costs a guesser nothing, so the second and third count too."""

PERIOD = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Named:
    """What somebody typed about a contribution: a reference, a code, or both. `misspelt` tells of a typing error."""

    reference: str | None
    code: str | None
    misspelt: bool = False


def read(text: str) -> Named:
    """Find a reference and a code in what was typed."""
    found = REFERENCE.search(text)
    reference = parse_reference(found[0]) if found else None
    rest = text if found is None else text[: found.start()] + " " + text[found.end() :]
    code = next((plain for match in CODE.finditer(rest) if any(map(str.isdigit, plain := _plain(match[0])))), None)
    return Named(reference, code, misspelt=found is not None and reference is None)


def give(contribution: Contribution, *, key: str) -> str:
    """Return the code of a contribution as it is told to its resident, and keep what it is checked by.

    Args:
        key: the setting `pseudonym_key`.
    """
    plain = next(code for code in _candidates(contribution.draft, key=key) if any(map(str.isdigit, code)))
    contribution.code_hash = _hash(plain, contribution.reference, key=key)
    return "-".join(plain[start : start + 4] for start in range(0, LENGTH, 4))


async def open_with(
    session: AsyncSession, *, reference: str, code: str, resident_id: uuid.UUID, key: str, now: datetime
) -> Contribution | None:
    """Return the contribution that this reference and code belong to; a wrong guess is kept.

    None tells that they do not belong together, and not whether the reference exists: not by what is done either, which
    is the same for both. Guesses at one reference wait for each other, so that many at once are counted too.

    Raises:
        TooManyAttempts: there were too many wrong guesses; this one was not looked at.
    """
    about = _hash("", reference, key=key)
    await session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(about[:8], signed=True))))
    for whose, most in (
        (CodeAttempt.resident_id == resident_id, PER_RESIDENT),
        (CodeAttempt.reference_hash == about, PER_REFERENCE),
        (None, PER_INSTALLATION),
    ):
        if await _guesses(session, whose, now=now) >= most:
            raise TooManyAttempts
    found = await session.scalar(select(Contribution).where(Contribution.reference == reference))
    known = found.code_hash if found is not None and found.code_hash is not None else bytes(32)
    if hmac.compare_digest(known, _hash(_plain(code), reference, key=key)):
        return found
    session.add(CodeAttempt(resident_id=resident_id, reference_hash=about, created_at=now))
    await session.flush()
    return None


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Erase the guesses of more than a day ago."""
    await session.execute(delete(CodeAttempt).where(CodeAttempt.created_at < now - KEPT))


async def _guesses(session: AsyncSession, whose: ColumnElement[bool] | None, *, now: datetime) -> int:
    query = select(func.count()).select_from(CodeAttempt).where(CodeAttempt.created_at > now - PERIOD)
    return await session.scalar(query if whose is None else query.where(whose)) or 0


def _candidates(draft: uuid.UUID, *, key: str) -> Iterator[str]:
    """Codes for a draft, always the same ones in the same order. One without a digit could be a word."""
    for number in itertools.count():
        digest = hmac.digest(key.encode(), b"code\x00%d\x00" % number + draft.bytes, "sha256")
        yield base64.b32encode(digest).decode()[:LENGTH].translate(_LETTERS)


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code.upper()).translate(_MISREAD)


def _hash(code: str, reference: str, *, key: str) -> bytes:
    return hmac.digest(key.encode(), f"codehash\x00{reference}\x00{code}".encode(), "sha256")
