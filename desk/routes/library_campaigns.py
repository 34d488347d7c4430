"""Campaigns in the shared library: offering, looking at, taking over, withdrawing; and the templates that all can use.

Beside `library`, because other people may do this: who makes campaigns, be it in the griffie or not.
"""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words, library_words
from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.library_state import state_of
from desk.pages import go_to, render
from desk.work import working
from participation import offer_faults
from participation.campaigns import estimate, looking, making, templates
from participation.campaigns.faults import FieldsWrong
from participation.campaigns.looking import Look
from participation.campaigns.setups import Setup
from participation.campaigns.templates import Template
from participation.language.themes import themes
from participation.models.offer import CAMPAIGN
from participation.services import adoptions, offers, offers_found
from participation.services.offers import Words, words_of
from participation.services.offers_found import Found

router = APIRouter()


@dataclass(frozen=True)
class Facts:
    """What a list tells of a campaign. `minutes` is empty where it does not fit (any more) what a campaign may be."""

    theme: str
    parts: int
    minutes: int | None


def facts_of(setup: Setup) -> Facts:
    """Return what a list tells of a set-up."""
    known = themes().get(setup.texts.theme or "")
    try:
        minutes = estimate.minutes(looking.seconds(setup))
    except FieldsWrong:
        minutes = None
    return Facts(known.name if known else "Geen thema", len(setup.parts), minutes)


def look_at(setup: Setup, now: datetime) -> Look | None:
    """Return a set-up as it would appear; none where it does not fit (any more) what a campaign may be."""
    try:
        return looking.look_at(setup, now=now)
    except FieldsWrong:
        return None


def templates_with(typed: str) -> list[tuple[Template, Facts]]:
    """Return the templates that hold all words, each with its facts; all of them where nothing was typed."""
    words = typed.casefold().split()
    return [
        (one, facts_of(one))
        for one in templates.usual().values()
        if all(word in "\n".join((one.name, one.meant_for, *one.lines)).casefold() for word in words)
    ]


@router.get("/{code}/bibliotheek/sjabloon/{key}", name="library_template")
async def show_template(request: Request, place: AtWork, key: str) -> Response:
    """Show a template as it would appear, and let somebody begin with it."""
    async with working(request, place) as work:
        now = work.now
    template = templates.usual().get(key)
    if template is None:
        raise PageUnknown(place.person)
    return _page(
        request,
        "bibliotheek_sjabloon.html",
        place,
        template=template,
        facts=facts_of(template),
        look=looking.look_at(template, now=now),
        submission=uuid.uuid4(),
        errors={},
    )


