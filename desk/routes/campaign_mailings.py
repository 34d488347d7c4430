"""Messages to residents about a campaign: writing one, seeing for how many it is, sending, and how far it is."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import mailing_words
from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_page import campaign_page
from desk.context import desk_of
from desk.pages import go_to
from desk.work import Work, working
from participation.campaigns import audience, making, sending
from participation.campaigns.faults import MailingUnknown
from participation.campaigns.message import written
from participation.language.themes import themes
from participation.models import Campaign, Mailing
from participation.models.mailing import INVITES

router = APIRouter()
EARLIER = "eerder"
HERE = "/{code}/campagnes/{campaign_id}/berichten"
NOTHING: Mapping[str, str] = {"soort": "", "wie": "", "thema": "", "gebieden": "", "tekst": ""}


@router.get(HERE, name="mailings")
async def show_all(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show what was sent and is being sent, and the form for a new one."""
    return await _list(request, place, campaign_id)


@router.post(HERE, name="make_mailing")
async def make(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    soort: Annotated[str, Form()] = "uitnodiging",
    wie: Annotated[str, Form()] = audience.MESSAGES,
    thema: Annotated[str, Form()] = "",
    gebieden: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
) -> Response:
    """Write a message; nobody gets it yet."""
    text, areas = tekst.replace("\0", ""), gebieden.replace("\0", "")
    kind = soort if soort in mailing_words.KINDS else "uitnodiging"
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            mailing = await sending.prepare(
                work.session,
                campaign=campaign,
                kind=kind,
                words=text,
                audience=_audience(place, wie, thema, areas),
                clerk=work.clerk,
                now=work.now,
            )
    except sending.MailingTextWrong:
        typed = {"soort": kind, "wie": wie, "thema": thema, "gebieden": areas, "tekst": text}
        return await _list(request, place, campaign_id, status_code=422, typed=typed)
    return go_to(request, "mailing", code=place.code, campaign_id=campaign_id, mailing_id=mailing.id)


def _audience(place: Workplace, who: str, theme: str, areas: str) -> dict[str, Any]:
    """Return whom a form names. An area of this municipality may be typed by any of its names."""
    if who == audience.OUTCOME:
        return {"who": who}
    found: dict[str, Any] = {"who": audience.MESSAGES}
    if who == EARLIER:
        found["earlier"] = True
    known = {one.casefold(): name for name, others in place.choices.areas.items() for one in (name, *others)}
    if named := [" ".join(area.split()) for area in areas.split(",") if area.strip()]:
        found["areas"] = [known.get(area.casefold(), area) for area in named]
    elif theme in themes():
        found["theme"] = theme
    return found


@router.get(HERE + "/{mailing_id}", name="mailing")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID, mailing_id: uuid.UUID) -> Response:
    """Show one message as residents read it, for how many it is, and how far it is."""
    return await _one(request, place, campaign_id, mailing_id)


@router.post(HERE + "/{mailing_id}", name="step_mailing")
async def step(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    mailing_id: uuid.UUID,
    stap: Annotated[str, Form()] = "",
) -> Response:
    """Send, pause, go on, stop, or send again."""
    try:
        async with working(request, place) as work:
            _, mailing = await _found(work, place, campaign_id, mailing_id, leading=True)
            about: dict[str, Any] = {"mailing": mailing, "clerk": work.clerk, "now": work.now}
            if stap.startswith("opnieuw_"):
                await sending.send_again(work.session, what=stap.removeprefix("opnieuw_"), **about)
            else:
                await sending.take(work.session, step=stap, **about)
    except sending.MailingNotAllowed as refusal:
        return await _one(request, place, campaign_id, mailing_id, refused=refusal.why)
    return go_to(request, "mailing", code=place.code, campaign_id=campaign_id, mailing_id=mailing_id)


async def _found(
    work: Work, place: Workplace, campaign_id: uuid.UUID, mailing_id: uuid.UUID, *, leading: bool = False
) -> tuple[Campaign, Mailing]:
    find = making.led if leading else making.find
    campaign = await find(work.session, municipality_code=place.code, campaign_id=campaign_id)
    mailing = await work.session.get(Mailing, mailing_id)
    if mailing is None or mailing.campaign_id != campaign.id:
        raise MailingUnknown
    return campaign, mailing


async def _list(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    status_code: int = 200,
    typed: Mapping[str, str] = NOTHING,
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        mailings = await sending.of_campaign(work.session, campaign.id)
    return campaign_page(
        request,
        "campagnes/berichten.html",
        place=place,
        campaign=campaign,
        tab="mailings",
        status_code=status_code,
        mailings=mailings,
        mailing_words=mailing_words,
        chat_days=desk_of(request).settings.chat_retention_days,
        themes=themes().values(),
        most=sending.LONGEST_TEXT,
        typed=typed,
        problems=[("tekst", mailing_words.TEXT_WRONG)] if status_code == 422 else [],
    )


async def _one(
    request: Request, place: Workplace, campaign_id: uuid.UUID, mailing_id: uuid.UUID, *, refused: str | None = None
) -> Response:
    async with working(request, place) as work:
        campaign, mailing = await _found(work, place, campaign_id, mailing_id)
        codes = await audience.places(work.session, campaign=campaign, audience=mailing.audience)
        obstacle = await sending.obstacle(work.session, mailing=mailing, now=work.now)
    total = mailing_words.foreseen(mailing.progress, codes)
    preview = written(campaign, mailing, public_url=desk_of(request).settings.public_url)
    return campaign_page(
        request,
        "campagnes/bericht.html",
        place=place,
        campaign=campaign,
        tab="mailings",
        status_code=409 if refused else 200,
        mailing=mailing,
        mailing_words=mailing_words,
        preview=preview,
        total=total,
        obstacle=obstacle,
        few=audience.FEW,
        waits=mailing.state == "bezig" and mailing.kind in INVITES and campaign.state == "pauze",
        counts=mailing_words.summed(mailing.progress),
        problems=[("", mailing_words.NOT_ALLOWED[refused])] if refused else [],
    )
