"""The library that municipalities share: finding, offering, taking over, comparing, withdrawing."""

import asyncio
import uuid
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from desk import answer_words, library_words, own_question_words
from desk.access import AtWork, Handling, PageUnknown, ReadingOnly, Workplace
from desk.context import desk_of
from desk.differences import Part, differences
from desk.library_state import state_of
from desk.own_question_words import with_titles
from desk.pages import go_to, render
from desk.routes import library_campaigns
from desk.routes.own_questions import PUBLISHING_ROLES, WRITING_ROLES
from desk.routes.standard_texts import PURPOSES
from desk.work import working
from participation import offer_faults
from participation.answer_faults import FieldsFaulty
from participation.dates import dutch_date
from participation.errors import StandardTextChanged
from participation.known_facts import known_facts
from participation.language.readability import Measures
from participation.models.offer import ANSWER, CAMPAIGN, OFFER_KINDS, OWN_QUESTION, STANDARD_TEXT
from participation.services import adoptions, answers, answers_overview, offers, offers_found, own_questions
from participation.services.offers import Words, words_of
from participation.services.offers_found import Found
from participation.services.own_questions import Taken

router = APIRouter()

PER_PAGE = 25
TEXT_KINDS = tuple(kind for kind in OFFER_KINDS if kind != CAMPAIGN)
"""What is offered and taken over here; of campaigns see `library_campaigns`."""


def may_offer(place: Workplace, kind: str) -> bool:
    """Who says what residents get, says what others may read of it."""
    return place.may_manage if kind == ANSWER else place.role in PUBLISHING_ROLES


def may_adopt(place: Workplace, kind: str) -> bool:
    """Who may write such a text here may take one over."""
    return place.may_handle if kind in (ANSWER, STANDARD_TEXT) else place.role in WRITING_ROLES


@router.get("/{code}/bibliotheek", name="library")
async def show(request: Request, place: AtWork, zoek: str = "", lijst: str = "", pagina: str = "1") -> Response:
    """Search what is offered, or list what this municipality offers or took over."""
    if lijst not in library_words.LISTS:
        raise PageUnknown(place.person)
    typed = zoek.replace("\0", "").strip()[:200]
    async with working(request, place) as work:
        session = work.session
        if lijst == "overgenomen":
            found = await adoptions.of_municipality(session, municipality_code=place.code)
            return _list(request, place, "bibliotheek_overgenomen.html", lijst, adopted=found)
        if lijst == "van_ons":
            given = await offers_found.of_municipality(session, municipality_code=place.code)
            texts = await offers.texts_in_chat(session, municipality_code=place.code)
            ours = [(one, state_of(one, texts)) for one in given]
            return _list(request, place, "bibliotheek_van_ons.html", lijst, ours=ours)
        page = _number(pagina)
        begin = (page - 1) * PER_PAGE
        result = await offers_found.search(session, typed=typed, kind=lijst or None, limit=PER_PAGE, offset=begin)
        total = result.total
        if begin and not result.rows:
            total = (await offers_found.search(session, typed=typed, kind=lijst or None, limit=1, offset=0)).total
    # The templates that everybody has stand behind what municipalities offer.
    templates = library_campaigns.templates_with(typed) if lijst == CAMPAIGN else []
    left = max(0, begin - total)
    shown = templates[left : left + PER_PAGE - len(result.rows)] if len(result.rows) < PER_PAGE else []
    everything = total + len(templates)
    return _list(
        request,
        place,
        "bibliotheek.html",
        lijst,
        zoek=typed,
        rows=[_row(one, place) for one in result.rows],
        templates=shown,
        first=begin + 1,
        total=everything,
        page=page,
        pages=max(1, ceil(everything / PER_PAGE)),
    )


@router.get("/{code}/bibliotheek/aanbieden/{kind}/{subject}", name="offer_text")
async def show_offering(request: Request, place: AtWork, kind: str, subject: str) -> Response:
    """Show what would be offered, and what in it is not for others."""
    if kind not in TEXT_KINDS or not may_offer(place, kind):
        raise PageUnknown(place.person)
    return await _offering_page(request, place, kind, subject)


@router.post("/{code}/bibliotheek/aanbieden/{kind}/{subject}", name="send_offer")
async def offer(
    request: Request,
    place: Handling,
    kind: str,
    subject: str,
    kenmerk: Annotated[str, Form()] = "",
    nagekeken: Annotated[str, Form()] = "",
) -> Response:
    """Put the text that was on the page into the library."""
    if kind not in TEXT_KINDS or not may_offer(place, kind):
        raise PageUnknown(place.person) if kind not in TEXT_KINDS else ReadingOnly(place)
    try:
        async with working(request, place) as work:
            offered = await offers.offer(
                work.session,
                kind=kind,
                subject=subject,
                fingerprint=kenmerk,
                checked=nagekeken == "ja",
                **work.by,
            )
            done = "aangeboden" if offered.newest == 1 else "aangeboden_nieuw"
    except offer_faults.PersonalDataFound:
        return await _offering_page(request, place, kind, subject, {"nagekeken": library_words.PERSONAL})
    except (offer_faults.TextChanged, offer_faults.NothingNew) as refused:
        return await _offering_page(request, place, kind, subject, _refusal(refused))
    return go_to(request, "library_item", done=done, code=place.code, offer_id=offered.id)


