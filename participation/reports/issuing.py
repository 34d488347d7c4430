"""Issuing a paper: from then on it has a number and never changes; and finding back what was issued."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.dates import AMSTERDAM
from participation.errors import DomainError
from participation.models import Clerk, Contribution, IssuedReport, ReportDraft, ReportFile, ReportSource, WorklistItem
from participation.models.consent import NAME
from participation.models.contribution import WITHDRAWN
from participation.models.report import FORMATS
from participation.reports import drafts
from participation.reports.paper import Paper, digest
from participation.reports.scope import Period, Scope
from participation.services import audit, consents

_NUMBERS = "rapport:"

COUNTED_FOR = timedelta(days=1)
"""How long what was counted may be issued."""


class ReportUnknown(DomainError):
    """There is no such report in this municipality, or not for who asks."""


class ReportReplaced(DomainError):
    """Another report came in its place already."""


class NothingToIssue(DomainError):
    """A list without pieces, or a report without numbers, is not issued."""


class PieceWaits(DomainError):
    """A text on the list has not been made readable yet."""


class CountedLongAgo(DomainError):
    """It was counted too long ago: meanwhile residents told more, or took it back."""


class PaperChanged(DomainError):
    """The paper says something else now than what the person who issues it looked at."""


@dataclass(frozen=True)
class Listed:
    """An issued report in a list. `replaced_by` came in its place."""

    report: IssuedReport
    replaced_by: IssuedReport | None


@dataclass(frozen=True)
class Trace:
    """Where a number in a report came from. `changed` says what the resident did since, as a code; none when nothing.

    Without a contribution it was erased, and nobody can find out any more whose it was.
    """

    number: int
    role: str
    contribution_id: uuid.UUID | None
    reference: str
    changed: str | None


async def issue(
    session: AsyncSession, *, municipality_code: str, draft_id: uuid.UUID, seen: str, clerk: Clerk, now: datetime
) -> IssuedReport:
    """Give a draft its number and freeze it. The draft is gone then.

    The texts are read once more: what a resident withdrew a moment ago is not in it.

    Args:
        seen: the `seal` of the paper as it was looked at.

    Raises:
        PaperChanged: nobody looked at it as it is now.
        DraftUnknown, DraftNotReady: nothing was issued.
        NothingToIssue: it has no lines.
        PieceWaits: a subject can not be read yet.
        CountedLongAgo: it has to be counted again first.
        ReportReplaced: a colleague issued another report in the place of the same one.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{_NUMBERS}{municipality_code}"))))
    await _lock_pieces(session, municipality_code=municipality_code, draft_id=draft_id)
    draft = await drafts.find(session, municipality_code=municipality_code, draft_id=draft_id, lock=True)
    scope, year = Scope.read(draft.scope), now.astimezone(AMSTERDAM).year
    if draft.replaces_id and await _replacement_of(session, draft.replaces_id):
        raise ReportReplaced
    last = await session.scalar(
        select(func.max(IssuedReport.number)).where(
            IssuedReport.municipality_code == municipality_code, IssuedReport.year == year
        )
    )
    number = (last or 0) + 1
    paper = await drafts.paper_of(session, draft, number=f"{year}-{number:03}", now=now)
    if not any(block["soort"] == "tabel" for block in paper.blocks):
        raise NothingToIssue
    if now - drafts.counted_at(draft) > COUNTED_FOR:
        raise CountedLongAgo
    if any(piece.waits for piece in await drafts.pieces_of(session, draft)):
        raise PieceWaits
    if paper.seal != seen:
        raise PaperChanged
    report = _frozen(paper, scope, year, number, clerk, now, municipality_code, draft.replaces_id)
    session.add(report)
    await session.flush()
    session.add_all(
        ReportSource(
            report_id=report.id,
            number=source.number,
            municipality_code=municipality_code,
            role=source.role,
            contribution_id=source.contribution_id,
        )
        for source in paper.sources
    )
    await session.delete(draft)
    await audit.record(
        session,
        action="raad.vastgesteld",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(report.id),
        details={"nummer": report.reference, "soort": report.kind, "sha256": report.digest.hex()},
        now=now,
    )
    await session.flush()
    return report


async def all_of(session: AsyncSession, *, municipality_code: str, may_handle: bool) -> list[Listed]:
    """Return what was issued, newest first. Who only reads does not see what was replaced."""
    later = aliased(IssuedReport)
    query = (
        select(IssuedReport, later)
        .outerjoin(later, later.replaces_id == IssuedReport.id)
        .where(IssuedReport.municipality_code == municipality_code)
        .order_by(IssuedReport.year.desc(), IssuedReport.number.desc())
    )
    if not may_handle:
        query = query.where(later.id.is_(None))
    return [Listed(report, replaced_by) for report, replaced_by in await session.execute(query)]


async def find(
    session: AsyncSession, *, municipality_code: str, report_id: uuid.UUID, may_handle: bool = True
) -> Listed:
    """Return an issued report.

    Raises:
        ReportUnknown: not here, or replaced and the person only reads.
    """
    report = await session.scalar(
        select(IssuedReport).where(IssuedReport.id == report_id, IssuedReport.municipality_code == municipality_code)
    )
    if report is None:
        raise ReportUnknown
    replaced_by = await _replacement_of(session, report_id)
    if replaced_by is not None and not may_handle:
        raise ReportUnknown
    return Listed(report, replaced_by)


