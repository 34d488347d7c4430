"""How long the municipality keeps what, what has had its time, and the lists of destruction."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Managing, PageUnknown, Workplace
from desk.context import desk_of
from desk.contribution_page import as_typed
from desk.pages import go_to, render
from desk.work import working
from participation import tables
from participation.dates import dutch_date
from participation.privacy import periods
from participation.privacy.periods import PeriodOutOfBounds
from participation.services import audit, clerks, destruction
from participation.services.destruction import ListDecided

router = APIRouter()

LONGEST_NOTE = 1000
STATES = {
    "voorgesteld": "Wacht op uw besluit",
    "goedgekeurd": "Goedgekeurd, wordt vannacht vernietigd",
    "afgewezen": "Niet vernietigd",
    "vernietigd": "Vernietigd",
    "vanzelf": "Vanzelf gewist",
}
TONES = {"voorgesteld": "warning", "goedgekeurd": "active", "afgewezen": "neutral"}
OUTCOMES = {
    "vernietigd": "Vernietigd",
    "bewaard": "Bewaard na uw besluit",
    "heropend": "Bewaard, want heropend",
    "al_weg": "Was al gewist",
}


@router.get("/{code}/bewaren", name="retention")
async def show(request: Request, place: AtWork) -> Response:
    """Show the periods, what would go tonight, and the lists."""
    return await _page(request, place)


@router.post("/{code}/bewaren/{kind}", name="choose_period")
async def choose(request: Request, place: Managing, kind: str, dagen: Annotated[str, Form()] = "") -> Response:
    """Keep a kind of data for another time; the coming night works with it."""
    chat_days = desk_of(request).settings.chat_retention_days
    kinds = periods.kinds(chat_days)
    if kind not in kinds:
        raise PageUnknown(place.person)
    try:
        if not (dagen.strip().isascii() and dagen.strip().isdigit() and len(dagen.strip()) <= 5):
            raise PeriodOutOfBounds
        async with working(request, place) as work:
            await periods.choose(work.session, kind=kind, days=int(dagen), chat_days=chat_days, **work.by)
    except PeriodOutOfBounds:
        error = f"Kies een aantal dagen van {kinds[kind].least} tot en met {kinds[kind].most}."
        return await _page(request, place, 422, errors={kind: error}, typed={kind: dagen})
    return go_to(request, "retention", done="termijn", code=place.code)


@router.get("/{code}/vernietigingslijst/{list_id}.csv", name="destruction_table")
async def download(request: Request, place: AtWork, list_id: uuid.UUID) -> Response:
    """Give a list as a table, for the archive."""
    async with working(request, place) as work:
        detail = await destruction.find(work.session, municipality_code=place.code, list_id=list_id)
        await audit.record(work.session, action="uitvoer.vernietigingslijst", record=str(list_id), **work.by)
    return Response(
        tables.BYTE_ORDER_MARK + destruction.as_table(detail),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vernietigingslijst-{list_id}.csv"'},
    )


@router.get("/{code}/vernietigingslijst/{list_id}", name="destruction_list")
async def show_list(request: Request, place: AtWork, list_id: uuid.UUID) -> Response:
    """Show one list, with the decision for those who may take it."""
    return await _list(request, place, list_id)


@router.post("/{code}/vernietigingslijst/{list_id}", name="decide_destruction")
async def decide(
    request: Request,
    place: Managing,
    list_id: uuid.UUID,
    besluit: Annotated[str, Form()] = "",
    bewaren: Annotated[list[str] | None, Form()] = None,
    toelichting: Annotated[str, Form()] = "",
) -> Response:
    """Approve or refuse a list. What is approved goes the coming night."""
    note = as_typed(toelichting)
    error = ""
    if besluit not in {"vernietigen", "bewaren"}:
        error = "Kies eerst of deze inbreng vernietigd mag worden."
    elif not note.strip():
        error = "Schrijf waarom. Noem bij vernietigen de regel uit uw selectielijst."
    elif len(note) > LONGEST_NOTE:
        error = f"Uw toelichting is te lang. Gebruik ten hoogste {LONGEST_NOTE} tekens."
    if error:
        return await _list(request, place, list_id, 422, error=error, note=note, decision=besluit, keep=bewaren or [])
    try:
        async with working(request, place) as work:
            decided = await destruction.decide(
                work.session,
                list_id=list_id,
                approve=besluit == "vernietigen",
                keep=_ids(bewaren or [], place),
                note=note,
                **work.by,
            )
    except ListDecided:
        error = "Een collega heeft hier intussen over besloten. Er is niets veranderd."
        return await _list(request, place, list_id, 409, error=error)
    # By what came of it: who ticks every line to keep it destroys nothing, whatever was chosen.
    done = "lijst_goed" if decided.state == "goedgekeurd" else "lijst_niet"
    return go_to(request, "destruction_list", done=done, code=place.code, list_id=list_id)


def _ids(typed: list[str], place: Workplace) -> set[uuid.UUID]:
    try:
        return {uuid.UUID(one) for one in typed}
    except ValueError:
        raise PageUnknown(place.person) from None


async def _page(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    days = desk_of(request).settings.chat_retention_days
    async with working(request, place) as work:
        in_force = await periods.in_force(work.session, municipality_code=place.code, chat_days=days)
        own = await periods.chosen(work.session, municipality_code=place.code)
        lists = await destruction.lists(work.session, municipality_code=place.code)
        expected = await destruction.expected(work.session, municipality_code=place.code)
        due = await destruction.due(work.session, days=days, now=work.now)
    return render(
        request,
        "bewaren.html",
        place=place,
        status_code=status_code,
        part="retention",
        kinds=periods.kinds(days).values(),
        in_force=in_force,
        own=own,
        expected=expected,
        due={kind: counts.get(place.code, 0) for kind, counts in due.items()},
        lists=lists,
        states=STATES,
        tones=TONES,
        titles={kind.name: kind.title for kind in periods.kinds(days).values()},
        errors=form.get("errors", {}),
        typed=form.get("typed", {}),
    )


async def _list(
    request: Request, place: Workplace, list_id: uuid.UUID, status_code: int = 200, **form: Any
) -> Response:
    async with working(request, place) as work:
        detail = await destruction.find(work.session, municipality_code=place.code, list_id=list_id)
        deciders = {detail.list.decided_by} - {None}
        names = await clerks.names_of(work.session, clerk_ids={one for one in deciders if one})
    return render(
        request,
        "vernietigingslijst.html",
        place=place,
        status_code=status_code,
        part="retention",
        detail=detail,
        names=names,
        kinds=periods.kinds(desk_of(request).settings.chat_retention_days),
        states=STATES,
        tones=TONES,
        outcomes=OUTCOMES,
        dutch_date=dutch_date,
        form={"error": "", "note": "", "decision": "", "keep": []} | form,
    )
