"""Bundles: putting like contributions together, answering them all at once, taking one out again."""

import uuid
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import bundling
from desk.access import AtWork, Handling, Workplace
from desk.contribution_page import (
    as_typed,
    contribution_page,
    request_delivery,
    submission_of,
)
from desk.intake_words import without_chat
from desk.pages import go_to, render
from desk.unsendable import LONGEST, UNSENDABLE, why
from desk.work import working
from participation.errors import (
    BundleUnknown,
    DispositionMissing,
    DispositionUnknown,
    TransitionNotAllowed,
)
from participation.services import bundles, dispositions, on_behalf

router = APIRouter()


@router.post("/{code}/inbreng/{contribution_id}/bundel", name="put_together")
async def put_together(
    request: Request,
    place: Handling,
    contribution_id: uuid.UUID,
    ook: Annotated[list[uuid.UUID] | None, Form()] = None,
    naam: Annotated[str, Form()] = "",
) -> Response:
    """Put this contribution and the chosen ones in one bundle: that of one of them, or a new one."""
    chosen, name = ook or [], naam.replace("\0", "")
    tried = await bundling.put_together(
        request,
        place,
        [contribution_id, *chosen] if chosen else [],
        name,
        nothing="Kies welke inbreng hetzelfde zegt.",
    )
    if tried.error:
        return await contribution_page(
            request, place, contribution_id, tried.status, chosen=chosen, bundle_name=name, bundle_error=tried.error
        )
    return go_to(request, "bundle", done="gebundeld", code=place.code, bundle_id=tried.bundle_id)


@router.post("/{code}/inbreng/{contribution_id}/losmaken", name="take_out")
async def take_out(request: Request, place: Handling, contribution_id: uuid.UUID) -> Response:
    """Take this contribution out of its bundle; a second time changes nothing."""
    async with working(request, place) as work:
        with suppress(BundleUnknown):
            await bundles.leave(work.session, contribution_id=contribution_id, **work.by)
    return go_to(request, "contribution", done="losgemaakt", code=place.code, contribution_id=contribution_id)


@router.get("/{code}/bundels/{bundle_id}", name="bundle")
async def show(request: Request, place: AtWork, bundle_id: uuid.UUID) -> Response:
    """Show what is in a bundle and, to who may use them, the forms for all."""
    return await _page(request, place, bundle_id)


@router.post("/{code}/bundels/{bundle_id}/antwoord", name="reply_to_bundle")
async def reply(
    request: Request,
    place: Handling,
    bundle_id: uuid.UUID,
    tekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
) -> Response:
    """Write one text to all. Sending the form twice writes each text once."""
    text = as_typed(tekst)
    submission = submission_of(verzending, place, text)
    error = ""
    try:
        async with working(request, place) as work:
            reached = await bundles.reply_to_all(
                work.session, bundle_id=bundle_id, text=text, submission=submission, **work.by
            )
        if not reached:
            error = "Niemand kan dit antwoord in de chat krijgen: alles is afgehandeld, of er is geen chat."
    except UNSENDABLE as fault:
        error = why(fault, text)
    if error:
        return await _page(request, place, bundle_id, 422, text=text, text_error=error, submission=submission)
    await request_delivery(request, place, reached)
    return go_to(request, "bundle", done="bundel_antwoord", code=place.code, bundle_id=bundle_id)


@router.post("/{code}/bundels/{bundle_id}/afhandelen", name="close_bundle")
async def close(
    request: Request,
    place: Handling,
    bundle_id: uuid.UUID,
    afdoening: Annotated[str, Form()] = "",
    toelichting: Annotated[str, Form()] = "",
) -> Response:
    """Close all that is still open, with one explanation and one disposition."""
    explanation = as_typed(toelichting)
    error: dict[str, str] = {}
    answer = 422
    try:
        async with working(request, place) as work:
            closed = await bundles.close_all(
                work.session, bundle_id=bundle_id, reason=explanation, disposition=afdoening or None, **work.by
            )
    except (DispositionMissing, DispositionUnknown):
        error = {"disposition_error": "Kies wat er met de inbreng is gedaan."}
    except UNSENDABLE as fault:
        error = {"explanation_error": why(fault, explanation)}
    except TransitionNotAllowed:
        if explanation.strip():
            error, answer = {"explanation_error": "Een collega heeft intussen een status veranderd. Kijk opnieuw."}, 409
        else:
            error = {"explanation_error": "Schrijf een toelichting voor de inwoners."}
    if error:
        return await _page(request, place, bundle_id, answer, explanation=explanation, disposition=afdoening, **error)
    await request_delivery(request, place, closed)
    return go_to(request, "bundle", done="bundel_gesloten", code=place.code, bundle_id=bundle_id)


async def _page(
    request: Request, place: Workplace, bundle_id: uuid.UUID, status_code: int = 200, **form: Any
) -> Response:
    async with working(request, place) as work:
        detail = await bundles.find(
            work.session, municipality_code=place.code, bundle_id=bundle_id, for_council=not place.may_handle
        )
        ways = await dispositions.offered(work.session, municipality_code=place.code)
        told_by = await on_behalf.answers_wanted(
            work.session,
            municipality_code=place.code,
            contribution_ids=[row.contribution.id for row in detail.rows],
        )
    empty = {
        "text": "",
        "text_error": "",
        "explanation": "",
        "explanation_error": "",
        "disposition": "",
        "disposition_error": "",
        "submission": uuid.uuid4(),
    }
    reachable = [row for row in detail.open_rows if row.contribution.conversation_id is not None]
    return render(
        request,
        "bundel.html",
        place=place,
        part="worklist",
        status_code=status_code,
        bundle=detail.bundle,
        rows=detail.rows,
        told_by=told_by,
        without_chat=without_chat,
        open_count=len(detail.open_rows),
        reachable_count=len(reachable),
        dispositions=ways,
        longest=LONGEST,
        form=empty | form,
    )