async def overlapping(
    session: AsyncSession, *, municipality_code: str, scope: Scope, replaces_id: uuid.UUID | None
) -> Sequence[IssuedReport]:
    """Return reports on signals that tell of a part of the same days: their difference may tell too much.

    Each report also tells of the period before its own; that counts for both.

    The one over just the same days and themes for the same readers is among them as well: what came in or was
    withdrawn since is the difference.
    """
    if scope.kind != "signalen":
        return ()
    rows = await session.scalars(
        select(IssuedReport)
        .where(
            IssuedReport.municipality_code == municipality_code,
            IssuedReport.kind == "signalen",
            IssuedReport.until >= scope.period.before.since,
            IssuedReport.id.is_distinct_from(replaces_id),
        )
        .order_by(IssuedReport.year, IssuedReport.number)
    )
    return [one for one in rows if Period(one.since, one.until).before.since <= scope.until]


async def traces(session: AsyncSession, *, municipality_code: str, report_id: uuid.UUID) -> list[Trace]:
    """Return where the numbers in a report came from, and what became of it since."""
    not_for_council = Contribution.id.in_(consents.not_for_council(municipality_code))
    no_name = Contribution.id.in_(consents.withdrawn_of(NAME, municipality_code))
    withdrawn = (Contribution.text == WITHDRAWN) | (WorklistItem.status == "geannuleerd")
    rows = await session.execute(
        select(
            ReportSource,
            Contribution.reference,
            withdrawn.label("withdrawn"),
            not_for_council.label("not_for_council"),
            no_name.label("no_name"),
        )
        .outerjoin(Contribution, Contribution.id == ReportSource.contribution_id)
        .outerjoin(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .where(ReportSource.report_id == report_id, ReportSource.municipality_code == municipality_code)
        .order_by(ReportSource.number)
    )
    return [
        Trace(
            number=row.ReportSource.number,
            role=row.ReportSource.role,
            contribution_id=row.ReportSource.contribution_id,
            reference=row.reference or "",
            changed=_changed(row.ReportSource, row.withdrawn, row.not_for_council, row.no_name),
        )
        for row in rows
    ]


async def file_of(
    session: AsyncSession, *, municipality_code: str, report_id: uuid.UUID, format_: str
) -> ReportFile | None:
    """Return a report as a file; none while that is being made."""
    return await session.scalar(
        select(ReportFile).where(
            ReportFile.report_id == report_id,
            ReportFile.format == format_,
            ReportFile.municipality_code == municipality_code,
        )
    )


async def formats_of(session: AsyncSession, *, municipality_code: str, report_id: uuid.UUID) -> Sequence[str]:
    """Return which files there are."""
    rows = await session.scalars(
        select(ReportFile.format).where(
            ReportFile.report_id == report_id, ReportFile.municipality_code == municipality_code
        )
    )
    return rows.all()


async def without_files(session: AsyncSession) -> Sequence[tuple[uuid.UUID, str]]:
    """Return issued reports of which files are missing, with their municipality: also of a format that is new."""
    made = select(func.count()).where(ReportFile.report_id == IssuedReport.id).scalar_subquery()
    rows = await session.execute(select(IssuedReport.id, IssuedReport.municipality_code).where(made < len(FORMATS)))
    return [(report_id, code) for report_id, code in rows]


def _changed(source: ReportSource, withdrawn: bool | None, not_for_council: bool, no_name: bool) -> str | None:
    if source.contribution_id is None:
        return "gewist"
    if withdrawn:
        return "ingetrokken"
    if not_for_council:
        return "niet_delen"
    return "naam" if source.role == "stuk_met_naam" and no_name else None


def _frozen(
    paper: Paper,
    scope: Scope,
    year: int,
    number: int,
    clerk: Clerk,
    now: datetime,
    municipality_code: str,
    replaces_id: uuid.UUID | None,
) -> IssuedReport:
    content = paper.content()
    return IssuedReport(
        id=uuid.uuid4(),
        municipality_code=municipality_code,
        kind=scope.kind,
        audience=scope.audience,
        year=year,
        number=number,
        title=paper.title,
        since=scope.since,
        until=scope.until,
        scope=scope.kept(),
        content=content,
        digest=digest(content),
        replaces_id=replaces_id,
        issued_by=clerk.id,
        issued_at=now,
    )


async def _lock_pieces(session: AsyncSession, *, municipality_code: str, draft_id: uuid.UUID) -> None:
    """Lock what is listed or may be quoted before its draft: whoever withdraws or changes one locks in the same order
    (`report_edits`), and is either before this paper or too late."""
    found = await session.scalar(
        select(ReportDraft.found).where(ReportDraft.id == draft_id, ReportDraft.municipality_code == municipality_code)
    )
    listed_or_quoted = ((found or {}).get("stukken", []), *(found or {}).get("citaten", {}).values())
    ids = [uuid.UUID(one) for some in listed_or_quoted for one in some]
    listed = select(Contribution.id).where(
        Contribution.id.in_(ids), Contribution.municipality_code == municipality_code
    )
    await session.execute(listed.order_by(Contribution.id).with_for_update(read=True, key_share=True))


async def _replacement_of(session: AsyncSession, report_id: uuid.UUID) -> IssuedReport | None:
    return await session.scalar(select(IssuedReport).where(IssuedReport.replaces_id == report_id))
