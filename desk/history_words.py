"""How the log of what was done with a contribution reads to a griffier."""

from collections.abc import Callable, Mapping
from typing import Any

from desk import words

TEXT_KINDS = {
    "antwoord": "Antwoord aan de inwoner",
    "vraag": "Vraag aan de inwoner",
    "bericht": "Bericht aan de inwoner",
    "aanvulling": "Aanvulling van de inwoner",
    "reactie": "Reactie van de inwoner",
}
"""Above each text in the thread."""

NOBODY = "Niemand"
UNDONE = {"toewijzen": "Toewijzen", "oppakken": "In behandeling nemen", "thema": "Thema kiezen"}
"""What was changed for several at once and put back."""

HELPED = {"ja": "De inwoner zegt: dit helpt mij.", "nee": "De inwoner zegt: dit helpt mij niet."}


def event_words(action: str, details: Mapping[str, Any], typed: str) -> tuple[str, str]:
    """Return what was done, and about what."""
    title, about = _EVENTS[action]
    return title, about(details, typed)


def _sorting(details: Mapping[str, Any], _typed: str) -> str:
    return words.sorted_as(*details["naar"])


def _reading(details: Mapping[str, Any], typed: str) -> str:
    return f"{'Van een aanvulling. ' if 'aanvulling' in details else ''}{typed}"


def _shown(details: Mapping[str, Any], typed: str) -> str:
    kinds = " of ".join(words.MASKED_KINDS[kind] for kind in details["soort"])
    return f"{kinds.capitalize()}. {typed}".strip()


def _handler(details: Mapping[str, Any], _: str) -> str:
    return str(details["wie"]) if details.get("naar") else NOBODY


_EVENTS: dict[str, tuple[str, Callable[[Mapping[str, Any], str], str]]] = {
    "inbreng.gewijzigd": ("Tekst gewijzigd door de inwoner", lambda *_: "De tekst van eerder is weg."),
    "inbreng.indeling": ("Soort en thema gekozen", _sorting),
    "inbreng.origineel": ("Hele tekst gelezen", _reading),
    "inbreng.leesbaar": ("Iets leesbaar gemaakt", _shown),
    "inbreng.verborgen": ("Iets verborgen", lambda details, _: words.MASKED_KINDS[details["soort"]].capitalize()),
    "inbreng.in_bundel": ("In een bundel gezet", lambda _, typed: typed),
    "inbreng.uit_bundel": ("Uit een bundel gehaald", lambda _, typed: typed),
    "inbreng.toegewezen": ("Toegewezen", _handler),
    "inbreng.ongedaan": ("Ongedaan gemaakt", lambda details, _: UNDONE[details["wat"]]),
}
"""By the action in the log: what was done, and what of the details and of what was typed is worth reading."""
