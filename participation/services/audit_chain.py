"""Whether the log is as it was written: each event is in its place in the chain, and says what was hashed then."""

import hashlib
from collections.abc import AsyncIterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CONTENT = (
    "jsonb_build_array(event.id, event.municipality_code, event.clerk_id, event.action, event.record, event.details, "
    "encode(event.words_hash, 'hex'), "
    "to_char(event.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'))::text"
)
"""What is hashed of an event; the same as in the migration, whose function whoever has the database could replace."""

_CHAIN = f"""
    SELECT link.number, link.event_id, link.hash, event.id IS NOT NULL AS is_there, {CONTENT} AS content,
           event.words_hash, sha256(words.salt || convert_to(words.text, 'UTF8')) AS now_hash
    FROM audit_link AS link
    LEFT JOIN audit_event AS event ON event.id = link.event_id
    LEFT JOIN audit_words AS words ON words.event_id = link.event_id
    ORDER BY link.number
"""  # noqa: S608  (made of constants)
_OUTSIDE = """
    SELECT min(id) FROM audit_event AS event
    WHERE NOT EXISTS (SELECT FROM audit_link AS link WHERE link.event_id = event.id)
"""


@dataclass(frozen=True)
class Mark:
    """A place in the chain, to note down somewhere else. A log that was written anew does not have it any more."""

    number: int
    hash: str

    @classmethod
    def of(cls, typed: str) -> "Mark":
        """Read what `str` gives.

        Raises:
            ValueError: it is no mark.
        """
        number, _, digest = typed.strip().partition(":")
        if not (number.isascii() and number.isdigit() and len(bytes.fromhex(digest)) == hashlib.sha256().digest_size):
            raise ValueError(typed)
        return cls(int(number), digest.lower())

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Fault:
    """The first thing that is not right, and at which place in the chain, or with which event."""

    what: str
    at: int


LOST, CHANGED, WORDS_CHANGED, LINK_LOST = "event lost", "event changed", "typed words changed", "link lost"
OUTSIDE, NO_MARK = "event outside the chain", "the noted mark is not in the chain"


@dataclass(frozen=True)
class Checked:
    """What was found: how many events, how many of them lost their typed words by erasing, and the last link."""

    events: int
    erased: int
    last: Mark | None
    fault: Fault | None


async def check(session: AsyncSession, *, noted: Mark | None = None) -> Checked:
    """Walk along the whole chain, and stop at the first fault.

    Run with the scope of every municipality: the chain is one for the whole installation, see the ADR.

    Args:
        noted: the last link of an earlier check, kept outside this database.
    """
    rows = await session.stream(text(_CHAIN), execution_options={"yield_per": 1000})
    try:
        found = await _walk(rows, noted)
    finally:
        await rows.close()
    if found.fault is None and (outside := await session.scalar(text(_OUTSIDE))) is not None:
        return replace(found, fault=Fault(OUTSIDE, outside))
    return found


async def _walk(rows: AsyncIterable[Any], noted: Mark | None) -> Checked:
    events = erased = 0
    last: Mark | None = None
    before = b""
    fault: Fault | None = None if noted is None else Fault(NO_MARK, noted.number)
    async for row in rows:
        if wrong := _wrong(row, number=events + 1, before=before):
            return Checked(events, erased, last, wrong)
        events += 1
        erased += row.words_hash is not None and row.now_hash is None
        before = row.hash
        last = Mark(row.number, row.hash.hex())
        if last == noted:
            fault = None
    return Checked(events, erased, last, fault)


def _wrong(row: Any, *, number: int, before: bytes) -> Fault | None:
    if row.number != number:
        return Fault(LINK_LOST, number)
    if not row.is_there:
        return Fault(LOST, row.event_id)
    if hashlib.sha256(before + row.content.encode()).digest() != row.hash:
        return Fault(CHANGED, row.event_id)
    if row.now_hash is not None and row.now_hash != row.words_hash:
        return Fault(WORDS_CHANGED, row.event_id)
    return None
