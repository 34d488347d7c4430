"""Going through a campaign before it starts, as residents will: plain pages, and nothing is kept or counted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.web.pages import page
from participation import markup
from participation.campaigns import asking, part_writing, parts, trying
from participation.campaigns.texts import text
from participation.campaigns.trying import Given, TrialOver
from participation.campaigns.walk import Step, Walk
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign
from participation.models.taking_part import AGREE, DISAGREE, PASS
from participation.services import municipalities, municipality_settings
from participation.settings import settings

router = APIRouter(include_in_schema=False)

LONGEST = 400


@dataclass(frozen=True)
class Turn:
    """A question with what was answered."""

    asked: Markup
    answer: str


@router.get("/c/proef/{token}")
async def begin(request: Request, token: str) -> HTMLResponse:
    """Show the first question."""
    return await _shown(request, token, [])


@router.post("/c/proef/{token}")
async def go_on(
    request: Request,
    token: str,
    a: Annotated[list[str] | None, Form()] = None,
    nu: Annotated[str, Form()] = "",
    keus: Annotated[list[str] | None, Form()] = None,
) -> HTMLResponse:
    """Show what was asked and answered so far, and the next question.

    A form and no address: what somebody typed stands in no log and no history.

    Args:
        a: the answers so far, each as key and value with a colon between.
        nu: the key of the question that the form was about; `keus` is what was chosen or typed there.
    """
    pairs = [one[:LONGEST] for one in (a or ())[: trying.MOST_STEPS]]
    if nu:
        pairs.append(f"{nu}:{','.join(keus or ())}"[:LONGEST])
    return await _shown(request, token, pairs)


async def _shown(request: Request, token: str, pairs: list[str]) -> HTMLResponse:
    database: Database = request.app.state.database
    try:
        campaign_id, revision = trying.read(token, secret_key=settings().secret_key, now=datetime.now(UTC))
    except TrialOver:
        raise HTTPException(404) from None
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await session.get(Campaign, campaign_id)
        if campaign is None or campaign.revision != revision:
            raise HTTPException(404)
        asked = await parts.of(session, campaign.id)
        statements = await part_writing.statements_by_part(session, campaign.id)
        choices = await municipality_settings.of(session, campaign.municipality_code)
    given = [Given(*one.partition(":")[::2]) for one in pairs]
    walk = trying.walk_with(campaign, asked, statements, given)
    step = walk.next()
    return page(
        request,
        "proef.html",
        "'none'",
        form_action="'self'",
        campagne=campaign,
        gemeente_code=campaign.municipality_code,
        gemeente_naam=choices.shown_name or municipalities.names()[campaign.municipality_code],
        choices=choices,
        gehad=_turns(walk),
        stap=step,
        vraag=_text(walk, step) if step else "",
        knoppen=_buttons(step) if step else [],
        typt=step is not None and step.what == "deel" and step.part.kind in ("open", "plaats"),
        meer=step is not None and step.what == "deel" and (step.part.rules.get("most") or 1) > 1,
        rangorde=step is not None and step.part.kind == "rangorde",
        antwoorden=pairs,
        overslaan=text("knop_overslaan"),
        dank=text("dank", dank=campaign.thanks),
    )


def _turns(walk: Walk) -> list[Turn]:
    done = [step for step in walk.steps() if walk.is_done(step)]
    return [Turn(_text(walk, step), asking.given(walk, step) or text("knop_overslaan")) for step in done]


def _text(walk: Walk, step: Step) -> Markup:
    return markup.blocks(asking.ask(walk, step).text)


def _buttons(step: Step) -> list[tuple[str, str]]:
    """The value and title of each choice."""
    if step.statement is not None:
        return [(str(value), text(asking.VALUES[value])) for value in (AGREE, DISAGREE, PASS)]
    if step.what == "eigen":
        return [("", text("knop_eigen_nee"))]
    if step.part.kind == "schaal":
        return [(str(number), str(number)) for number in range(1, step.part.rules["highest"] + 1)]
    return [(option["id"], option["text"]) for option in step.part.options]
