"""Making a paper: choosing, counting in the background, looking at it, and changing it until it is issued."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM, day_and_time
from participation.errors import DomainError
from participation.models import AgendaItem, Clerk, IssuedReport, Meeting, ReportDraft
from participation.reports import texts
from participation.reports.figures import Figures
from participation.reports.paper import Heading, Paper
from participation.reports.pieces_paper import LONGEST_PROPOSAL, LONGEST_SUBJECT, Piece, pieces_paper
from participation.reports.scope import LONGEST_MEETING, Scope
from participation.reports.signals_paper import signals_paper
from participation.services import audit, municipalities

KEPT_FOR = timedelta(days=30)
"""A draft that nobody changes goes after that: what was found for it is old by then."""

COUNTED_AT = "geteld_op"
"""Key in what was found: the moment at which the counting began."""

SILENT_FOR = timedelta(minutes=10)
"""When nothing is heard of the counting for so long, it broke off."""

LONGEST_MEETING_WORDS = 300


class DraftUnknown(DomainError):
    """There is no such draft in this municipality."""


class DraftNotReady(DomainError):
    """What it is about is still being counted."""


async def make(
    session: AsyncSession,
    *,
    municipality_code: str,
    scope: Scope,
    clerk: Clerk,
    now: datetime,
    replaces: IssuedReport | None = None,
) -> ReportDraft:
    """Begin a paper; the worker counts.

    Args:
        replaces: the issued report that it will come in place of.

    Raises:
        ScopeFaulty: something chosen can not be.
    """
    scope.check(today=now.astimezone(AMSTERDAM).date())
    draft = ReportDraft(
        id=uuid.uuid4(),
        municipality_code=municipality_code,
        kind=scope.kind,
        scope=scope.kept(),
        edits={},
        state="wacht",
        done=0,
        found={},
        replaces_id=replaces.id if replaces else None,
        made_by=clerk.id,
        made_at=now,
        changed_at=now,
    )
    session.add(draft)
    await _record(session, "raad.concept_gemaakt", draft, clerk, now)
    return draft


async def find(
    session: AsyncSession, *, municipality_code: str, draft_id: uuid.UUID, lock: bool = False
) -> ReportDraft:
    """Return a draft of this municipality.

    Raises:
        DraftUnknown: not here.
    """
    query = select(ReportDraft).where(ReportDraft.id == draft_id, ReportDraft.municipality_code == municipality_code)
    draft = await session.scalar(query.with_for_update() if lock else query)
    if draft is None:
        raise DraftUnknown
    return draft


async def all_of(session: AsyncSession, *, municipality_code: str) -> Sequence[ReportDraft]:
    """Return the drafts of a municipality, the newest first."""
    rows = await session.scalars(
        select(ReportDraft)
        .where(ReportDraft.municipality_code == municipality_code)
        .order_by(ReportDraft.made_at.desc(), ReportDraft.id)
    )
    return rows.all()


async def waiting(session: AsyncSession) -> Sequence[ReportDraft]:
    """Return the drafts of all municipalities that still have to be counted, or of which the counting broke off.

    A worker that stops halfway leaves a draft that says for ever that it is being counted.
    """
    heard = func.coalesce(ReportDraft.found["voortgang"].astext.cast(DateTime(timezone=True)), ReportDraft.changed_at)
    silent = and_(ReportDraft.state == "bezig", heard < func.now() - SILENT_FOR)
    rows = await session.scalars(select(ReportDraft).where(or_(ReportDraft.state == "wacht", silent)))
    return rows.all()


async def progress(
    session: AsyncSession, *, draft_id: uuid.UUID, state: str, done: int, found: Mapping[str, Any] | None = None
) -> bool:
    """Note how far the counting is, and that it goes on; returns whether the draft is still there."""
    going_on = ReportDraft.found.concat(func.jsonb_build_object("voortgang", func.now()))
    values = {"state": state, "done": done, "found": going_on if found is None else dict(found)}
    statement = update(ReportDraft).where(ReportDraft.id == draft_id).values(values).returning(ReportDraft.id)
    return await session.scalar(statement) is not None


def counted_at(draft: ReportDraft) -> datetime:
    """When the counting began; of a draft from before this was kept: when it was made."""
    kept = draft.found.get(COUNTED_AT)
    return datetime.fromisoformat(kept) if kept else draft.made_at


async def again(session: AsyncSession, *, municipality_code: str, draft_id: uuid.UUID, now: datetime) -> None:
    """Let the worker count once more, with what came in or was withdrawn since."""
    draft = await find(session, municipality_code=municipality_code, draft_id=draft_id, lock=True)
    draft.state, draft.done, draft.changed_at = "wacht", 0, now
    await session.flush()


async def discard(
    session: AsyncSession, *, municipality_code: str, draft_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Throw a draft away.

    Raises:
        DraftUnknown: not here.
    """
    draft = await find(session, municipality_code=municipality_code, draft_id=draft_id, lock=True)
    await session.delete(draft)
    await _record(session, "raad.concept_weggegooid", draft, clerk, now)


async def erase_old(session: AsyncSession, *, now: datetime) -> int:
    """Erase the drafts that nobody changed for a while; returns how many."""
    rows = await session.scalars(
        delete(ReportDraft).where(ReportDraft.changed_at < now - KEPT_FOR).returning(ReportDraft.id)
    )
    return len(rows.all())


