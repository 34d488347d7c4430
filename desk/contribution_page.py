"""The page of one contribution, for every form that stands on it."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from desk import history_words, passing_on_words
from desk.access import FormExpired, Workplace
from desk.context import desk_of
from desk.pages import render
from desk.report_form import meeting_label
from desk.side_notes import side_notes
from desk.timeline import assignee_of, timeline
from desk.unsendable import LONGEST
from desk.work import working
from participation.language.readability import measure
from participation.models import ContributionNote
from participation.models.contribution import WITHDRAWN
from participation.services import (
    alike,
    assigning,
    bundles,
    clerks,
    contributions,
    dispositions,
    handling_rules,
    history,
    lifecycle,
    passing_on,
    placing,
    standard_texts,
)
from participation.services import notes as internal_notes
from participation.services import reply_verdicts as verdicts
from participation.services.contributions import ContributionDetail
from participation.services.history import Event
from participation.services.lifecycle import GRIFFIE
from participation.services.passing_on import PLANNED, REFERRED
from participation.services.seen import Seen
from participation.text_fields import open_fields

logger = logging.getLogger(__name__)

EMPTY_FORMS: dict[str, Any] = {
    "status": "",
    "explanation": "",
    "disposition": "",
    "text": "",
    "question": "",
    "recipient": "",
    "somebody": "",
    "meeting": "",
    "meeting_name": "",
    "meeting_day": "",
    "note": "",
    "note_error": "",
    "chosen": [],
    "bundle_name": "",
    "bundle_error": "",
    "status_error": "",
    "explanation_error": "",
    "disposition_error": "",
    "text_error": "",
    "question_error": "",
    "recipient_error": "",
    "meeting_error": "",
    "sorting_error": "",
    "handler_error": "",
    "reason": "",
    "reason_error": "",
    "original": None,
    "pieces": (),
    "show_error": "",
    "hide_words": "",
    "hide_kind": "",
    "hide_error": "",
    "addition": None,
    "addition_original": None,
    "addition_reason": "",
    "addition_error": "",
    "purpose": "",
    "put_in": "",
    "previewed": "",
    "preview": None,
}
"""`purpose` is the form in which a standard text was put or of which a preview was asked, `put_in` its field."""


async def contribution_page(
    request: Request, place: Workplace, contribution_id: uuid.UUID, status_code: int = 200, **form: Any
) -> Response:
    """Render the page; `form` holds what was typed and what is wrong with it.

    After a refusal because somebody was first (409) the clerk sees what changed; else, what they had seen stays so.
    """
    code = place.code
    async with working(request, place) as work:
        session = work.session
        detail = await contributions.find_contribution(session, municipality_code=code, contribution_id=contribution_id)
        # Why somebody read the whole text concerns those who handle it.
        events = (
            await history.events(session, municipality_code=code, contribution_id=contribution_id)
            if place.may_handle
            else ()
        )
        internal = (
            await internal_notes.of_contribution(session, municipality_code=code, contribution_id=contribution_id)
            if place.may_handle
            else ()
        )
        handler_id = await assigning.handler_of(session, contribution_id=contribution_id)
        colleagues = await assigning.colleagues(session, municipality_code=code) if place.may_handle else ()
        names = await clerks.names_of(session, clerk_ids=_clerk_ids(detail, events, internal, handler_id))
        helped = await verdicts.of_contribution(session, contribution_id=contribution_id)
        ways = await dispositions.all_of(session, municipality_code=code)
        texts = await standard_texts.offered(session, municipality_code=code) if place.may_handle else {}
        notes = await side_notes(
            session, place=place, contribution_id=contribution_id, settings=desk_of(request).settings
        )
        may_refer, may_plan = (
            place.may_handle and detail.contribution.text != WITHDRAWN and lifecycle.may(GRIFFIE, detail.status, status)
            for status in (REFERRED, PLANNED)
        )
        meetings = await passing_on.meetings(session, municipality_code=code, now=work.now) if may_plan else ()
        shifted = (
            await passing_on.shifted(session, municipality_code=code, now=work.now, contribution_id=contribution_id)
            if place.may_handle and detail.status == PLANNED
            else ()
        )
        days = await handling_rules.answer_days(session, municipality_code=code)
        whereabouts = await placing.whereabouts(session, municipality_code=code, contribution_id=contribution_id)
        bundle = await bundles.of_contribution(session, contribution_id=contribution_id)
        like = (
            await alike.proposals(session, municipality_code=code, contribution_id=contribution_id, now=work.now)
            if place.may_handle and (bundle or bundles.can_join(detail.status))
            else ()
        )
    seen = "" if status_code == 409 else form.get("seen", "")
    ids = {
        name: uuid.uuid4() for name in ("submission", "closing_submission", "question_submission", "note_submission")
    }
    return render(
        request,
        "inbreng.html",
        place=place,
        status_code=status_code,
        detail=detail,
        steps=timeline(
            detail,
            names,
            events=events,
            notes=internal,
            helped=helped,
            dispositions={way.key: way.name for way in ways},
            for_griffie=place.may_handle,
        ),
        history_words=history_words,
        next_statuses=_next(detail),
        may_ask=lifecycle.may(GRIFFIE, detail.status, "reactie_gevraagd"),
        may_refer=may_refer,
        may_plan=may_plan,
        meetings=[(str(meeting.id), meeting_label(meeting)) for meeting in meetings],
        shifted=shifted,
        passing_on_words=passing_on_words,
        mail_link=passing_on_words.mail_link(detail, place.choices.recipients),
        dispositions=[way for way in ways if way.is_offered],
        answer_days=days,
        whereabouts=whereabouts,
        handler_id=handler_id,
        handler=names.get(handler_id) if handler_id else None,
        colleagues=colleagues,
        bundle=bundle,
        like=[one for one in like if one.bundle_id or bundles.can_join(one.status)],
        longest=LONGEST,
        standard_texts=texts,
        measure=measure,
        open_fields=open_fields,
        form=EMPTY_FORMS | ids | form | {"seen": seen or _written(detail)},
        **notes,
    )


def _next(detail: ContributionDetail) -> list[str]:
    """What can be chosen. What the resident withdrew has no words to go on with."""
    if detail.contribution.text == WITHDRAWN:
        return []
    return lifecycle.choices(detail.status)


def _clerk_ids(
    detail: ContributionDetail,
    events: Iterable[Event],
    notes: Iterable[ContributionNote],
    handler_id: uuid.UUID | None,
) -> set[uuid.UUID]:
    ids = [row.clerk_id for row in detail.statuses]
    ids += [row.clerk_id for row in detail.entries]
    ids += [one for row in events for one in (row.clerk_id, assignee_of(row))]
    ids += [handler_id, *(row.clerk_id for row in notes)]
    return {clerk_id for clerk_id in ids if clerk_id is not None}


def as_typed(text: str) -> str:
    """Return the text of a form with the line ends of every other text, without what PostgreSQL can not keep."""
    return text.replace("\r\n", "\n").replace("\0", "")


def submission_of(typed: str, place: Workplace, text: str) -> uuid.UUID:
    """Read the form's own id, which no person types."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise FormExpired(place.person, text) from None


def _written(detail: ContributionDetail) -> str:
    """Write what the page shows into its forms, for `seen_of`."""
    changed_at = detail.contribution.changed_at
    return f"{detail.statuses[-1].number} {changed_at.isoformat() if changed_at else ''}"


def seen_of(typed: str) -> Seen | None:
    """Read what was on the page of a form; None for a page that did not say so."""
    number, _, changed_at = typed.partition(" ")
    try:
        return Seen(int(number), datetime.fromisoformat(changed_at) if changed_at else None)
    except ValueError:
        return None


async def request_delivery(request: Request, place: Workplace, contribution_ids: Iterable[uuid.UUID]) -> bool:
    """Ask for delivery of what the chats do not have yet; returns whether there was anything.

    The texts are committed: a fault here delays them until the worker's next round, no more.
    """
    async with working(request, place) as work:
        waiting = [
            entry_id
            for contribution_id in contribution_ids
            for entry_id in await contributions.undelivered(work.session, contribution_id=contribution_id)
        ]
    for entry_id in waiting:
        try:
            await desk_of(request).notify(entry_id)
        except Exception:  # the text is safe, so the griffier must not read that it failed
            logger.exception("Delivery of entry %s could not be requested", entry_id)
    return bool(waiting)
