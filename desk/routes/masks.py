"""Correcting the masks of a contribution, and what stays readable in later texts because of it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Managing, ReadingOnly, Revealing
from desk.contribution_page import as_typed, contribution_page
from desk.pages import go_to, render
from desk.work import working
from participation.errors import (
    LessonNotAllowed,
    MaskKindUnknown,
    ReasonMissing,
    ReasonTooLong,
    TextMissing,
    TextTooLong,
    WordsNotHidden,
    WordsNotReadable,
)
from participation.services import mask_correcting, mask_lessons
from participation.services.mask_correcting import MAX_WORDS_CHARACTERS
from participation.services.masking import MAX_REASON_CHARACTERS

router = APIRouter()

AGAIN = "Lees de hele tekst opnieuw en kies dan."
PUBLIC_ONLY = (
    "Deze woorden kunnen ook van een inwoner zijn. Daarom blijven ze in nieuwe inbreng verborgen. "
    f"U kunt ze wel in deze inbreng leesbaar maken. {AGAIN}"
)


@router.post("/{code}/inbreng/{contribution_id}/verbergen", name="hide_words")
async def hide(
    request: Request,
    place: Revealing,
    contribution_id: uuid.UUID,
    woorden: Annotated[str, Form()] = "",
    soort: Annotated[str, Form()] = "",
) -> Response:
    """Hide words that the computer missed, in this contribution and what was added to it."""
    words = as_typed(woorden)
    try:
        async with working(request, place) as work:
            await mask_correcting.hide(
                work.session, contribution_id=contribution_id, words=words, kind=soort, **work.by
            )
    except TextMissing:
        error = "Vul in wat verborgen moet worden."
    except TextTooLong:
        error = f"Dat is te lang. Gebruik ten hoogste {MAX_WORDS_CHARACTERS} tekens."
    except MaskKindUnknown:
        error = "Kies wat het is."
    except WordsNotReadable:
        error = "Deze woorden staan niet zo in de tekst, of zijn al verborgen. Neem ze over zoals ze er staan."
    else:
        return go_to(request, "contribution", done="verborgen", code=place.code, contribution_id=contribution_id)
    return await contribution_page(
        request, place, contribution_id, 422, hide_words=words, hide_kind=soort, hide_error=error
    )


@router.post("/{code}/inbreng/{contribution_id}/leesbaar", name="show_piece")
async def show(
    request: Request,
    place: Revealing,
    contribution_id: uuid.UUID,
    woorden: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
    leren: Annotated[str, Form()] = "",
) -> Response:
    """Make a piece readable that was hidden for nothing. What goes wrong is told without the whole text."""
    try:
        async with working(request, place) as work:
            await mask_correcting.show(
                work.session,
                contribution_id=contribution_id,
                words=as_typed(woorden),
                reason=as_typed(reden),
                lesson=leren or None,
                **work.by,
            )
    except ReasonMissing:
        error = f"Schrijf waarom iedereen dit mag lezen. {AGAIN}"
    except ReasonTooLong:
        error = f"Uw reden is te lang. Gebruik ten hoogste {MAX_REASON_CHARACTERS} tekens. {AGAIN}"
    except WordsNotHidden:
        error = f"U koos geen stuk, of het is al leesbaar. {AGAIN}"
    except LessonNotAllowed:
        error = PUBLIC_ONLY
    else:
        return go_to(
            request,
            "contribution",
            done="leesbaar_geleerd" if leren else "leesbaar",
            code=place.code,
            contribution_id=contribution_id,
        )
    return await contribution_page(request, place, contribution_id, 422, reason=as_typed(reden), show_error=error)


@router.get("/{code}/instellingen/leesbaar", name="readable_words")
async def readable_words(request: Request, place: AtWork) -> Response:
    """Show which words stay readable, and who said so."""
    if not place.may_manage:
        raise ReadingOnly(place)
    async with working(request, place) as work:
        lessons = await mask_lessons.all_of(work.session, municipality_code=place.code)
    return render(request, "leesbaar_blijven.html", place=place, part="settings", lessons=lessons)


@router.post("/{code}/instellingen/leesbaar/{lesson_id}/weg", name="mask_again")
async def mask_again(request: Request, place: Managing, lesson_id: uuid.UUID) -> Response:
    """Hide words again in what comes in from now on."""
    async with working(request, place) as work:
        await mask_lessons.forget(work.session, lesson_id=lesson_id, **work.by)
    return go_to(request, "readable_words", done="woorden_weg", code=place.code)
