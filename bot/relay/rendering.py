"""Messages for a service that may have no buttons: plain text with a number for each button, and the buttons apart."""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.cutting import split
from participation import content

MOST_CHARACTERS = 4096
"""What WhatsApp takes of a text; e-mail takes more."""


_NUMBER = re.compile(r"([1-9][0-9]?)[.)]?")


@dataclass(frozen=True)
class Piece:
    """One message: `text` says everything, `buttons` (id and title) are for a service that can show them."""

    text: str
    buttons: tuple[tuple[str, str], ...] = field(default=())


def pieces(body: dict[str, Any]) -> list[Piece]:
    """Turn a stored message into what is sent: the text, the details, the sources, and the buttons under the last."""
    buttons = tuple((button["id"], button["titel"]) for button in body.get("knoppen") or [])
    parts = [body["tekst"].strip() or content.text("leeg"), (body.get("meer") or "").strip()]
    parts += [f"{link['titel']}: {link['url']}" for link in body.get("links") or []]
    parts.append("\n".join(f"{number}. {title}" for number, (_, title) in enumerate(buttons, 1)))
    texts = split("\n\n".join(part for part in parts if part), MOST_CHARACTERS)
    return [*(Piece(text) for text in texts[:-1]), Piece(texts[-1], buttons)]


def number_in(text: str) -> int | None:
    """The number of a button, if the whole text is one: `2`, `2.` or `2)`."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
