"""Log-in with the account of one's work: to an OpenID provider, and back with its answer."""

import hmac
import logging
import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import give_session_cookie, set_cookie, visitor
from desk.coming_back import can_come_back
from desk.context import NO_MUNICIPALITY, desk_of, path_for
from desk.routes.account import TOO_MANY, address_of, arrive, ask_for_code, device_of, log_in_page
from participation.errors import SignOnRefused, TooManyAttempts
from participation.openid import Client, Identity, ProofRefused, ProviderUnreachable, Secret
from participation.services import clerks, sign_on
from participation.services.clerks import SignedIn

logger = logging.getLogger(__name__)
router = APIRouter()

COOKIE = "samenspel_griffie_dienst"
SECONDS = 600
"""That somebody may take at the provider."""

STALE = "Dit aanmelden duurde te lang, of begon in een ander venster. Begin opnieuw."
UNREACHABLE = "De aanmelddienst antwoordt nu niet. Probeer het later opnieuw, of gebruik uw wachtwoord."
STOPPED = "U bent niet aangemeld. Probeer het opnieuw, of gebruik uw wachtwoord."
UNKNOWN = (
    "Met dit account van uw werk kunt u hier niet aanmelden. Bent u nieuw? Vraag uw beheerder om een uitnodiging. "
    "Hebt u al een account? Meld u aan met uw wachtwoord, of vraag uw beheerder om een eenmalig wachtwoord."
)


@router.get("/aanmelden/dienst/{provider}", name="sign_on")
async def begin(
    request: Request, provider: str, someone: Annotated[SignedIn | None, Depends(visitor)], naar: str = ""
) -> Response:
    """Send the browser to the provider. What the end has to fit goes along in a cookie; nothing is stored here."""
    client = _client(request, provider)
    if someone is not None:
        return arrive(request, naar)
    value = secrets.token_urlsafe(32)
    try:
        address = await client.address(secret=_secret(request, value), back_to=_back_to(request, client))
    except ProviderUnreachable as fault:
        return _unreachable(request, client, fault, naar)
    response = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    ticket = _tickets(request).dumps([client.provider.key, value, naar if can_come_back(naar) else ""])
    set_cookie(request, response, COOKIE, ticket, SECONDS)
    return response


@router.get("/aanmelden/dienst/{provider}/terug", name="sign_on_return")
async def finish(request: Request, provider: str) -> Response:
    """Take the answer of the provider, once, in the browser that asked for it."""
    client, answer = _client(request, provider), dict(request.query_params)
    desk = desk_of(request)
    try:
        began, value, naar = _tickets(request).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadSignature:
        return _over(request, log_in_page(request, error=STALE, status_code=403))
    secret, address = _secret(request, value), address_of(request)
    try:
        async with desk.database.session(NO_MUNICIPALITY) as session:
            await clerks.guard_address(session, address=address, key=desk.settings.secret_key, now=desk.clock())
            is_ours = began == provider and hmac.compare_digest(answer.get("state", "").encode(), secret.state.encode())
            first = is_ours and await sign_on.take_once(session, state=secret.state, now=desk.clock())
        if not first:
            raise SignOnRefused("antwoord_past_niet")
        if "error" in answer:
            return _over(request, log_in_page(request, naar=naar, error=STOPPED, status_code=403))
        identity = await client.identify(answer, secret=secret, back_to=_back_to(request, client), now=desk.clock())
        response = await _let_in(request, client, identity, naar)
    except TooManyAttempts:
        response = log_in_page(request, naar=naar, error=TOO_MANY, status_code=429)
    except ProviderUnreachable as fault:
        response = _unreachable(request, client, fault, naar)
    except (ProofRefused, SignOnRefused) as fault:
        response = await _refused(request, client, fault, naar)
    return _over(request, response)


async def _let_in(request: Request, client: Client, identity: Identity, naar: str) -> Response:
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        found = await sign_on.log_in(
            session, provider=client.provider, identity=identity, now=desk.clock(), device=device_of(request)
        )
    response = ask_for_code(request, naar) if found.awaits_code else arrive(request, naar)
    give_session_cookie(request, response, found.token)
    return response


async def _refused(request: Request, client: Client, fault: ProofRefused | SignOnRefused, naar: str) -> Response:
    """Say what to do, and not whether there is an account; the log says why."""
    desk = desk_of(request)
    proven = isinstance(fault, SignOnRefused)
    if not proven:
        logger.warning("OpenID provider %s: refused, %s", client.provider.key, fault)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        await sign_on.note_refusal(
            session,
            provider=client.provider,
            reason=fault.reason if isinstance(fault, SignOnRefused) else "bewijs_klopt_niet",
            clerk_id=fault.clerk_id if isinstance(fault, SignOnRefused) else None,
            address=address_of(request),
            key=desk.settings.secret_key,
            now=desk.clock(),
        )
    fits = proven and str(fault) != "antwoord_past_niet"
    return log_in_page(request, naar=naar, error=UNKNOWN if fits else STALE, status_code=403)


def _unreachable(request: Request, client: Client, fault: ProviderUnreachable, naar: str) -> Response:
    logger.error("OpenID provider %s: %s", client.provider.key, fault)
    return log_in_page(request, naar=naar, error=UNREACHABLE, status_code=503)


def _over(request: Request, response: Response) -> Response:
    set_cookie(request, response, COOKIE, "", 0)
    return response


def _client(request: Request, provider: str) -> Client:
    client = desk_of(request).providers.get(provider)
    if client is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return client


def _secret(request: Request, value: str) -> Secret:
    return Secret(value, desk_of(request).settings.secret_key)


def _back_to(request: Request, client: Client) -> str:
    """An address for each provider: an answer of one can not be brought as that of another."""
    base = desk_of(request).settings.public_url.rstrip("/")
    return base + path_for(request, "sign_on_return", provider=client.provider.key)


def _tickets(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk_of(request).settings.secret_key, salt="griffie-aanmelddienst")
