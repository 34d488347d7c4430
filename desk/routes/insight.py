"""What lives: figures of a period with their pictures and tables, and the subjects that were found by likeness."""

import asyncio
import uuid
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk import bundling
from desk import insight_address as address
from desk.access import AtWork, Handling, PageUnknown, Workplace
from desk.context import desk_of
from desk.insight_figures import FIGURES, Figure, Numbers, read
from desk.pages import go_to, render
from desk.work import Work, working
from participation.dates import AMSTERDAM
from participation.insight import counting, overview, pictures, small_numbers, subjects
from participation.insight.drawings import Drawings
from participation.insight.overview import View
from participation.insight.period import OWN, Period, PeriodUnknown
from participation.models import Municipality
from participation.services import audit, bundles
from participation.services.bundles import MAX_NAME_CHARACTERS
from participation.tables import BYTE_ORDER_MARK, write

router = APIRouter()

TYPES = {pictures.SVG: "image/svg+xml", pictures.PNG: "image/png", "csv": "text/csv; charset=utf-8"}


@router.get("/{code}/wat-leeft", name="what_lives")
async def show(request: Request, place: AtWork) -> Response:
    """Show all figures of a period. The number of queries does not depend on how much came in."""
    wrong = ""
    try:
        view = _view(request, place)
    except PeriodUnknown:
        if request.query_params.get(address.KIND) != OWN or not place.may_handle:
            raise PageUnknown(place.person) from None
        wrong = "Kies een eerste en een laatste dag, ten hoogste vijf jaar na elkaar. De eerste dag is niet na vandaag."
        view = _usual(request, place)
    days = desk_of(request).settings.chat_retention_days
    async with working(request, place) as work:
        numbers = await _numbers(work.session, view)
        figures = [await make(work.session, numbers) for make in FIGURES.values()]
        state = await overview.looked_for(work.session, view)
        unsure = await _not_understood(work, place, days)
    period, today = view.comparison.period, _today(view)
    return render(
        request,
        "wat_leeft.html",
        place=place,
        part="what_lives",
        status_code=422 if wrong else 200,
        period=period,
        figures=figures,
        state=state,
        unsure=unsure,
        chat_days=days,
        kinds=address.kinds(period, today=today) if place.may_handle else {},
        query=address.write(period),
        earlier=address.write(period.before()),
        later=_later(period, view, place),
        own_error=wrong,
        typed={name: request.query_params.get(name, "") for name in (address.FIRST, address.LAST)},
    )


@router.get("/{code}/wat-leeft/beeld/{figure}.{form}", name="what_lives_file")
async def file(request: Request, place: AtWork, figure: str, form: str) -> Response:
    """Give one figure as a drawing or as a table. Who takes it along is recorded; to look at it is not."""
    if figure not in FIGURES or form not in TYPES:
        raise PageUnknown(place.person)
    try:
        view = _view(request, place)
    except PeriodUnknown:
        raise PageUnknown(place.person) from None
    period, is_taken = view.comparison.period, form == "csv" or "opslaan" in request.query_params
    async with working(request, place) as work:
        made = await FIGURES[figure](work.session, await _numbers(work.session, view))
        if form != "csv" and made.picture is None:
            raise PageUnknown(place.person)
        if is_taken:
            days = {"van": period.first.isoformat(), "tot_en_met": period.last.isoformat()}
            details = {"naam": figure, "bestand": form} | days
            await audit.record(work.session, action="uitvoer.figuur", details=details, **work.by)
    dark = request.query_params.get("kleur") == "donker"
    content = await _content(desk_of(request).drawings, made, form, dark=dark)
    headers = {}
    if is_taken:
        file_name = f"{figure}-{period.first.isoformat()}-{period.last.isoformat()}.{form}"
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return Response(content, media_type=TYPES[form], headers=headers)


