"""A place on the map for who is telling something: its area goes with the story, the point itself is kept nowhere."""

from collections.abc import Sequence
from typing import Any

from bot.handover import MEANING
from bot.unfinished import KEY
from participation import content
from participation.nearby import Nearby
from participation.reply import Reply
from participation.services import municipalities


def area_of(areas: Sequence[Nearby], expected: dict[str, Any]) -> Nearby | None:
    """Return the area of a place, for a story that is being told and that has no place yet.

    None when the last message was about something else, or when the nearest place is of another municipality.
    """
    draft = expected.get(KEY) or {}
    told = draft.get("text") and not draft.get("place") and areas
    return areas[0] if told and areas[0].municipality_code == draft.get("municipality") else None


def body_of(area: Nearby, expected: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept: what somebody would have typed when asked for the place, and that it means so.

    Nothing when it says no more than the municipality does.
    """
    if _is_municipality(area):
        return {"tekst": ""}
    concept = expected[KEY]["concept"]
    meaning = {"intent": "inbreng_doen", "inbreng": "plek_gegeven", "concept": concept}
    return {"tekst": f"bij {area.name}", MEANING: meaning}


def notice(area: Nearby) -> Reply:
    """Say what has become of the place."""
    return Reply(content.text("plek_zegt_gemeente" if _is_municipality(area) else "plek_erbij", plaats=area.name))


def _is_municipality(area: Nearby) -> bool:
    return area.name == municipalities.names()[area.municipality_code]
