"""The answers of the chat: the national texts, and the municipality's own ones from draft to in force and back."""

import uuid
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import answer_words, link_words
from desk.access import AtWork, Handling, Managing, PageUnknown, Workplace
from desk.context import desk_of
from desk.pages import go_to, render
from desk.work import working
from participation import content, tables
from participation.answer_faults import (
    DraftChanged,
    DraftMissing,
    FieldsFaulty,
    NoteMissing,
    SecondPersonNeeded,
)
from participation.dates import AMSTERDAM, dutch_date
from participation.difficult_words import found_in
from participation.errors import ColleagueUnknown
from participation.known_facts import known_facts
from participation.links import store as links
from participation.models.answers import IN_REVIEW
from participation.services import answer_owners, answers, answers_overview, answers_writing, assigning, clerks
from participation.services.answers import OwnText, own_text
from participation.services.answers_overview import TopicState
from participation.services.answers_writing import Written
from participation.services.worklist import NOBODY

router = APIRouter()

NO_OWNER = "Zonder eigenaar"


@router.get("/{code}/antwoorden", name="answers")
async def show(request: Request, place: AtWork, status: str = "", groep: str = "", eigenaar: str = "") -> Response:
    """Show all topics by group, or those of one group, state or owner."""
    if (status and status not in answer_words.ANSWER_STATES) or (groep and groep not in content.GROUPS):
        raise PageUnknown(place.person)
    async with working(request, place) as work:
        topics = await answers_overview.overview(
            work.session, municipality_code=place.code, municipality=place.name, today=_today(request)
        )
        colleagues = await assigning.colleagues(work.session, municipality_code=place.code)
    owners = {NOBODY: NO_OWNER} | {str(clerk_id): name for clerk_id, name in colleagues}
    if eigenaar and eigenaar not in owners:
        raise PageUnknown(place.person)
    chosen = [one for one in topics if groep in ("", one.answer.group) and eigenaar in ("", _owner(one))]
    shown = [one for one in chosen if not status or status in one.states]
    return render(
        request,
        "antwoorden.html",
        place=place,
        part="answers",
        groups=[(group, [one for one in shown if one.answer.group == group]) for group in content.GROUPS],
        counts={state: sum(state in one.states for one in chosen) for state in answer_words.ANSWER_STATES},
        everything=len(chosen),
        status=status,
        group=groep,
        owner=eigenaar,
        owners=owners,
        with_topics={NOBODY, eigenaar, *map(_owner, topics)},
        answer_words=answer_words,
        dutch_date=dutch_date,
    )


def _owner(topic: TopicState) -> str:
    return str(topic.owner_id) if topic.owner_id else NOBODY


@router.get("/{code}/antwoorden/{topic}", name="answer")
async def show_one(request: Request, place: AtWork, topic: str) -> Response:
    """Show one topic: the national text, the own one, the preview and the history."""
    return await _page(request, place, topic)


@router.post("/{code}/antwoorden/{topic}", name="save_answer")
async def save(
    request: Request,
    place: Handling,
    topic: str,
    tekst: Annotated[str, Form()] = "",
    meer: Annotated[str, Form()] = "",
    bron: Annotated[str, Form()] = "",
    bron_adres: Annotated[str, Form()] = "",
    nagekeken: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
    stap: Annotated[str, Form()] = "",
) -> Response:
    """Keep a draft, or put it up for review."""
    typed = {"tekst": tekst, "meer": meer, "bron": bron, "bron_adres": bron_adres, "nagekeken": nagekeken}
    checked_on = tables.read_day(nagekeken)
    for_review = stap == "voorleggen"
    text = OwnText(
        short=_tidy(tekst),
        more=_tidy(meer) or None,
        source_name=" ".join(_tidy(bron).split()),
        source_url=_tidy(bron_adres),
        checked_on=checked_on or _today(request),
    )
    try:
        if checked_on is None:
            others = answers_writing.faults_of(text, topic=topic, complete=for_review, today=_today(request))
            raise FieldsFaulty(others | {"checked_on": "datum"})
        async with working(request, place) as work:
            await answers_writing.save(
                work.session,
                topic=topic,
                text=text,
                revision=_number(versie),
                for_review=for_review,
                **work.by,
            )
    except FieldsFaulty as faulty:
        errors = answer_words.answer_errors(faulty.faults)
        return await _page(request, place, topic, 422, typed=typed, errors=errors, revision=versie)
    except DraftChanged:
        errors = {"tekst": answer_words.CHANGED_BY_COLLEAGUE}
        return await _page(request, place, topic, 409, typed=typed, errors=errors)
    return go_to(
        request, "answer", done="antwoord_voorgelegd" if for_review else "concept", code=place.code, topic=topic
    )


