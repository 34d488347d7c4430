"""Internal notes on a contribution."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import Handling
from desk.contribution_page import as_typed, contribution_page, submission_of
from desk.pages import go_to
from desk.work import working
from participation.errors import TextMissing, TextTooLong
from participation.services import notes
from participation.services.notes import MAX_CHARACTERS

router = APIRouter()


@router.post("/{code}/inbreng/{contribution_id}/notitie", name="write_note")
async def write_note(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    notitie: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
) -> Response:
    """Keep a note for colleagues; the resident gets no message."""
    text = as_typed(notitie)
    submission = submission_of(verzending, place, text)
    error = ""
    try:
        async with working(request, place) as work:
            await notes.write(
                work.session, contribution_id=contribution_id, text=text, submission=submission, **work.by
            )
    except TextMissing:
        error = "Schrijf eerst uw notitie."
    except TextTooLong:
        longest = f"{MAX_CHARACTERS:,}".replace(",", ".")
        error = f"Uw notitie is te lang. Gebruik ten hoogste {longest} tekens."
    if error:
        return await contribution_page(request, place, contribution_id, 422, note=text, note_error=error)
    return go_to(request, "contribution", done="notitie", code=place.code, contribution_id=contribution_id)
