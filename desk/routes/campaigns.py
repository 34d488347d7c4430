"""Campaigns: the list, making one, and what was done with one."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_page import campaign_page, changing
from desk.context import desk_of
from desk.pages import go_to, render
from desk.routes import campaign_trial
from desk.work import working
from participation.campaigns import (
    checks,
    events,
    feedback,
    links,
    making,
    members,
    part_writing,
    parts,
    reviewing,
    states,
    templates,
    trials,
    trying,
)
from participation.campaigns.faults import FieldsWrong, StepNotAllowed
from participation.campaigns.templates import TemplateUnknown
from participation.services import clerks

router = APIRouter()


@router.get("/{code}/campagnes", name="campaigns")
async def show_all(request: Request, place: AtWork) -> Response:
    """Show the campaigns that this municipality leads or was asked for."""
    return await _list(request, place)


@router.post("/{code}/campagnes", name="make_campaign")
async def make(
    request: Request,
    place: Campaigning,
    naam: Annotated[str, Form()] = "",
    sjabloon: Annotated[str, Form()] = "",
    verzending: Annotated[uuid.UUID | None, Form()] = None,
) -> Response:
    """Make a draft."""
    name = naam.replace("\0", "")
    try:
        async with working(request, place) as work:
            submission = verzending or uuid.uuid4()
            if sjabloon:
                campaign = await templates.make_from(
                    work.session, key=sjabloon, title=name, submission=submission, **work.by
                )
            else:
                campaign = await making.make(work.session, texts=making.Texts(name), submission=submission, **work.by)
    except FieldsWrong as fault:
        return await _list(request, place, 422, errors=campaign_words.explained(fault.faults), name=name)
    except TemplateUnknown:
        return await _list(request, place, 422, errors={"sjabloon": "Kies een sjabloon uit de lijst."}, name=name)
    return go_to(request, "campaign", code=place.code, campaign_id=campaign.id)


@router.get("/{code}/campagnes/{campaign_id}", name="campaign")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show how one campaign stands, what can be done with it now, and what was."""
    return await _page(request, place, campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/insturen", name="send_in_campaign")
async def send_in(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    geen_partij: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Ask a colleague to look at a draft."""
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            await reviewing.send_in(
                work.session, campaign, of_no_party=geen_partij == "ja", clerk=work.clerk, now=work.now
            )
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal)
    return go_to(request, "campaign", done="campagne_stap", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/beoordelen", name="review_campaign")
async def review(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    stap: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Agree to what a colleague made, or give it back with a reason."""
    reason = reden.replace("\0", "")
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            if stap == "goed":
                await reviewing.approve(work.session, campaign, clerk=work.clerk, now=work.now)
            else:
                await reviewing.give_back(work.session, campaign, reason=reason, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, reason=reason)
    return go_to(request, "campaign", done="campagne_stap", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/stap", name="step_campaign")
async def step(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    stap: Annotated[str, Form()] = "",
    zeker: Annotated[str, Form()] = "",
) -> Response:
    """Start, pause, go on, close, or make a draft of it again."""
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            if stap not in campaign_words.STEP_BUTTONS:
                raise StepNotAllowed
            if stap == "sluiten" and zeker != "ja":
                raise FieldsWrong({"zeker": "leeg"})
            if stap == "starten":
                await states.start(work.session, campaign, clerk=work.clerk, now=work.now)
            elif stap == "terughalen":
                await reviewing.take_back(work.session, campaign, clerk=work.clerk, now=work.now)
            else:
                await states.take(work.session, campaign, stap, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal)
    return go_to(request, "campaign", done="campagne_stap", code=place.code, campaign_id=campaign_id)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    refusal: Exception | None = None,
    reason: str = "",
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await parts.of(work.session, campaign.id)
        statements = await part_writing.statements_by_part(work.session, campaign.id)
        checked = checks.check(campaign, found, statements, now=work.now)
        done = await events.of(work.session, campaign.id)
        names = await clerks.names_of(work.session, clerk_ids={one.clerk_id for one in done if one.clerk_id})
        makers = await reviewing.makers(work.session, campaign)
        in_chat = await trials.current(work.session, campaign, now=work.now)
    return campaign_page(
        request,
        "campagnes/overzicht.html",
        place=place,
        campaign=campaign,
        tab="campaign",
        status_code=422 if refusal else 200,
        problems=campaign_words.problems_of(refusal) if refusal else [],
        parts=found,
        checked=checked,
        events=done,
        names=names,
        steps=states.steps_from(campaign.state),
        trial=links.trial_address(
            desk_of(request).settings.public_url,
            trying.token_of(campaign, secret_key=desk_of(request).settings.secret_key, now=work.now),
        )
        if place.may_campaign and found
        else "",
        may_try=campaign.state in trials.BEFORE_START and bool(found),
        in_chat=in_chat,
        ways=campaign_trial.ways(request, place, in_chat) if in_chat else [],
        worked_on_it=place.person.clerk.id in makers,
        reason=reason,
    )


async def _list(
    request: Request, place: Workplace, status_code: int = 200, *, errors: dict[str, str] | None = None, name: str = ""
) -> Response:
    async with working(request, place) as work:
        campaigns = await states.of_municipality(work.session, municipality_code=place.code)
        asked = await members.unanswered(work.session, municipality_code=place.code)
        debts = await feedback.debts(work.session, municipality_code=place.code, now=work.now)
    return render(
        request,
        "campagnes/lijst.html",
        place=place,
        status_code=status_code,
        part="campaigns",
        campaigns=campaigns,
        asked=asked,
        debts=debts,
        campaign_words=campaign_words,
        submission=uuid.uuid4(),
        errors=errors or {},
        problems=[("sjabloon" if field == "sjabloon" else "naam", text) for field, text in (errors or {}).items()],
        templates=templates.usual().values(),
        begin_with=[("", "Een lege campagne"), *((one.key, one.name) for one in templates.usual().values())],
        name=name,
    )
