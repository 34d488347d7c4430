"""Accepting an invitation: with a new account, or with the one that somebody has already."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import Sender, set_cookie, visitor
from desk.context import desk_of, path_for
from desk.pages import go_to, render
from desk.routes.account import FORM_COOKIE, GUESSABLE, STALE, form_nonce
from desk.security import LOGIN_FORM_SECONDS, LoginFormToken
from participation.errors import InvitationForAnother, InvitationUnknown, PasswordGuessable, PasswordTooWeak
from participation.services import invitations, municipalities
from participation.services.clerks import PASSWORD_LENGTH, SignedIn
from participation.services.invitations import Opened

router = APIRouter()

LONGEST_NAME = 80
Visitor = Annotated[SignedIn | None, Depends(visitor)]


@router.get("/{code}/uitnodiging/{token}", name="invitation")
async def show(request: Request, code: str, token: str, someone: Visitor) -> Response:
    """Show who invites for what, and what to do; who took it already goes on to the work."""
    if someone is not None and code in municipalities.names():
        async with desk_of(request).database.session(code) as session:
            done = await invitations.has_accepted(session, municipality_code=code, token=token, clerk=someone.clerk)
        if done:
            return go_to(request, "start", done="welkom")
    return await _page(request, code, token, someone)


@router.post("/{code}/uitnodiging/{token}/nieuw", name="accept_as_new")
async def accept_as_new(
    request: Request,
    code: str,
    token: str,
    someone: Visitor,
    formulier: Annotated[str, Form()] = "",
    naam: Annotated[str, Form()] = "",
    nieuw: Annotated[str, Form()] = "",
    herhaling: Annotated[str, Form()] = "",
) -> Response:
    """Make the account, and lead to the log-in."""
    if code not in municipalities.names():
        return _gone(request, someone)
    desk = desk_of(request)
    naam = " ".join(naam.replace("\0", "").split())
    form = LoginFormToken(desk.settings.secret_key)
    errors: dict[str, str] = {}
    if not form.accepts(formulier, request.cookies.get(FORM_COOKIE, "")):
        errors["nieuw"] = STALE
    if not 0 < len(naam) <= LONGEST_NAME:
        errors["naam"] = f"Vul uw naam in, met ten hoogste {LONGEST_NAME} tekens."
    if nieuw != herhaling:
        errors["herhaling"] = "De twee wachtwoorden zijn niet gelijk. Vul ze opnieuw in."
    if errors:
        return await _page(request, code, token, someone, errors=errors, name=naam)
    try:
        async with desk.database.session(code) as session:
            await invitations.accept_as_new(
                session, municipality_code=code, token=token, name=naam, password=nieuw, now=desk.clock()
            )
    except InvitationUnknown:
        return _gone(request, someone)
    except PasswordGuessable:
        return await _page(request, code, token, someone, errors={"nieuw": GUESSABLE}, name=naam)
    except PasswordTooWeak:
        shortest, longest = PASSWORD_LENGTH
        error = f"Kies een wachtwoord van {shortest} tot {longest} tekens."
        return await _page(request, code, token, someone, errors={"nieuw": error}, name=naam)
    # The same for who had an account already: whether there was one is not for whoever has the link.
    where = f"{path_for(request, 'log_in')}?gedaan=account_klaar&naar=/{code}/uitnodiging/{token}"
    return RedirectResponse(where, status_code=303)


@router.post("/{code}/uitnodiging/{token}", name="accept_invitation")
async def accept(request: Request, code: str, token: str, person: Sender) -> Response:
    """Let somebody who is signed in work for this municipality too."""
    if code not in municipalities.names():
        return _gone(request, person)
    desk = desk_of(request)
    try:
        async with desk.database.session(code) as session:
            await invitations.accept(session, municipality_code=code, token=token, clerk=person.clerk, now=desk.clock())
    except InvitationUnknown:
        return _gone(request, person)
    except InvitationForAnother:
        return await _page(request, code, token, person)
    return go_to(request, "start", done="welkom")


async def _page(
    request: Request,
    code: str,
    token: str,
    someone: SignedIn | None,
    *,
    errors: dict[str, str] | None = None,
    name: str = "",
) -> Response:
    if code not in municipalities.names():  # it becomes the scope of the transaction, so not just anything
        return _gone(request, someone)
    desk = desk_of(request)
    try:
        async with desk.database.session(code) as session:
            opened = await invitations.look(session, municipality_code=code, token=token, now=desk.clock())
    except InvitationUnknown:
        return _gone(request, someone)
    nonce = form_nonce(request)
    response = render(
        request,
        "uitnodiging.html",
        person=someone,
        status_code=422 if errors else 200,
        opened=opened,
        step=_step(opened, someone),
        municipality=municipalities.names()[code],
        code=code,
        token=token,
        formulier=LoginFormToken(desk.settings.secret_key).token(nonce),
        shortest=PASSWORD_LENGTH[0],
        errors=errors or {},
        name=name,
    )
    set_cookie(request, response, FORM_COOKIE, nonce, LOGIN_FORM_SECONDS)
    return response


def _step(opened: Opened, someone: SignedIn | None) -> str:
    """What the person has to do now."""
    if someone is not None:
        return "aannemen" if someone.clerk.email == opened.invitation.email else "ander_account"
    return "nieuw"


def _gone(request: Request, someone: SignedIn | None) -> Response:
    return render(
        request,
        "uitnodiging_weg.html",
        person=someone,
        status_code=404,
    )
