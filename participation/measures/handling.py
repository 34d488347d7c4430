"""What somebody has to do something about: contributions that wait too long, calendars gone stale, no back-ups."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council.feeds import FILE
from participation.measures.figures import Figure
from participation.models import BackupMade, CouncilFeed, MunicipalitySetting, WorklistItem
from participation.municipality_choices import PERIODS, Choices
from participation.services.worklist_views import is_waiting, overdue


async def overdue_contributions(session: AsyncSession, now: datetime) -> list[Figure]:
    """How many contributions of each municipality wait longer than it chose itself; those without any are left out."""
    kept = await session.execute(
        select(MunicipalitySetting.municipality_code, MunicipalitySetting.value).where(
            MunicipalitySetting.name == PERIODS
        )
    )
    chosen: dict[tuple[tuple[str, timedelta], ...], list[str]] = defaultdict(list)
    for code, days in kept:
        chosen[tuple(Choices.read({PERIODS: days}).patience.items())].append(code)
    apart = [code for codes in chosen.values() for code in codes]
    counted = (
        select(WorklistItem.municipality_code, func.count())
        .where(is_waiting())
        .group_by(WorklistItem.municipality_code)
    )
    usual = counted.where(overdue(WorklistItem, now), WorklistItem.municipality_code.not_in(apart))
    others = (
        counted.where(overdue(WorklistItem, now, dict(patience)), WorklistItem.municipality_code.in_(codes))
        for patience, codes in chosen.items()
    )
    return [
        Figure("samenspel_contributions_overdue", count, (code,))
        for query in (usual, *others)
        for code, count in await session.execute(query)
    ]


async def imports(session: AsyncSession, now: datetime) -> list[Figure]:
    """How the calendars fare that are read by themselves; a table that was handed over is the griffie's own affair."""
    last_good = func.coalesce(CouncilFeed.last_good_at, CouncilFeed.created_at)
    promised = last_good + func.make_interval(0, 0, 0, 0, CouncilFeed.fresh_hours)
    rows = await session.execute(
        select(
            CouncilFeed.municipality_code,
            func.count().filter(promised < now),
            func.extract("epoch", func.min(last_good)),
        )
        .where(CouncilFeed.kind != FILE)
        .group_by(CouncilFeed.municipality_code)
    )
    return [
        figure
        for code, stale, since in rows
        for figure in (
            Figure("samenspel_imports_stale", stale, (code,)),
            Figure("samenspel_import_last_good_timestamp_seconds", float(since), (code,)),
        )
    ]


async def backups(session: AsyncSession, now: datetime) -> list[Figure]:
    """How old the last back-up is that our own program made; nothing where it never made any."""
    last = await session.scalar(select(func.max(BackupMade.made_at)))
    return [Figure("samenspel_backup_last_timestamp_seconds", last.timestamp())] if last else []