@router.post("/{code}/antwoorden/{topic}/publiceren", name="publish_answer")
async def publish(
    request: Request,
    place: Managing,
    topic: str,
    versie: Annotated[str, Form()] = "",
    toelichting: Annotated[str, Form()] = "",
) -> Response:
    """Put a text in force that somebody else wrote."""
    try:
        async with working(request, place) as work:
            await answers_writing.publish(
                work.session,
                topic=topic,
                revision=_number(versie),
                note=toelichting.replace("\0", ""),
                **work.by,
            )
    except FieldsFaulty as faulty:
        errors = answer_words.answer_errors(faulty.faults)
        return await _page(request, place, topic, 422, errors=errors)
    except (DraftChanged, DraftMissing, SecondPersonNeeded, NoteMissing) as refused:
        return await _page(request, place, topic, 422, errors=answer_words.refusal(refused))
    return go_to(request, "answer", done="antwoord_live", code=place.code, topic=topic)


@router.post("/{code}/antwoorden/{topic}/terug", name="send_back_answer")
async def send_back(request: Request, place: Handling, topic: str, versie: Annotated[str, Form()] = "") -> Response:
    """Make what is up for review a draft again."""
    try:
        async with working(request, place) as work:
            await answers_writing.send_back(
                work.session,
                topic=topic,
                revision=_number(versie),
                **work.by,
            )
    except (DraftChanged, DraftMissing) as refused:
        return await _page(request, place, topic, 422, errors=answer_words.refusal(refused))
    return go_to(request, "answer", done="antwoord_terug", code=place.code, topic=topic)


@router.post("/{code}/antwoorden/{topic}/weggooien", name="discard_answer")
async def discard(
    request: Request,
    place: Handling,
    topic: str,
    versie: Annotated[str, Form()] = "",
    zeker: Annotated[str, Form()] = "",
) -> Response:
    """Throw the draft away, after a tick that says one is sure."""
    try:
        if zeker != "ja":
            errors = {"zeker": "Zet eerst een vinkje bij “Ja, gooi het concept weg”."}
            return await _page(request, place, topic, 422, errors=errors)
        async with working(request, place) as work:
            await answers_writing.discard(
                work.session,
                topic=topic,
                revision=_number(versie),
                **work.by,
            )
    except (DraftChanged, DraftMissing) as refused:
        return await _page(request, place, topic, 422, errors=answer_words.refusal(refused))
    return go_to(request, "answer", done="concept_weg", code=place.code, topic=topic)


@router.post("/{code}/antwoorden/{topic}/terugzetten", name="restore_answer")
async def restore(request: Request, place: Managing, topic: str, nummer: Annotated[str, Form()] = "") -> Response:
    """Put an earlier version or the national text in force."""
    async with working(request, place) as work:
        await answers_writing.restore(
            work.session,
            topic=topic,
            number=None if nummer == "landelijk" else _number(nummer),
            **work.by,
        )
    return go_to(request, "answer", done="antwoord_teruggezet", code=place.code, topic=topic)


