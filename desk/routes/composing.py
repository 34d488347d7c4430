"""Writing to a resident, before it is sent: put a standard text in a form, or look at what the resident will get."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import Handling, PageUnknown
from desk.contribution_page import as_typed, contribution_page, submission_of
from desk.work import Work, working
from participation.errors import DispositionUnknown, StandardTextUnknown
from participation.reply import Reply
from participation.services import contributions, previews, standard_texts
from participation.services.contributions import ContributionDetail
from participation.services.lifecycle import CLOSING

router = APIRouter()

STANDARD, PREVIEW = "standaardtekst", "voorbeeld"
NOTHING_CHOSEN = "Kies eerst een standaardtekst."
NOTHING_WRITTEN = "Schrijf eerst een tekst. Dan ziet u hier wat de inwoner krijgt."


@dataclass(frozen=True)
class Place:
    """Where the text of a form stands: the key of what was typed, its error, its id on the page, its own id."""

    text: str
    error: str
    field: str
    submission: str = ""


FORMS: Mapping[str, Place] = {
    "antwoord": Place("text", "text_error", "antwoord", "submission"),
    "vraag": Place("question", "question_error", "vraag", "question_submission"),
    "afsluiting": Place("explanation", "explanation_error", "toelichting"),
}
"""By the purpose of the standard texts that one can choose there."""


@router.post("/{code}/inbreng/{contribution_id}/opstellen/{purpose}", name="compose")
async def compose(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    purpose: str,
    stap: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
    toelichting: Annotated[str, Form()] = "",
    status: Annotated[str, Form()] = "",
    afdoening: Annotated[str, Form()] = "",
    standaardtekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
) -> Response:
    """Show the page again with the text in its form, or with the preview under it. Nothing is sent or kept."""
    if (form := FORMS.get(purpose)) is None:
        raise PageUnknown(place.person)
    typed = as_typed(toelichting if purpose == "afsluiting" else tekst)
    kept: dict[str, object] = {"status": status, "disposition": afdoening, "seen": gezien}
    kept |= {form.text: typed, "purpose": purpose}
    if form.submission:
        kept[form.submission] = submission_of(verzending, place, typed)
    error = ""
    async with working(request, place) as work:
        detail = await contributions.find_contribution(
            work.session, municipality_code=place.code, contribution_id=contribution_id
        )
        if stap == STANDARD:
            try:
                words = await _filled(work, detail, standaardtekst)
            except StandardTextUnknown:
                error = NOTHING_CHOSEN
            else:
                kept[form.text] = f"{typed.rstrip()}\n\n{words}" if typed.strip() else words
                kept["put_in"] = form.field
        elif purpose == "afsluiting" and not status:
            kept["status_error"] = "Kies eerst een nieuwe status."
        elif not typed.strip() and (purpose != "afsluiting" or status in CLOSING):
            error = NOTHING_WRITTEN
        else:
            try:
                kept["preview"] = await _reply(work, detail, purpose, typed, status, afdoening)
                kept["previewed"] = purpose
            except DispositionUnknown:
                kept["disposition_error"] = "Kies eerst wat er met de inbreng is gedaan. Dat hoort bij de tekst."
    if error:
        kept[form.error] = error
    faulty = any(name.endswith("_error") for name in kept)
    return await contribution_page(request, place, contribution_id, 422 if faulty else 200, **kept)


async def _filled(work: Work, detail: ContributionDetail, key: str) -> str:
    text = await standard_texts.find(work.session, municipality_code=work.municipality_code, key=key)
    return await standard_texts.filled_for(
        work.session, text, contribution=detail.contribution, clerk=work.clerk, now=work.now
    )


async def _reply(
    work: Work, detail: ContributionDetail, purpose: str, text: str, status: str, disposition: str
) -> Reply | None:
    contribution = detail.contribution
    if purpose == "afsluiting":
        return await previews.of_change(
            work.session, contribution, before=detail.status, after=status, reason=text, disposition=disposition
        )
    if purpose == "vraag":
        return await previews.of_question(work.session, contribution, text=text, now=work.now)
    return await previews.of_answer(work.session, contribution, text=text)
