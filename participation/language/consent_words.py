"""Whether somebody takes their consent back, and how sure that is.

Withdrawing can not be undone: name and number are erased at once. So only a text that says nothing else does it by
itself. Whatever else is about one's own consent and about taking it back gets the question whether that is meant.
"""

import re
from typing import Literal

from participation.language.agreement import plain

Withdrawal = Literal["zeker", "misschien"]

MOST_WORDS = 14
"""A longer text tells a story in which consent plays a part."""

_OWN = r"(?:al )?(?:mijn|m n|mn|me) (?:(?:eerder|eerdere|gegeven|verleende) ){0,2}toestemming(?:en)?"
_SMALL = (
    r"(?: (?:hierbij|bij deze|nu|meteen|direct|per direct|graag|aub|a u b|svp|s v p|alstublieft|alsjeblieft|dan|weer|"
    r"toch|maar|ook|even|allemaal|helemaal|dus))*"
)
_TAKE = r"(?:trek|haal|neem|herroep|annuleer|verwijder|wis|schrap|stop)"
_AWAY = r"(?: (?:in|terug|weg|eruit))?"
_TO_TAKE = (
    r"(?:intrekken|in trekken|in te trekken|terugtrekken|terug te trekken|terugnemen|terug te nemen|terughalen|"
    r"weghalen|weg te halen|verwijderen|wissen|herroepen|annuleren|schrappen|stoppen|stopzetten)"
)
_SURE = re.compile(
    rf"(?:(?:ik )?{_TAKE}{_SMALL} {_OWN}{_SMALL}{_AWAY}{_SMALL}"
    rf"|(?:ik )?(?:wil|wou|wilde|wens|zou|ga|graag){_SMALL} {_OWN}{_SMALL} {_TO_TAKE}{_SMALL}"
    rf"|{_OWN}{_SMALL} (?:trek|haal|neem|herroep) ik{_SMALL}{_AWAY}{_SMALL}"
    rf"|(?:{_OWN}|toestemming(?:en)?){_SMALL} {_TO_TAKE}{_SMALL}"
    rf"|ik geef(?: (?:u|je|jullie|de griffie|de gemeente|de raad))?{_SMALL} geen toestemming meer"
    r"|(?:u|je|jullie) (?:heeft|hebt|hebben) (?:geen toestemming|mijn toestemming niet) meer(?: van mij)?)"
)
_BARE = frozenset({"geen toestemming meer", "toestemming", "mijn toestemming"})
_OWN_FOUND = re.compile(rf"\b{_OWN}\b")
_TAKING = re.compile(rf"\b(?:{_TAKE}|intrek|{_TO_TAKE}|ingetrokken|intrekking)\b")
_SPEAKER = re.compile(rf"\bik\b|^(?:{_TAKE}|graag|(?:kun|kunt|kan|wil|wilt|willen|zou|mag|hoe)\b.*\b(?:je|u|jullie)) ")
_NOT_SO = re.compile(r"\b(?:niet|nooit|zonder|geen)\b")


def withdraws(text: str) -> Withdrawal | None:
    """Return whether a text takes consent back; none when it is about something else."""
    words = plain(text)
    if not 0 < len(words.split()) <= MOST_WORDS:
        return None
    asks = "?" in text
    if not asks and _SURE.fullmatch(words):
        return "zeker"
    about = _OWN_FOUND.search(words) and _TAKING.search(words) and _SPEAKER.search(words)
    doubtful = words in _BARE or (about and not _NOT_SO.search(words))
    return "misschien" if doubtful else None
