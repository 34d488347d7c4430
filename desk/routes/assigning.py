"""Saying on the page of a contribution who handles it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import Handling
from desk.contribution_page import contribution_page
from desk.pages import go_to
from desk.work import working
from participation.errors import ColleagueUnknown
from participation.services import assigning, statuses
from participation.services.worklist import NOBODY

router = APIRouter()


@router.post("/{code}/inbreng/{contribution_id}/toewijzen", name="assign")
async def assign(
    request: Request, place: Handling, contribution_id: uuid.UUID, wie: Annotated[str, Form()] = ""
) -> Response:
    """Give the contribution to a colleague, to oneself, or to nobody. To choose who has it already changes nothing."""
    try:
        assignee_id = None if wie == NOBODY else uuid.UUID(wie)
        async with working(request, place) as work:
            await statuses.lock(work.session, contribution_id=contribution_id, municipality_code=place.code)
            await assigning.assign(work.session, contribution_ids=[contribution_id], assignee_id=assignee_id, **work.by)
    except (ColleagueUnknown, ValueError):
        error = "Kies een collega uit de lijst."
        return await contribution_page(request, place, contribution_id, 422, handler_error=error)
    return go_to(request, "contribution", done="toegewezen", code=place.code, contribution_id=contribution_id)
