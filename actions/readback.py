"""Reading back what was understood of a contribution: kind, theme, place, municipality and the words themselves."""

import asyncio
import contextlib
import re

from actions import kind_and_theme
from actions.turn import ActionTurn
from actions.unfinished import Unfinished
from participation import content
from participation.foreign import beside
from participation.language import two_concerns
from participation.language.places import vind_gemeente
from participation.language.themes import OTHER, themes
from participation.privacy.masking_addresses import NOT_A_STREET
from participation.reply import Button, Reply
from participation.services import municipalities, sorting

PATIENCE_SECONDS = 4.0
"""What a resident waits for the model in all, however many pieces of the text it is asked about."""

NAMES_A_PLACE = frozenset({"plaats", "bijnaam", "voormalig"})
"""Ways in which the text may name a place within its municipality."""

PLACE_MATTERS = frozenset({"verkeer", "parkeren", "straat", "groen", "afval", "water", "veiligheid"})
"""Themes of which the griffie has to know where it is."""

NO_PLACE = frozenset({"vraag", "compliment"})
"""Kinds for which it need not."""

_STREET = re.compile(
    r"\b[\w'-]{3,}(?:straat|laan|weg|plein|kade|gracht|singel|dijk|hof|park|brug|pad|plantsoen|dreef|steeg)\b",
    re.IGNORECASE,
)


async def read_back(turn: ActionTurn, draft: Unfinished) -> Reply:
    """Say it all and ask whether it is right. What the model is not sure of is left out.

    The words of the resident stand in it whole, whatever they look like: they are put in last and never formatted.
    """
    code, told = draft.municipality or "", draft.text or ""
    lines, offer = await _made_of(turn, draft)
    understood = "\n".join(lines)
    parts = content.texts()["inbreng_akkoord_vraag"].strip().split("\n\n")
    if understood:
        parts.insert(-1, understood)
    if draft.rest:
        parts.insert(0, content.text("inbreng_eerst_dit"))
    elif offer:
        parts.append(content.text("inbreng_twee"))
    text = "\n\n".join(parts).replace("{gemeente}", municipalities.names()[code]).replace("{tekst}", told)
    text = beside(text, "klopt", told)
    agreed = {"intent": "inbreng_doen", "inbreng": "ja", "concept": draft.concept}
    apart: tuple[Button, ...] = ()
    if offer:
        first, second = offer
        meaning = {**agreed, "inbreng": "splitsen", "tekst": first, "rest": second}
        apart = (Button(content.text("knop_splitsen"), meaning),)
    buttons = (Button(content.text("knop_ja"), agreed), *apart, *change_buttons(draft), stop_button())
    return Reply(text, kind="bevestiging", buttons=buttons, expects=draft.expects(ja=agreed))


def change_buttons(draft: Unfinished) -> tuple[Button, ...]:
    """One for each thing that can be put right."""
    return tuple(
        Button(content.text(f"knop_{what}"), {"intent": "inbreng_doen", "inbreng": what, "concept": draft.concept})
        for what in ("tekst", "plek", "gemeente", kind_and_theme.BOTH)
    )


def stop_button() -> Button:
    """The way out of every question."""
    return Button(content.text("knop_stoppen"), {"intent": "stoppen"})


def _names_a_street(told: str) -> bool:
    return any(found[0].lower() not in NOT_A_STREET for found in _STREET.finditer(told))


async def _made_of(turn: ActionTurn, draft: Unfinished) -> tuple[list[str], tuple[str, str] | None]:
    """What was understood, line by line, and the two concerns that it may be. What takes too long is left out."""
    told, concern, offer = draft.text or "", None, None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            concern = await turn.understand(told)
            offer = None if draft.rest else await two_concerns.split(told, turn.understand)
    kind, theme = sorting.sure_of(concern)
    kind, theme = draft.kind or kind, draft.theme or theme
    lines = []
    if kind:
        lines.append(content.text("begrepen_soort", soort=content.texts()["soorten"][kind]))
    if theme and theme != OTHER:
        lines.append(content.text("begrepen_thema", thema=themes()[theme].name))
    if place := draft.place or place_in(told, draft.municipality):
        lines.append(f"{content.text('begrepen_plek')} {place}")
    elif theme in PLACE_MATTERS and kind not in NO_PLACE and not _names_a_street(told):
        lines.append(f"{content.text('begrepen_plek')} {content.text('plek_onbekend')}")
    return lines, offer


def place_in(text: str, code: str | None) -> str | None:
    """The village or district that the text names, when it lies in the municipality."""
    for match in vind_gemeente(text):
        if match.gm_code == code and match.bron in NAMES_A_PLACE and match.naam != municipalities.names()[code]:
            return match.naam
    return None
