"""A place on the map for who is telling something: its area goes with the story, the point itself is kept nowhere."""

from collections.abc import Sequence
from typing import Any

from bot.expected import WORDS
from participation import content
from participation.nearby import Nearby
from participation.reply import Reply
from participation.services import municipalities


def area_of(areas: Sequence[Nearby], draft: dict[str, Any] | None) -> Nearby | None:
    """Return the area in the municipality that the story is about; none without a story, or for a place elsewhere."""
    if draft is None or not draft.get("text"):
        return None
    return next((one for one in areas if one.municipality_code == draft.get("municipality")), None)


def as_words(area: Nearby) -> str:
    """Return what somebody would have typed; nothing when it says no more than the municipality does."""
    return "" if _is_municipality(area) else f"bij {area.name}"


def notice(area: Nearby) -> Reply:
    """Say what has become of the place."""
    return Reply(content.text("plek_zegt_gemeente" if _is_municipality(area) else "plek_erbij", plaats=area.name))


def meaning_of(area: Nearby, draft: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the words mean: where it is, as if that had been asked."""
    if not as_words(area):
        return None
    return {"intent": "inbreng_doen", "inbreng": "plek_gegeven", "concept": draft["concept"], WORDS: True}


def _is_municipality(area: Nearby) -> bool:
    return area.name == municipalities.names()[area.municipality_code]
