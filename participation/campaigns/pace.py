"""When a campaign that runs is counted again, so that two counts after each other do not tell of one person.

Of each municipality the five who did something last are left out until the end. A next count is made when in
every municipality nobody, or at least five people, came in or went; so every number is about five people more or other.
A municipality where too little happened is counted as it was. After the end everybody counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

FEWEST = 5


@dataclass(frozen=True)
class Mark:
    """Up to which moment a municipality was counted, and how many people that was."""

    until: datetime
    people: int


def next_marks(active: Mapping[str, Sequence[datetime]], before: Mapping[str, Mark]) -> dict[str, Mark] | None:
    """Return up to where to count now; None when it is too soon, or when nothing came in.

    Args:
        active: by municipality, when each of its participants did something last; without who was set aside.
    """
    marks: dict[str, Mark] = {}
    for code in sorted(set(active) | set(before)):
        order, old = sorted(active.get(code, ())), before.get(code)
        still = sum(1 for one in order if old is not None and one <= old.until)
        gone = old.people - still if old is not None else 0
        until = order[-FEWEST - 1] if len(order) > FEWEST else None
        # People who did something at the same moment are counted together.
        came = sum(1 for one in order if until is not None and one <= until) - still
        if until is not None and came >= FEWEST:
            marks[code] = Mark(until, still + came)
        elif old is not None and gone in range(1, FEWEST):
            return None  # somebody changed an answer or erased it, and too few came to hide that
        elif old is not None:
            marks[code] = Mark(old.until, still)
    return marks if marks != dict(before) else None
