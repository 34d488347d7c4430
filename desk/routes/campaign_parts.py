"""What a campaign asks: its parts in order, and the statements of the team."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_form import PartForm
from desk.campaign_page import campaign_page, changing
from desk.pages import go_to
from desk.work import working
from participation.campaigns import checks, events, later, making, part_writing, parts, states
from participation.models import CampaignPart
from participation.models.campaign import PART_KINDS

router = APIRouter()
HERE = "/{code}/campagnes/{campaign_id}/vragen"


@router.get(HERE, name="campaign_parts")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show what is asked, in order."""
    return await _list(request, place, campaign_id)


@router.get(HERE + "/nieuw", name="new_part")
async def new(request: Request, place: AtWork, campaign_id: uuid.UUID, soort: str = "keuze") -> Response:
    """Ask for a part of this kind."""
    if soort not in PART_KINDS or not place.may_campaign:
        raise PageUnknown(place.person)
    return await _form(request, place, campaign_id, PartForm(soort))


@router.post(HERE + "/nieuw", name="add_part")
async def add(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    soort: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Add a part at the end."""
    typed = PartForm.of_form(await request.form(), soort if soort in PART_KINDS else "keuze")
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            part = await part_writing.add(work.session, campaign, typed.typed)
            await events.note_edit(work.session, campaign, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _form(request, place, campaign_id, typed, refusal=refusal)
    if part.kind == "stellingen":
        return go_to(
            request, "campaign_part", done="onderdeel", code=place.code, campaign_id=campaign_id, part_id=part.id
        )
    return go_to(request, "campaign_parts", done="onderdeel", code=place.code, campaign_id=campaign_id)


@router.get(HERE + "/{part_id}", name="campaign_part")
async def show_one(request: Request, place: AtWork, campaign_id: uuid.UUID, part_id: uuid.UUID) -> Response:
    """Show one part, to change where that can be."""
    return await _form(request, place, campaign_id, part_id=part_id)


@router.post(HERE + "/{part_id}", name="change_part")
async def change(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    part_id: uuid.UUID,
    stap: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Keep a part, move it, or take it out; once the campaign runs, mend slips of the pen."""
    form = await request.form()
    typed: PartForm | None = None
    try:
        async with changing(request, place, campaign_id, versie) as (work, campaign):
            part = await parts.find(work.session, campaign_id=campaign.id, part_id=part_id)
            if stap in ("omhoog", "omlaag"):
                await part_writing.move(work.session, campaign, part, up=stap == "omhoog")
            elif stap == "weg":
                await part_writing.remove(work.session, campaign, part)
            else:
                typed = PartForm.of_form(form, part.kind)
                if campaign.state in later.STARTED:
                    options = [line for line in typed.lines.splitlines() if line.strip()]
                    await later.mend_part(
                        work.session, campaign, part, text=typed.text, options=options, clerk=work.clerk, now=work.now
                    )
                else:
                    await part_writing.change(work.session, campaign, part, typed.typed)
            if campaign.state in states.EDITABLE:
                await events.note_edit(work.session, campaign, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        if typed is None:
            return await _list(request, place, campaign_id, refusal=refusal)
        return await _form(request, place, campaign_id, typed, part_id=part_id, refusal=refusal)
    return go_to(request, "campaign_parts", done="onderdeel", code=place.code, campaign_id=campaign_id)


@router.post(HERE + "/{part_id}/stellingen", name="add_statements")
async def add_statements(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    part_id: uuid.UUID,
    stellingen: Annotated[str, Form()] = "",
) -> Response:
    """Add statements of the team, one a line; also while the campaign runs."""
    lines = stellingen.replace("\0", "")
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            part = await parts.find(work.session, campaign_id=campaign.id, part_id=part_id)
            added = await part_writing.add_statements(
                work.session, campaign, part, lines=lines, clerk=work.clerk, now=work.now
            )
            if campaign.state in states.EDITABLE:
                await events.note_edit(work.session, campaign, clerk=work.clerk, now=work.now)
            else:
                detail = {"teksten": [one.text for one in added]}
                await events.record(
                    work.session, campaign, what="stellingen", clerk=work.clerk, now=work.now, detail=detail
                )
    except campaign_words.REFUSALS as refusal:
        return await _form(request, place, campaign_id, part_id=part_id, refusal=refusal, lines=lines)
    return go_to(request, "campaign_part", done="stelling", code=place.code, campaign_id=campaign_id, part_id=part_id)


@router.post("/{code}/campagnes/{campaign_id}/stelling/{statement_id}", name="change_statement")
async def change_statement(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    statement_id: uuid.UUID,
    tekst: Annotated[str, Form()] = "",
    stap: Annotated[str, Form()] = "",
) -> Response:
    """Write a statement anew or take it out; once the campaign runs, mend a slip of the pen."""
    text = tekst.replace("\0", "")
    part_id: uuid.UUID | None = None
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            statement = await part_writing.find_statement(
                work.session, campaign_id=campaign.id, statement_id=statement_id
            )
            part_id = statement.part_id
            if campaign.state in states.EDITABLE:
                await part_writing.change_statement(
                    work.session, campaign, statement, text="" if stap == "weg" else text
                )
                await events.note_edit(work.session, campaign, clerk=work.clerk, now=work.now)
            else:
                await later.mend_statement(work.session, campaign, statement, text=text, clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        mended = None if stap == "weg" else (statement_id, text)
        return await _form(request, place, campaign_id, part_id=part_id, refusal=refusal, mended=mended)
    return go_to(request, "campaign_part", done="stelling", code=place.code, campaign_id=campaign_id, part_id=part_id)


async def _list(
    request: Request, place: Workplace, campaign_id: uuid.UUID, *, refusal: Exception | None = None
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await parts.of(work.session, campaign.id)
        statements = await part_writing.statements_by_part(work.session, campaign.id)
        checked = checks.check(campaign, found, statements, now=work.now)
    return campaign_page(
        request,
        "campagnes/vragen.html",
        place=place,
        campaign=campaign,
        tab="campaign_parts",
        status_code=422 if refusal else 200,
        problems=[("", text) for _, text in campaign_words.problems_of(refusal)] if refusal else [],
        parts=found,
        by_id={str(part.id): part for part in found},
        statements=statements,
        checked=checked,
        is_draft=campaign.state in states.EDITABLE,
    )


async def _form(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    typed: PartForm | None = None,
    *,
    part_id: uuid.UUID | None = None,
    refusal: Exception | None = None,
    lines: str = "",
    mended: tuple[uuid.UUID, str] | None = None,
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await parts.of(work.session, campaign.id)
        part: CampaignPart | None = None
        if part_id is not None:
            part = await parts.find(work.session, campaign_id=campaign.id, part_id=part_id)
        statements = await part_writing.statements_by_part(work.session, campaign.id)
        checked = checks.check(campaign, found, statements, now=work.now)
    shown = typed or (PartForm.of_part(part) if part else PartForm("keuze"))
    problems = campaign_words.problems_of(refusal) if refusal else []
    own = statements.get(part.id, []) if part else []
    here = next((one for one in own if mended and one.id == mended[0]), None)
    if here is not None:
        problems = [(f"stelling-{here.number}", text) for _, text in problems]
    return campaign_page(
        request,
        "campagnes/onderdeel.html",
        place=place,
        campaign=campaign,
        tab="campaign_parts",
        status_code=422 if refusal else 200,
        problems=problems,
        errors=dict(problems),
        shown_part=part,
        form=shown,
        lines=lines,
        steering=[
            one for one in found if one.kind in parts.STEERING and (part is None or one.position < part.position)
        ],
        mended=dict([mended] if mended else []),
        statements=own,
        hard=[line for line in checked.hard if part and line.where == str(part.position)],
        options=parts.OPTIONS.get(shown.kind),
        is_draft=campaign.state in states.EDITABLE,
        can_mend=campaign.state in later.STARTED,
    )
