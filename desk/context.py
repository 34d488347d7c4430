"""What every page of the desk can reach, and where its addresses start."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from participation.council.sources import Surroundings
from participation.database import Database
from participation.insight.drawings import Drawings
from participation.openid import Client
from participation.services.notify import Change
from participation.services.own_questions import Understand
from participation.settings import Settings

NO_MUNICIPALITY = ""
"""Scope for log-in and accounts: row-level security then hides everything that belongs to a municipality."""


@dataclass(frozen=True)
class Desk:
    """The edges that the composition root hands to the desk."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    notify: Callable[[uuid.UUID], Awaitable[None]]
    """Called with the id of a text to a resident, after its transaction has committed."""
    watch: Callable[[str], AbstractContextManager[Change]]
    """Gives an event that is set whenever something happens to a subject, such as `inbreng:GM0344`."""
    begin: Callable[[str, uuid.UUID, str], Awaitable[None]]
    """Called with a task of `participation.reports.jobs`, an id and a municipality, when it may begin."""
    understand: Understand
    """What the trained model of the chat takes texts for."""
    council: Surroundings
    """How the sources of the council's calendar are reached."""
    paths: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The paths of pages that were asked for, by name and names of their parameters."""
    providers: Mapping[str, Client] = field(default_factory=dict)
    """Where people log in with the account of their work, by the key in the address."""
    drawings: Drawings = field(default_factory=Drawings)
    """The pictures of what lives that this process drew."""


def desk_of(request: Request) -> Desk:
    """Return the desk that serves this request."""
    desk: Desk = request.app.state.desk
    return desk


def root_of(request: Request) -> str:
    """Return the path at which the desk is mounted, such as /griffie; empty when it is served on its own."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def path_for(request: Request, name: str, /, **parameters: object) -> str:
    """Return the path of a page, below the place where the desk is mounted.

    Paths and not whole addresses: the Host header of a request is not to be trusted in links.
    """
    return root_of(request) + _template(request, name, *parameters).format(**_pieces(parameters))


def _template(request: Request, name: str, *parameters: str) -> str:
    """The path of a page with its parameters in braces. Finding it takes a walk along all pages, so it is kept."""
    known = desk_of(request).paths
    if (name, *parameters) not in known:
        known[name, *parameters] = str(request.app.url_path_for(name, **{one: f"{{{one}}}" for one in parameters}))
    return known[name, *parameters]


def _pieces(parameters: dict[str, object]) -> dict[str, str]:
    """Every parameter but `path` is one piece: what is empty or has a slash would be the path of another page."""
    pieces = {name: str(value) for name, value in parameters.items()}
    if not all(piece and (name == "path" or "/" not in piece) for name, piece in pieces.items()):
        raise ValueError(f"not one piece of a path each: {pieces}")
    return pieces
