"""The standard texts of the griffie: reading them, changing them, adding some, and going back to an earlier one."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Handling, Workplace
from desk.contribution_page import as_typed, submission_of
from desk.pages import go_to, render
from desk.routes.own_questions import PUBLISHING_ROLES
from desk.work import working
from participation.difficult_words import found_in
from participation.errors import FieldUnknown, StandardTextChanged, TextMissing, TextTooLong
from participation.language.readability import measure
from participation.services import clerks, standard_texts
from participation.services.standard_texts import MAX_NAME_CHARACTERS, MAX_WORDS_CHARACTERS
from participation.text_fields import FIELDS

router = APIRouter()

PURPOSES = {"antwoord": "Bij een antwoord", "vraag": "Bij een vraag", "afsluiting": "Bij het afsluiten"}
MISSING = "Vul een naam, een tekst en een doel in."
TOO_LONG = f"Gebruik ten hoogste {MAX_NAME_CHARACTERS} tekens voor de naam en {MAX_WORDS_CHARACTERS} voor de tekst."
CHANGED = "Een collega heeft deze tekst intussen veranderd. Uw tekst staat hieronder en is nog niet opgeslagen."


@router.get("/{code}/standaardteksten", name="standard_texts")
async def show_all(request: Request, place: AtWork) -> Response:
    """Show all texts by what they are for, and the form for a new one."""
    return await _list(request, place)


@router.post("/{code}/standaardteksten", name="add_standard_text")
async def add(
    request: Request,
    place: Handling,
    naam: Annotated[str, Form()] = "",
    doel: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
    verzending: Annotated[str, Form()] = "",
) -> Response:
    """Add a text of the municipality's own."""
    words, name = as_typed(tekst), naam.replace("\0", "")
    submission = submission_of(verzending, place, words)
    try:
        async with working(request, place) as work:
            added = await standard_texts.add(
                work.session, name=name, purpose=doel, words=words, submission=submission, **work.by
            )
    except (TextMissing, TextTooLong, FieldUnknown) as fault:
        typed = {"name": name, "purpose": doel, "words": words, "submission": submission}
        return await _list(request, place, 422, error=_explained(fault), **typed)
    return go_to(request, "standard_text", done="standaardtekst", code=place.code, key=added.key)


@router.get("/{code}/standaardteksten/{key}", name="standard_text")
async def show(request: Request, place: AtWork, key: str) -> Response:
    """Show one text with its versions."""
    return await _page(request, place, key)


@router.post("/{code}/standaardteksten/{key}", name="change_standard_text")
async def change(
    request: Request,
    place: Handling,
    key: str,
    naam: Annotated[str, Form()] = "",
    tekst: Annotated[str, Form()] = "",
    aanbieden: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Keep a new version; also an earlier one that is put back, or the national one."""
    words, name = as_typed(tekst), naam.replace("\0", "")
    typed: dict[str, Any] = {"name": name, "words": words, "is_offered": aanbieden == "ja"}
    number = int(versie) if versie.isascii() and versie.isdigit() and len(versie) <= 6 else -1
    try:
        async with working(request, place) as work:
            await standard_texts.change(work.session, key=key, number=number, **typed, **work.by)
    except StandardTextChanged:
        return await _page(request, place, key, 409, error=CHANGED, **typed)
    except (TextMissing, TextTooLong, FieldUnknown) as fault:
        return await _page(request, place, key, 422, error=_explained(fault), **typed)
    return go_to(request, "standard_text", done="standaardtekst", code=place.code, key=key)


def _explained(fault: Exception) -> str:
    if isinstance(fault, FieldUnknown):
        return f"Dit kan de computer niet invullen: {', '.join(fault.fields)}. Kies een veld uit de lijst eronder."
    return TOO_LONG if isinstance(fault, TextTooLong) else MISSING


async def _list(request: Request, place: Workplace, status_code: int = 200, **form: Any) -> Response:
    async with working(request, place) as work:
        texts = await standard_texts.all_of(work.session, municipality_code=place.code)
    empty = {"name": "", "purpose": "", "words": "", "error": "", "submission": uuid.uuid4()}
    return render(
        request,
        "standaardteksten.html",
        place=place,
        status_code=status_code,
        part="settings",
        purposes=PURPOSES,
        texts={purpose: [text for text in texts if text.purpose == purpose] for purpose in PURPOSES},
        fields=FIELDS,
        form=empty | form,
    )


async def _page(request: Request, place: Workplace, key: str, status_code: int = 200, **form: Any) -> Response:
    async with working(request, place) as work:
        text = await standard_texts.find(work.session, municipality_code=place.code, key=key)
        versions = await standard_texts.versions(work.session, municipality_code=place.code, key=key)
        names = await clerks.names_of(work.session, clerk_ids={one.changed_by for one in versions})
    kept = {"name": text.name, "words": text.words, "is_offered": text.is_offered, "error": ""}
    return render(
        request,
        "standaardtekst.html",
        place=place,
        status_code=status_code,
        part="settings",
        text=text,
        national=standard_texts.usual().get(key),
        may_offer=place.role in PUBLISHING_ROLES,
        versions=versions,
        names=names,
        purposes=PURPOSES,
        fields=FIELDS,
        measures=measure(text.words),
        difficult=found_in(text.words),
        form=kept | form,
    )
