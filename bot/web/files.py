"""The files of the chat: packed once, and kept by browsers for ever under an address that holds their version."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from bot.web.bundle import bundle

STATIC = Path(__file__).parent / "static"
SCRIPT, WIDGET = "chat.js", "widget.js"
"""What a page of the chat loads, and what a site includes; the other scripts are part of the first."""
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Packed:
    """One file as it is sent."""

    media_type: str
    plain: bytes
    gzipped: bytes

    def response(self, request: Request, headers: dict[str, str]) -> Response:
        """Send it small to who can unpack it."""
        headers = {**headers, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(self.gzipped, media_type=self.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.plain, media_type=self.media_type, headers=headers)


@lru_cache
def files() -> dict[str, Packed]:
    """All files by name."""
    contents = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in _TYPES}
    chat = {name: content for name, content in contents.items() if not name.endswith(".js")}
    chat |= {SCRIPT: bundle(STATIC, "chat").encode(), WIDGET: contents[WIDGET]}
    return {
        name: Packed(_TYPES[Path(name).suffix], content, gzip.compress(content, 9, mtime=0))
        for name, content in sorted(chat.items())
    }


@lru_cache
def static_version() -> str:
    """Hash over all files: part of their address, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for name, packed in files().items():
        digest.update(name.encode() + b"\0" + packed.plain)
    return digest.hexdigest()[:12]


def static(name: str) -> str:
    """Address of a file."""
    return f"/static/chat/{static_version()}/{name}"


@router.get("/static/chat/{version}/{name}")
async def file(request: Request, version: str, name: str) -> Response:
    """One file of this version; those of another one are not here."""
    if version != static_version() or name not in files():
        raise HTTPException(404)
    return files()[name].response(request, {"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/widget.js")
async def widget_script(request: Request) -> Response:
    """The one script that a municipal site includes. Any site may read it: else it could not check its hash."""
    headers = {
        "Cache-Control": "public, max-age=300",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return files()[WIDGET].response(request, headers)
