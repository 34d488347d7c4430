"""Logging in and out, one's own password, and the choice of a municipality."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import (
    SESSION_COOKIE,
    AtDesk,
    AtWork,
    Sender,
    Workplace,
    give_session_cookie,
    set_cookie,
    signed_in,
    visitor,
)
from desk.coming_back import can_come_back
from desk.context import NO_MUNICIPALITY, desk_of, path_for, root_of
from desk.pages import go_to, render
from desk.security import LOGIN_FORM_SECONDS, LoginFormToken
from desk.words import NOTICES
from participation.errors import LoginRefused, PasswordGuessable, PasswordTooWeak, TooManyAttempts
from participation.services import clerks, worklist
from participation.services.clerks import ATTEMPT_WINDOW, PASSWORD_LENGTH, SignedIn
from participation.services.devices import device
from participation.services.worklist import Choice
from participation.services.worklist_views import Asker

router = APIRouter()


class _Code(StringConvertor):
    """A code of a municipality and no other word: an address of one part is also that of many pages of the desk."""

    regex = r"GM\d{4}"


register_url_convertor("gemeentecode", _Code())  # Starlette looks it up while the routes below are made

FORM_COOKIE = "samenspel_griffie_formulier"
_NONCE = re.compile(r"[\w-]{32}")

REFUSED = "Uw e-mailadres en wachtwoord horen niet bij elkaar. Controleer ze en probeer het opnieuw."
TOO_MANY = "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht een kwartier en probeer het dan opnieuw."
GUESSABLE = "Dit wachtwoord is makkelijk te raden. Kies een ander, zoals een korte zin die alleen u bedenkt."
STALE = "Deze pagina stond te lang open. Vul uw wachtwoord nog een keer in."


@router.get("/", name="start")
async def start(request: Request, person: AtDesk, gedaan: str = "") -> Response:
    """Lead to the work of the one municipality, or to the choice between several."""
    done = gedaan if gedaan in NOTICES else ""
    if len(person.roles) == 1:
        return go_to(request, "worklist", done=done, code=next(iter(person.roles)))
    return go_to(request, "choose_municipality", done=done)


@router.get("/{code:gemeentecode}", name="municipality")
async def start_in(request: Request, place: AtWork) -> Response:
    """Lead to the work of one municipality, from what is left of an address that was cut short."""
    return go_to(request, "worklist", code=place.code)


@router.get("/gemeenten", name="choose_municipality")
async def choose_municipality(request: Request, person: AtDesk) -> Response:
    """List the municipalities that this person serves, with what is new in each."""
    desk = desk_of(request)
    new: dict[str, int] = {}
    for code in person.municipality_names:
        async with desk.database.session(code) as session:
            asker = Asker(code, person.clerk.id, desk.clock(), Workplace(person, code).may_handle)
            new[code] = await worklist.count(session, asker=asker, choice=Choice("nieuw"))
    return render(request, "gemeenten.html", person=person, new=new)


@router.get("/aanmelden", name="log_in")
async def show_log_in(
    request: Request, someone: Annotated[SignedIn | None, Depends(visitor)], naar: str = ""
) -> Response:
    """Show the log-in form."""
    if someone is not None:
        return go_to(request, "start")
    return log_in_page(request, naar=naar)


@router.post("/aanmelden", name="log_in_form")
async def log_in(
    request: Request,
    email: Annotated[str, Form()] = "",
    wachtwoord: Annotated[str, Form()] = "",
    formulier: Annotated[str, Form()] = "",
    naar: Annotated[str, Form()] = "",
) -> Response:
    """Check e-mail and password. The answer is the same whether or not the account exists."""
    desk = desk_of(request)
    email = _storable(email)
    form = LoginFormToken(desk.settings.secret_key)
    if not form.accepts(formulier, request.cookies.get(FORM_COOKIE, "")):
        return log_in_page(request, email=email, naar=naar, error=STALE, status_code=403)
    try:
        await _guard(request, email)
        async with desk.database.session(NO_MUNICIPALITY) as session:
            found = await clerks.log_in(
                session, email=email, password=wachtwoord, now=desk.clock(), device=device_of(request)
            )
    except TooManyAttempts:
        return log_in_page(request, email=email, naar=naar, error=TOO_MANY, status_code=429)
    except LoginRefused:
        await _note_failure(request, email)
        return log_in_page(request, email=email, naar=naar, error=REFUSED, status_code=422)
    response = ask_for_code(request, naar) if found.awaits_code else arrive(request, naar)
    give_session_cookie(request, response, found.token)
    set_cookie(request, response, FORM_COOKIE, "", 0)
    return response


@router.post("/afmelden", name="log_out")
async def log_out(request: Request, _person: Sender) -> Response:
    """End the session."""
    async with desk_of(request).database.session(NO_MUNICIPALITY) as session:
        await clerks.log_out(session, token=request.cookies[SESSION_COOKIE])
    response = go_to(request, "log_in", done="afgemeld")
    set_cookie(request, response, SESSION_COOKIE, "", 0)
    return response


@router.get("/wachtwoord", name="new_password")
async def show_new_password(request: Request, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Show the form for a new password; the only page for who has a one-time one."""
    return _password_page(request, person)


