"""What is done with the outcome of a campaign: the points at the desk, telling it to who wanted to know, the report."""

import asyncio
import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_page import campaign_page
from desk.context import desk_of
from desk.pages import go_to
from desk.work import working
from participation.campaigns import audience, feedback, final_report, links, making, outcome_paper, sending
from participation.campaigns.faults import (
    CampaignChanged,
    FeedbackMissing,
    FieldsWrong,
    LastPoint,
    OutcomeNotFinal,
    OutcomeNotPublished,
    ReportUnknown,
)
from participation.difficult_words import found_in
from participation.language.readability import measure
from participation.models import Campaign, CampaignFeedback
from participation.services import audit, clerks

router = APIRouter()

LABELS = {
    "heard": "Wat hoorden wij?",
    "decided": "Wat is besloten?",
    "because": "Waarom?",
    "next_step": "Wat gebeurt er nu?",
}
FAULTS = {
    "leeg": "Vul in: {label}",
    "lang": f"“{{label}}” is te lang. Gebruik ten hoogste {feedback.LONGEST} tekens.",
    "aantal": f"Er zijn al {feedback.MOST_POINTS} punten. Voeg punten samen.",
}
CHANGED = "Een collega heeft dit punt intussen veranderd. Uw tekst staat nog in het formulier en is niet opgeslagen."
NOT_YET = "Dit kan pas als de campagne gesloten is, de laatste telling er is en er ten minste één punt staat."
OUTCOME_FIRST = "Publiceer eerst de uitkomst. De punten staan op dezelfde pagina."
LAST = "Dit punt kan niet weg: het is het enige, en iedereen kan het lezen. U kunt het wel veranderen."
NOT_TOLD = "Publiceer eerst de terugkoppeling, en wacht op de laatste telling. Stel daarna het eindverslag vast."