@router.get("/{code}/bibliotheek/{offer_id}", name="library_item")
async def show_one(request: Request, place: AtWork, offer_id: uuid.UUID) -> Response:
    """Show one text with its versions, who uses it, and what can be done with it here; or one campaign."""
    async with working(request, place) as work:
        is_campaign = await offers_found.kind_of(work.session, offer_id=offer_id) == CAMPAIGN
    if is_campaign:
        return await library_campaigns.show_item(request, place, offer_id)
    return await _item_page(request, place, offer_id)


@router.post("/{code}/bibliotheek/{offer_id}/overnemen", name="adopt_text")
async def adopt(
    request: Request,
    place: Handling,
    offer_id: uuid.UUID,
    kenmerk: Annotated[str, Form()] = "",
    in_chat: Annotated[str, Form()] = "",
    toch: Annotated[str, Form()] = "",
) -> Response:
    """Take over the version that was on the page."""
    async with working(request, place) as work:
        found = await _text_offer(work.session, offer_id)
    if not may_adopt(place, found.offer.kind):
        raise ReadingOnly(place)
    taken: list[Taken] | None = []
    if found.offer.kind == OWN_QUESTION and toch != "ja":
        text = words_of(found.version).as_own_question()
        taken = await own_questions.taken(text, desk_of(request).understand)
    try:
        async with working(request, place) as work:
            subject = await adoptions.adopt(
                work.session,
                offer_id=offer_id,
                fingerprint=kenmerk,
                publish=in_chat == "ja" and place.role in PUBLISHING_ROLES,
                anyway=toch == "ja",
                taken=taken or (),
                **work.by,
            )
    except offer_faults.LooksAlike as alike:
        return await _item_page(request, place, offer_id, alike=alike.questions, taken=with_titles(taken or ()))
    except (offer_faults.TextChanged, offer_faults.DraftInTheWay, StandardTextChanged) as refused:
        return await _item_page(request, place, offer_id, errors=_refusal(refused))
    except own_questions.OwnQuestionsFull:
        return await _item_page(request, place, offer_id, errors={"": own_question_words.FULL})
    except own_questions.EncoderMissing:
        return await _item_page(request, place, offer_id, errors={"": own_question_words.NO_ENCODER})
    except FieldsFaulty as faulty:
        return await _item_page(request, place, offer_id, errors=_nowhere(answer_words.answer_errors(faulty.faults)))
    except own_questions.OwnQuestionFaulty as faulty:
        errors = {field: own_question_words.FAULTS[field, code] for field, code in faulty.faults.items()}
        return await _item_page(request, place, offer_id, errors=_nowhere(errors))
    if found.offer.kind == ANSWER:
        return go_to(request, "answer", done="overgenomen", code=place.code, topic=subject)
    if found.offer.kind == STANDARD_TEXT:
        return go_to(request, "standard_text", done="overgenomen_standaard", code=place.code, key=subject)
    done = "overgenomen_vraag" if taken is not None else "overgenomen_vraag_niet_nagekeken"
    return go_to(request, "own_question", done=done, code=place.code, question_id=subject)


@router.post("/{code}/bibliotheek/{offer_id}/intrekken", name="withdraw_text")
async def withdraw(
    request: Request, place: Handling, offer_id: uuid.UUID, zeker: Annotated[str, Form()] = ""
) -> Response:
    """Take an own text out of the library, after a tick that says one is sure."""
    async with working(request, place) as work:
        found = await _text_offer(work.session, offer_id)
        if found.offer.municipality_code == place.code and not may_offer(place, found.offer.kind):
            raise ReadingOnly(place)
        if zeker == "ja":
            await offers.withdraw(work.session, offer_id=offer_id, **work.by)
    if zeker != "ja":
        return await _item_page(request, place, offer_id, errors={"zeker": library_words.SURE})
    return go_to(request, "library_item", done="ingetrokken", code=place.code, offer_id=offer_id)


@router.post("/{code}/bibliotheek/{offer_id}/loslaten", name="let_go_of_text")
async def let_go(request: Request, place: Handling, offer_id: uuid.UUID) -> Response:
    """Keep the text here without its link to the library."""
    async with working(request, place) as work:
        known = await adoptions.find(work.session, municipality_code=place.code, offer_id=offer_id)
        if known and known.offer.kind == CAMPAIGN:
            raise offer_faults.OfferUnknown
        if known and not may_adopt(place, known.offer.kind):
            raise ReadingOnly(place)
        await adoptions.let_go(work.session, offer_id=offer_id, **work.by)
    return go_to(request, "library", done="losgelaten", code=place.code)


