"""What a person has to look at: signs of danger or a threat, near copies, and much of one sender."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Handling, PageUnknown
from desk.pages import go_to, render
from desk.signal_words import FLAGS, GROUPS, WHAT_TO_DO
from desk.work import working
from participation.models.contribution import WITHDRAWN
from participation.services import signals

router = APIRouter()

WAITING_SHOWN, SEEN_SHOWN = 100, 20


@router.get("/{code}/signalen", name="signals")
async def show(request: Request, place: AtWork) -> Response:
    """Show what waits for a look first, then groups, then what was looked at."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    async with working(request, place) as work:
        open_count = await signals.open_count(work.session, municipality_code=place.code)
        waiting = await signals.flags(work.session, municipality_code=place.code, seen=False, limit=WAITING_SHOWN)
        seen = await signals.flags(work.session, municipality_code=place.code, seen=True, limit=SEEN_SHOWN)
        groups = await signals.groups(work.session, municipality_code=place.code, now=work.now)
    return render(
        request,
        "signalen.html",
        place=place,
        part="signals",
        open_count=open_count,
        waiting=waiting,
        seen=seen,
        groups=groups,
        flags=FLAGS,
        what_to_do=WHAT_TO_DO,
        labels=GROUPS,
        withdrawn=WITHDRAWN,
    )


@router.post("/{code}/signalen/{contribution_id}/{kind}", name="judge_flag")
async def judge(
    request: Request, place: Handling, contribution_id: uuid.UUID, kind: str, klopt: Annotated[str, Form()] = ""
) -> Response:
    """Note what a person made of a flag."""
    if klopt not in {"ja", "nee"}:
        raise PageUnknown(place.person)
    async with working(request, place) as work:
        await signals.judge(work.session, contribution_id=contribution_id, kind=kind, is_right=klopt == "ja", **work.by)
    return go_to(request, "signals", done="signaal", code=place.code)
