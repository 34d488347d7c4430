"""What browsers are told and refused: headers on every answer, the origin of forms, the size of what is sent."""

import asyncio
import hmac
import secrets
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.context import desk_of

CACHE = "Cache-Control"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    CACHE: "no-store",
}
STATIC_CACHE = "no-cache"
"""Style and font hold nothing private: the browser may keep them, and asks each time whether they changed."""

MAX_BODY_BYTES = 256 * 1024
MAX_TABLE_BYTES = 16 * 1024 * 1024
"""A table of ten thousand contributions, at some 1,500 bytes each."""
TABLES = ("/invoeren/tabel",)
"""Where such a table is sent to."""
BODY_SECONDS = 60.0
TABLE_SECONDS = 600.0
"""For all of a body to arrive. A table of the largest size needs a line of 200 kbit/s."""
LOGIN_FORM_SECONDS = 4 * 60 * 60


class SecurityHeaders:
    """Put the headers on all answers; static files may be kept by the browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        static = scope["path"].removeprefix(scope.get("root_path", "")).startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name != CACHE or CACHE not in headers:  # a page may say that it can be kept
                        headers[name] = value
                if static and message["status"] in {200, 206, 304}:
                    headers[CACHE] = STATIC_CACHE
            await send(message)

        await self.app(scope, receive, send_with_headers)


def limit_for(path: str) -> int:
    """Return how many bytes may be sent to an address."""
    return MAX_TABLE_BYTES if path.endswith(TABLES) else MAX_BODY_BYTES


def seconds_for(path: str) -> float:
    """Return how long that may take."""
    return TABLE_SECONDS if path.endswith(TABLES) else BODY_SECONDS


class BodyLimit:
    """Refuse bodies that are too large for where they go: at once when they say so beforehand, else once they are.

    And those that come too slowly: who sends a byte now and then would keep a place that others need.

    The refusal comes where the body is read, so that the application that reads it tells it in its own words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received, whole = 0, False
        most, until = limit_for(scope["path"]), asyncio.get_running_loop().time() + seconds_for(scope["path"])
        length = Headers(scope=scope).get("content-length", "")
        announced = int(length) if length.isascii() and length.isdigit() else 0

        async def receive_limited() -> Message:
            nonlocal received, whole
            if whole:  # what else can be received is that the browser has gone: an answer may wait for that for hours
                return await receive()
            if announced > most:
                raise HTTPException(413)
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


async def refuse_forms_from_elsewhere(request: Request) -> None:
    """Refuse a form that another site sent, before anything is done with it.

    Our own Referrer-Policy makes browsers send `Origin: null` with our own forms. `Sec-Fetch-Site` then tells them
    apart; the few browsers without it are left to the token in the form.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403)
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return
    parts = urlsplit(origin)
    ours = urlsplit(desk_of(request).settings.public_url)
    if parts[:2] != ours[:2] and parts.netloc != request.headers.get("host"):
        raise HTTPException(403)


class LoginFormToken:
    """The token of the log-in form, where no session exists yet: signed, and tied to a cookie of the same browser."""

    def __init__(self, secret_key: str) -> None:
        self._signer = TimestampSigner(secret_key, salt="griffie-aanmelden")

    @staticmethod
    def new_nonce() -> str:
        """Return the value for the cookie."""
        return secrets.token_urlsafe(24)

    def token(self, nonce: str) -> str:
        """Return the value for the form."""
        return self._signer.sign(nonce).decode()

    def accepts(self, token: str, nonce: str) -> bool:
        """Say whether the form was made here, for this browser, in the last four hours."""
        try:
            signed = self._signer.unsign(token, max_age=LOGIN_FORM_SECONDS)
        except BadSignature:
            return False
        return hmac.compare_digest(signed, nonce.encode())
