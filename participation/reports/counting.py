"""Counting for a draft, in the background: some thousand contributions at a time, telling how far it is."""

import asyncio
import logging
import uuid
from datetime import datetime

from participation.database import Database
from participation.reports import drafts, gathering
from participation.reports.figures import Signal, figures_of
from participation.reports.scope import Scope

logger = logging.getLogger(__name__)
COUNTED, PROTECTED = 70, 90
"""How far it is, in percent, when everything has been counted, and when it is known what may be shown."""


async def count(database: Database, *, draft_id: uuid.UUID, municipality_code: str, now: datetime) -> None:
    """Find what a draft is about. When it goes wrong the draft says so; the griffie can have it tried again."""
    try:
        async with database.session(municipality_code) as session:
            draft = await drafts.find(session, municipality_code=municipality_code, draft_id=draft_id)
    except drafts.DraftUnknown:
        return
    scope = Scope.read(draft.scope)
    try:
        found = await (_pieces if scope.kind == "stukken" else _signals)(database, draft_id, municipality_code, scope)
    except Exception:
        logger.exception("Draft %s could not be counted", draft_id)
        await _tell(database, municipality_code, draft_id, state="mislukt", done=0)
        raise
    async with database.session(municipality_code) as session:
        found[drafts.COUNTED_AT] = now.isoformat()
        await drafts.progress(session, draft_id=draft_id, state="klaar", done=100, found=found)


async def _pieces(database: Database, draft_id: uuid.UUID, code: str, scope: Scope) -> dict[str, object]:
    async with database.session(code) as session:
        found = await gathering.pieces(session, municipality_code=code, scope=scope)
    return {"stukken": [str(one) for one in found[: gathering.MOST_PIECES]], "meer": len(found) > gathering.MOST_PIECES}


async def _signals(database: Database, draft_id: uuid.UUID, code: str, scope: Scope) -> dict[str, object]:
    periods = (scope.period, scope.period.before)[: 2 if scope.compares else 1]
    async with database.session(code) as session:
        counts = [
            await gathering.count(session, municipality_code=code, scope=scope, period=period) for period in periods
        ]
    signals: tuple[list[Signal], list[Signal]] = ([], [])
    async with database.session(code) as session:
        for period, kept in zip(periods, signals, strict=False):
            async for some in gathering.signals(session, municipality_code=code, scope=scope, period=period):
                kept.extend(some)
                done = COUNTED * sum(map(len, signals)) // max(sum(counts), 1)
                await _tell(database, code, draft_id, state="bezig", done=min(done, COUNTED))
    figures = await asyncio.to_thread(figures_of, *signals, fewest=scope.fewest)
    await _tell(database, code, draft_id, state="bezig", done=PROTECTED)
    shown = [line.name for line in figures.themes if line.now]
    async with database.session(code) as session:
        quotes = await gathering.quote_candidates(session, municipality_code=code, scope=scope, themes=shown)
    return {
        "getallen": figures.kept(),
        "citaten": {theme: [str(one) for one in ids] for theme, ids in quotes.items()},
    }


async def _tell(database: Database, code: str, draft_id: uuid.UUID, *, state: str, done: int) -> None:
    """In a transaction of its own, so that the page can show it."""
    async with database.session(code) as session:
        await drafts.progress(session, draft_id=draft_id, state=state, done=done)