async def leave_out(
    session: AsyncSession,
    *,
    municipality_code: str,
    draft_id: uuid.UUID,
    contribution_ids: Sequence[uuid.UUID],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Leave quotes out; others come in their place, as far as there are any."""
    draft = await find(session, municipality_code=municipality_code, draft_id=draft_id, lock=True)
    known = {one for ids in draft.found.get("citaten", {}).values() for one in ids}
    left_out = {*draft.edits.get("weggelaten", []), *(str(one) for one in contribution_ids)} & known
    draft.edits = draft.edits | {"weggelaten": sorted(left_out)}
    draft.changed_at = now
    await _record(session, "raad.citaten_weggelaten", draft, clerk, now, aantal=len(left_out))


async def edit_pieces(
    session: AsyncSession,
    *,
    municipality_code: str,
    draft_id: uuid.UUID,
    edits: Mapping[uuid.UUID, Mapping[str, Any]],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Keep what the griffie wrote for the lines of a list: `onderwerp`, `voorstel`, and `weg` for off the list.

    What stands there by itself is not kept: it is read when the page is shown. Nothing is kept of a line that is gone.
    """
    draft = await find(session, municipality_code=municipality_code, draft_id=draft_id, lock=True)
    kept = {}
    for line in await pieces_of(session, draft, as_found=True):
        edit = edits.get(line.contribution_id)
        if edit is None:
            continue
        written = {
            "onderwerp": (" ".join(str(edit["onderwerp"]).split())[:LONGEST_SUBJECT], line.subject),
            "voorstel": (" ".join(str(edit["voorstel"]).split())[:LONGEST_PROPOSAL], line.proposal),
        }
        kept[str(line.contribution_id)] = {"weg": bool(edit["weg"])} | {
            name: text for name, (text, by_itself) in written.items() if text != by_itself
        }
    draft.edits = draft.edits | {"stukken": draft.edits.get("stukken", {}) | kept}
    draft.changed_at = now
    off_the_list = sum(edit["weg"] for edit in draft.edits["stukken"].values())
    await _record(session, "raad.concept_bewerkt", draft, clerk, now, weggelaten=off_the_list)


async def paper_of(
    session: AsyncSession, draft: ReportDraft, *, number: str = "", now: datetime | None = None
) -> Paper:
    """Write the paper as it is at this moment, with texts of residents that may be used now.

    Args:
        number, now: when it is issued.

    Raises:
        DraftNotReady: not counted yet.
    """
    if draft.state != "klaar":
        raise DraftNotReady
    scope = Scope.read(draft.scope)
    heading = await _heading(session, draft, scope, number, now)
    if scope.kind == "stukken":
        return pieces_paper(heading, await pieces_of(session, draft))
    quotes = await texts.quotes(
        session,
        municipality_code=draft.municipality_code,
        candidates={theme: [uuid.UUID(one) for one in ids] for theme, ids in draft.found["citaten"].items()},
        left_out=[uuid.UUID(one) for one in draft.edits.get("weggelaten", [])],
        most=scope.quotes,
    )
    return signals_paper(heading, Figures.read(draft.found["getallen"]), quotes)


async def pieces_of(
    session: AsyncSession, draft: ReportDraft, *, with_left_out: bool = False, as_found: bool = False
) -> list[Piece]:
    """Return the lines of a list of pieces, as they are at this moment.

    Args:
        with_left_out: also those that the griffie took off the list.
        as_found: all, without what the griffie wrote.
    """
    return await texts.pieces(
        session,
        municipality_code=draft.municipality_code,
        ids=[uuid.UUID(one) for one in draft.found.get("stukken", [])],
        scope=Scope.read(draft.scope),
        edits={} if as_found else draft.edits.get("stukken", {}),
        with_left_out=with_left_out,
    )


async def _record(
    session: AsyncSession, action: str, draft: ReportDraft, clerk: Clerk, now: datetime, **details: int
) -> None:
    """Log numbers only: what was written may be about a resident, and the log can not be erased."""
    about = {"soort": draft.kind, "van": draft.scope["van"], "tot_en_met": draft.scope["tot"]}
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=draft.municipality_code,
        record=str(draft.id),
        details=about | details,
        now=now,
    )
    await session.flush()


async def _heading(
    session: AsyncSession, draft: ReportDraft, scope: Scope, number: str, now: datetime | None
) -> Heading:
    replaced = await session.get(IssuedReport, draft.replaces_id) if draft.replaces_id else None
    return Heading(
        municipality=(await municipalities.get(session, draft.municipality_code)).name,
        scope=scope,
        meeting=await _meeting_words(session, scope, draft.municipality_code),
        counted_at=counted_at(draft),
        number=number,
        issued_on=now.astimezone(AMSTERDAM).date() if now else None,
        replaces=replaced.reference if replaced else "",
    )


async def _meeting_words(session: AsyncSession, scope: Scope, municipality_code: str) -> str:
    """Which meeting it is for, and what was typed about that; the calendar may have lost it meanwhile."""
    meeting = await session.get(Meeting, scope.meeting_id) if scope.meeting_id else None
    if meeting is None or meeting.municipality_code != municipality_code:
        return scope.meeting
    item = await session.get(AgendaItem, scope.item_id) if scope.item_id else None
    day = meeting.starts_at.astimezone(AMSTERDAM).date()
    # A day that it is not: the words then always hold the date.
    when = day_and_time(meeting.starts_at, today=day - timedelta(days=1), with_time=meeting.time_known)
    words = f"{meeting.name}, {when}"
    if item is not None and item.meeting_id == meeting.id:
        words = f"{words}, agendapunt “{item.title}”"
    if scope.meeting:
        words = f"{words[: LONGEST_MEETING_WORDS - LONGEST_MEETING - 2]}, {scope.meeting}"
    return words[:LONGEST_MEETING_WORDS]
