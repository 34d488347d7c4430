"""Fields in a text of the griffie: {kenmerk} is filled by the program, [datum van de vergadering] by who writes.

A text with a field that is still open never goes to a resident: every service that sends one asks `refuse_open_fields`.
"""

import re
from collections.abc import Mapping

from participation.errors import FieldOpen
from participation.slots import SLOT, fill

FIELDS: Mapping[str, str] = {
    "kenmerk": "Het kenmerk, zoals SP-2026-000123-K",
    "gemeente": "De naam van de gemeente",
    "soort": "De soort: vraag, zorg, idee, compliment of initiatief",
    "onderwerp": "Het thema, zoals groen, natuur en dieren",
    "ontvangen": "De datum waarop de inbreng binnenkwam",
    "datum": "De datum van vandaag",
    "naam_medewerker": "Uw eigen naam",
    "naam_griffie": "De naam van de griffie",
}
"""What the program can fill, with what griffiers read about it."""

_OPEN = re.compile(r"\[[^\[\]\n]*\]|\{[a-z_]+\}")
_NUMBER = re.compile(r"\[\s*\d+\s*\]")
"""A number in brackets, such as [1], points to a note; it is no field."""
_BRACE = re.compile(r"[{}]")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill what is known; what is not known becomes a field that the writer has to fill."""
    return SLOT.sub(lambda slot: f"[{slot[1].replace('_', ' ')}]", fill(text, values))


def open_fields(text: str) -> tuple[str, ...]:
    """Return the fields that nobody filled yet, each once, in the order of the text."""
    found = (match[0] for match in _OPEN.finditer(text) if not _NUMBER.fullmatch(match[0]))
    return tuple(dict.fromkeys(found))


def refuse_open_fields(text: str) -> None:
    """Let only a text go on that is complete.

    Raises:
        FieldOpen: with the fields that are still open.
    """
    if fields := open_fields(text):
        raise FieldOpen(fields)


def unknown_fields(text: str) -> tuple[str, ...]:
    """Return the {fields} that the program can not fill, and a loose brace if there is one."""
    unknown = dict.fromkeys(slot[0] for slot in SLOT.finditer(text) if slot[1] not in FIELDS)
    loose = _BRACE.search(SLOT.sub("", text))
    return (*unknown, loose[0]) if loose else tuple(unknown)