@router.get("/{code}/campagnes/{campaign_id}/terugkoppeling", name="campaign_feedback")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show the points, whether people were told, and the reports."""
    return await _page(request, place, campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/terugkoppeling", name="write_point")
async def write(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    nummer: Annotated[int | None, Form()] = None,
    gezien: Annotated[datetime | None, Form()] = None,
    heard: Annotated[str, Form()] = "",
    decided: Annotated[str, Form()] = "",
    because: Annotated[str, Form()] = "",
    next_step: Annotated[str, Form()] = "",
) -> Response:
    """Keep one point."""
    typed = {"heard": heard, "decided": decided, "because": because, "next_step": next_step}
    typed = {name: text.replace("\0", "") for name, text in typed.items()}
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await feedback.save(
                work.session, campaign, number=nummer, texts=typed, seen=gezien, clerk=work.clerk, now=work.now
            )
    except FieldsWrong as fault:
        wrong = {name: FAULTS[code].format(label=LABELS[name]) for name, code in fault.faults.items()}
    except CampaignChanged:
        wrong = {"heard": CHANGED}
    except FeedbackMissing:
        raise PageUnknown(place.person) from None
    else:
        return go_to(request, "campaign_feedback", done="punt", code=place.code, campaign_id=campaign_id)
    return await _page(request, place, campaign_id, 422, number=nummer, typed=typed, errors=wrong)


@router.post("/{code}/campagnes/{campaign_id}/terugkoppeling/{number}/weg", name="remove_point")
async def remove(request: Request, place: Campaigning, campaign_id: uuid.UUID, number: int) -> Response:
    """Take a point away."""
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await feedback.remove(work.session, campaign, number=number, clerk=work.clerk, now=work.now)
    except FeedbackMissing:
        raise PageUnknown(place.person) from None
    except LastPoint:
        return await _page(request, place, campaign_id, 422, errors={f"kop-punt-{number}": LAST})
    return go_to(request, "campaign_feedback", done="punt_weg", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/terugkoppeling/publiceren", name="publish_feedback")
async def publish(request: Request, place: Campaigning, campaign_id: uuid.UUID) -> Response:
    """Let everybody read it, and write the message to who wanted to know."""
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            points = await feedback.publish(work.session, campaign, clerk=work.clerk, now=work.now)
            if points:  # a draft: somebody looks at it, and at how many it is for, before it goes
                await sending.prepare(
                    work.session,
                    campaign=campaign,
                    kind="terugkoppeling",
                    words=feedback.message(campaign, points, _address(request, campaign)),
                    audience={"who": audience.OUTCOME},
                    clerk=work.clerk,
                    now=work.now,
                )
    except (OutcomeNotFinal, FeedbackMissing):
        return await _page(request, place, campaign_id, 422, errors={"publiceren": NOT_YET})
    except OutcomeNotPublished:
        return await _page(request, place, campaign_id, 422, errors={"publiceren": OUTCOME_FIRST})
    return go_to(request, "campaign_feedback", done="terugkoppeling", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/eindverslag", name="issue_final_report")
async def issue(request: Request, place: Campaigning, campaign_id: uuid.UUID) -> Response:
    """Freeze the final report under its number."""
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await final_report.issue(work.session, campaign, clerk=work.clerk, now=work.now)
    except (OutcomeNotFinal, FeedbackMissing):
        return await _page(request, place, campaign_id, 422, errors={"eindverslag": NOT_TOLD})
    return go_to(request, "campaign_feedback", done="eindverslag", code=place.code, campaign_id=campaign_id)


@router.get("/{code}/campagnes/{campaign_id}/eindverslag/{number}.pdf", name="final_report_file")
async def file(request: Request, place: AtWork, campaign_id: uuid.UUID, number: int) -> Response:
    """Give an issued report."""
    try:
        async with working(request, place) as work:
            campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
            report = await final_report.find(work.session, campaign_id=campaign.id, number=number)
            details = {"naam": campaign.title, "nummer": number}
            await audit.record(
                work.session, action="uitvoer.eindverslag", record=str(campaign.id), details=details, **work.by
            )
    except ReportUnknown:
        raise PageUnknown(place.person) from None
    body = await asyncio.to_thread(outcome_paper.as_pdf, report.content)
    name = f'attachment; filename="eindverslag-{campaign.public_id}-{number}.pdf"'
    return Response(body, media_type="application/pdf", headers={"Content-Disposition": name})


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    status_code: int = 200,
    *,
    number: int | None = None,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        points = await feedback.points_of(work.session, campaign.id)
        told = await feedback.published_at(work.session, campaign.id)
        reports = await final_report.all_of(work.session, campaign.id)
        names = await clerks.names_of(work.session, clerk_ids={one.issued_by for one in reports})
    wrong = errors or {}
    fields = {f"{name}-{number or 'nieuw'}": text for name, text in wrong.items() if name in LABELS}
    return campaign_page(
        request,
        "campagnes/terugkoppeling.html",
        place=place,
        campaign=campaign,
        tab="campaign_feedback",
        status_code=status_code,
        problems=[*fields.items(), *((name, text) for name, text in wrong.items() if name not in LABELS)],
        points=[(point, _hard(point)) for point in points],
        told=told,
        reports=reports,
        names=names,
        labels=LABELS,
        editing=number,
        typed=typed,
        errors=wrong,
        most=feedback.MOST_POINTS,
    )


def _address(request: Request, campaign: Campaign) -> str:
    """The page for everybody: of the outcome, which is published before."""
    return links.page_address(desk_of(request).settings.public_url, campaign.public_id) + "/uitkomst"


def _hard(point: CampaignFeedback) -> list[str]:
    """What makes a point hard to read, in words."""
    found = []
    for name in feedback.FIELDS:
        text = getattr(point, name)
        measures = measure(text)
        if measures.longest_sentence > _LONGEST_SENTENCE:
            found.append(f"{LABELS[name]} Een zin heeft {measures.longest_sentence} woorden. Maak er twee van.")
        found += [f"Schrijf liever “{instead}” dan “{word}”." for word, instead in found_in(text).items()]
    return found


_LONGEST_SENTENCE = 20