@router.post("/wachtwoord", name="new_password_form")
async def new_password(
    request: Request,
    person: Sender,
    huidig: Annotated[str, Form()] = "",
    nieuw: Annotated[str, Form()] = "",
    herhaling: Annotated[str, Form()] = "",
) -> Response:
    """Replace the password; all other sessions of this person end."""
    if nieuw != herhaling:
        return _password_page(
            request, person, 422, herhaling="De twee nieuwe wachtwoorden zijn niet gelijk. Vul ze opnieuw in."
        )
    desk = desk_of(request)
    try:
        await _guard(request, person.clerk.email)
        async with desk.database.session(NO_MUNICIPALITY) as session:
            token = await clerks.change_password(
                session,
                clerk=person.clerk,
                current=huidig,
                new=nieuw,
                now=desk.clock(),
                device=device_of(request),
            )
    except TooManyAttempts:
        return _password_page(request, person, 429, huidig=TOO_MANY)
    except LoginRefused:
        await _note_failure(request, person.clerk.email)
        return _password_page(request, person, 422, huidig="Uw huidige wachtwoord klopt niet. Vul het opnieuw in.")
    except PasswordGuessable:
        return _password_page(request, person, 422, nieuw=GUESSABLE)
    except PasswordTooWeak:
        shortest, longest = PASSWORD_LENGTH
        return _password_page(
            request,
            person,
            422,
            nieuw=f"Kies een ander wachtwoord dan u nu hebt, van {shortest} tot {longest} tekens.",
        )
    response = go_to(request, "start", done="wachtwoord")
    give_session_cookie(request, response, token)
    return response


def log_in_page(
    request: Request, *, email: str = "", naar: str = "", error: str = "", status_code: int = 200
) -> Response:
    """Show the log-in form, with a button for each provider of the installation."""
    nonce = form_nonce(request)
    token = LoginFormToken(desk_of(request).settings.secret_key).token(nonce)
    headers = {"Retry-After": str(int(ATTEMPT_WINDOW.total_seconds()))} if status_code == 429 else None
    response = render(
        request,
        "aanmelden.html",
        status_code=status_code,
        headers=headers,
        email=email,
        naar=naar if can_come_back(naar) else "",
        formulier=token,
        error=error,
        providers=desk_of(request).settings.sign_on,
    )
    set_cookie(request, response, FORM_COOKIE, nonce, LOGIN_FORM_SECONDS)
    return response


def form_nonce(request: Request) -> str:
    """What ties a form to this browser where there is no session: from its cookie, or fresh."""
    nonce = request.cookies.get(FORM_COOKIE, "")
    return nonce if _NONCE.fullmatch(nonce) else LoginFormToken.new_nonce()


def _password_page(request: Request, person: SignedIn, status_code: int = 200, **errors: str) -> Response:
    return render(
        request,
        "wachtwoord.html",
        person=person,
        status_code=status_code,
        errors=errors,
        shortest=PASSWORD_LENGTH[0],
    )


async def _guard(request: Request, email: str) -> None:
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        await clerks.guard_log_in(
            session, email=email, address=address_of(request), key=desk.settings.secret_key, now=desk.clock()
        )


async def _note_failure(request: Request, email: str) -> None:
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        await clerks.note_failure(
            session, email=email, address=address_of(request), key=desk.settings.secret_key, now=desk.clock()
        )


def arrive(request: Request, where: str) -> Response:
    """Lead to the page that somebody came for, or to the start."""
    if can_come_back(where):
        return RedirectResponse(root_of(request) + where, status_code=303)
    return go_to(request, "start")


def ask_for_code(request: Request, where: str) -> Response:
    """Lead to the page that asks for the code of the second factor, and from there on."""
    query = f"?naar={quote(where, safe='/')}" if can_come_back(where) else ""
    return RedirectResponse(path_for(request, "code") + query, status_code=303)


def device_of(request: Request) -> str:
    """Which browser this is, in a few words."""
    return device(request.headers.get("user-agent", ""))


def address_of(request: Request) -> str:
    """Where the request comes from, to count failures by."""
    return request.client.host if request.client else ""


def _storable(text: str) -> str:
    """PostgreSQL has no room for the null character."""
    return text.replace("\0", "")
