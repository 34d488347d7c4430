"""The meetings of the council, and the sources that they come from."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from desk import feed_words, passing_on_words
from desk.access import AtWork, Managing, PageUnknown, Workplace
from desk.context import desk_of
from desk.pages import go_to, render
from desk.work import Work, working
from participation.council import calendar, feeds
from participation.council.faults import AddressRefused, FeedExists, FeedFault, FeedUnknown
from participation.council.records import one_line
from participation.dates import AMSTERDAM, day_and_time
from participation.models import CouncilFeed, Meeting
from participation.services import passing_on
from participation.services.passing_on import Shifted

router = APIRouter()

MOST_MEETINGS = 40


@router.get("/{code}/vergaderingen", name="meetings")
async def show(request: Request, place: AtWork) -> Response:
    """Show what is coming and how the sources fare."""
    return await _page(request, place)


@router.post("/{code}/vergaderingen/bronnen", name="add_feed")
async def add(
    request: Request,
    place: Managing,
    soort: Annotated[str, Form()] = "",
    adres: Annotated[str, Form()] = "",
    vers: Annotated[str, Form()] = "",
) -> Response:
    """Add a source and read it at once, so that a wrong address shows while one looks."""
    typed = {"kind": soort, "address": adres, "fresh": vers}
    if soort not in feed_words.REFUSED_ADDRESS:
        return await _page(request, place, 422, typed=typed, add_errors={"soort": "Kies een soort bron."})
    try:
        async with working(request, place) as work:
            feed = await feeds.add(
                work.session,
                kind=soort,
                address=adres,
                fresh_hours=_promise(vers),
                **work.by,
            )
    except AddressRefused:
        error = feed_words.REFUSED_ADDRESS[soort]
        return await _page(request, place, 422, typed=typed, add_errors={"adres": error})
    except FeedExists:
        return await _page(request, place, 422, typed=typed, add_errors={"adres": feed_words.EXISTS})
    return await _update(request, place, feed, done="bron_erbij")


@router.post("/{code}/vergaderingen/bronnen/{feed_id}", name="change_feed")
async def change(
    request: Request,
    place: Managing,
    feed_id: uuid.UUID,
    adres: Annotated[str, Form()] = "",
    vers: Annotated[str, Form()] = "",
) -> Response:
    """Give a source another address or another promise."""
    try:
        async with working(request, place) as work:
            feed = await feeds.find(work.session, municipality_code=place.code, feed_id=feed_id)
            await feeds.change(
                work.session,
                feed=feed,
                address=adres,
                fresh_hours=_promise(vers) or feed.fresh_hours,
                clerk=work.clerk,
                now=work.now,
            )
    except AddressRefused as refused:
        return await _page(request, place, 422, feed_errors={feed_id: feed_words.REFUSED_ADDRESS[str(refused)]})
    except FeedExists:
        return await _page(request, place, 422, feed_errors={feed_id: feed_words.EXISTS})
    return go_to(request, "meetings", done="bron_anders", code=place.code)


@router.post("/{code}/vergaderingen/bronnen/{feed_id}/weg", name="remove_feed")
async def remove(request: Request, place: Managing, feed_id: uuid.UUID, zeker: Annotated[str, Form()] = "") -> Response:
    """Remove a source with what it brought, after a tick that says one is sure."""
    async with working(request, place) as work:
        feed = await feeds.find(work.session, municipality_code=place.code, feed_id=feed_id)
        if zeker != "ja":
            error = "Zet eerst een vinkje bij “Ja, verwijder deze bron”."
            return await _page(request, place, 422, feed_errors={feed_id: error})
        await feeds.remove(work.session, feed=feed, clerk=work.clerk, now=work.now)
    return go_to(request, "meetings", done="bron_weg", code=place.code)


@router.post("/{code}/vergaderingen/bronnen/{feed_id}/bijwerken", name="update_feed")
async def update(request: Request, place: Managing, feed_id: uuid.UUID) -> Response:
    """Read a source now."""
    async with working(request, place) as work:
        feed = await feeds.find(work.session, municipality_code=place.code, feed_id=feed_id)
    if feed.kind == feeds.FILE:
        raise PageUnknown(place.person)
    return await _update(request, place, feed, done="bron_gelezen")


@router.post("/{code}/vergaderingen/tabel", name="hand_over_table")
async def hand_over(request: Request, place: Managing, bestand: UploadFile | None = None) -> Response:
    """Import a table; one wrong line refuses all of it, with the number of the line."""
    if bestand is None or not bestand.filename:
        return await _page(request, place, 422, file_error="Kies eerst een bestand.")
    try:
        async with working(request, place) as work:
            await feeds.hand_over(
                work.session,
                name=one_line(bestand.filename) or "tabel",
                content=await bestand.read(),
                **work.by,
            )
    except FeedFault as fault:
        return await _page(request, place, 422, file_error=feed_words.fault(fault.code, fault.details))
    return go_to(request, "meetings", done="tabel_gelezen", code=place.code)


async def _update(request: Request, place: Workplace, feed: CouncilFeed, *, done: str) -> Response:
    desk = desk_of(request)
    try:
        await feeds.update(desk.database, desk.council, feed=feed, now=desk.clock())
    except FeedUnknown:
        raise PageUnknown(place.person) from None
    except FeedFault as fault:
        text = feed_words.fault(fault.code, fault.details)
        return await _page(request, place, 422, feed_errors={feed.id: text})
    return go_to(request, "meetings", done=done, code=place.code)


async def _page(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    """Render the page; `form` holds what was typed and what is wrong with it."""
    desk = desk_of(request)
    now = desk.clock()
    today = now.astimezone(AMSTERDAM).date()
    async with working(request, place) as work:
        coming = await calendar.coming(work.session, municipality_code=place.code, now=now, limit=MOST_MEETINGS)
        known = await feeds.of_municipality(work.session, municipality_code=place.code)
        planned, shifted = await _planned(work, coming) if place.may_handle else ({}, ())

    def when(meeting: Meeting) -> str:
        return day_and_time(meeting.starts_at, today=today, with_time=meeting.time_known)

    filled: dict[str, Any] = {
        "typed": {"kind": "", "address": "", "fresh": "48"},
        "add_errors": {},
        "feed_errors": {},
        "file_error": "",
    } | form
    return render(
        request,
        "vergaderingen.html",
        place=place,
        status_code=status_code,
        part="meetings",
        meetings=coming,
        planned=planned,
        shifted=shifted,
        passing_on_words=passing_on_words,
        feeds=known,
        stale={feed.id for feed in known if calendar.stale_since(feed, now)},
        when=when,
        feed_words=feed_words,
        form=filled,
    )


async def _planned(work: Work, meetings: Sequence[Meeting]) -> tuple[dict[uuid.UUID, Any], Sequence[Shifted]]:
    """What is planned for these meetings, and what has to be planned anew."""
    code, ids = work.municipality_code, [meeting.id for meeting in meetings]
    planned = await passing_on.planned(work.session, municipality_code=code, meeting_ids=ids)
    return planned, await passing_on.shifted(work.session, municipality_code=code, now=work.now)


def _promise(typed: str) -> int | None:
    hours = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 5 else None
    return hours if hours in feed_words.PROMISES else None