@router.post("/{code}/wat-leeft/onderwerpen", name="look_for_subjects")
async def look(request: Request, place: Handling) -> Response:
    """Ask the worker to look for subjects anew."""
    async with working(request, place) as work:
        await subjects.ask(work.session, municipality_code=place.code, now=work.now)
    return go_to(request, "what_lives", done="onderwerpen", code=place.code)


@router.get("/{code}/wat-leeft/onderwerp/{subject_id}", name="subject")
async def show_subject(request: Request, place: AtWork, subject_id: uuid.UUID) -> Response:
    """Show what belongs to a subject; to who may handle with a form to put it together."""
    return await _subject_page(request, place, subject_id)


@router.post("/{code}/wat-leeft/onderwerp/{subject_id}/bundel", name="bundle_subject")
async def bundle(
    request: Request,
    place: Handling,
    subject_id: uuid.UUID,
    ook: Annotated[list[uuid.UUID] | None, Form()] = None,
    naam: Annotated[str, Form()] = "",
) -> Response:
    """Put what was chosen of a subject in one bundle."""
    chosen, name = ook or [], naam.replace("\0", "")
    tried = await bundling.put_together(request, place, chosen, name, nothing="Kies welke inbreng u samenvoegt.")
    if tried.error:
        return await _subject_page(
            request, place, subject_id, tried.status, error=tried.error, chosen=chosen, name=name
        )
    return go_to(request, "bundle", done="gebundeld", code=place.code, bundle_id=tried.bundle_id)


async def _subject_page(
    request: Request, place: Workplace, subject_id: uuid.UUID, status_code: int = 200, **form: Any
) -> Response:
    view = _usual(request, place)
    async with working(request, place) as work:
        subject = await subjects.subject(work.session, municipality_code=place.code, subject_id=subject_id)
        found = await subjects.members(work.session, subject_id=subject_id, **view.about)
    if not place.may_handle and len(found) < small_numbers.LEAST:
        raise PageUnknown(place.person)
    return render(
        request,
        "onderwerp.html",
        place=place,
        part="what_lives",
        status_code=status_code,
        subject=subject,
        found=found,
        can_join=bundles.can_join,
        most=subjects.MOST_SHOWN,
        form={"error": "", "chosen": None, "name": subject.words[:MAX_NAME_CHARACTERS]} | form,
    )


def _view(request: Request, place: Workplace) -> View:
    usual = _usual(request, place)
    today = _today(usual)
    period = address.read(request.query_params, usual=usual.comparison.period, today=today)
    comparison = overview.comparison_for(period, today=today, exact=place.may_handle)
    return View(place.code, comparison, usual.now, place.may_handle)


def _usual(request: Request, place: Workplace) -> View:
    now = desk_of(request).clock()
    today = now.astimezone(AMSTERDAM).date()
    period = overview.usual_period(today=today, exact=place.may_handle)
    comparison = overview.comparison_for(period, today=today, exact=place.may_handle)
    return View(place.code, comparison, now, place.may_handle)


def _today(view: View) -> date:
    return view.now.astimezone(AMSTERDAM).date()


def _later(period: Period, view: View, place: Workplace) -> str:
    """The next period, when there is anything to see of it."""
    try:
        following = period.after()
        overview.comparison_for(following, today=_today(view), exact=place.may_handle)
    except PeriodUnknown:
        return ""
    return address.write(following)


async def _numbers(session: AsyncSession, view: View) -> Numbers:
    municipality = await session.get_one(Municipality, view.municipality_code)
    return await read(session, view, municipality=municipality.name, inhabitants=municipality.inhabitants)


async def _not_understood(work: Work, place: Workplace, days: int) -> int | None:
    """How many questions were not understood, for those who can do something about it."""
    if not place.may_handle:
        return None
    return await counting.not_understood(work.session, municipality_code=place.code, days=days, now=work.now)


async def _content(drawings: Drawings, figure: Figure, form: str, *, dark: bool) -> bytes:
    if figure.picture is None or form == "csv":
        return (BYTE_ORDER_MARK + write(figure.table())).encode()
    return await asyncio.to_thread(drawings.of, figure.picture, form=form, dark=dark)
