"""What browsers are told with every answer of the web process, whichever part gave it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}
"""For what says nothing itself: pages say what they need. The chat can listen to who would rather speak."""

ONE_YEAR = "max-age=31536000"


def headers_for(public_url: str) -> dict[str, str]:
    """The headers of an installation. Only one that is reached over https may ask browsers never to use less."""
    secure = public_url.startswith("https://")
    return HEADERS | ({"Strict-Transport-Security": ONE_YEAR} if secure else {})


class DefaultHeaders:
    """Add each header that an answer lacks."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    given.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
