"""What the gateway itself says: the welcome, apologies, and asking for whom words are."""

from participation import content
from participation.language.places import naam_met_provincie
from participation.municipality_choices import Choices
from participation.reply import LEAVE, Button, Reply
from participation.services import municipalities

MOST_PLACES = 6
"""Places with one name that are offered as buttons."""

AGAIN = "opnieuw"
"""The gate of the button to try once more."""


def welcome(municipality_code: str | None, *, days: int, choices: Choices) -> Reply:
    """Say who is talking, for whom, and how long the conversation is kept (AI Act, article 50).

    A municipality's own words come in between: that notice stays whatever it chose.
    """
    name = choices.shown_name or (municipalities.names()[municipality_code] if municipality_code else None)
    told = content.text(
        "welkom",
        gemeente=name or content.text("welkom_zonder_gemeente"),
        uitleg=choices.welcome or content.text("welkom_uitleg"),
        dagen=str(days),
    )
    return Reply(
        f"{told} {choices.office_hours}".strip(),
        buttons=(
            Button(content.text("knop_raad"), {"intent": "vraag/raad_wat_is"}),
            Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),
            Button(content.text("knop_wat_kun_je"), {"intent": "wat_kun_je"}),
        ),
    )


def which_municipality() -> Reply:
    """Ask where somebody lives; the next text counts as the answer when it names a place."""
    return Reply(content.text("gemeente_vraag"), kind="vraag", expects={"gemeente": True})


def apology(message_id: int, *, with_words: bool, crowded: bool = False) -> Reply:
    """Something failed, or too many people ask at once: offer to try again, and to hand the words to the griffie.

    Args:
        message_id: of what the resident said or pressed, however often they have tried it again since.
    """
    again = Button(content.text("knop_opnieuw"), {"poort": AGAIN, "bericht": message_id, "woorden": with_words})
    if not with_words:
        text = "druk_zonder_tekst" if crowded else "fout_zonder_tekst"
        return Reply(content.text(text), kind="fout", buttons=(again,))
    over = Button(content.text("knop_griffie"), {"poort": "griffie", "bericht": message_id})
    return Reply(content.text("druk" if crowded else "fout"), kind="fout", buttons=(again, over))


def ask_place(message_id: int, place: str | None, codes: list[str]) -> Reply:
    """Ask for whom the words are; with a way out, since until then every text counts as the answer."""
    stop = Button(content.text("knop_stoppen"), LEAVE)
    expects = {"overdragen": message_id}
    if place and codes:
        over = {"poort": "griffie", "bericht": message_id}
        places = [Button(naam_met_provincie(code), {**over, "gemeente": code}) for code in codes[:MOST_PLACES]]
        return Reply(content.text("gemeente_kies"), kind="keuze", buttons=(*places, stop), expects=expects)
    question = content.text("gemeente_onbekend" if place else "inbreng_gemeente_vraag")
    return Reply(question, kind="vraag", buttons=(stop,), expects=expects)
