"""One's own account: where one is signed in, and the ways to password and second factor."""

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from desk.access import SESSION_COOKIE, AtDesk, PageUnknown, Sender
from desk.context import NO_MUNICIPALITY, desk_of
from desk.pages import go_to, render
from participation.services import desk_sessions, sign_on

router = APIRouter()


@router.get("/account", name="account")
async def show(request: Request, person: AtDesk) -> Response:
    """Show the person's roles, second factor and sessions."""
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        sessions = await desk_sessions.of(session, clerk=person.clerk, now=desk.clock())
        links = {one.issuer for one in await sign_on.links_of(session, clerk=person.clerk)}
    linked = [one for one in desk.settings.sign_on if one.issuer in links]
    return render(request, "account.html", person=person, sessions=sessions, linked=linked)


@router.post("/account/aanmelddienst/{provider}/los", name="unlink_provider")
async def unlink(request: Request, person: Sender, provider: str) -> Response:
    """Forget whom this person is at a provider."""
    desk = desk_of(request)
    if provider not in desk.providers:
        raise PageUnknown(person)
    issuer = desk.providers[provider].provider.issuer
    async with desk.database.session(NO_MUNICIPALITY) as session:
        known = await sign_on.unlink(session, clerk=person.clerk, issuer=issuer, now=desk.clock())
    if not known:
        raise PageUnknown(person)
    return go_to(request, "account", done="dienst_los")


@router.post("/account/sessies/andere", name="end_other_sessions")
async def end_others(request: Request, person: Sender) -> Response:
    """Sign this person out everywhere else."""
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        await desk_sessions.end_others(
            session, clerk=person.clerk, token=request.cookies[SESSION_COOKIE], now=desk.clock()
        )
    return go_to(request, "account", done="sessies_weg")


@router.post("/account/sessies/{session_id}", name="end_session")
async def end(request: Request, person: Sender, session_id: uuid.UUID) -> Response:
    """Sign this person out on one device."""
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        ended = await desk_sessions.end(session, clerk=person.clerk, session_id=session_id, now=desk.clock())
    if not ended:
        raise PageUnknown(person)
    return go_to(request, "account" if session_id != person.session_id else "log_in", done="sessie_weg")
