"""Asking for consent, after a contribution is safe: small questions, one for each purpose, and none that has to be
answered. Without an answer there is no consent.

What a button means is dealt with by the gateway (`GATE`): Rasa has no part in it.
"""

from collections.abc import Sequence
from typing import Any

from participation import content
from participation.consent_texts import question
from participation.language.children import says_to_be_a_child
from participation.language.other_languages import other_language
from participation.models.consent import CONTACT, NAME, SHARE
from participation.reply import Button, Reply

GATE = "toestemming"


def share(drafts: Sequence[str], words: str) -> Reply:
    """Ask whether the council may have these words; also in their language where that is another one.

    Who says to be a child is asked nothing, and hears that nobody wants to know their name.
    """
    if says_to_be_a_child(words):
        return Reply(content.text("inbreng_kind"))
    yes, no = _meaning(f"{SHARE}_ja", drafts), _meaning(f"{SHARE}_nee", drafts)
    buttons = (Button(content.text("knop_delen_ja"), yes), Button(content.text("knop_delen_nee"), no))
    text = question(SHARE, other_language(words))
    return Reply(text, kind="vraag", buttons=buttons, expects={"ja": yes, "nee": no})


def contact(drafts: Sequence[str]) -> Reply:
    """Ask whether the griffie may call or mail about these."""
    return _asked(CONTACT, drafts, Button(content.text("knop_toestemming_later"), _meaning("overslaan", drafts)))


def name(drafts: Sequence[str]) -> Reply:
    """Ask whether the council may know who it is from."""
    return _asked(NAME, drafts)


def detail(purpose: str, drafts: Sequence[str], *, again: bool = False) -> Reply:
    """Ask for the number or address, or the name, that goes with a yes."""
    given = {**_meaning(f"{purpose}_gegeven", drafts), "verder": f"toestemming_{purpose}_verder"}
    no = _meaning(f"{purpose}_nee", drafts)
    text = content.text(f"toestemming_{purpose}_{'onduidelijk' if again else 'welke'}")
    button = Button(content.text("knop_toch_niet"), no)
    return Reply(text, kind="vraag", buttons=(button,), expects={"woorden": given, "nee": no})


def named(given: str, drafts: Sequence[str]) -> Reply:
    """Say back which name the council hears, with a way out when that was not meant as a name."""
    no = _meaning(f"{NAME}_nee", drafts)
    text = content.text("toestemming_met_naam", naam=given)
    button = Button(content.text("knop_toch_niet"), no, small=True)
    return Reply(text, kind="bevestiging", buttons=(button,), expects={"nee": no})


def _asked(purpose: str, drafts: Sequence[str], *more: Button) -> Reply:
    yes, no = _meaning(f"{purpose}_ja", drafts), _meaning(f"{purpose}_nee", drafts)
    buttons = (
        Button(content.text(f"knop_{purpose}_ja"), yes),
        Button(content.text(f"knop_{purpose}_nee"), no),
        *more,
    )
    return Reply(question(purpose), kind="vraag", buttons=buttons, expects={"ja": yes, "nee": no})


def _meaning(step: str, drafts: Sequence[str]) -> dict[str, Any]:
    return {"poort": GATE, "stap": step, "voor": list(drafts)}
