"""Asking another municipality to work for it too, and the answer of that municipality."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtDesk, ManagingPeople, PageUnknown, Sender, person_at_desk
from desk.context import desk_of
from desk.pages import go_to, render
from desk.work import working
from participation.errors import NotYoursToChange, RequestUnknown, WorksHereAlready
from participation.services import access_requests, municipalities
from participation.services.clerks import SignedIn

router = APIRouter()

NO_SUCH = "Deze gemeente kennen wij niet. Schrijf de naam zoals zij zelf, bijvoorbeeld Amersfoort."


@router.get("/account/gemeente", name="access_request")
async def show(request: Request, person: AtDesk) -> Response:
    """Show the form."""
    return _page(request, person, gemeente="", rol="")


@router.post("/account/gemeente", name="send_access_request")
async def send(
    request: Request, person: Sender, gemeente: Annotated[str, Form()] = "", rol: Annotated[str, Form()] = ""
) -> Response:
    """Ask the municipality of this name."""
    await person_at_desk(person)
    desk = desk_of(request)
    wanted = " ".join(gemeente.replace("\0", "").split())
    code = next((code for code, name in municipalities.names().items() if name.lower() == wanted.lower()), None)
    errors = {} if code else {"gemeente": NO_SUCH}
    if rol not in access_requests.ROLES_TO_ASK:
        errors["rol"] = "Kies een rol."
    if code is None or errors:
        return _page(request, person, errors=errors, gemeente=wanted, rol=rol)
    try:
        async with desk.database.session(code) as session:
            await access_requests.ask(session, municipality_code=code, role=rol, clerk=person.clerk, now=desk.clock())
    except WorksHereAlready:
        return _page(request, person, errors={"gemeente": "U werkt al voor deze gemeente."}, gemeente=wanted, rol=rol)
    except NotYoursToChange:
        problem = "U werkt nog voor geen enkele gemeente. Vraag deze gemeente om een uitnodiging."
        return _page(request, person, errors={"gemeente": problem}, gemeente=wanted, rol=rol)
    return go_to(request, "account", done="gevraagd")


@router.post("/{code}/medewerkers/verzoeken/{request_id}", name="decide_access_request")
async def decide(
    request: Request, place: ManagingPeople, request_id: uuid.UUID, besluit: Annotated[str, Form()] = ""
) -> Response:
    """Let somebody of another municipality work here too, or not."""
    if besluit not in ("ja", "nee"):
        return go_to(request, "people", code=place.code)
    try:
        async with working(request, place) as work:
            could = await access_requests.decide(work.session, request_id=request_id, agreed=besluit == "ja", **work.by)
    except (RequestUnknown, NotYoursToChange):
        raise PageUnknown(place.person) from None
    return go_to(request, "people", done=f"verzoek_{besluit}" if could else "verzoek_vervallen", code=place.code)


def _page(request: Request, person: SignedIn, *, errors: dict[str, str] | None = None, **typed: str) -> Response:
    return render(
        request,
        "verzoek.html",
        person=person,
        status_code=422 if errors else 200,
        roles=access_requests.ROLES_TO_ASK,
        errors=errors or {},
        typed=typed,
    )
