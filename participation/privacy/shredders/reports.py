"""That words of a resident are in a paper that the council got."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Contribution, IssuedReport, ReportSource
from participation.privacy import report_edits
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class InReports(Kind):
    """The link from a quote or a line of a list back to the contribution. The paper itself is a record of the council.

    This goes first: once a contribution has been cut loose from its resident, nobody can find the link any more.
    """

    name: ClassVar[str] = "in_stukken"
    tables: ClassVar[frozenset[str]] = frozenset({"report_source"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """In which papers, and under which number."""
        rows = await session.execute(
            select(Contribution.reference, IssuedReport, ReportSource)
            .join(ReportSource, ReportSource.contribution_id == Contribution.id)
            .join(IssuedReport, IssuedReport.id == ReportSource.report_id)
            .where(Contribution.resident_id == subject.resident_id)
            .order_by(IssuedReport.issued_at, ReportSource.number)
        )
        return [
            {
                "nummer": reference,
                "gemeente": report.municipality_code,
                "stuk": f"{report.title} {report.reference}",
                "nummer_in_het_stuk": source.number,
                "met_naam": source.role == "stuk_met_naam",
                "tijd": report.issued_at.isoformat(),
            }
            for reference, report, source in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Cut the link, and forget what was written about it in drafts."""
        theirs = select(Contribution.id).where(Contribution.resident_id == subject.resident_id)
        await report_edits.forget(session, contribution_ids=(await session.scalars(theirs)).all())
        return await delete_rows(
            session,
            update(ReportSource).where(ReportSource.contribution_id.in_(theirs)).values(contribution_id=None),
        )