@router.post("/{code}/antwoorden/{topic}/eigenaar", name="choose_answer_owner")
async def choose_owner(request: Request, place: Handling, topic: str, wie: Annotated[str, Form()] = "") -> Response:
    """Say who keeps this answer up to date."""
    try:
        owner_id = None if wie == NOBODY else uuid.UUID(wie)
        async with working(request, place) as work:
            await answer_owners.choose(work.session, topic=topic, owner_id=owner_id, **work.by)
    except (ColleagueUnknown, ValueError):
        return await _page(request, place, topic, 422, errors={"wie": "Kies een collega uit de lijst."})
    return go_to(request, "answer", done="antwoord_eigenaar", code=place.code, topic=topic)


async def _page(request: Request, place: Workplace, topic: str, status_code: int = 200, **form: Any) -> Response:
    """Render the page of a topic; `form` holds what was typed and what is wrong with it."""
    today = _today(request)
    async with working(request, place) as work:
        written = await answers_writing.of_topic(work.session, municipality_code=place.code, topic=topic)
        newest = written.draft or written.live
        own = own_text(newest) if newest else None
        preview = await answers.shown(
            work.session,
            topic=topic,
            municipality_code=place.code,
            own=own,
            today=today,
            now=desk_of(request).clock(),
        )
        names = await clerks.names_of(work.session, clerk_ids=_people(written))
        alone = await answers_writing.publishers(work.session, municipality_code=place.code) == 1
        broken = await links.broken(work.session, answers_overview.links_of(topic, written.live))
        colleagues = await assigning.colleagues(work.session, municipality_code=place.code)
        owners = await answer_owners.of_municipality(work.session, municipality_code=place.code)
    draft = written.draft
    errors = form.get("errors", {})
    return render(
        request,
        "antwoord.html",
        place=place,
        status_code=status_code,
        part="answers",
        answer=written.answer,
        written=written,
        own=own,
        preview=preview,
        names=names,
        in_review=draft is not None and draft.state == IN_REVIEW,
        mine=draft is not None and draft.edited_by == place.person.clerk.id,
        alone=alone,
        colleagues=colleagues,
        owner_id=owners.get(topic),
        national=answers_overview.measured(written.answer.short, written.answer.more, place.name),
        measures=answers_overview.measured(own.short, own.more, place.name) if own else None,
        difficult=found_in(f"{own.short} {own.more or ''}") if own else {},
        facts=known_facts(),
        most_words=answers_writing.MOST_WORDS,
        broken=broken,
        link_words=link_words,
        answer_words=answer_words,
        dutch_date=dutch_date,
        typed=form.get("typed") or _kept(written, own, today),
        revision=_number(str(form["revision"])) if "revision" in form else draft.revision if draft else 0,
        errors=errors,
    )


def _kept(written: Written, own: OwnText | None, today: date) -> dict[str, str]:
    """What the form starts with: the newest own text, or the national one to change."""
    if own is None:
        return {
            "tekst": written.answer.short,
            "meer": written.answer.more or "",
            "bron": "",
            "bron_adres": "",
            "nagekeken": today.isoformat(),
        }
    return {
        "tekst": own.short,
        "meer": own.more or "",
        "bron": own.source_name,
        "bron_adres": own.source_url,
        "nagekeken": own.checked_on.isoformat(),
    }


def _people(written: Written) -> set[Any]:
    ids = {person for one in written.versions for person in (one.written_by, one.published_by)}
    return {one for one in ids | ({written.draft.edited_by} if written.draft else set()) if one is not None}


def _tidy(typed: str) -> str:
    return typed.replace("\r\n", "\n").replace("\0", "").strip()


def _number(typed: str) -> int:
    """Read the form's own number, which no person types; what is none belongs to no draft."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else -1


def _today(request: Request) -> date:
    return desk_of(request).clock().astimezone(AMSTERDAM).date()
