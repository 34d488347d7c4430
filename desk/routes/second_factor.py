"""The second factor of a person: asked at log-in, set up with a QR code, its recovery codes, and turned off."""

import hmac
import io
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import (
    SESSION_COOKIE,
    NewPasswordNeeded,
    PageUnknown,
    Sender,
    give_session_cookie,
    signed_in,
)
from desk.context import NO_MUNICIPALITY, desk_of
from desk.pages import go_to, render
from desk.routes.account import address_of, arrive
from participation.errors import CodeRefused, TooManyAttempts
from participation.services import desk_sessions, second_factor
from participation.services.clerks import ATTEMPT_WINDOW, SignedIn

router = APIRouter()

WRONG = "Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in uw app en vul die in."
WRONG_AT_SET_UP = "Deze code klopt niet. Vul de code in die de app nu laat zien, of scan het plaatje opnieuw."
TOO_MANY = "Er is te vaak een verkeerde code ingevuld. Wacht een kwartier en probeer het dan opnieuw."


async def with_own_password(person: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Require a session; setting up the second factor comes after choosing a password."""
    if person.needs_new_password:
        raise NewPasswordNeeded
    return person


async def sender_with_own_password(person: Sender) -> SignedIn:
    """The same, with a form of this session."""
    return await with_own_password(person)


Owner = Annotated[SignedIn, Depends(with_own_password)]
OwnerForm = Annotated[SignedIn, Depends(sender_with_own_password)]


@router.get("/aanmelden/code", name="code")
async def show_code(request: Request, naar: str = "") -> Response:
    """Ask for the code, after the password was right."""
    return await _code_page(request, naar=naar)


@router.post("/aanmelden/code", name="code_form")
async def log_in(
    request: Request,
    code: Annotated[str, Form()] = "",
    csrf: Annotated[str, Form()] = "",
    naar: Annotated[str, Form()] = "",
) -> Response:
    """Check the code, and open the desk."""
    desk = desk_of(request)
    cookie = request.cookies.get(SESSION_COOKIE, "")
    try:
        async with desk.database.session(NO_MUNICIPALITY) as session:
            waiting = await desk_sessions.find(session, token=cookie, now=desk.clock(), awaits_code=True)
            if waiting is None or not hmac.compare_digest(csrf.encode(), waiting.csrf_token.encode()):
                raise CodeRefused
            token = await second_factor.log_in(
                session,
                token=cookie,
                code=code[:40],
                address=address_of(request),
                key=desk.settings.pseudonym_key,
                attempts_key=desk.settings.secret_key,
                now=desk.clock(),
            )
    except TooManyAttempts:
        return await _code_page(request, naar=naar, error=TOO_MANY, status_code=429)
    except CodeRefused:
        return go_to(request, "log_in")
    if token is None:
        return await _code_page(request, naar=naar, error=WRONG, status_code=422)
    response = arrive(request, naar)
    give_session_cookie(request, response, token)
    return response


@router.get("/account/tweede-stap", name="second_factor")
async def show(request: Request, person: Owner) -> Response:
    """Show how to set it up, or that it is on."""
    return await _page(request, person, starts=True)


@router.get("/account/tweede-stap/qr.svg", name="second_factor_picture")
async def picture(request: Request, person: Owner) -> Response:
    """Draw what the app has to scan; only as long as the first code has not come."""
    secret = await _secret(request, person, starts=False)
    if secret is None:
        raise PageUnknown(person)
    out = io.BytesIO()
    code = segno.make(second_factor.address(secret, email=person.clerk.email), error="m")
    code.save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return Response(out.getvalue(), media_type="image/svg+xml")


@router.post("/account/tweede-stap/aanzetten", name="turn_on_second_factor")
async def turn_on(request: Request, person: OwnerForm, code: Annotated[str, Form()] = "") -> Response:
    """Put it in force with the first code, and show the recovery codes once."""
    desk = desk_of(request)
    try:
        async with desk.database.session(NO_MUNICIPALITY) as session:
            codes = await second_factor.confirm(
                session,
                clerk=person.clerk,
                code=code[:40],
                key=desk.settings.pseudonym_key,
                token=request.cookies[SESSION_COOKIE],
                now=desk.clock(),
            )
    except CodeRefused:
        return await _page(request, person, error=WRONG_AT_SET_UP, status_code=422)
    return _codes_page(request, person, codes)


@router.post("/account/tweede-stap/herstelcodes", name="renew_recovery_codes")
async def renew(request: Request, person: OwnerForm, code: Annotated[str, Form()] = "") -> Response:
    """Give new recovery codes, after a code of the app."""
    desk = desk_of(request)
    if refused := await _check(request, person, code):
        return refused
    async with desk.database.session(NO_MUNICIPALITY) as session:
        codes = await second_factor.renew_recovery_codes(
            session, clerk=person.clerk, key=desk.settings.pseudonym_key, now=desk.clock()
        )
    return _codes_page(request, person, codes)


@router.post("/account/tweede-stap/uitzetten", name="turn_off_second_factor")
async def turn_off(request: Request, person: OwnerForm, code: Annotated[str, Form()] = "") -> Response:
    """Do without, where nobody asks for it, after a code of the app."""
    desk = desk_of(request)
    if person.second_factor_asked:
        return await _page(request, person)
    if refused := await _check(request, person, code):
        return refused
    async with desk.database.session(NO_MUNICIPALITY) as session:
        await second_factor.turn_off(session, clerk=person.clerk, now=desk.clock())
    return go_to(request, "account", done="tweede_stap_uit")


async def _check(request: Request, person: SignedIn, code: str) -> Response | None:
    desk = desk_of(request)
    try:
        async with desk.database.session(NO_MUNICIPALITY) as session:
            right = await second_factor.check(
                session,
                clerk=person.clerk,
                code=code[:40],
                address=address_of(request),
                key=desk.settings.pseudonym_key,
                attempts_key=desk.settings.secret_key,
                now=desk.clock(),
            )
    except TooManyAttempts:
        return await _page(request, person, error=TOO_MANY, status_code=429)
    return None if right else await _page(request, person, error=WRONG, status_code=422)


async def _secret(request: Request, person: SignedIn, *, starts: bool) -> str | None:
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        return await second_factor.secret_to_set_up(
            session, clerk=person.clerk, key=desk.settings.pseudonym_key, now=desk.clock(), starts=starts
        )


async def _page(
    request: Request, person: SignedIn, *, starts: bool = False, error: str = "", status_code: int = 200
) -> Response:
    secret = await _secret(request, person, starts=starts)
    async with desk_of(request).database.session(NO_MUNICIPALITY) as session:
        left = await second_factor.unused_recovery_codes(session, clerk=person.clerk)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)] if secret else []
    return render(
        request,
        "tweede_stap.html",
        person=person,
        status_code=status_code,
        secret=" ".join(groups),
        left=left,
        error=error,
    )


def _codes_page(request: Request, person: SignedIn, codes: list[str]) -> Response:
    return render(request, "herstelcodes.html", person=person, codes=codes)


async def _code_page(request: Request, *, naar: str, error: str = "", status_code: int = 200) -> Response:
    desk = desk_of(request)
    cookie = request.cookies.get(SESSION_COOKIE, "")
    async with desk.database.session(NO_MUNICIPALITY) as session:
        waiting = await desk_sessions.find(session, token=cookie, now=desk.clock(), awaits_code=True)
    if waiting is None:
        return go_to(request, "log_in")
    headers = {"Retry-After": str(int(ATTEMPT_WINDOW.total_seconds()))} if status_code == 429 else None
    return render(
        request,
        "code.html",
        status_code=status_code,
        headers=headers,
        csrf=waiting.csrf_token,
        naar=naar,
        error=error,
    )