async def _text_offer(session: AsyncSession, offer_id: uuid.UUID) -> Found:
    found = await offers_found.get(session, offer_id=offer_id)
    if found.offer.kind == CAMPAIGN:
        raise offer_faults.OfferUnknown
    return found


def _row(found: Found, place: Workplace) -> tuple[Found, Measures | None, library_campaigns.Facts | None]:
    """What a list tells of something: how a text reads, or what a campaign asks."""
    words = words_of(found.version)
    if words.setup is not None:
        return found, None, library_campaigns.facts_of(words.setup)
    return found, _measured(words, place), None


def _list(request: Request, place: Workplace, template: str, chosen: str, **context: Any) -> Response:
    return render(
        request,
        template,
        place=place,
        part="library",
        lists=library_words.LISTS,
        chosen=chosen,
        library_words=library_words,
        **context,
    )


async def _item_page(request: Request, place: Workplace, offer_id: uuid.UUID, **refused: Any) -> Response:
    """Render the page of one text; `refused` says why nothing was done."""
    async with working(request, place) as work:
        session, today = work.session, work.today
        adoption = await adoptions.find(session, municipality_code=place.code, offer_id=offer_id)
        try:
            found = await offers_found.get(session, offer_id=offer_id)
        except offer_faults.OfferUnknown:
            if adoption is None:
                raise
            may = may_adopt(place, adoption.offer.kind)
            return render(request, "aanbod_weg.html", place=place, part="library", adoption=adoption, may_adopt=may)
        words = words_of(found.version)
        short, more = await answers.filled_in(
            session, municipality_code=place.code, short=words.short, more=words.more, today=today
        )
        # What stands between accolades in a standard text is filled from the contribution, not from facts.
        slots = set() if words.purpose else answers.slots_of(words.short, words.more)
        filling = await answers.filling_of(session, place.code, slots=slots, today=today)
        ours = found.offer.municipality_code == place.code
        state = state_of(found, await offers.texts_in_chat(session, municipality_code=place.code)) if ours else ""
        changed_here = adoption is not None and await adoptions.is_changed_here(session, adoption)
        versions = await offers_found.versions(session, offer_id=offer_id)
        users = await offers_found.users(session, offer_id=offer_id)
    errors, alike, taken = refused.get("errors", {}), refused.get("alike", ()), refused.get("taken", ())
    return render(
        request,
        "aanbod.html",
        place=place,
        status_code=422 if errors or alike or taken else 200,
        part="library",
        found=found,
        words_offered=words,
        measures=_measured(words, place),
        preview=(short, more),
        missing=[fact for name, fact in known_facts().items() if name in slots - set(filling)],
        names_offerer=not ours and offers.names_place(words, found.by),
        versions=versions,
        users=users,
        ours=ours,
        state=state,
        adoption=adoption,
        changed_here=changed_here,
        compared=_compared(adoption.words, words) if adoption and adoption.has_newer else [],
        may_offer=may_offer(place, found.offer.kind),
        may_adopt=may_adopt(place, found.offer.kind),
        may_publish=place.role in PUBLISHING_ROLES,
        alike=alike,
        taken=taken,
        errors=errors,
        library_words=library_words,
        purposes=PURPOSES,
        dutch_date=dutch_date,
    )


async def _offering_page(
    request: Request, place: Workplace, kind: str, subject: str, errors: dict[str, str] | None = None
) -> Response:
    """Render what would be offered; `errors` says why it was not."""
    async with working(request, place) as work:
        found = await offers.in_chat(work.session, municipality_code=place.code, kind=kind, subject=subject)
    return render(
        request,
        "aanbieden.html",
        place=place,
        status_code=422 if errors else 200,
        part="library",
        kind=kind,
        subject=subject,
        found=found,
        words_offered=found.words,
        measures=_measured(found.words, place),
        names_us=offers.names_place(found.words, place.name),
        personal=await asyncio.to_thread(offers.personal_data, found.words),
        errors=errors or {},
        library_words=library_words,
        purposes=PURPOSES,
        dutch_date=dutch_date,
    )


def _compared(ours: Words, theirs: Words) -> list[tuple[str, list[Part]]]:
    """The fields in which the text that stands here differs from the one in the library."""
    named = library_words.STANDARD_FIELDS if theirs.purpose else library_words.FIELDS
    fields = [(title, getattr(ours, name) or "", getattr(theirs, name) or "") for name, title in named.items()]
    fields.insert(1, (library_words.WAYS, "\n".join(ours.ways), "\n".join(theirs.ways)))
    return [(title, differences(before, after)) for title, before, after in fields if before != after]


def _measured(words: Words, place: Workplace) -> Measures:
    return answers_overview.measured(words.short, words.more, place.name)


def _refusal(fault: Exception) -> dict[str, str]:
    return {"": library_words.REFUSED[type(fault).__name__]}


def _nowhere(errors: dict[str, str]) -> dict[str, str]:
    """What is wrong with a field that is not on this page."""
    return {"": " ".join(errors.values())}


def _number(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 1
