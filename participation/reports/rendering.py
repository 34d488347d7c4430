"""Making the files of an issued report, once."""

import asyncio
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from participation.database import Database
from participation.models import IssuedReport, ReportFile
from participation.reports.documents import FORMATS


async def render(database: Database, *, report_id: uuid.UUID, municipality_code: str, now: datetime) -> None:
    """Make the files that are not there yet. A file that another process made meanwhile stays as it is."""
    async with database.session(municipality_code) as session:
        report = await session.get(IssuedReport, report_id)
        present = set(await session.scalars(select(ReportFile.format).where(ReportFile.report_id == report_id)))
    if report is None:
        return
    for name, kind in FORMATS.items():
        if name in present:
            continue
        body = await asyncio.to_thread(kind.make, report.content)
        async with database.session(municipality_code) as session:
            await session.execute(
                insert(ReportFile)
                .values(report_id=report_id, format=name, municipality_code=municipality_code, body=body, made_at=now)
                .on_conflict_do_nothing()
            )
