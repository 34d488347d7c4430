"""Whether the log is as it was written: each event is in its place in the chain, and says what was hashed then."""

import hashlib
from collections.abc import AsyncIterable
from dataclasses import dataclass, replace
from datetime import datetime
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
TAKEN_OFF = "logboek.opgeruimd"
_SEALS = f"""
    SELECT (details ->> 'tot')::bigint AS number, details ->> 'hash' AS hash FROM audit_event
    WHERE action = '{TAKEN_OFF}' ORDER BY id DESC
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
OLDER_MARK = "the noted mark is of a part that was taken off, so note down a newer one more often"
AT_ONCE = 5000
"""Events that are taken off in one transaction, while others who write to the log wait."""


@dataclass(frozen=True)
class Checked:
    """What was found: how many events, how many of them lost their typed words by erasing, and the last link.

    `taken_off` counts the older events whose period was over; the chain goes on from the seal that they left.
    """

    events: int
    erased: int
    last: Mark | None
    fault: Fault | None
    taken_off: int = 0


async def check(session: AsyncSession, *, noted: Mark | None = None) -> Checked:
    """Walk along the whole chain, and stop at the first fault.

    Run with the scope of every municipality: the chain is one for the whole installation, see the ADR.

    Args:
        noted: the last link of an earlier check, kept outside this database.
    """
    start = await _start(session)
    if isinstance(start, Fault):
        return Checked(0, 0, None, start)
    rows = await session.stream(text(_CHAIN), execution_options={"yield_per": 1000})
    try:
        found = await _walk(rows, noted if noted is None or noted.number > start.number else None, start)
    finally:
        await rows.close()
    if found.fault is None and noted is not None and noted.number <= start.number:
        found = replace(found, fault=await _of_a_seal(session, noted))
    if found.fault is None and (outside := await session.scalar(text(_OUTSIDE))) is not None:
        return replace(found, fault=Fault(OUTSIDE, outside))
    return found


async def take_off(session: AsyncSession, *, keep_since: datetime, now: datetime) -> int:
    """Take the oldest events off the log, some thousands at most; returns how many went. The last link always stays.

    The database does it and seals the place; it refuses to take off what is younger than a year.
    """
    statement = text("SELECT audit_take_off(:keep_since, :now, :most)")
    values = {"keep_since": keep_since, "now": now, "most": AT_ONCE}
    return int(await session.scalar(statement, values) or 0)


async def _start(session: AsyncSession) -> Mark | Fault:
    """The link before the first that is kept: of nothing, or as the seal says that was left there."""
    first = await session.scalar(text("SELECT min(number) FROM audit_link"))
    if first is None or first == 1:
        return Mark(0, "")
    for seal in await session.execute(text(_SEALS)):
        if seal.number == first - 1:
            return Mark(seal.number, seal.hash)
    return Fault(LINK_LOST, 1)


async def _of_a_seal(session: AsyncSession, noted: Mark) -> Fault | None:
    for seal in await session.execute(text(_SEALS)):
        if seal.number == noted.number:
            return None if seal.hash == noted.hash else Fault(NO_MARK, noted.number)
    return Fault(OLDER_MARK, noted.number)


async def _walk(rows: AsyncIterable[Any], noted: Mark | None, start: Mark) -> Checked:
    events = erased = 0
    last: Mark | None = None
    before = bytes.fromhex(start.hash)
    fault: Fault | None = None if noted is None else Fault(NO_MARK, noted.number)
    async for row in rows:
        if wrong := _wrong(row, number=start.number + events + 1, before=before):
            return Checked(events, erased, last, wrong, start.number)
        events += 1
        erased += row.words_hash is not None and row.now_hash is None
        before = row.hash
        last = Mark(row.number, row.hash.hex())
        if last == noted:
            fault = None
    return Checked(events, erased, last, fault, start.number)


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
