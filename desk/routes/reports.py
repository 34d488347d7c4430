"""To the council: the list of pieces received and the report on signals, from choice to issued paper."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from desk import report_words
from desk.access import AtWork, Handling, PageUnknown, Workplace
from desk.context import desk_of
from desk.pages import go_to, render
from desk.report_form import Calendar, ReportForm, explained, meeting_label
from desk.work import Work, working
from participation.council import calendar
from participation.dates import dutch_date
from participation.models import ReportDraft
from participation.reports import drafts, issuing, jobs
from participation.reports.documents import FORMATS
from participation.reports.drafts import DraftNotReady
from participation.reports.issuing import (
    CountedLongAgo,
    NothingToIssue,
    PaperChanged,
    PieceWaits,
    ReportReplaced,
    ReportUnknown,
)
from participation.reports.scope import MOST_QUOTES, Scope, ScopeFaulty
from participation.services import audit, clerks, dispositions

router = APIRouter()

MEETINGS_SHOWN = 20
FIELDS = ("onderwerp", "voorstel")


@router.get("/{code}/naar-de-raad", name="reports")
async def show(request: Request, place: AtWork) -> Response:
    """Show what was issued, and to who makes them what is being made."""
    _reads(place)
    async with working(request, place) as work:
        issued = await issuing.all_of(work.session, municipality_code=place.code, may_handle=place.may_handle)
        made = await drafts.all_of(work.session, municipality_code=place.code) if place.may_handle else []
        names = await clerks.names_of(
            work.session, clerk_ids={one.report.issued_by for one in issued} | {one.made_by for one in made}
        )
    return _render(request, "rapporten.html", place, issued=issued, drafts=made, names=names, period_of=_period_of)


@router.get("/{code}/naar-de-raad/nieuw", name="new_report")
async def new(request: Request, place: AtWork) -> Response:
    """Ask what to make."""
    _makes(place)
    async with working(request, place) as work:
        meetings = await _calendar(work)
    return _form(request, place, meetings, ReportForm.usual(work.today))


@router.post("/{code}/naar-de-raad/nieuw", name="make_report")
async def make(
    request: Request,
    place: Handling,
    soort: Annotated[str, Form()] = "",
    lezers: Annotated[str, Form()] = "",
    van: Annotated[str, Form()] = "",
    tot: Annotated[str, Form()] = "",
    thema: Annotated[list[str] | None, Form()] = None,
    vergadering: Annotated[str, Form()] = "",
    citaten: Annotated[str, Form()] = "3",
    vergadering_zelf: Annotated[str, Form()] = "",
    ingepland: Annotated[str, Form()] = "",
) -> Response:
    """Begin a paper and let the worker count for it."""
    own = vergadering_zelf.replace("\0", "")
    typed = ReportForm(
        soort, lezers, van, tot, tuple(thema or ()), vergadering, citaten, own, planned=ingepland == "ja"
    )
    async with working(request, place) as work:
        meetings = await _calendar(work)
        try:
            scope = typed.scope(meetings, today=work.today)
            draft = await drafts.make(work.session, scope=scope, **work.by)
        except ScopeFaulty as fault:
            wrong = explained(fault)
        else:
            wrong = {}
    if wrong:
        return _form(request, place, meetings, replace(typed, errors=wrong), status_code=422)
    return await _counted(request, place, draft.id)


@router.get("/{code}/naar-de-raad/concept/{draft_id}", name="report_draft")
async def show_draft(request: Request, place: AtWork, draft_id: uuid.UUID) -> Response:
    """Show how far the counting is, or the paper as it would be issued now."""
    _makes(place)
    return await _draft_page(request, place, draft_id)


@router.get("/{code}/naar-de-raad/concept/{draft_id}/voortgang", name="report_progress")
async def tell_progress(request: Request, place: AtWork, draft_id: uuid.UUID) -> Response:
    """Say how far the counting is, for the script of the page."""
    _makes(place)
    async with working(request, place) as work:
        draft = await drafts.find(work.session, municipality_code=place.code, draft_id=draft_id)
    return JSONResponse({"klaar": draft.state in {"klaar", "mislukt"}, "procent": draft.done})


@router.post("/{code}/naar-de-raad/concept/{draft_id}/opnieuw", name="count_again")
async def count_again(request: Request, place: Handling, draft_id: uuid.UUID) -> Response:
    """Count once more."""
    async with working(request, place) as work:
        await drafts.again(work.session, municipality_code=place.code, draft_id=draft_id, now=work.now)
    return await _counted(request, place, draft_id)


@router.post("/{code}/naar-de-raad/concept/{draft_id}/citaten", name="leave_out_quotes")
async def leave_out(
    request: Request, place: Handling, draft_id: uuid.UUID, weg: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Leave the chosen quotes out of the draft."""
    async with working(request, place) as work:
        await drafts.leave_out(work.session, draft_id=draft_id, contribution_ids=_ids(weg or [], place), **work.by)
    return go_to(request, "report_draft", done="rapport_weggelaten", code=place.code, draft_id=draft_id)


