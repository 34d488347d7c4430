"""Writing a campaign: its texts and moments, also what can still change once it runs."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_form import read_moment, read_texts, shown_moment, shown_texts, typed_texts
from desk.campaign_page import campaign_page, changing
from desk.pages import go_to
from desk.words import themes_for
from desk.work import working
from participation.campaigns import events, later, making, states
from participation.campaigns.faults import FieldsWrong
from participation.models.campaign import LEVELS

router = APIRouter()


@router.get("/{code}/campagnes/{campaign_id}/teksten", name="campaign_texts")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show the texts, to change where that can be."""
    return await _page(request, place, campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/teksten", name="write_campaign")
async def write(
    request: Request, place: Campaigning, campaign_id: uuid.UUID, versie: Annotated[str, Form()] = ""
) -> Response:
    """Keep the texts of a draft."""
    typed = typed_texts(await request.form())
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            await making.write(work.session, campaign, texts=read_texts(typed))
            await events.note_edit(work.session, campaign, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, typed=typed)
    return go_to(request, "campaign_texts", done="campagne", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/verbeteren", name="mend_campaign")
async def mend(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    veld: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Write one of the texts around the questions better while the campaign runs."""
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            await later.mend_around(
                work.session, campaign, field=veld, text=tekst.replace("\0", ""), clerk=work.clerk, now=work.now
            )
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, typed={veld: tekst})
    return go_to(request, "campaign_texts", done="campagne", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/verlengen", name="extend_campaign")
async def extend(request: Request, place: Campaigning, campaign_id: uuid.UUID) -> Response:
    """Close later."""
    typed = typed_texts(await request.form())
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            try:
                closes_at = read_moment(typed, "closes_at")
            except ValueError:
                closes_at = None
            if closes_at is None:
                raise FieldsWrong({"closes_at": "datum"})
            await later.extend(work.session, campaign, closes_at=closes_at, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        kept = {name: typed[name] for name in ("closes_at_dag", "closes_at_uur")}
        return await _page(request, place, campaign_id, refusal=refusal, typed=kept)
    return go_to(request, "campaign_texts", done="campagne_langer", code=place.code, campaign_id=campaign_id)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    refusal: Exception | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
    problems = campaign_words.problems_of(refusal) if refusal else []
    return campaign_page(
        request,
        "campagnes/teksten.html",
        place=place,
        campaign=campaign,
        tab="campaign_texts",
        status_code=422 if refusal else 200,
        problems=[("closes_at_dag" if field == "closes_at" else field, text) for field, text in problems],
        errors=dict(problems),
        form=shown_texts(campaign) | (typed or {}),
        is_draft=campaign.state in states.EDITABLE,
        can_mend=campaign.state in later.STARTED,
        around=later.AROUND,
        longest=making.LONGEST,
        levels=LEVELS,
        themes=themes_for(place.choices, campaign.theme),
        shown_moment=shown_moment,
    )
