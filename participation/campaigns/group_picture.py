"""The picture of the groups: on each statement, which part of each group agrees. Hidden numbers are not in it."""

from collections.abc import Mapping
from typing import Any

from participation.campaigns.counting import AGREES
from participation.campaigns.suppression import TOTAL
from participation.insight.pictures import DOTS, Picture, Series

MOST_STATEMENTS = 12
TITLE = "Hoe groepen over stellingen denken"
WORDS = (
    f"{TITLE}: per stelling staat de letter van elke groep bij het deel dat het eens is. "
    "Dezelfde getallen staan in de tabel."
)
"""What the picture shows, for who does not see it."""


def picture_of(content: Mapping[str, Any]) -> Picture | None:
    """Return the picture; None where there are no groups. Statements on which groups differ most are in it."""
    groups = content.get("groepen")
    if not groups:
        return None
    texts = {row["nummer"]: row["tekst"] for part in content["onderdelen"] for row in part.get("stellingen", ())}
    letters = [group["letter"] for group in groups["groepen"]]
    shares = {
        int(number): [_share(rows[letter]) for letter in letters] for number, rows in groups["stellingen"].items()
    }
    known = {number: row for number, row in shares.items() if any(one is not None for one in row)}
    order = sorted(known, key=lambda number: -_apart(known[number]))[:MOST_STATEMENTS]
    if not order:
        return None
    return Picture(
        DOTS,
        TITLE,
        WORDS,
        [f"{number}. {texts[number]}" for number in order],
        [Series(letter, [known[number][place] for number in order]) for place, letter in enumerate(letters)],
        "procent van de groep dat het eens is",
    )


def _share(row: Mapping[str, Any]) -> float | None:
    return None if row[AGREES] is None or not row[TOTAL] else row[AGREES] / row[TOTAL]


def _apart(row: list[float | None]) -> float:
    known = [one for one in row if one is not None]
    return max(known) - min(known)
