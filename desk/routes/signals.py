"""What a person has to look at: signs of danger or a threat, near copies, and much of one sender."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Handling, PageUnknown
from desk.context import desk_of
from desk.pages import go_to, render
from desk.signal_words import FLAGS, GROUPS, WHAT_TO_DO
from participation.errors import ContributionUnknown
from participation.services import signals

router = APIRouter()

SEEN_SHOWN = 20


@router.get("/{code}/signalen", name="signals")
async def show(request: Request, place: AtWork) -> Response:
    """Show what waits for a look first, then groups, then what was looked at."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    desk = desk_of(request)
    async with desk.database.session(place.code) as session:
        waiting = await signals.flags(session, municipality_code=place.code, seen=False)
        seen = await signals.flags(session, municipality_code=place.code, seen=True, limit=SEEN_SHOWN)
        groups = await signals.groups(session, municipality_code=place.code, now=desk.clock())
    return render(
        request,
        "signalen.html",
        place=place,
        part="signals",
        waiting=waiting,
        seen=seen,
        groups=groups,
        flags=FLAGS,
        what_to_do=WHAT_TO_DO,
        labels=GROUPS,
    )


@router.post("/{code}/signalen/{contribution_id}/{kind}", name="judge_flag")
async def judge(
    request: Request, place: Handling, contribution_id: uuid.UUID, kind: str, klopt: Annotated[str, Form()] = ""
) -> Response:
    """Note what a person made of a flag."""
    if klopt not in {"ja", "nee"}:
        raise PageUnknown(place.person)
    desk = desk_of(request)
    try:
        async with desk.database.session(place.code) as session:
            await signals.judge(
                session,
                municipality_code=place.code,
                contribution_id=contribution_id,
                kind=kind,
                is_right=klopt == "ja",
                clerk=place.person.clerk,
                now=desk.clock(),
            )
    except ContributionUnknown:
        raise PageUnknown(place.person) from None
    return go_to(request, "signals", done="signaal", code=place.code)
