"""The numbers of a report on signals: by theme, by place, by kind, and by place within a theme.

Only what is in `Figures` may be shown. What is too small has been left out of it, and so has what would give that away.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from participation.reports.suppression import Cell, Key, Sum, hidden

NO_PLACE = ""
"""Place of what names none."""

MOST_PLACES = 25
"""Places that are counted apart, those with most first; the others count together."""

ELSEWHERE = "*"
"""Place of those others."""

_ALL = "totaal"

Shown = dict[tuple[str, ...], int | None]


@dataclass(frozen=True)
class Signal:
    """One contribution as it counts: of whom, about what and where."""

    person: Hashable
    theme: str
    kind: str
    place: str


@dataclass(frozen=True)
class Line:
    """One line of a table. None is what is not shown, which is not the same as nothing."""

    name: str
    now: int | None
    before: int | None = None

    def kept(self) -> list[Any]:
        """As it is kept (JSON)."""
        return [self.name, self.now, self.before]


@dataclass(frozen=True)
class Figures:
    """What may be shown. A table holds the lines of which something is shown; `rest` is what is left of the total.

    `places_of` has, for a theme that is shown, the places that are.
    """

    total: Line
    themes: tuple[Line, ...]
    places: tuple[Line, ...]
    kinds: tuple[Line, ...]
    places_of: dict[str, tuple[Line, ...]]

    def rest(self, lines: Sequence[Line]) -> Line:
        """What is left of the total beside these lines, where the total is shown."""
        return Line(
            "rest",
            _left(self.total.now, [line.now for line in lines]),
            _left(self.total.before, [line.before for line in lines]),
        )

    def kept(self) -> dict[str, Any]:
        """As it is kept (JSON)."""
        return {
            "totaal": self.total.kept(),
            "themas": [line.kept() for line in self.themes],
            "gebieden": [line.kept() for line in self.places],
            "soorten": [line.kept() for line in self.kinds],
            "gebieden_van": {theme: [line.kept() for line in lines] for theme, lines in self.places_of.items()},
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Figures":
        """Read what `kept` gave."""
        return cls(
            Line(*kept["totaal"]),
            tuple(Line(*line) for line in kept["themas"]),
            tuple(Line(*line) for line in kept["gebieden"]),
            tuple(Line(*line) for line in kept["soorten"]),
            {theme: tuple(Line(*line) for line in lines) for theme, lines in kept["gebieden_van"].items()},
        )


def figures_of(now: Sequence[Signal], before: Sequence[Signal], *, fewest: int) -> Figures:
    """Count both periods and leave out what is about fewer people than `fewest`, or would tell it.

    Each period just as its own report does: what one report leaves out can then not be read in the next.
    """
    shown_now, shown_before = (_shown(signals, _own_places(signals), fewest) for signals in (now, before))
    themes, places, kinds = (_lines(by, shown_now, shown_before) for by in ("thema", "gebied", "soort"))
    places_of = {
        line.name: tuple(
            sorted(
                (Line(key[2], count) for key, count in shown_now.items() if key[:2] == ("in", line.name) and count),
                key=_order,
            )
        )
        for line in themes
        if line.now
    }
    total = Line("totaal", shown_now[_ALL,], shown_before[_ALL,])
    return Figures(total, themes, places, kinds, places_of)


def _own_places(signals: Iterable[Signal]) -> frozenset[str]:
    counted = Counter(signal.place for signal in signals if signal.place != NO_PLACE)
    return frozenset(sorted(counted, key=lambda place: (-counted[place], place))[:MOST_PLACES])


def _shown(signals: Sequence[Signal], own: frozenset[str], fewest: int) -> Shown:
    """The numbers by what they count, none where one may not be shown. What is about nobody is not in it."""
    people: dict[tuple[str, ...], list[Hashable]] = {(_ALL,): []}
    for signal in signals:
        place = signal.place if signal.place in own or signal.place == NO_PLACE else ELSEWHERE
        by_itself = [(_ALL,), ("thema", signal.theme), ("gebied", place), ("soort", signal.kind)]
        for key in [*by_itself, ("in", signal.theme, place)]:
            people.setdefault(key, []).append(signal.person)
    cells: dict[Key, Cell] = {key: Cell(len(who), frozenset(who)) for key, who in people.items()}
    hide = hidden(cells, _sums(list(people)), fewest=fewest)
    return {key: None if key in hide else len(who) for key, who in people.items()}


def _sums(keys: Sequence[tuple[str, ...]]) -> list[Sum]:
    """What adds up to what: whoever reads the tables can calculate with all of it."""
    sums = [Sum((_ALL,), tuple(key for key in keys if key[0] == by)) for by in ("thema", "gebied", "soort")]
    for place, by in ((1, "thema"), (2, "gebied")):
        for total in [key for key in keys if key[0] == by]:
            parts = tuple(key for key in keys if key[0] == "in" and key[place] == total[1])
            if parts:
                sums.append(Sum(total, parts))
    return [one for one in sums if one.parts]


def _lines(by: str, now: Shown, before: Shown) -> tuple[Line, ...]:
    """The lines of one table: those of which one of the two numbers tells something."""
    names = {key[1] for key in (*now, *before) if key[0] == by}
    lines = [Line(name, _number(now, by, name), _number(before, by, name)) for name in names]
    return tuple(sorted((line for line in lines if line.now or line.before), key=_order))


def _number(shown: Shown, by: str, name: str) -> int | None:
    """Zero where it is about nobody. A place that may be among those that counted together has no number of its own."""
    together = by == "gebied" and name != NO_PLACE and (by, ELSEWHERE) in shown
    return shown.get((by, name), None if together else 0)


def _order(line: Line) -> tuple[int, int, str]:
    return -(line.now or 0), -(line.before or 0), line.name


def _left(total: int | None, shown: Sequence[int | None]) -> int | None:
    return None if total is None else total - sum(count or 0 for count in shown)
