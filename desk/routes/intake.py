"""Entering what came in by phone, at the counter, on paper or in the street: one by one, or in a table."""

import asyncio
import uuid
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from desk import intake_words
from desk.access import AtWork, Handling, PageUnknown, Workplace
from desk.context import desk_of
from desk.contribution_page import as_typed, submission_of
from desk.pages import go_to, render
from desk.work import working
from participation import tables
from participation.answer_faults import FieldsFaulty, TableFaulty
from participation.dates import AMSTERDAM
from participation.errors import TransitionNotAllowed
from participation.privacy.sealing import Sealer
from participation.services import audit, contributions, on_behalf, on_behalf_table
from participation.services.on_behalf import SEALED_FOR, Told

router = APIRouter()

SHOWN_ERRORS = 50


@router.get("/{code}/invoeren", name="intake")
async def show(request: Request, place: AtWork) -> Response:
    """Show the form and the way to a table, to those who may use them."""
    return await _page(request, place)


@router.post("/{code}/invoeren", name="enter")
async def enter(
    request: Request,
    place: Handling,
    verzending: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
    kanaal: Annotated[str, Form()] = "",
    ontvangen: Annotated[str, Form()] = "",
    plek: Annotated[str, Form()] = "",
    soort: Annotated[str, Form()] = "",
    thema: Annotated[str, Form()] = "",
    antwoord: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
) -> Response:
    """Log what somebody told, and show the number to hand out."""
    text = as_typed(tekst).strip()
    submission = submission_of(verzending, place, text)
    told = Told(
        text=text,
        channel=kanaal,
        received_on=tables.read_day(ontvangen),
        place=as_typed(plek).strip(),
        kind=soort,
        theme=thema,
        answer_by=antwoord,
        contact=as_typed(contact).strip(),
    )
    sealer = Sealer(desk_of(request).settings.pseudonym_key, purpose=SEALED_FOR)
    try:
        async with working(request, place) as work:
            contribution = await on_behalf.enter(
                work.session, told=told, submission=submission, sealer=sealer, **work.by
            )
    except FieldsFaulty as faulty:
        errors = intake_words.form_errors(faulty.faults)
        return await _page(request, place, 422, told=told, day=ontvangen, errors=errors, submission=submission)
    return go_to(request, "entered", code=place.code, contribution_id=contribution.id)


@router.get("/{code}/invoeren/klaar/{contribution_id}", name="entered")
async def entered(request: Request, place: AtWork, contribution_id: uuid.UUID) -> Response:
    """Show the number of what was entered, to write down or hand out."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    async with working(request, place) as work:
        detail = await contributions.find_contribution(
            work.session, municipality_code=place.code, contribution_id=contribution_id
        )
    return render(request, "ingevoerd.html", place=place, part="intake", contribution=detail.contribution)


@router.post("/{code}/invoeren/{contribution_id}/intrekken", name="withdraw_entered")
async def withdraw(
    request: Request, place: Handling, contribution_id: uuid.UUID, zeker: Annotated[str, Form()] = ""
) -> Response:
    """Erase the words of what was entered, because the person asks for it, after a tick that says one is sure."""
    done = "ingevoerd_weg" if zeker == "ja" else "ingevoerd_zeker"
    try:
        async with working(request, place) as work:
            if zeker == "ja":
                await on_behalf.withdraw(work.session, contribution_id=contribution_id, **work.by)
    except TransitionNotAllowed:
        done = "ingevoerd_te_laat"
    return go_to(request, "contribution", done=done, code=place.code, contribution_id=contribution_id)


@router.get("/{code}/invoeren/tabel.csv", name="intake_template")
async def template(request: Request, place: AtWork) -> Response:
    """Give an empty table to fill in."""
    return _csv(on_behalf_table.template(intake_words.NAMES), "inbreng-invoeren.csv")


@router.post("/{code}/invoeren/tabel", name="take_in")
async def take_in(request: Request, place: Handling, bestand: UploadFile | None = None) -> Response:
    """Take a whole table in, or nothing of it."""
    if bestand is None or not bestand.filename:
        return await _page(request, place, 422, file_errors=["Kies eerst een bestand."])
    desk = desk_of(request)
    try:
        # In a thread: ten thousand lines would keep everybody else at the desk waiting.
        told = await asyncio.to_thread(
            on_behalf_table.read,
            await bestand.read(),
            names=intake_words.names_for(place.choices),
            today=_today(request),
        )
    except TableFaulty as faulty:
        errors = [intake_words.line_error(fault) for fault in faulty.faults]
        return await _page(request, place, 422, file_errors=errors)
    taken = await on_behalf_table.take_in(
        desk.database,
        municipality_code=place.code,
        told=told,
        key=desk.settings.pseudonym_key,
        clerk=place.person.clerk,
        now=desk.clock(),
    )
    return await _page(request, place, taken=taken)


@router.get("/{code}/invoeren/{batch}.csv", name="intake_numbers")
async def numbers(request: Request, place: AtWork, batch: uuid.UUID) -> Response:
    """Give the numbers of what one table brought."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    async with working(request, place) as work:
        table = await on_behalf_table.numbers_of(work.session, municipality_code=place.code, batch=batch)
        if table is None:
            raise PageUnknown(place.person)
        await audit.record(work.session, action="uitvoer.nummers", record=str(batch), **work.by)
    return _csv(table, f"nummers-{batch}.csv")


def _csv(table: str, name: str) -> Response:
    return Response(
        tables.BYTE_ORDER_MARK + table,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _today(request: Request) -> date:
    return desk_of(request).clock().astimezone(AMSTERDAM).date()


async def _page(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    """Render the page; `form` holds what was typed and what is wrong with it, or what a table did."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    today = _today(request)
    filled = {
        "told": Told(text="", channel="", received_on=today),
        "day": today.isoformat(),
        "errors": {},
        "file_errors": [],
        "taken": None,
        "submission": uuid.uuid4(),
    } | form
    return render(
        request,
        "invoeren.html",
        place=place,
        status_code=status_code,
        part="intake",
        form=filled,
        intake_words=intake_words,
        today=today.isoformat(),
        most=on_behalf_table.MOST_LINES,
        shown_errors=SHOWN_ERRORS,
    )
