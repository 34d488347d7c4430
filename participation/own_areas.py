"""The districts and villages of a municipality by the names that it uses itself."""

import re
from collections.abc import Mapping

MOST_AREAS = 200
LONGEST_NAME = 60
_LETTER = re.compile(r"[^\W\d_]", re.UNICODE)

Areas = Mapping[str, tuple[str, ...]]
"""The name that the desk shows, with other names that residents use."""


class AreaUnreadable(Exception):
    """A line has no name, or one that is too long or stands there twice; or there are too many lines."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_areas(typed: str) -> dict[str, tuple[str, ...]]:
    """Read one area a line: `Leidsche Rijn: LR, Leidse Rijn`.

    Raises:
        AreaUnreadable: with the line.
    """
    areas: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for line in filter(str.strip, typed.splitlines()):
        name, _, others = line.partition(":")
        names = [" ".join(one.split()) for one in (name, *others.split(","))]
        names = [names[0], *dict.fromkeys(filter(None, names[1:]))]
        known = {one.casefold() for one in names}
        faulty = any(not _LETTER.search(one) or len(one) > LONGEST_NAME for one in names)
        if faulty or len(known) < len(names) or known & taken or len(areas) >= MOST_AREAS:
            raise AreaUnreadable(line.strip()[:80])
        taken |= known
        areas[names[0]] = tuple(names[1:])
    return areas


def written(areas: Areas) -> str:
    """Write areas as they are typed."""
    return "\n".join(f"{name}: {', '.join(others)}" if others else name for name, others in areas.items())


def area_in(text: str, areas: Areas) -> str | None:
    """Return the area that a text names first, by any of its names; of names that start together the longest."""
    found = [
        (match.start(), -len(one), name)
        for name, others in areas.items()
        for one in (name, *others)
        if (match := re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, _flags(one)))
    ]
    return min(found)[2] if found else None


def _flags(name: str) -> re.RegexFlag:
    """An abbreviation such as LR counts in capitals only: in small letters it may be part of anything."""
    return re.UNICODE if name.isupper() else re.IGNORECASE
