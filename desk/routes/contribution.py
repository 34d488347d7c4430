"""One contribution: reading it, changing its status, asking and answering the resident."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Handling, Revealing, Workplace
from desk.contribution_page import (
    as_typed,
    contribution_page,
    request_delivery,
    seen_of,
    submission_of,
)
from desk.pages import go_to
from desk.unsendable import REWORDED, UNSENDABLE, why
from desk.words import STATUSES
from desk.work import working
from participation.errors import (
    ChangedMeanwhile,
    DispositionMissing,
    DispositionUnknown,
    ReasonMissing,
    ReasonTooLong,
    SortingUnknown,
    TransitionNotAllowed,
)
from participation.services import asking, contributions, mask_correcting, masking, sorting
from participation.services.lifecycle import CLOSING
from participation.services.masking import MAX_REASON_CHARACTERS

router = APIRouter()

MOVED_ON = "De status is intussen veranderd. Kijk eerst wat er is gebeurd, en kies dan opnieuw."


@router.get("/{code}/inbreng/{contribution_id}", name="contribution")
async def show(request: Request, place: AtWork, contribution_id: uuid.UUID) -> Response:
    """Show the text, the data, the history and, to who may use them, the forms."""
    return await contribution_page(request, place, contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/status", name="change_status")
async def change_status(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    status: Annotated[str, Form()] = "",
    toelichting: Annotated[str, Form()] = "",
    afdoening: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Give the contribution another status. What closes it carries a text to the resident."""
    explanation = as_typed(toelichting)
    typed = {"status": status, "explanation": explanation, "disposition": afdoening, "seen": gezien}
    if error := _status_error(status, explanation):
        return await contribution_page(request, place, contribution_id, 422, **typed, **error)
    error, answer = {}, 422
    try:
        async with working(request, place) as work:
            await contributions.change_status(
                work.session,
                contribution_id=contribution_id,
                status=status,
                reason=explanation.strip() or None,
                disposition=afdoening or None,
                seen=seen_of(gezien),
                **work.by,
            )
    except TransitionNotAllowed:
        error, answer = {"status_error": MOVED_ON}, 409
    except ChangedMeanwhile:
        error, answer = {"status_error": REWORDED}, 409
    except (DispositionMissing, DispositionUnknown):
        error = {"disposition_error": "Kies wat er met de inbreng is gedaan."}
    except UNSENDABLE as fault:
        error = {"explanation_error": why(fault, explanation)}
    if error:
        return await contribution_page(request, place, contribution_id, answer, **typed, **error)
    told = await request_delivery(request, place, [contribution_id])
    done = "gesloten" if status in CLOSING and told else "status"
    return go_to(request, "contribution", done=done, code=place.code, contribution_id=contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/indeling", name="sort")
async def sort(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    soort: Annotated[str, Form()] = "",
    thema: Annotated[str, Form()] = "",
) -> Response:
    """Put the contribution under another kind or theme; the next model learns from it."""
    try:
        async with working(request, place) as work:
            await sorting.correct(
                work.session,
                contribution_id=contribution_id,
                kind=soort,
                theme=thema,
                **work.by,
            )
    except SortingUnknown:
        error = "Kies een soort en een thema uit de lijst."
        return await contribution_page(request, place, contribution_id, 422, sorting_error=error)
    return go_to(request, "contribution", done="indeling", code=place.code, contribution_id=contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/origineel", name="original")
async def original(
    request: Request, place: Revealing, contribution_id: uuid.UUID, reden: Annotated[str, Form()] = ""
) -> Response:
    """Show the resident's own words on this one page. Who read them, and why, is committed before they are shown."""
    reason = as_typed(reden)
    words, pieces, error = await _reveal(request, place, contribution_id, reason)
    if error:
        return await contribution_page(request, place, contribution_id, 422, reason=reason, reason_error=error)
    return await contribution_page(request, place, contribution_id, original=words, pieces=pieces, reason=reason)


@router.post("/{code}/inbreng/{contribution_id}/aanvulling/{addition_id}/origineel", name="addition_original")
async def addition_original(
    request: Request,
    place: Revealing,
    contribution_id: uuid.UUID,
    addition_id: uuid.UUID,
    reden: Annotated[str, Form()] = "",
) -> Response:
    """The same for what the resident added later, or how they reacted."""
    words, pieces, error = await _reveal(request, place, contribution_id, as_typed(reden), addition_id)
    form = {
        "addition": addition_id,
        "addition_original": words,
        "addition_reason": as_typed(reden),
        "addition_error": error,
        "pieces": pieces,
    }
    return await contribution_page(request, place, contribution_id, 422 if error else 200, **form)


async def _reveal(
    request: Request, place: Workplace, contribution_id: uuid.UUID, reason: str, addition_id: uuid.UUID | None = None
) -> tuple[str | None, Sequence[tuple[str, str]], str]:
    """Return the words and what of them is hidden, or what is wrong with the reason."""
    try:
        async with working(request, place) as work:
            words = await masking.reveal_original(
                work.session, contribution_id=contribution_id, addition_id=addition_id, reason=reason, **work.by
            )
            pieces = await mask_correcting.pieces(work.session, contribution_id=contribution_id, text=words)
    except ReasonMissing:
        return None, (), "Schrijf eerst waarom u de hele tekst wilt lezen."
    except ReasonTooLong:
        return None, (), f"Uw reden is te lang. Gebruik ten hoogste {MAX_REASON_CHARACTERS} tekens."
    return words, pieces, ""


@router.post("/{code}/inbreng/{contribution_id}/antwoord", name="reply")
async def reply(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    tekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Write to the resident. Sending the form twice writes one text."""
    text = as_typed(tekst)
    submission = submission_of(verzending, place, text)
    error, answer = "", 422
    try:
        async with working(request, place) as work:
            await contributions.reply(
                work.session,
                contribution_id=contribution_id,
                text=text,
                submission=submission,
                seen=seen_of(gezien),
                **work.by,
            )
    except UNSENDABLE as fault:
        error = why(fault, text)
    except ChangedMeanwhile:
        error, answer = REWORDED, 409
    if error:
        typed = {"text": text, "submission": submission, "seen": gezien}
        return await contribution_page(request, place, contribution_id, answer, **typed, text_error=error)
    await request_delivery(request, place, [contribution_id])
    return go_to(request, "contribution", done="antwoord", code=place.code, contribution_id=contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/vraag", name="ask")
async def ask(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    tekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Put a question to the resident and wait for the answer. Sending the form twice asks once."""
    question = as_typed(tekst)
    submission = submission_of(verzending, place, question)
    error, answer = "", 422
    try:
        async with working(request, place) as work:
            await asking.ask(
                work.session,
                contribution_id=contribution_id,
                question=question,
                submission=submission,
                seen=seen_of(gezien),
                **work.by,
            )
    except UNSENDABLE as fault:
        error = why(fault, question, kind="vraag")
    except TransitionNotAllowed:
        error, answer = "U kunt nu geen vraag stellen. Een collega heeft de status intussen veranderd.", 409
    except ChangedMeanwhile:
        error, answer = REWORDED, 409
    if error:
        typed = {"question": question, "seen": gezien}
        return await contribution_page(request, place, contribution_id, answer, **typed, question_error=error)
    await request_delivery(request, place, [contribution_id])
    return go_to(request, "contribution", done="vraag", code=place.code, contribution_id=contribution_id)


def _status_error(status: str, explanation: str) -> dict[str, str]:
    if status not in STATUSES:
        return {"status_error": "Kies eerst een nieuwe status."}
    if status in CLOSING and not explanation.strip():
        return {"explanation_error": f"Schrijf een toelichting voor de inwoner. Die hoort bij “{STATUSES[status]}”."}
    return {}
