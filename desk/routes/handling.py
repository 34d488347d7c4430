"""How a municipality handles contributions: what it can do with them, and how long it waits for an answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Managing, PageUnknown, Workplace
from desk.pages import go_to, render
from desk.work import working
from participation.errors import DaysOutOfRange, DispositionUnknown, TextMissing, TextTooLong
from participation.services import dispositions, handling_rules
from participation.services.dispositions import MAX_NAME_CHARACTERS, MAX_WORDS_CHARACTERS
from participation.services.handling_rules import FEWEST_DAYS, MOST_DAYS

router = APIRouter()

TOO_LONG = f"Gebruik ten hoogste {MAX_NAME_CHARACTERS} tekens voor de naam en {MAX_WORDS_CHARACTERS} voor de tekst."


@router.get("/{code}/afhandeling", name="handling")
async def show(request: Request, place: AtWork) -> Response:
    """Show the list of dispositions and the number of days; the forms to who may change them."""
    return await _page(request, place)


@router.post("/{code}/afhandeling/dagen", name="set_answer_days")
async def set_answer_days(request: Request, place: Managing, dagen: Annotated[str, Form()] = "") -> Response:
    """Set how long residents have to answer a question."""
    try:
        if not dagen.strip().isascii() or not dagen.strip().isdigit() or len(dagen.strip()) > 3:
            raise DaysOutOfRange
        async with working(request, place) as work:
            await handling_rules.set_answer_days(work.session, days=int(dagen), **work.by)
    except DaysOutOfRange:
        error = f"Vul een heel getal in van {FEWEST_DAYS} tot en met {MOST_DAYS}."
        return await _page(request, place, 422, days=dagen, days_error=error)
    return go_to(request, "handling", done="dagen", code=place.code)


@router.post("/{code}/afhandeling/afdoening", name="add_disposition")
async def add(
    request: Request, place: Managing, naam: Annotated[str, Form()] = "", tekst: Annotated[str, Form()] = ""
) -> Response:
    """Add a disposition of the municipality's own."""
    error = ""
    try:
        async with working(request, place) as work:
            await dispositions.add(work.session, name=naam.replace("\0", ""), words=tekst.replace("\0", ""), **work.by)
    except TextMissing:
        error = "Vul een naam in, en de tekst die de inwoner leest."
    except TextTooLong:
        error = TOO_LONG
    if error:
        return await _page(request, place, 422, name=naam, words=tekst, new_error=error)
    return go_to(request, "handling", done="afdoening", code=place.code)


@router.post("/{code}/afhandeling/afdoening/{key}", name="change_disposition")
async def change(
    request: Request,
    place: Managing,
    key: str,
    tekst: Annotated[str, Form()] = "",
    aanbieden: Annotated[str, Form()] = "",
) -> Response:
    """Change what residents read, or whether the griffie can choose it."""
    error = ""
    try:
        async with working(request, place) as work:
            await dispositions.change(
                work.session, key=key, words=tekst.replace("\0", ""), is_offered=aanbieden == "ja", **work.by
            )
    except DispositionUnknown:
        raise PageUnknown(place.person) from None
    except TextMissing:
        error = "Vul de tekst in die de inwoner leest."
    except TextTooLong:
        error = TOO_LONG
    if error:
        return await _page(request, place, 422, changed={key: tekst}, change_errors={key: error})
    return go_to(request, "handling", done="afdoening_anders", code=place.code)


async def _page(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    async with working(request, place) as work:
        ways = await dispositions.all_of(work.session, municipality_code=place.code)
        days = await handling_rules.answer_days(work.session, municipality_code=place.code)
    empty = {
        "days": days,
        "days_error": "",
        "name": "",
        "words": "",
        "new_error": "",
        "changed": {},
        "change_errors": {},
    }
    return render(
        request, "afhandeling.html", place=place, part="worklist", status_code=status_code, ways=ways, form=empty | form
    )
