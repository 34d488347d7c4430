"""Coming back to the page that was asked for, after log-in, and to the page that a form stood on."""

import re
from urllib.parse import parse_qsl, quote, urlencode

from fastapi.routing import iter_route_contexts
from starlette.requests import Request

from desk.context import root_of

_OF_A_MUNICIPALITY = re.compile(r"/GM\d{4}/[\w/-]+(\?[\w.~%&=+*-]+)?", re.ASCII)
"""Below where the desk is mounted, so that it never leads to another site; the query as `urlencode` writes it."""
_LONGEST = 3000
_NOT_AGAIN = {"gedaan", "samen"}
"""What just happened was told then."""


def can_come_back(where: str) -> bool:
    """Whether this is the address of a page of a municipality, without the path at which the desk is mounted."""
    return len(where) <= _LONGEST and _OF_A_MUNICIPALITY.fullmatch(where) is not None


def log_in_query(request: Request) -> str:
    """Return the query for the address of log-in that leads back to this page with its filters, or nothing."""
    here = str(request.scope["path"]).removeprefix(root_of(request))
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    query = urlencode([(name, value) for name, value in asked if name not in _NOT_AGAIN])
    for where in (f"{here}?{query}", here):
        if can_come_back(where):
            return f"?naar={quote(where, safe='/')}"
    return ""


def page_of_form(request: Request) -> str | None:
    """Return the path of the page that a form stood on: the nearest one upward that can be opened."""
    pages = {route.path for route in iter_route_contexts(request.app.routes) if "GET" in (route.methods or ())}
    pattern, path = getattr(request.scope.get("route"), "path", ""), request.url.path
    while pattern and pattern not in pages:
        pattern, path = pattern.rpartition("/")[0], path.rpartition("/")[0]
    return path if pattern else None
