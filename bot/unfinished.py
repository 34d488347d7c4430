"""A contribution that somebody began and did not finish: it waits as long as the conversation does.

Each question of the form carries what it was about (`verwacht.inbreng`), and so does the message that ends it, with
nothing in it. The latest of these says how it stands, also when Rasa has forgotten its form or has lost its memory.
"""

from typing import Any

from participation import content
from participation.reply import Button, Reply
from participation.shortening import SHOWN_CHARACTERS, shortened

KEY, REMINDED = "inbreng", "herinnerd"


def is_stale(meaning: dict[str, Any], draft: dict[str, Any] | None) -> bool:
    """Whether a button belongs to a contribution that is finished, stopped or followed by another one."""
    concept = meaning.get("concept")
    return concept is not None and (draft is None or draft["concept"] != concept)


def reminder(replies: list[dict[str, Any]], draft: dict[str, Any] | None) -> list[dict[str, Any]]:
    """After an answer that was about something else: say once that words are waiting, and offer to go on with them.

    Not where the answer asks something: what is typed next belongs to that question. Then it is said later.
    """
    if draft is None or not draft["text"] or draft.get(REMINDED):
        return []
    if any(reply["soort"] == "fout" or reply.get("verwacht") for reply in replies):
        return []
    shown = shortened(" ".join(draft["text"].split()), SHOWN_CHARACTERS)
    on = {"intent": "inbreng_doen", "inbreng": "hervat", "concept": draft["concept"]}
    buttons = (
        Button(content.text("knop_verder"), on),
        Button(content.text("knop_weggooien"), {"intent": "stoppen"}),
    )
    text = content.text("inbreng_nog_open", tekst=shown)
    return [Reply(text, kind="keuze", buttons=buttons, expects={KEY: {**draft, REMINDED: True}}).to_json()]
