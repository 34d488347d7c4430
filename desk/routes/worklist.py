"""The work list: what residents contributed to one municipality, newest first."""

from math import ceil

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, PageUnknown
from desk.context import desk_of
from desk.pages import render
from participation.models.contribution import STATUSES
from participation.services import contributions

router = APIRouter()

PER_PAGE = 25
ALWAYS_SHOWN = frozenset({"ontvangen", "in_behandeling", "reactie_ontvangen", "afgehandeld"})
"""Statuses that stay in the filter when nothing has them; the others appear when there is something to see."""


@router.get("/{code}/inbreng", name="worklist")
async def worklist(request: Request, place: AtWork, status: str = "", pagina: str = "1") -> Response:
    """Show one page of the list, of all statuses or of one."""
    if status and status not in STATUSES:
        raise PageUnknown(place.person)
    async with desk_of(request).database.session(place.code) as session:
        counts = await contributions.count_by_status(session, municipality_code=place.code)
        total = counts.get(status, 0) if status else sum(counts.values())
        pages = max(1, ceil(total / PER_PAGE))
        page = min(_page_number(pagina), pages)
        rows = await contributions.list_contributions(
            session,
            municipality_code=place.code,
            status=status or None,
            limit=PER_PAGE,
            offset=(page - 1) * PER_PAGE,
        )
    filters = [
        (name, counts.get(name, 0)) for name in STATUSES if name in ALWAYS_SHOWN or counts.get(name) or name == status
    ]
    return render(
        request,
        "werklijst.html",
        place=place,
        part="worklist",
        rows=rows,
        filters=filters,
        status=status,
        everything=sum(counts.values()),
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * PER_PAGE + 1,
    )


def _page_number(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 1
