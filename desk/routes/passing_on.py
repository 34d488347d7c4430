"""Passing a contribution on: to somebody who is about it, or to a meeting of the council."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import Handling, Workplace
from desk.contribution_page import contribution_page, request_delivery, seen_of
from desk.pages import go_to
from desk.passing_on_words import COLLEAGUE, DAY_OVER, NO_DAY, NO_MEETING, NO_RECIPIENT, ONE_OF_BOTH, TOO_LONG
from desk.unsendable import REWORDED, why
from desk.work import Work, working
from participation.errors import (
    ChangedMeanwhile,
    DayOver,
    DomainError,
    FieldOpen,
    MeetingUnknown,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.services import contributions, passing_on
from participation.services.passing_on import PLANNED, REFERRED
from participation.services.statuses import Destination
from participation.tables import read_day

router = APIRouter()


class DayUnreadable(DomainError):
    """A name was typed, and no day."""


class BothChosen(DomainError):
    """One was chosen from the list, and another typed."""


SAID: dict[type[DomainError], str] = {
    BothChosen: ONE_OF_BOTH,
    DayUnreadable: NO_DAY,
    DayOver: DAY_OVER,
    TextTooLong: TOO_LONG,
    TransitionNotAllowed: COLLEAGUE,
    ChangedMeanwhile: REWORDED,
}
REFUSED: tuple[type[DomainError], ...] = (*SAID, FieldOpen)


@router.post("/{code}/inbreng/{contribution_id}/doorsturen", name="refer")
async def refer(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    ontvanger: Annotated[str, Form()] = "",
    iemand: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Pass it on to somebody; the resident reads to whom."""
    typed = {"recipient": ontvanger, "somebody": iemand, "seen": gezien}
    error, answer = "", 422
    try:
        async with working(request, place) as work:
            await _give(work, contribution_id, REFERRED, _somebody(place, ontvanger, iemand), gezien)
    except TextMissing:
        error = NO_RECIPIENT
    except REFUSED as fault:
        error, answer = _refusal(fault, iemand)
    if error:
        return await contribution_page(request, place, contribution_id, answer, **typed, recipient_error=error)
    return await _done(request, place, contribution_id, "doorgestuurd")


@router.post("/{code}/inbreng/{contribution_id}/inplannen", name="plan")
async def plan(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    vergadering: Annotated[str, Form()] = "",
    naam: Annotated[str, Form()] = "",
    dag: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Plan it for a meeting of the calendar, or for one that is typed; the resident reads which, and when."""
    typed = {"meeting": vergadering, "meeting_name": naam, "meeting_day": dag, "seen": gezien}
    error, answer = "", 422
    try:
        async with working(request, place) as work:
            to = await _meeting(work, vergadering, naam.replace("\0", ""), dag)
            await _give(work, contribution_id, PLANNED, to, gezien)
    except (MeetingUnknown, TextMissing):
        error = NO_MEETING
    except REFUSED as fault:
        error, answer = _refusal(fault, naam)
    if error:
        return await contribution_page(request, place, contribution_id, answer, **typed, meeting_error=error)
    return await _done(request, place, contribution_id, "ingepland")


def _refusal(fault: DomainError, typed: str) -> tuple[str, int]:
    """Say why it was not passed on, and with which status to answer."""
    if isinstance(fault, FieldOpen):
        return why(fault, typed), 422
    return SAID[type(fault)], 409 if isinstance(fault, TransitionNotAllowed | ChangedMeanwhile) else 422


def _somebody(place: Workplace, chosen: str, typed: str) -> Destination:
    if chosen and typed.strip():
        raise BothChosen
    if chosen and chosen not in place.choices.recipients:
        raise TextMissing
    return passing_on.somebody(chosen or typed.replace("\0", ""))


async def _meeting(work: Work, chosen: str, name: str, day: str) -> Destination:
    if chosen and (name.strip() or day.strip()):
        raise BothChosen
    if chosen:
        try:
            meeting_id = uuid.UUID(chosen)
        except ValueError:
            raise MeetingUnknown from None
        return await passing_on.of_calendar(
            work.session, municipality_code=work.municipality_code, meeting_id=meeting_id, now=work.now
        )
    if not name.strip():
        raise TextMissing
    if (on := read_day(day)) is None:
        raise DayUnreadable
    return passing_on.by_hand(name, on, today=work.today)


async def _give(work: Work, contribution_id: uuid.UUID, status: str, to: Destination, seen: str) -> None:
    await contributions.change_status(
        work.session, contribution_id=contribution_id, status=status, to=to, seen=seen_of(seen), **work.by
    )


async def _done(request: Request, place: Workplace, contribution_id: uuid.UUID, done: str) -> Response:
    await request_delivery(request, place, [contribution_id])
    return go_to(request, "contribution", done=done, code=place.code, contribution_id=contribution_id)
