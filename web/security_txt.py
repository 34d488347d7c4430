"""Where to report a weak spot: `/.well-known/security.txt` (RFC 9116), which Dutch governments have to have."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

VALID = timedelta(days=90)
"""The page is made anew each time; who keeps it longer should look again. RFC 9116 asks for less than a year."""


def security_txt(contact: str, *, public_url: str, clock: Callable[[], datetime]) -> APIRouter:
    """The route.

    Args:
        contact: a `mailto:` or `https:` address.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/.well-known/security.txt")
    async def told() -> PlainTextResponse:
        lines = {
            "Contact": contact,
            "Expires": (clock() + VALID).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Preferred-Languages": "nl, en",
            "Canonical": f"{public_url.rstrip('/')}/.well-known/security.txt",
        }
        return PlainTextResponse("".join(f"{name}: {value}\n" for name, value in lines.items()))

    return router
