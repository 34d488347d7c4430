"""A contribution that somebody began and did not finish: it waits as long as the conversation does.

Each question of the form carries what it was about (`verwacht.inbreng`), and so does the message that ends it, with
nothing in it. The latest of these says how it stands, also when Rasa has forgotten its form or has lost its memory.
"""

from typing import Any

from participation import content
from participation.reply import Button, Reply

KEY, REMINDED = "inbreng", "herinnerd"
SHOWN_CHARACTERS = 120
"""Of the waiting words in the reminder; reading back shows them whole."""


def is_stale(meaning: dict[str, Any], draft: dict[str, Any] | None) -> bool:
    """Whether a button belongs to a contribution that is finished, stopped or followed by another one."""
    concept = meaning.get("concept")
    return concept is not None and (draft is None or draft["concept"] != concept)


def reminder(replies: list[dict[str, Any]], draft: dict[str, Any] | None) -> list[dict[str, Any]]:
    """After an answer that was about something else: say once that words are waiting, and offer to go on with them."""
    if draft is None or not draft["text"] or draft.get(REMINDED):
        return []
    if any(reply["soort"] == "fout" or KEY in (reply.get("verwacht") or {}) for reply in replies):
        return []
    told = " ".join(draft["text"].split())
    shown = told if len(told) <= SHOWN_CHARACTERS else f"{told[:SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …"
    on = {"intent": "inbreng_doen", "inbreng": "hervat", "concept": draft["concept"]}
    buttons = (
        Button(content.text("knop_verder"), on),
        Button(content.text("knop_weggooien"), {"intent": "stoppen"}),
    )
    text = content.text("inbreng_nog_open", tekst=shown)
    return [Reply(text, kind="keuze", buttons=buttons, expects={KEY: {**draft, REMINDED: True}}).to_json()]
