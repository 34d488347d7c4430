"""Putting right what the model made of a contribution: its kind and its theme. The resident's own word on it counts."""

from typing import Any

from actions.turn import ActionTurn
from actions.unfinished import Unfinished
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.language.themes import OTHER, themes
from participation.models.contribution import KINDS
from participation.reply import Button, Reply
from participation.services import municipality_settings

BOTH, KIND, THEME = "indeling", "soort", "thema"
"""What a button is marked with that asks which of the two, or for the one or the other; with `waarde` it answers."""

OFFERED = 6
"""Themes to choose from, when the model can tell the likeliest ones; otherwise all of them are offered."""


def is_asked_for(choice: dict[str, Any]) -> bool:
    """Whether this button asks for a kind or a theme, and has no answer yet."""
    return choice.get("inbreng") in (BOTH, KIND, THEME) and "waarde" not in choice


def told(choice: dict[str, Any]) -> dict[str, str]:
    """What a button says about a contribution; nothing when it is about something else or unknown here."""
    what, value = choice.get("inbreng"), choice.get("waarde")
    if what == KIND and value in KINDS:
        return {"kind": value}
    if what == THEME and value in {OTHER, *themes()}:
        return {"theme": value}
    return {}


async def question(turn: ActionTurn, draft: Unfinished, stop: Button) -> Reply:
    """Ask which of the two is wrong, or what it should be."""
    what = (turn.choice or {})["inbreng"]
    if what == BOTH:
        buttons = [_button("knop_soort", KIND, draft), _button("knop_thema", THEME, draft)]
    elif what == KIND:
        buttons = [_answer(name.capitalize(), KIND, kind, draft) for kind, name in content.texts()["soorten"].items()]
    else:
        buttons = [_answer(themes()[one].name, THEME, one, draft) for one in await _likely(turn, draft)]
        buttons.append(_answer(content.text("knop_anders"), THEME, OTHER, draft))
    text = content.text(f"inbreng_{what}_vraag")
    return Reply(text, kind="keuze", buttons=(*buttons, stop), expects=draft.expects())


async def _likely(turn: ActionTurn, draft: Unfinished) -> list[str]:
    """The themes to offer, the likeliest first: those that the municipality uses, without the one that stood there."""
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        choices = await municipality_settings.of(session, draft.municipality)
    used = [one for one in choices.themes if one != OTHER]
    concern = await turn.understand(draft.text or "")
    if concern is None:
        return [one for one in used if one != draft.theme]
    shown = draft.theme or concern.theme
    ranked = [one for one, _ in concern.themes if one in used and one != shown]
    return ranked[:OFFERED]


def _button(title: str, what: str, draft: Unfinished) -> Button:
    return Button(content.text(title), {"intent": "inbreng_doen", "inbreng": what, "concept": draft.concept})


def _answer(title: str, what: str, value: str, draft: Unfinished) -> Button:
    meaning = {"intent": "inbreng_doen", "inbreng": what, "waarde": value, "concept": draft.concept}
    return Button(title, meaning)