@router.get("/{code}/campagnes/{campaign_id}/aanbieden", name="offer_campaign")
async def show_offering(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show what others would read of a campaign of one's own."""
    if not place.may_campaign:
        raise PageUnknown(place.person)
    return await _offering_page(request, place, campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/aanbieden", name="send_campaign_offer")
async def offer(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    kenmerk: Annotated[str, Form()] = "",
    nagekeken: Annotated[str, Form()] = "",
) -> Response:
    """Put the set-up that was on the page into the library."""
    try:
        async with working(request, place) as work:
            offered = await offers.offer(
                work.session,
                kind=CAMPAIGN,
                subject=str(campaign_id),
                fingerprint=kenmerk,
                checked=nagekeken == "ja",
                **work.by,
            )
    except offer_faults.PersonalDataFound:
        return await _offering_page(request, place, campaign_id, {"nagekeken": library_words.PERSONAL_CAMPAIGN})
    except (offer_faults.TextChanged, offer_faults.NothingNew) as refused:
        return await _offering_page(request, place, campaign_id, _refusal(refused))
    return go_to(request, "library_item", done="aangeboden_campagne", code=place.code, offer_id=offered.id)


@router.post("/{code}/bibliotheek/{offer_id}/campagne-overnemen", name="adopt_campaign")
async def adopt(
    request: Request,
    place: Campaigning,
    offer_id: uuid.UUID,
    kenmerk: Annotated[str, Form()] = "",
    verzending: Annotated[uuid.UUID | None, Form()] = None,
) -> Response:
    """Make a draft of the version that was on the page."""
    try:
        async with working(request, place) as work:
            await _campaign_offer(work.session, offer_id)
            made = await adoptions.adopt(
                work.session, offer_id=offer_id, fingerprint=kenmerk, submission=verzending, **work.by
            )
    except (offer_faults.TextChanged, FieldsWrong) as refused:
        return await show_item(request, place, offer_id, errors=_refusal(refused))
    return go_to(request, "campaign", done="overgenomen_campagne", code=place.code, campaign_id=made)


@router.post("/{code}/bibliotheek/{offer_id}/campagne-intrekken", name="withdraw_campaign")
async def withdraw(
    request: Request, place: Campaigning, offer_id: uuid.UUID, zeker: Annotated[str, Form()] = ""
) -> Response:
    """Take a campaign of one's own out of the library, after a tick that says one is sure."""
    async with working(request, place) as work:
        await _campaign_offer(work.session, offer_id)
        if zeker == "ja":
            await offers.withdraw(work.session, offer_id=offer_id, **work.by)
    if zeker != "ja":
        return await show_item(request, place, offer_id, errors={"zeker": library_words.SURE_CAMPAIGN})
    return go_to(request, "library_item", done="ingetrokken_campagne", code=place.code, offer_id=offer_id)


@router.post("/{code}/bibliotheek/{offer_id}/campagne-loslaten", name="let_go_of_campaign")
async def let_go(
    request: Request, place: Campaigning, offer_id: uuid.UUID, campagne: Annotated[uuid.UUID | None, Form()] = None
) -> Response:
    """Keep one campaign here without its link to the library."""
    async with working(request, place) as work:
        if campagne is None:
            raise offer_faults.OfferUnknown
        await adoptions.let_go_of_campaign(work.session, offer_id=offer_id, campaign_id=campagne, **work.by)
    return go_to(request, "library", done="losgelaten_campagne", code=place.code)


async def show_item(
    request: Request, place: Workplace, offer_id: uuid.UUID, *, errors: dict[str, str] | None = None
) -> Response:
    """Render the page of one campaign in the library; `errors` says why nothing was done.

    Raises:
        OfferUnknown: it is not there, or is no campaign.
    """
    async with working(request, place) as work:
        session, now = work.session, work.now
        adopted = await adoptions.of_municipality(session, municipality_code=place.code)
        taken = [one for one in adopted if one.offer.id == offer_id]
        try:
            found, words, setup = await _campaign_offer(session, offer_id)
        except offer_faults.OfferUnknown:
            if not taken:
                raise
            return _page(request, "aanbod_weg.html", place, adoption=taken[0], may_adopt=place.may_campaign)
        users = await offers_found.users(session, offer_id=offer_id)
        ours = found.offer.municipality_code == place.code
        texts = await offers.texts_in_chat(session, municipality_code=place.code) if ours else {}
    return _page(
        request,
        "aanbod_campagne.html",
        place,
        status_code=422 if errors else 200,
        found=found,
        words_offered=words,
        facts=facts_of(setup),
        look=look_at(setup, now),
        names_offerer=not ours and offers.names_place(words, found.by),
        users=users,
        ours=ours,
        state=state_of(found, texts) if ours else "",
        taken=taken,
        submission=uuid.uuid4(),
        errors=errors or {},
    )


async def _campaign_offer(session: AsyncSession, offer_id: uuid.UUID) -> tuple[Found, Words, Setup]:
    found = await offers_found.get(session, offer_id=offer_id)
    words = words_of(found.version)
    if words.setup is None:
        raise offer_faults.OfferUnknown
    return found, words, words.setup


async def _offering_page(
    request: Request, place: Workplace, campaign_id: uuid.UUID, errors: dict[str, str] | None = None
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await offers.in_chat(
            work.session, municipality_code=place.code, kind=CAMPAIGN, subject=str(campaign_id)
        )
        now, words, setup = work.now, found.words, found.words.setup
        if setup is None:
            raise offer_faults.NothingToOffer
    return _page(
        request,
        "campagnes/aanbieden.html",
        place,
        part="campaigns",
        status_code=422 if errors else 200,
        campaign=campaign,
        found=found,
        words_offered=words,
        facts=facts_of(setup),
        look=look_at(setup, now),
        names_us=offers.names_place(words, place.name),
        personal=await asyncio.to_thread(offers.personal_data, words),
        errors=errors or {},
    )


def _page(request: Request, template: str, place: Workplace, /, *, part: str = "library", **context: Any) -> Response:
    return render(
        request,
        template,
        place=place,
        part=part,
        campaign_words=campaign_words,
        library_words=library_words,
        **context,
    )


def _refusal(fault: Exception) -> dict[str, str]:
    return {"": library_words.REFUSED_CAMPAIGN[type(fault).__name__]}
