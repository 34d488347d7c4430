"""Who did what at this desk: to look at, and to take out as a table."""

import uuid
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk import log_words
from desk.access import ExportingLog, ReadingLog
from desk.pages import render
from desk.work import working
from participation import tables
from participation.dates import AMSTERDAM
from participation.services import audit_log
from participation.services.audit_log import KINDS, OTHER, Asked, Line, TooMuchToExport
from participation.services.references import parse_reference

router = APIRouter()

COLUMNS = (
    *("volgnummer", "tijd", "wie", "wat", "code", "waarover", "kenmerk_van_het_stuk", "bijzonderheden", "toelichting"),
    *("plaats_in_de_keten", "keten"),
)
LONGEST_FIELD = 60


def typed_choice(
    wie: Annotated[str, Query()] = "",
    soort: Annotated[str, Query()] = "",
    van: Annotated[str, Query()] = "",
    tot: Annotated[str, Query()] = "",
    nummer: Annotated[str, Query()] = "",
) -> dict[str, str]:
    """What stands in the address, by the name of the field; what is empty is left out."""
    typed = {"wie": wie, "soort": soort, "van": van, "tot": tot, "nummer": nummer}
    return {name: value.strip()[:LONGEST_FIELD] for name, value in typed.items() if value.strip()}


def typed_form(
    wie: Annotated[str, Form()] = "",
    soort: Annotated[str, Form()] = "",
    van: Annotated[str, Form()] = "",
    tot: Annotated[str, Form()] = "",
    nummer: Annotated[str, Form()] = "",
) -> dict[str, str]:
    """The same from a form."""
    return typed_choice(wie, soort, van, tot, nummer)


@router.get("/{code}/logboek", name="log")
async def show(
    request: Request,
    place: ReadingLog,
    typed: Annotated[dict[str, str], Depends(typed_choice)],
    voor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """Show what was done, newest first."""
    return await _page(request, place, typed, before=voor)


@router.post("/{code}/logboek.csv", name="log_table")
async def download(
    request: Request, place: ExportingLog, typed: Annotated[dict[str, str], Depends(typed_form)]
) -> Response:
    """Give what was asked for as a table. That it was taken out is in the log too."""
    asked, errors = read(typed)
    if errors:
        return await _page(request, place, typed)
    try:
        async with working(request, place) as work:
            lines = await audit_log.export(work.session, asked=asked, **work.by)
            names = await _names(work.session, place.code)
    except TooMuchToExport:
        most = f"{audit_log.MOST_EXPORTED:,}".replace(",", ".")
        problem = {"van": f"Dit zijn meer dan {most} regels. Kies een kortere periode."}
        return await _page(request, place, typed, errors=problem)
    return Response(
        tables.BYTE_ORDER_MARK + tables.write([COLUMNS, *(_cells(line, names) for line in lines)]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="logboek-{place.code}.csv"'},
    )


def read(typed: dict[str, str]) -> tuple[Asked, dict[str, str]]:
    """Return what was asked for, and what is wrong with it by the name of the field."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("van", "tot"):
        days[name] = tables.read_day(typed.get(name, ""))
        if typed.get(name) and days[name] is None:
            errors[name] = "Vul een datum in, zoals 31-1-2027."
    reference = parse_reference(typed.get("nummer", "")) or ""
    if typed.get("nummer") and not reference:
        errors["nummer"] = "Dit is geen nummer van een inbreng. Een voorbeeld is SP-2026-000123-K."
    person = _id(typed.get("wie", ""))
    kind = typed.get("soort", "")
    if kind not in KINDS and kind != OTHER:
        kind = ""
    return Asked(person, kind, days["van"], days["tot"], reference), errors


async def _page(
    request: Request,
    place: ReadingLog,
    typed: dict[str, str],
    *,
    before: int | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    asked, wrong = read(typed)
    errors = wrong | (errors or {})
    async with working(request, place) as work:
        people = await audit_log.people(work.session, municipality_code=place.code)
        page = audit_log.Page([], None)
        if not errors:
            page = await audit_log.page(work.session, municipality_code=place.code, asked=asked, before=before)
    return render(
        request,
        "logboek.html",
        place=place,
        part="log",
        status_code=422 if errors else 200,
        page=page,
        people=people,
        names={str(clerk_id): name for clerk_id, name in people},
        kinds=log_words.KINDS,
        log_words=log_words,
        typed=typed,
        errors=errors,
        query=urlencode(typed),
        is_first=before is None,
    )


async def _names(session: AsyncSession, code: str) -> dict[str, str]:
    return {str(clerk_id): name for clerk_id, name in await audit_log.people(session, municipality_code=code)}


def _cells(line: Line, names: dict[str, str]) -> tuple[object, ...]:
    event = line.event
    return (
        event.id,
        event.created_at.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
        log_words.who(line),
        log_words.action(event.action),
        event.action,
        log_words.about(line),
        event.record or "",
        log_words.details(event.details, names),
        line.words,
        line.number or "",
        line.hash.hex() if line.hash else "",
    )


def _id(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None
