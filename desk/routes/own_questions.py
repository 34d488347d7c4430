"""Questions of the municipality's own: list, add, change, switch on and off, delete."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import link_words
from desk.access import PageUnknown, ReadingOnly, Workplace, handling_workplace, workplace
from desk.context import desk_of
from desk.contribution_page import as_typed
from desk.own_question_words import CHANGED_MEANWHILE, FAULTS, FULL, NO_ENCODER, with_titles
from desk.pages import go_to, render
from desk.work import Work, working
from participation import roles, tables
from participation.council.records import one_line
from participation.dates import AMSTERDAM, dutch_date
from participation.difficult_words import found_in
from participation.language.readability import Measures
from participation.links import store as links
from participation.models import CheckedLink, OwnQuestion
from participation.reply import Reply
from participation.services import answers_overview, answers_writing, own_questions
from participation.services.offers import words_of_question
from participation.services.own_questions import (
    Conflict,
    EncoderMissing,
    OwnQuestionFaulty,
    OwnQuestionsFull,
    Taken,
    Text,
)

router = APIRouter()

WRITING_ROLES = roles.with_right(roles.WRITE_QUESTIONS)
PUBLISHING_ROLES = roles.with_right(roles.PUBLISH_QUESTIONS)
"""Roles that say what residents get; what others change leaves the chat until one of these has seen it."""


@dataclass(frozen=True)
class Saved:
    """What is kept of a question, as residents get it and as it reads. `preview` is none when it lacks facts."""

    preview: Reply | None
    measures: Measures
    difficult: dict[str, str]


NO_DAY = date.max
"""Stands for what is no day: nobody has read a source on it yet."""


@dataclass(frozen=True)
class Typed:
    """The form as it was sent. `anyway` is the tick by which conflicts are accepted."""

    text: Text
    publish: bool
    anyway: bool

    @property
    def checked_on(self) -> str:
        """The day of checking as the form shows it."""
        return "" if self.text.checked_on == NO_DAY else self.text.checked_on.isoformat()


def typed_of(found: OwnQuestion) -> Typed:
    """The form of what is kept."""
    return Typed(words_of_question(found).as_own_question(), publish=found.is_published, anyway=False)


def _typed(
    vraag: Annotated[str, Form()] = "",
    manieren: Annotated[str, Form()] = "",
    kort: Annotated[str, Form()] = "",
    meer: Annotated[str, Form()] = "",
    bron: Annotated[str, Form()] = "",
    bron_adres: Annotated[str, Form()] = "",
    nagekeken: Annotated[str, Form()] = "",
    in_chat: Annotated[str, Form()] = "",
    toch: Annotated[str, Form()] = "",
) -> Typed:
    ways = tuple(way for line in manieren.splitlines() if (way := one_line(line)))
    text = Text(
        one_line(vraag) or "",
        ways,
        as_typed(kort).strip(),
        as_typed(meer).strip(),
        one_line(bron) or "",
        one_line(bron_adres) or "",
        tables.read_day(nagekeken) or NO_DAY,
    )
    return Typed(text, publish=in_chat == "ja", anyway=toch == "ja")


async def _reading(place: Annotated[Workplace, Depends(workplace)]) -> Workplace:
    return _writer(place)


async def _writing(place: Annotated[Workplace, Depends(handling_workplace)]) -> Workplace:
    return _writer(place)


def _writer(place: Workplace) -> Workplace:
    if place.role not in WRITING_ROLES:
        raise PageUnknown(place.person)
    return place


Reading = Annotated[Workplace, Depends(_reading)]
Writing = Annotated[Workplace, Depends(_writing)]
Sent = Annotated[Typed, Depends(_typed)]


@router.get("/{code}/eigen-vragen", name="own_questions")
async def show_all(request: Request, place: Reading) -> Response:
    """List them."""
    async with working(request, place) as work:
        found = await own_questions.of_municipality(work.session, municipality_code=place.code)
        broken = await links.broken(work.session, {one.source_url for one in found if one.is_published})
    today = _today(request)
    return render(
        request,
        "eigen_vragen.html",
        place=place,
        part="own_questions",
        questions=found,
        broken=broken.keys(),
        overdue={one.id for one in found if answers_overview.overdue(one.checked_on, None, today)},
        dutch_date=dutch_date,
    )


@router.get("/{code}/eigen-vragen/nieuw", name="new_own_question")
async def new(request: Request, place: Reading) -> Response:
    """Show an empty form."""
    return _page(request, place, None, Typed(Text("", (), "", "", "", "", _today(request)), publish=True, anyway=False))


@router.post("/{code}/eigen-vragen/nieuw", name="add_own_question")
async def add(request: Request, place: Writing, typed: Sent) -> Response:
    """Add a question."""
    return await _save(request, place, None, typed)


@router.get("/{code}/eigen-vragen/{question_id}", name="own_question")
async def show(request: Request, place: Reading, question_id: uuid.UUID) -> Response:
    """Show the form with what there is."""
    found = await _find(request, place, question_id)
    async with working(request, place) as work:
        broken = await links.broken(work.session, (found.source_url,) if found.is_published else ())
        preview = await own_questions.reply_of(work.session, found, today=_today(request))
    measures = answers_overview.measured(found.short, found.more, place.name)
    saved = Saved(preview, measures, found_in(f"{found.short} {found.more or ''}"))
    return _page(request, place, found, typed_of(found), saved=saved, broken=broken)


@router.post("/{code}/eigen-vragen/{question_id}", name="change_own_question")
async def change(request: Request, place: Writing, question_id: uuid.UUID, typed: Sent) -> Response:
    """Change a question."""
    return await _save(request, place, await _find(request, place, question_id), typed)


@router.post("/{code}/eigen-vragen/{question_id}/stand", name="switch_own_question")
async def switch(
    request: Request, place: Writing, question_id: uuid.UUID, aan: Annotated[str, Form()] = ""
) -> Response:
    """Put a question into the chat, or take it out.

    What gets another answer, or may get one, comes back as a form: to change it, or to say that it is meant.
    """
    on = aan == "ja"
    if on and place.role not in PUBLISHING_ROLES:
        raise ReadingOnly(place)
    found = await _find(request, place, question_id)
    text = words_of_question(found).as_own_question()
    typed = Typed(text, publish=True, anyway=False)
    taken = await own_questions.taken(text, desk_of(request).understand) if on else []
    try:
        async with working(request, place) as work:
            alike = await _alike(work, text, question_id) if on else []
            if alike or taken:
                return _page(request, place, found, typed, alike=alike, taken=taken)
            found = await own_questions.get(work.session, municipality_code=place.code, question_id=question_id)
            if on and words_of_question(found).as_own_question() != text:
                return _page(request, place, found, typed_of(found), trouble=CHANGED_MEANWHILE)
            await own_questions.switch(work.session, question=found, on=on, clerk=work.clerk, now=work.now)
    except EncoderMissing:
        return _page(request, place, found, typed, trouble=NO_ENCODER)
    done = "eigen_vraag_uit" if not on else "eigen_vraag_aan_niet_nagekeken" if taken is None else "eigen_vraag_aan"
    return go_to(request, "own_questions", done=done, code=place.code)


@router.post("/{code}/eigen-vragen/{question_id}/weg", name="remove_own_question")
async def remove(
    request: Request, place: Writing, question_id: uuid.UUID, zeker: Annotated[str, Form()] = ""
) -> Response:
    """Delete a question, after a tick that says one is sure."""
    found = await _find(request, place, question_id)
    if zeker != "ja":
        return await show(request, place, question_id)
    async with working(request, place) as work:
        found = await own_questions.get(work.session, municipality_code=place.code, question_id=question_id)
        await own_questions.remove(work.session, question=found, clerk=work.clerk, now=work.now)
    return go_to(request, "own_questions", done="eigen_vraag_weg", code=place.code)


async def _find(request: Request, place: Workplace, question_id: uuid.UUID) -> OwnQuestion:
    async with working(request, place) as work:
        return await own_questions.get(work.session, municipality_code=place.code, question_id=question_id)


async def _alike(work: Work, text: Text, itself: uuid.UUID | None) -> list[Conflict]:
    return await own_questions.conflicts(
        work.session, municipality_code=work.municipality_code, text=text, itself=itself
    )


async def _save(request: Request, place: Workplace, question: OwnQuestion | None, typed: Typed) -> Response:
    """Keep the question, unless residents may get another answer and nobody has said that this is meant."""
    publish = typed.publish and place.role in PUBLISHING_ROLES
    itself = question.id if question else None
    try:
        typed.text.check(today=_today(request))
        taken = None if typed.anyway else await own_questions.taken(typed.text, desk_of(request).understand)
        async with working(request, place) as work:
            if not typed.anyway:
                alike = await _alike(work, typed.text, itself)
                if alike or taken:
                    return _page(request, place, question, typed, alike=alike, taken=taken)
            if itself is not None:
                question = await own_questions.get(work.session, municipality_code=place.code, question_id=itself)
            await own_questions.save(
                work.session,
                question=question,
                text=typed.text,
                publish=publish,
                **work.by,
            )
    except OwnQuestionFaulty as faulty:
        return _page(request, place, question, typed, faults=faulty.faults)
    except OwnQuestionsFull:
        return _page(request, place, question, typed, trouble=FULL)
    except EncoderMissing:
        return _page(request, place, question, typed, trouble=NO_ENCODER)
    done = "eigen_vraag_chat" if publish else "eigen_vraag"
    if taken is None and not typed.anyway:
        done = "eigen_vraag_niet_nagekeken"
    return go_to(request, "own_questions", done=done, code=place.code)


def _today(request: Request) -> date:
    return desk_of(request).clock().astimezone(AMSTERDAM).date()


def _page(
    request: Request,
    place: Workplace,
    question: OwnQuestion | None,
    typed: Typed,
    *,
    faults: dict[str, str] | None = None,
    alike: list[Conflict] | None = None,
    taken: list[Taken] | None = None,
    trouble: str = "",
    saved: Saved | None = None,
    broken: Mapping[str, CheckedLink] = MappingProxyType({}),
) -> Response:
    errors = {field: FAULTS[field, code] for field, code in (faults or {}).items()}
    return render(
        request,
        "eigen_vraag.html",
        place=place,
        status_code=422 if errors or alike or taken or trouble else 200,
        part="own_questions",
        question=question,
        typed=typed,
        errors=errors,
        alike=alike or [],
        taken=with_titles(taken or ()),
        checked=taken is not None,
        trouble=trouble,
        saved=saved,
        most_words=answers_writing.MOST_WORDS,
        broken=broken,
        link_words=link_words,
        may_publish=place.role in PUBLISHING_ROLES,
    )
