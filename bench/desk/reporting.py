"""A report on 5,000 contributions, from choosing it to its files, as the worker makes it.

In the scratch database a municipality gets two periods of so many contributions each, as a report holds its period
against the one before: of as many residents, on fifteen themes in 26 places, some with many and some with few, a third
of which may be quoted. The time is that of all of it: counting, hiding small numbers, issuing, and every kind of file.
"""

import asyncio
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import select

from bench.desk import filling
from participation.database import Database
from participation.language.themes import themes
from participation.models import Clerk, ReportFile
from participation.models.consent import SHARE
from participation.models.contribution import KINDS
from participation.reports import counting, drafts, issuing, rendering
from participation.reports.scope import Scope

CODE = "GM0307"
CONTRIBUTIONS = 5000
THEMES, PLACES = 15, 26
DAYS = 180
GOAL_S = 10.0
LOOK_SECONDS = 0.1
"""How often it is looked how far the counting is."""

_FILL = """
    CREATE TEMPORARY TABLE made AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS resident, n, %(first)s + random() * %(spread)s AS at,
           texts[1 + floor(random() * cardinality(texts))::int] AS said,
           kinds[1 + floor(random() * cardinality(kinds))::int] AS kind,
           themes[1 + floor(random() ^ 2 * cardinality(themes))::int] AS theme,
           'Wijk ' || floor(random() ^ 2 * %(places)s) AS place, random() < 0.33 AS may_be_quoted
    FROM generate_series(1, %(count)s) AS n,
         (SELECT %(texts)s::text[], %(kinds)s::text[], %(themes)s::text[]) AS one (texts, kinds, themes);
    INSERT INTO resident (id, pseudonym, channel, created_at, last_seen_at)
    SELECT resident, decode(md5(n::text), 'hex'), 'web', at, at FROM made;
    INSERT INTO contribution (id, reference, municipality_code, draft, resident_id, text, masked_text, masked_at,
                              channel, kind, theme, created_at)
    SELECT id, 'B-' || n, %(code)s, gen_random_uuid(), resident, said, said, at, 'web', kind, theme, at FROM made;
    INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, created_at)
    SELECT gen_random_uuid(), id, %(code)s, 1, 'ontvangen', at FROM made;
    INSERT INTO worklist_item (contribution_id, municipality_code, created_at, channel, kind, theme, status, status_at,
                               is_placed, place)
    SELECT id, %(code)s, at, 'web', kind, theme, 'ontvangen', at, true, place FROM made;
    INSERT INTO consent (resident_id, municipality_code, contribution_id, purpose, given, text_version, channel,
                         created_at)
    SELECT resident, %(code)s, id, %(share)s, true, 1, 'web', at FROM made WHERE may_be_quoted;
"""


def fill(url: str, today: date) -> None:
    """Make what the report and the period before it are about; the triggers are off, as in `filling`."""
    values = {
        "first": datetime.combine(today - timedelta(days=2 * DAYS), datetime.min.time(), UTC),
        "spread": timedelta(days=2 * DAYS),
        "texts": [one for one in filling.texts() if len(one) > 30],
        "kinds": list(KINDS),
        "themes": sorted(themes())[:THEMES],
        "places": PLACES,
        "count": 2 * CONTRIBUTIONS,
        "code": CODE,
        "share": SHARE,
    }
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica; SELECT setseed(0.26)")
        connection.execute(_FILL, values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def measure(url: str) -> dict[str, Any]:
    """Make the report; times are seconds, of the clock and of this process' work."""
    now = datetime.now(UTC)
    today = now.date()
    fill(url, today)
    scope = Scope("signalen", "raad", today - timedelta(days=DAYS), today - timedelta(days=1))
    database = Database(url, become_app_role=True)
    try:
        async with database.session(CODE) as session:
            clerk = (await session.scalars(select(Clerk).limit(1))).one()
            draft = await drafts.make(session, scope=scope, municipality_code=CODE, clerk=clerk, now=now)
        started, worked = time.perf_counter(), time.process_time()
        told, counted = await _count(database, draft.id, now)
        async with database.session(CODE) as session:
            found = await drafts.find(session, municipality_code=CODE, draft_id=draft.id)
            seal = (await drafts.paper_of(session, found)).seal
            report = await issuing.issue(
                session, municipality_code=CODE, draft_id=draft.id, seen=seal, clerk=clerk, now=now
            )
        await rendering.render(database, report_id=report.id, municipality_code=CODE, now=now)
        took, worked = time.perf_counter() - started, time.process_time() - worked
        async with database.session(CODE) as session:
            files = (await session.scalars(select(ReportFile.format).order_by(ReportFile.format))).all()
    finally:
        await database.close()
    return {
        "contributions": CONTRIBUTIONS,
        "themes": THEMES,
        "places": PLACES,
        "files": list(files),
        "progress": told,
        "counted_s": round(counted, 2),
        "all_s": round(took, 2),
        "process_s": round(worked, 2),
    }


async def _count(database: Database, draft_id: uuid.UUID, now: datetime) -> tuple[list[int], float]:
    """Count, and look meanwhile how far it is as the page does; returns what was told, and how long it took."""
    started, told = time.perf_counter(), [0]
    work = asyncio.create_task(counting.count(database, draft_id=draft_id, municipality_code=CODE, now=now))
    while not work.done():
        async with database.session(CODE) as session:
            draft = await drafts.find(session, municipality_code=CODE, draft_id=draft_id)
        if draft.done != told[-1]:
            told.append(draft.done)
        await asyncio.wait({work}, timeout=LOOK_SECONDS)
    await work
    return told, time.perf_counter() - started
