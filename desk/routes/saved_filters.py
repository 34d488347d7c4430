"""Keeping a choice of the work list under a name."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import AtWork, PageUnknown, Sender, workplace
from desk.context import desk_of, path_for
from desk.worklist_address import AddressUnknown, Asked
from participation.errors import FilterUnknown, TextMissing, TextTooLong, TooManyFilters
from participation.services import saved_filters

router = APIRouter()


@router.post("/{code}/inbreng/filters", name="save_filter")
async def save(
    request: Request,
    code: str,
    person: Sender,
    naam: Annotated[str, Form()] = "",
    zoekvraag: Annotated[str, Form()] = "",
    delen: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the list shows now. Sharing takes a role that handles contributions."""
    place: AtWork = await workplace(code, person)
    try:
        asked = Asked.read_text(zoekvraag)
    except (AddressUnknown, ValueError):
        raise PageUnknown(person) from None
    done = "filter"
    try:
        async with desk_of(request).database.session(code) as session:
            await saved_filters.save(
                session,
                municipality_code=code,
                clerk=person.clerk,
                name=naam.replace("\0", ""),
                query=asked.query(),
                is_shared=bool(delen) and place.may_handle,
                now=desk_of(request).clock(),
            )
    except TextMissing:
        done = "filter_naam"
    except TextTooLong:
        done = "filter_lang"
    except TooManyFilters:
        done = "filter_vol"
    return _back(request, code, asked, done)


@router.post("/{code}/inbreng/filters/{filter_id}/weg", name="remove_filter")
async def remove(request: Request, code: str, person: Sender, filter_id: uuid.UUID) -> Response:
    """Throw away a filter of one's own."""
    await workplace(code, person)
    try:
        async with desk_of(request).database.session(code) as session:
            await saved_filters.remove(
                session,
                municipality_code=code,
                filter_id=filter_id,
                clerk=person.clerk,
                now=desk_of(request).clock(),
            )
    except FilterUnknown:
        raise PageUnknown(person) from None
    return _back(request, code, Asked.read(()), "filter_weg")


def _back(request: Request, code: str, asked: Asked, done: str) -> RedirectResponse:
    query = asked.query()
    address = f"{path_for(request, 'worklist', code=code)}{query}{'&' if query else '?'}gedaan={done}"
    return RedirectResponse(address, status_code=303)
