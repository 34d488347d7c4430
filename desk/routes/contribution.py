"""One contribution: reading it, changing its status, answering the resident."""

import logging
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, FormExpired, Handling, PageUnknown, Revealing, Workplace
from desk.context import desk_of
from desk.pages import go_to, render
from desk.side_notes import side_notes
from desk.timeline import timeline
from desk.words import STATUSES
from participation.errors import (
    ContributionUnknown,
    ReasonMissing,
    ReasonTooLong,
    SortingUnknown,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.models import ContributionEntry
from participation.models.contribution import STATUSES as STATUS_ORDER
from participation.services import clerks, contributions, masking, sorting
from participation.services.contributions import MAX_REPLY_CHARACTERS, ContributionDetail
from participation.services.lifecycle import ALLOWED, CLOSING
from participation.services.masking import MAX_REASON_CHARACTERS

router = APIRouter()
logger = logging.getLogger(__name__)

LONGEST = f"{MAX_REPLY_CHARACTERS:,}".replace(",", ".")


class ChatGone(Exception):
    """The chat that the contribution came from has been erased, so that no text can arrive there."""


@router.get("/{code}/inbreng/{contribution_id}", name="contribution")
async def show(request: Request, place: AtWork, contribution_id: uuid.UUID) -> Response:
    """Show the text, the data, the history and, to who may use them, the forms."""
    return await _page(request, place, contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/status", name="change_status")
async def change_status(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    status: Annotated[str, Form()] = "",
    toelichting: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
) -> Response:
    """Give the contribution another status. What closes it carries a text to the resident."""
    explanation = as_typed(toelichting)
    submission = _submission(verzending, place, explanation)
    if error := _status_error(status, explanation):
        return await _page(request, place, contribution_id, 422, status=status, explanation=explanation, **error)
    entry: ContributionEntry | None = None
    try:
        async with desk_of(request).database.session(place.code) as session:
            entry = await _change(session, request, place, contribution_id, status, explanation, submission)
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    except TransitionNotAllowed:
        return await _page(
            request,
            place,
            contribution_id,
            409,
            status=status,
            explanation=explanation,
            status_error="Deze status past niet meer. Een collega heeft de status intussen veranderd. Kies opnieuw.",
        )
    except TextTooLong:
        return await _page(
            request,
            place,
            contribution_id,
            422,
            status=status,
            explanation=explanation,
            explanation_error=_too_long(explanation),
        )
    if entry is not None:
        await _notify(request, entry)
    done = "gesloten" if entry else "status"
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
    desk = desk_of(request)
    try:
        async with desk.database.session(place.code) as session:
            await sorting.correct(
                session,
                municipality_code=place.code,
                contribution_id=contribution_id,
                kind=soort,
                theme=thema,
                clerk=place.person.clerk,
                now=desk.clock(),
            )
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    except SortingUnknown:
        error = "Kies een soort en een thema uit de lijst."
        return await _page(request, place, contribution_id, 422, sorting_error=error)
    return go_to(request, "contribution", done="indeling", code=place.code, contribution_id=contribution_id)


@router.post("/{code}/inbreng/{contribution_id}/origineel", name="original")
async def original(
    request: Request, place: Revealing, contribution_id: uuid.UUID, reden: Annotated[str, Form()] = ""
) -> Response:
    """Show the resident's own words on this one page. Who read them, and why, is committed before they are shown."""
    desk, reason = desk_of(request), as_typed(reden)
    error = ""
    try:
        async with desk.database.session(place.code) as session:
            words = await masking.reveal_original(
                session,
                municipality_code=place.code,
                contribution_id=contribution_id,
                reason=reason,
                clerk=place.person.clerk,
                now=desk.clock(),
            )
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    except ReasonMissing:
        error = "Schrijf eerst waarom u de hele tekst wilt lezen."
    except ReasonTooLong:
        error = f"Uw reden is te lang. Gebruik ten hoogste {MAX_REASON_CHARACTERS} tekens."
    if error:
        return await _page(request, place, contribution_id, 422, reason=reason, reason_error=error)
    return await _page(request, place, contribution_id, original=words)


@router.post("/{code}/inbreng/{contribution_id}/antwoord", name="reply")
async def reply(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    tekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
) -> Response:
    """Write to the resident. Sending the form twice writes one text."""
    text = as_typed(tekst)
    submission = _submission(verzending, place, text)
    desk = desk_of(request)
    error = ""
    try:
        async with desk.database.session(place.code) as session:
            if not await _reachable(session, place, contribution_id):
                raise ChatGone
            entry = await contributions.reply(
                session,
                municipality_code=place.code,
                contribution_id=contribution_id,
                text=text,
                clerk=place.person.clerk,
                submission=submission,
                now=desk.clock(),
            )
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    except ChatGone:
        error = "Dit antwoord kan niet meer aankomen: de chat van deze inwoner is gewist."
    except TextMissing:
        error = "U hebt nog niets geschreven. Schrijf uw antwoord en verstuur het dan."
    except TextTooLong:
        error = _too_long(text)
    if error:
        return await _page(request, place, contribution_id, 422, text=text, text_error=error, submission=submission)
    await _notify(request, entry)
    return go_to(request, "contribution", done="antwoord", code=place.code, contribution_id=contribution_id)


def as_typed(text: str) -> str:
    """Return the text of a form with the line ends of every other text, without what PostgreSQL can not keep."""
    return text.replace("\r\n", "\n").replace("\0", "")


async def _change(
    session: AsyncSession,
    request: Request,
    place: Workplace,
    contribution_id: uuid.UUID,
    status: str,
    explanation: str,
    submission: uuid.UUID,
) -> ContributionEntry | None:
    """Change the status; returns the text to the resident when the change closes the contribution."""
    clerk, now = place.person.clerk, desk_of(request).clock()
    row = await contributions.change_status(
        session,
        municipality_code=place.code,
        contribution_id=contribution_id,
        status=status,
        clerk=clerk,
        now=now,
        reason=explanation.strip() or None,
    )
    changed_now = row.clerk_id == clerk.id and row.created_at == now
    if status not in CLOSING or not changed_now or not await _reachable(session, place, contribution_id):
        return None
    return await contributions.reply(
        session,
        municipality_code=place.code,
        contribution_id=contribution_id,
        text=explanation,
        clerk=clerk,
        submission=submission,
        now=now,
    )


async def _reachable(session: AsyncSession, place: Workplace, contribution_id: uuid.UUID) -> bool:
    detail = await contributions.find_contribution(
        session, municipality_code=place.code, contribution_id=contribution_id
    )
    return detail.contribution.conversation_id is not None


async def _page(
    request: Request, place: Workplace, contribution_id: uuid.UUID, status_code: int = 200, **form: Any
) -> Response:
    """Render the page; `form` holds what was typed and what is wrong with it."""
    try:
        async with desk_of(request).database.session(place.code) as session:
            detail = await contributions.find_contribution(
                session, municipality_code=place.code, contribution_id=contribution_id
            )
            names = await clerks.names_of(session, clerk_ids=_clerk_ids(detail))
            notes = await side_notes(
                session, place=place, contribution_id=contribution_id, settings=desk_of(request).settings
            )
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    filled = {
        "status": "",
        "explanation": "",
        "text": "",
        "status_error": "",
        "explanation_error": "",
        "text_error": "",
        "sorting_error": "",
        "reason": "",
        "reason_error": "",
        "original": None,
        "submission": uuid.uuid4(),
        "closing_submission": uuid.uuid4(),
    } | form
    return render(
        request,
        "inbreng.html",
        place=place,
        status_code=status_code,
        detail=detail,
        steps=timeline(detail, names),
        next_statuses=[name for name in STATUS_ORDER if name in ALLOWED[detail.status]],
        longest=LONGEST,
        form=filled,
        **notes,
    )


def _clerk_ids(detail: ContributionDetail) -> set[uuid.UUID]:
    ids = {row.clerk_id for row in detail.statuses} | {row.clerk_id for row in detail.entries}
    return {clerk_id for clerk_id in ids if clerk_id is not None}


def _status_error(status: str, explanation: str) -> dict[str, str]:
    if status not in STATUSES:
        return {"status_error": "Kies eerst een nieuwe status."}
    if status in CLOSING and not explanation.strip():
        return {"explanation_error": f"Schrijf een toelichting voor de inwoner. Die hoort bij “{STATUSES[status]}”."}
    return {}


def _too_long(text: str) -> str:
    surplus = len(text.strip()) - MAX_REPLY_CHARACTERS
    return f"Uw tekst is {surplus} tekens te lang. In de chat passen {LONGEST} tekens. Maak uw tekst korter."


def _submission(typed: str, place: Workplace, text: str) -> uuid.UUID:
    """Read the form's own id, which no person types."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise FormExpired(place.person, text) from None


async def _notify(request: Request, entry: ContributionEntry) -> None:
    """Ask for delivery. The text is committed: a fault here delays it until the worker's next round, no more."""
    if entry.delivered_at is not None:
        return
    try:
        await desk_of(request).notify(entry.id)
    except Exception:  # the text is safe, so the griffier must not read that it failed
        logger.exception("Delivery of entry %s could not be requested", entry.id)
