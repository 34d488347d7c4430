"""What every page of the desk can reach, and where its addresses start."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from participation.council.sources import Surroundings
from participation.database import Database
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
    watch: Callable[[str], AbstractContextManager[asyncio.Event]]
    """Gives an event that is set whenever something happens to a subject, such as `inbreng:GM0344`."""
    begin: Callable[[str, uuid.UUID, str], Awaitable[None]]
    """Called with a task of `participation.reports.jobs`, an id and a municipality, when it may begin."""
    council: Surroundings
    """How the sources of the council's calendar are reached."""


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
    return root_of(request) + str(request.app.url_path_for(name, **parameters))
