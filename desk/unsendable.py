"""Why a text can not go to a resident, in words for the clerk who wrote it."""

from participation.errors import ChatGone, DomainError, FieldOpen, TextMissing, TextTooLong
from participation.services.contributions import MAX_REPLY_CHARACTERS

UNSENDABLE = (ChatGone, TextMissing, TextTooLong, FieldOpen)
REWORDED = (
    "De inwoner heeft de tekst intussen gewijzigd. Lees eerst de nieuwe tekst. Klopt dit nog? Verstuur het dan opnieuw."
)
LONGEST = f"{MAX_REPLY_CHARACTERS:,}".replace(",", ".")

GONE = {
    "antwoord": "Dit antwoord kan niet aankomen: deze inwoner heeft geen chat, of de chat is gewist.",
    "vraag": "Deze vraag kan niet aankomen: deze inwoner heeft geen chat, of de chat is gewist.",
}
MISSING = {
    "antwoord": "U hebt nog niets geschreven. Schrijf uw antwoord en verstuur het dan.",
    "vraag": "U hebt nog niets geschreven. Schrijf uw vraag en verstuur die dan.",
}


def why(fault: DomainError, text: str, *, kind: str = "antwoord") -> str:
    """Say what is wrong with a text and what to do.

    Args:
        fault: one of UNSENDABLE.
        text: what was typed.
        kind: what the text is to the resident, as in GONE.
    """
    if isinstance(fault, FieldOpen):
        return f"Vul eerst in wat nog open is: {', '.join(fault.fields)}. Bedoelt u echt haken? Gebruik dan ronde."
    if isinstance(fault, TextTooLong):
        return _too_long(text)
    return (GONE if isinstance(fault, ChatGone) else MISSING)[kind]


def _too_long(text: str) -> str:
    surplus = len(text.strip()) - MAX_REPLY_CHARACTERS
    if surplus <= 0:
        return f"Uw tekst is te lang. Samen met de zin die erboven komt passen {LONGEST} tekens. Maak uw tekst korter."
    return f"Uw tekst is {surplus} tekens te lang. In de chat passen {LONGEST} tekens. Maak uw tekst korter."
