"""Whether the bot understood: what residents said of its answers, and what clerks made of its proposals."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.measures.figures import Figure
from participation.models.improvement import REASONS

WEEK = timedelta(days=7)
NO_REASON = "geen"
SAME, OTHER_KIND, OTHER_THEME = "gelijk", "andere_soort", "ander_thema"

# By municipality, since the indexes begin with it: PostgreSQL can look into them once for each, past all older rows.
_VERDICTS = text("""
    SELECT verdict.verdict, coalesce(verdict.reason, :none), count(*)
      FROM municipality
      JOIN LATERAL (SELECT verdict, reason FROM answer_verdict
                     WHERE municipality_code = municipality.code AND created_at >= :since) verdict ON true
     GROUP BY 1, 2
""")
_SORTINGS = text("""
    SELECT clerk.kind IS DISTINCT FROM model.kind AS other_kind, clerk.theme <> model.theme AS other_theme, count(*)
      FROM municipality
      JOIN LATERAL (SELECT contribution_id FROM worklist_item
                     WHERE municipality_code = municipality.code AND created_at >= :since) item ON true
      JOIN LATERAL (SELECT kind, theme FROM contribution_sorting
                     WHERE contribution_id = item.contribution_id AND clerk_id IS NULL
                     ORDER BY created_at DESC LIMIT 1) model ON true
      JOIN LATERAL (SELECT kind, theme FROM contribution_sorting
                     WHERE contribution_id = item.contribution_id AND clerk_id IS NOT NULL
                     ORDER BY created_at DESC LIMIT 1) clerk ON true
     GROUP BY 1, 2
""")


async def verdicts(session: AsyncSession, now: datetime) -> list[Figure]:
    """What residents pressed below answers: "nee" because it answered another question is a wrong action."""
    rows = await session.execute(_VERDICTS, {"since": now - WEEK, "none": NO_REASON})
    counts = {("ja", NO_REASON): 0, **{("nee", reason): 0 for reason in (NO_REASON, *REASONS)}}
    counts.update({(verdict, reason): count for verdict, reason, count in rows})
    return [Figure("samenspel_verdicts_week", count, labels) for labels, count in counts.items()]


async def sortings(session: AsyncSession, now: datetime) -> list[Figure]:
    """What clerks last said of the kind and theme that the model proposed; another kind weighs more than a theme."""
    counts = Counter({SAME: 0, OTHER_KIND: 0, OTHER_THEME: 0})
    for other_kind, other_theme, count in await session.execute(_SORTINGS, {"since": now - WEEK}):
        counts[OTHER_KIND if other_kind else OTHER_THEME if other_theme else SAME] += count
    return [Figure("samenspel_sortings_week", count, (outcome,)) for outcome, count in counts.items()]
