"""Telling an open work list that something came in, by server-sent events. The list itself stays as it is."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from desk.access import SESSION_COOKIE, Workplace
from desk.context import NO_MUNICIPALITY, Desk, desk_of
from desk.worklist_address import TEXT, AddressUnknown, Asked
from participation.services import clerks, municipality_settings, worklist
from participation.services.worklist import Choice
from participation.services.worklist_views import Asker
from participation.services.worklist_words import understand

router = APIRouter()

KEEP_ALIVE_SECONDS = 20.0
TOGETHER_SECONDS = 0.5
"""What comes in so soon after one another is told at once."""

LONGEST = timedelta(minutes=10)
"""Then the browser asks again, and whether the person is still signed in is looked at again."""


@router.get("/{code}/inbreng/nieuw", name="worklist_live")
async def events(request: Request, code: str, sinds: str = "", bekend: str = "") -> Response:
    """Say how much came in of what the list shows, since the list was made. Does not keep the session alive.

    A browser that asks again says itself what it was told last.
    """
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        token = request.cookies.get(SESSION_COOKIE, "")
        person = await clerks.signed_in(session, token=token, now=desk.clock(), is_active=False)
    if person is None or code not in person.roles:
        return Response(status_code=404)
    if person.needs_new_password or person.lacks_second_factor:
        return Response(status_code=404)
    try:
        since = datetime.fromisoformat(sinds).astimezone(UTC)
        known = [uuid.UUID(one) for one in bekend.split()]
        told = int(request.headers.get("last-event-id", 0))
        asked = Asked.read(request.query_params.multi_items())
    except (AddressUnknown, ValueError, OverflowError):
        return Response(status_code=404)
    async with desk.database.session(code) as session:
        search = await understand(session, municipality_code=code, typed=asked.value(TEXT))
        patience = (await municipality_settings.of(session, code)).patience
    choice = asked.choice(clerk_id=person.clerk.id, search=search)
    asker = Asker(code, person.clerk.id, desk.clock(), Workplace(person, code).may_handle, patience)
    return StreamingResponse(
        _stream(desk, asker, choice, since, known, told),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _stream(
    desk: Desk, asker: Asker, choice: Choice, since: datetime, known: Sequence[uuid.UUID], told: int
) -> AsyncIterator[str]:
    until = desk.clock() + LONGEST
    with desk.watch(f"inbreng:{asker.municipality_code}") as changed:
        changed.set()  # look once: something may have come between the page and now
        yield ": open\n\n"
        while desk.clock() < until:
            try:
                await asyncio.wait_for(changed.wait(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield ": nog hier\n\n"
                continue
            if changed.ended:
                return  # this process stops: the browser asks again
            changed.clear()
            async with desk.database.session(asker.municipality_code) as session:
                await worklist.plan_for_memory(session)
                count = await worklist.came_in(session, asker=asker, choice=choice, since=since, known=known)
            if count != told:
                told = count
                yield f"event: nieuw\nid: {count}\ndata: {count}\n\n"
            await asyncio.sleep(TOGETHER_SECONDS)
