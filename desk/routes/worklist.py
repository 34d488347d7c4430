"""The work list: what residents contributed to one municipality, chosen by view, filters and words."""

import uuid

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk import worklist_words
from desk.access import AtWork, PageUnknown, Workplace
from desk.context import desk_of
from desk.dates import full_day
from desk.pages import render
from desk.routes import saved_filters as filter_routes
from desk.routes import worklist_changes, worklist_live
from desk.work import working
from desk.worklist_address import CAMPAIGN, HANDLER, LISTS, ME, PLACE, SEVERAL, TEXT, AddressUnknown, Asked
from participation.models import BulkChange
from participation.services import assigning, bulk, passing_on, saved_filters, signals, worklist
from participation.services.worklist import NOBODY
from participation.services.worklist_views import Asker
from participation.services.worklist_words import understand

router = APIRouter()
router.include_router(worklist_changes.router)
router.include_router(worklist_live.router)
router.include_router(filter_routes.router)


def asker_of(request: Request, place: Workplace) -> Asker:
    """Say for whom the list is made, and when."""
    return Asker(place.code, place.person.clerk.id, desk_of(request).clock(), place.may_handle, place.choices.patience)


@router.get("/{code}/inbreng", name="worklist")
async def show(request: Request, place: AtWork) -> Response:
    """Show one page of the list. The number of queries does not depend on how much there is."""
    try:
        asked = Asked.read(request.query_params.multi_items())
    except AddressUnknown:
        raise PageUnknown(place.person) from None
    asker, clerk = asker_of(request, place), place.person.clerk
    async with working(request, place) as work:
        session = work.session
        await worklist.plan_for_memory(session)
        search = await understand(session, municipality_code=place.code, typed=asked.value(TEXT))
        choice = asked.choice(clerk_id=clerk.id, search=search)
        page = await worklist.page(session, asker=asker, choice=choice, after=asked.after, before=asked.before)
        places = await worklist.places(session, municipality_code=place.code)
        campaigns = await worklist.campaigns(session, municipality_code=place.code)
        colleagues = await assigning.colleagues(session, municipality_code=place.code)
        filters = await saved_filters.visible(session, municipality_code=place.code, clerk_id=clerk.id)
        change = await _change(session, request, place)
        shifted = (
            await passing_on.shifted(session, municipality_code=place.code, now=asker.now) if place.may_handle else ()
        )
        signals_open = await signals.open_count(session, municipality_code=place.code) if place.may_handle else 0
    names = {str(clerk_id): name for clerk_id, name in colleagues} | {ME: "uzelf", NOBODY: "niemand"}
    return render(
        request,
        "werklijst.html",
        place=place,
        part="worklist",
        signals_open=signals_open,
        shifted=len(shifted),
        asked=asked,
        search=search,
        page=page,
        counts=page.counts,
        total=page.counts[asked.view],
        lists=LISTS | {PLACE: {name: name for name in places}, CAMPAIGN: campaigns},
        several=SEVERAL,
        handler_field=HANDLER,
        chips=asked.chips(clerk_names=names, campaigns=campaigns, day=full_day),
        colleagues=[(clerk_id, name) for clerk_id, name in colleagues if clerk_id != clerk.id],
        filters=filters,
        list_words=worklist_words,
        change=change,
        change_told=worklist_words.told(change, names.get(change.target or "")) if change else "",
        can_undo=bool(change) and bulk.can_undo(change, asker.now) if change else False,
        now=asker.now,
    )


async def _change(session: AsyncSession, request: Request, place: Workplace) -> BulkChange | None:
    """Find what this clerk just changed, to tell it and to offer to undo it."""
    try:
        change_id = uuid.UUID(request.query_params.get("samen", ""))
    except ValueError:
        return None
    return await bulk.find(session, municipality_code=place.code, change_id=change_id, clerk_id=place.person.clerk.id)
