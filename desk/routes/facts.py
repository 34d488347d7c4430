"""The facts of a municipality: what answers still miss, one fact at a time, or all in a table."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from desk import answer_words, link_words
from desk.access import AtWork, Handling, Workplace
from desk.context import desk_of
from desk.pages import go_to, render
from desk.work import working
from participation import tables
from participation.answer_faults import FieldsFaulty, TableFaulty
from participation.dates import AMSTERDAM, dutch_date
from participation.known_facts import known_facts
from participation.links import store as links
from participation.services import audit, facts, facts_table

router = APIRouter()

NOT_A_DAY = {"valid_until": "datum"}


@router.get("/{code}/feiten", name="facts")
async def show(request: Request, place: AtWork) -> Response:
    """Show what is missing first."""
    return await _page(request, place)


@router.get("/{code}/feiten.csv", name="facts_table")
async def download(request: Request, place: AtWork) -> Response:
    """Give the facts as a table that comes back the same."""
    async with working(request, place) as work:
        values = await facts.values(work.session, municipality_code=place.code)
        await audit.record(work.session, action="uitvoer.feiten", **work.by)
    return Response(
        tables.BYTE_ORDER_MARK + facts_table.write(values),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="feiten-{place.code}.csv"'},
    )


@router.post("/{code}/feiten/inlezen", name="preview_facts")
async def preview(request: Request, place: Handling, bestand: UploadFile | None = None) -> Response:
    """Show what a table would change; nothing is changed yet."""
    if bestand is None or not bestand.filename:
        return await _page(request, place, 422, file_errors=["Kies eerst een bestand."])
    content = await bestand.read()
    async with working(request, place) as work:
        values = await facts.values(work.session, municipality_code=place.code)
    try:
        found = facts_table.changes(content, values, today=_today(request))
    except TableFaulty as faulty:
        return await _page(request, place, 422, file_errors=list(map(answer_words.line_error, faulty.faults)))
    return render(
        request,
        "feiten_inlezen.html",
        place=place,
        part="facts",
        changes=found,
        known=known_facts(),
        table=tables.decoded(content),
        dutch_date=dutch_date,
    )


@router.post("/{code}/feiten/inlezen/opslaan", name="import_facts")
async def take_over(request: Request, place: Handling, tabel: Annotated[str, Form()] = "") -> Response:
    """Put what was previewed in force. The table is read anew: what came back from a browser is not trusted."""
    try:
        async with working(request, place) as work:
            await facts_table.take_over(
                work.session,
                content=tabel.encode(),
                today=_today(request),
                **work.by,
            )
    except TableFaulty as faulty:
        return await _page(request, place, 422, file_errors=list(map(answer_words.line_error, faulty.faults)))
    return go_to(request, "facts", done="feiten_ingelezen", code=place.code)


@router.get("/{code}/feiten/{fact}", name="fact")
async def show_one(request: Request, place: AtWork, fact: str) -> Response:
    """Show one fact, with the form for those who may change it."""
    return await _one(request, place, fact)


@router.post("/{code}/feiten/{fact}", name="put_fact")
async def put(
    request: Request,
    place: Handling,
    fact: str,
    waarde: Annotated[str, Form()] = "",
    bron: Annotated[str, Form()] = "",
    bron_adres: Annotated[str, Form()] = "",
    geldig_tot: Annotated[str, Form()] = "",
) -> Response:
    """Fill in a fact. It is in the next answer of the chat."""
    typed = {"waarde": waarde, "bron": bron, "bron_adres": bron_adres, "geldig_tot": geldig_tot}
    until = tables.read_day(geldig_tot)
    given = facts.tidy(waarde, bron, bron_adres, until)
    try:
        if geldig_tot.strip() and until is None:
            raise FieldsFaulty(NOT_A_DAY)
        async with working(request, place) as work:
            await facts.put(
                work.session,
                name=fact,
                given=given,
                **work.by,
            )
    except FieldsFaulty as faulty:
        errors = answer_words.fact_errors(faulty.faults)
        return await _one(request, place, fact, 422, typed=typed, errors=errors)
    return go_to(request, "facts", done="feit", code=place.code)


@router.post("/{code}/feiten/{fact}/wissen", name="clear_fact")
async def clear(request: Request, place: Handling, fact: str, zeker: Annotated[str, Form()] = "") -> Response:
    """Clear a fact, after a tick that says one is sure."""
    if zeker != "ja":
        return await _one(request, place, fact, 422, errors={"zeker": "Zet eerst een vinkje bij “Ja, wis dit feit”."})
    async with working(request, place) as work:
        await facts.clear(work.session, name=fact, **work.by)
    return go_to(request, "facts", done="feit_gewist", code=place.code)


def _today(request: Request) -> date:
    return desk_of(request).clock().astimezone(AMSTERDAM).date()


async def _page(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    async with working(request, place) as work:
        states = await facts.overview(work.session, municipality_code=place.code, today=_today(request))
        given = {one.known.name: links.of_fact(one.row) for one in states if one.row}
        broken = await links.broken(work.session, {url for urls in given.values() for url in urls})
    return render(
        request,
        "feiten.html",
        place=place,
        status_code=status_code,
        part="facts",
        states=states,
        missing=sum(one.state == facts.MISSING for one in states),
        expired=sum(one.state == facts.EXPIRED for one in states),
        with_broken_link={name for name, urls in given.items() if not broken.keys().isdisjoint(urls)},
        answer_words=answer_words,
        dutch_date=dutch_date,
        file_errors=form.get("file_errors", []),
    )


async def _one(request: Request, place: Workplace, fact: str, status_code: int = 200, **form: Any) -> Response:
    """Render the page of one fact; `form` holds what was typed and what is wrong with it."""
    async with working(request, place) as work:
        found = await facts.get(work.session, municipality_code=place.code, name=fact, today=_today(request))
        broken = await links.broken(work.session, links.of_fact(found.row) if found.row else ())
    row = found.row
    kept = {
        "waarde": row.value if row else "",
        "bron": row.source if row else "",
        "bron_adres": (row.source_url if row else "") or "",
        "geldig_tot": row.valid_until.isoformat() if row and row.valid_until else "",
    }
    return render(
        request,
        "feit.html",
        place=place,
        status_code=status_code,
        part="facts",
        fact=found.known,
        found=found,
        broken=broken,
        link_words=link_words,
        answer_words=answer_words,
        dutch_date=dutch_date,
        typed=form.get("typed", kept),
        errors=form.get("errors", {}),
    )