@router.post("/{code}/naar-de-raad/concept/{draft_id}/stukken", name="edit_pieces")
async def edit_pieces(request: Request, place: Handling, draft_id: uuid.UUID) -> Response:
    """Keep subjects and proposals, and what is not to be on the list."""
    form = await request.form()
    ids = _ids([str(one) for one in form.getlist("stuk")], place)
    edits = {
        one: {name: str(form.get(f"{name}-{one}", "")) for name in FIELDS} | {"weg": f"weg-{one}" in form}
        for one in ids
    }
    async with working(request, place) as work:
        await drafts.edit_pieces(work.session, draft_id=draft_id, edits=edits, **work.by)
    return go_to(request, "report_draft", done="rapport_stukken", code=place.code, draft_id=draft_id)


@router.post("/{code}/naar-de-raad/concept/{draft_id}/weggooien", name="discard_report")
async def discard(request: Request, place: Handling, draft_id: uuid.UUID) -> Response:
    """Throw a draft away."""
    async with working(request, place) as work:
        await drafts.discard(work.session, draft_id=draft_id, **work.by)
    return go_to(request, "reports", done="rapport_weg", code=place.code)


@router.post("/{code}/naar-de-raad/concept/{draft_id}/vaststellen", name="issue_report")
async def issue(
    request: Request,
    place: Handling,
    draft_id: uuid.UUID,
    zeker: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Issue a draft: it gets its number, and never changes again."""
    if zeker != "ja":
        error = "Zet eerst een vinkje bij “Ik heb het stuk nagekeken”."
        return await _draft_page(request, place, draft_id, 422, error=error)
    try:
        async with working(request, place) as work:
            report = await issuing.issue(work.session, draft_id=draft_id, seen=gezien, **work.by)
    except NothingToIssue:
        return await _draft_page(request, place, draft_id, 422, error=report_words.NOTHING)
    except CountedLongAgo:
        return await _draft_page(request, place, draft_id, 422, error=report_words.COUNT_FIRST)
    except PieceWaits:
        return await _draft_page(request, place, draft_id, 422, error=report_words.WAITS)
    except PaperChanged:
        return await _draft_page(request, place, draft_id, 409, error=report_words.CHANGED_MEANWHILE)
    except ReportReplaced:
        return await _draft_page(request, place, draft_id, 409, error=report_words.REPLACED)
    except DraftNotReady:
        return go_to(request, "report_draft", code=place.code, draft_id=draft_id)
    await desk_of(request).begin(jobs.RENDER, report.id, place.code)
    return go_to(request, "report", done="rapport_vast", code=place.code, report_id=report.id)


@router.get("/{code}/naar-de-raad/{report_id}", name="report")
async def show_report(request: Request, place: AtWork, report_id: uuid.UUID) -> Response:
    """Show an issued paper; who handles contributions also sees where it came from."""
    _reads(place)
    async with working(request, place) as work:
        listed = await issuing.find(
            work.session, municipality_code=place.code, report_id=report_id, may_handle=place.may_handle
        )
        traces = await issuing.traces(work.session, municipality_code=place.code, report_id=report_id)
        made = await issuing.formats_of(work.session, municipality_code=place.code, report_id=report_id)
        names = await clerks.names_of(work.session, clerk_ids={listed.report.issued_by})
    return _render(
        request,
        "rapport.html",
        place,
        listed=listed,
        report=listed.report,
        traces=traces if place.may_handle else [],
        changed=[one for one in traces if one.changed] if place.may_handle else [],
        formats={name: kind for name, kind in FORMATS.items() if name in made},
        all_made=set(made) == set(FORMATS),
        names=names,
    )


@router.get("/{code}/naar-de-raad/{report_id}/bestand/{format_}", name="report_file")
async def download(request: Request, place: AtWork, report_id: uuid.UUID, format_: str) -> Response:
    """Give an issued paper as a file; who took it is recorded."""
    _reads(place)
    async with working(request, place) as work:
        listed = await issuing.find(
            work.session, municipality_code=place.code, report_id=report_id, may_handle=place.may_handle
        )
        file = await issuing.file_of(work.session, municipality_code=place.code, report_id=report_id, format_=format_)
        if file is None:
            raise ReportUnknown
        await audit.record(
            work.session,
            action="uitvoer.stuk",
            record=str(report_id),
            details={"nummer": listed.report.reference, "bestand": format_},
            **work.by,
        )
    name = f"{listed.report.kind}-{listed.report.reference}.{format_}"
    return Response(
        file.body,
        media_type=FORMATS[format_].media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/{code}/naar-de-raad/{report_id}/nieuwe-versie", name="replace_report")
async def replace_report(request: Request, place: Handling, report_id: uuid.UUID) -> Response:
    """Begin a paper with the same choices, that comes in the place of an issued one."""
    async with working(request, place) as work:
        listed = await issuing.find(work.session, municipality_code=place.code, report_id=report_id)
        if listed.replaced_by is not None:
            raise ReportUnknown
        draft = await drafts.make(
            work.session, scope=Scope.read(listed.report.scope), replaces=listed.report, **work.by
        )
    return await _counted(request, place, draft.id)


def _reads(place: Workplace) -> None:
    """Papers hold names that residents let the council know."""
    if not place.may_hear_names:
        raise PageUnknown(place.person)


def _makes(place: Workplace) -> None:
    if not place.may_handle:
        raise PageUnknown(place.person)


def _ids(typed: Sequence[str], place: Workplace) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in typed]
    except ValueError:
        raise PageUnknown(place.person) from None


def _period_of(draft: ReportDraft) -> str:
    return Scope.read(draft.scope).period.words


async def _calendar(work: Work) -> Calendar:
    return await calendar.with_agendas(
        work.session, municipality_code=work.municipality_code, now=work.now, limit=MEETINGS_SHOWN
    )


async def _counted(request: Request, place: Workplace, draft_id: uuid.UUID) -> Response:
    """Let the worker begin, and show how far it is."""
    await desk_of(request).begin(jobs.COUNT, draft_id, place.code)
    return go_to(request, "report_draft", code=place.code, draft_id=draft_id)


def _form(
    request: Request, place: Workplace, meetings: Calendar, form: ReportForm, *, status_code: int = 200
) -> Response:
    labelled = [(str(meeting.id), meeting_label(meeting), items) for meeting, items in meetings]
    return _render(
        request,
        "rapport_nieuw.html",
        place,
        status_code=status_code,
        form=form,
        meetings=labelled,
        most_quotes=MOST_QUOTES,
    )


async def _draft_page(
    request: Request, place: Workplace, draft_id: uuid.UUID, status_code: int = 200, error: str = ""
) -> Response:
    async with working(request, place) as work:
        draft = await drafts.find(work.session, municipality_code=place.code, draft_id=draft_id)
        scope = Scope.read(draft.scope)
        paper = await drafts.paper_of(work.session, draft) if draft.state == "klaar" else None
        pieces = await drafts.pieces_of(work.session, draft, with_left_out=True) if paper else []
        overlap = await issuing.overlapping(
            work.session, municipality_code=place.code, scope=scope, replaces_id=draft.replaces_id
        )
        ways = await dispositions.offered(work.session, municipality_code=place.code)
    return _render(
        request,
        "rapport_concept.html",
        place,
        status_code=status_code,
        draft=draft,
        scope=scope,
        content=paper.content() if paper else None,
        seal=paper.seal if paper else "",
        sources={one.number: one.contribution_id for one in paper.sources} if paper else {},
        pieces=pieces if scope.kind == "stukken" else [],
        left_out={one for one, edit in draft.edits.get("stukken", {}).items() if edit["weg"]},
        overlap=overlap,
        proposals=[way.name for way in ways],
        error=error,
    )


def _render(request: Request, template: str, place: Workplace, /, **context: Any) -> Response:
    return render(request, template, place=place, part="reports", said=report_words, dutch_date=dutch_date, **context)
