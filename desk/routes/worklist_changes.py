"""Changing several contributions at once from the work list, and undoing that. Works without a script."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import Handling, PageUnknown
from desk.context import path_for
from desk.work import working
from desk.worklist_address import ME, AddressUnknown, Asked
from participation.errors import (
    ColleagueUnknown,
    NothingChosen,
    SortingUnknown,
    TooManyChosen,
    UndoTooLate,
)
from participation.models.worklist import BULK_ACTIONS
from participation.services import bulk
from participation.services.worklist import NOBODY

router = APIRouter()

Ids = Annotated[list[uuid.UUID] | None, Form()]


@router.post("/{code}/inbreng/samen", name="change_several")
async def change(
    request: Request,
    place: Handling,
    inbreng: Ids = None,
    actie: Annotated[str, Form()] = "",
    wie: Annotated[str, Form()] = "",
    thema: Annotated[str, Form()] = "",
    terug: Annotated[str, Form()] = "",
) -> Response:
    """Assign, take up or give a theme to what was ticked, and go back to the same page of the list."""
    action, _, argument = actie.partition(":")
    if action not in BULK_ACTIONS:
        return _back(request, place.code, terug, gedaan="samen_niets")
    wanted = {"toewijzen": argument or wie, "oppakken": "", "thema": thema}[action]
    if action != "oppakken" and not wanted:
        return _back(request, place.code, terug, gedaan=f"samen_{action}")
    target = {ME: str(place.person.clerk.id), NOBODY: ""}.get(wanted, wanted) if action == "toewijzen" else wanted
    try:
        async with working(request, place) as work:
            made = await bulk.carry_out(
                work.session,
                contribution_ids=set(inbreng or ()),
                action=action,
                target=target or None,
                **work.by,
            )
    except NothingChosen:
        return _back(request, place.code, terug, gedaan="samen_niets")
    except (ColleagueUnknown, SortingUnknown, TooManyChosen, ValueError):
        raise PageUnknown(place.person) from None
    return _back(request, place.code, terug, samen=str(made.id))


@router.post("/{code}/inbreng/samen/{change_id}/ongedaan", name="undo_several")
async def undo(request: Request, place: Handling, change_id: uuid.UUID, terug: Annotated[str, Form()] = "") -> Response:
    """Put back what a change did, as far as nobody has changed it since."""
    try:
        async with working(request, place) as work:
            await bulk.undo(work.session, change_id=change_id, **work.by)
    except UndoTooLate:
        return _back(request, place.code, terug, gedaan="samen_te_laat")
    return _back(request, place.code, terug, gedaan="samen_terug")


def _back(request: Request, code: str, query: str, **told: str) -> RedirectResponse:
    """Go back to the list that the form came from; what is not one of its addresses becomes the list itself."""
    try:
        here = Asked.read_text(query).here()
    except (AddressUnknown, ValueError):
        here = ""
    told_part = "&".join(f"{name}={value}" for name, value in told.items())
    address = f"{path_for(request, 'worklist', code=code)}{here}{'&' if here else '?'}{told_part}"
    return RedirectResponse(address, status_code=303)
