"""Keeping a choice of the work list under a name."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import PageUnknown, Sending
from desk.context import path_for
from desk.work import working
from desk.worklist_address import AddressUnknown, Asked
from participation.errors import FilterTooLong, TextMissing, TextTooLong, TooManyFilters
from participation.services import saved_filters

router = APIRouter()


@router.post("/{code}/inbreng/filters", name="save_filter")
async def save(
    request: Request,
    place: Sending,
    naam: Annotated[str, Form()] = "",
    zoekvraag: Annotated[str, Form()] = "",
    delen: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the list shows now. Sharing takes a role that handles contributions."""
    try:
        asked = Asked.read_text(zoekvraag)
    except (AddressUnknown, ValueError):
        raise PageUnknown(place.person) from None
    done = "filter"
    try:
        async with working(request, place) as work:
            await saved_filters.save(
                work.session,
                name=naam.replace("\0", ""),
                query=asked.query(),
                is_shared=bool(delen) and place.may_handle,
                **work.by,
            )
    except TextMissing:
        done = "filter_naam"
    except TextTooLong:
        done = "filter_lang"
    except FilterTooLong:
        done = "filter_groot"
    except TooManyFilters:
        done = "filter_vol"
    return _back(request, place.code, asked, done)


@router.post("/{code}/inbreng/filters/{filter_id}/weg", name="remove_filter")
async def remove(request: Request, place: Sending, filter_id: uuid.UUID) -> Response:
    """Throw away a filter of one's own."""
    async with working(request, place) as work:
        await saved_filters.remove(work.session, filter_id=filter_id, **work.by)
    return _back(request, place.code, Asked.read(()), "filter_weg")


def _back(request: Request, code: str, asked: Asked, done: str) -> RedirectResponse:
    query = asked.query()
    address = f"{path_for(request, 'worklist', code=code)}{query}{'&' if query else '?'}gedaan={done}"
    return RedirectResponse(address, status_code=303)
