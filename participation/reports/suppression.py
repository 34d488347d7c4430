"""Hiding numbers about few people, so that they can not be found again by adding and subtracting either.

The words are those of statistical disclosure control: small numbers are hidden first, and then as many others as it
takes (complementary suppression). What is left is checked as an intruder would: whoever fills in every table that fits
all shown numbers must find, for each small number, possible values that lie far apart.
See A. Hundepool and others, Statistical Disclosure Control (Wiley, 2012), chapter 4.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Key = Hashable

_ALMOST = 1e-6
"""What solving with floating point may be off."""


@dataclass(frozen=True)
class Cell:
    """A number, and the people behind it: one of them may have said several things."""

    count: int
    people: frozenset[Hashable]


@dataclass(frozen=True)
class Sum:
    """That one number is the sum of others, so that a reader can calculate with them."""

    total: Key
    parts: tuple[Key, ...]


def hidden(cells: Mapping[Key, Cell], sums: Sequence[Sum], *, fewest: int) -> frozenset[Key]:
    """Return which numbers not to show.

    Args:
        fewest: of how many people a number has to be before it may be shown. Zero is shown: it is about nobody.
    """
    small = {key for key, cell in cells.items() if 0 < len(cell.people) < fewest}
    hide = set(small)
    while small:
        more = _open_sums(cells, sums, hide, fewest) or _narrow_ranges(cells, sums, hide, small, fewest)
        if not more:
            break
        hide |= more
    return frozenset(hide)


def _open_sums(cells: Mapping[Key, Cell], sums: Sequence[Sum], hide: set[Key], fewest: int) -> set[Key]:
    """What has to be hidden so that no sum gives a hidden number, or a few people together, away."""
    more: set[Key] = set()
    for one in sums:
        parts = [part for part in one.parts if part in hide]
        people = frozenset[Hashable]().union(*(cells[part].people for part in parts))
        if one.total in hide:
            is_open = not parts and cells[one.total].count > 0
        else:
            is_open = bool(parts) and (len(parts) == 1 or len(people) < fewest)
        if is_open:
            more.add(_smallest(cells, [part for part in one.parts if part not in hide]) or one.total)
    return more - hide


def _narrow_ranges(
    cells: Mapping[Key, Cell], sums: Sequence[Sum], hide: set[Key], small: set[Key], fewest: int
) -> set[Key]:
    """What has to be hidden beside small numbers of which all shown numbers together still tell too much."""
    more: set[Key] = set()
    for key in _pinned(cells, sums, hide, small, fewest):
        near = [one for one in sums if key == one.total or key in one.parts]
        beside = [part for one in near for part in one.parts if part not in hide]
        above = [one.total for one in near if one.total not in hide]
        found = _smallest(cells, beside) or _smallest(cells, above) or _smallest(cells, set(cells) - hide)
        if found is not None:
            more.add(found)
    return more


def _smallest(cells: Mapping[Key, Cell], keys: "Sequence[Key] | set[Key]") -> Key | None:
    """The smallest number that is about somebody: hiding it costs the reader least."""
    filled = [key for key in keys if cells[key].count > 0]
    return min(filled, key=lambda key: (cells[key].count, repr(key)), default=None)


def _pinned(cells: Mapping[Key, Cell], sums: Sequence[Sum], hide: set[Key], small: set[Key], fewest: int) -> list[Key]:
    """Small numbers whose possible values lie less than `fewest` apart.

    Each table that fits the shown numbers is a point of a polytope; the least and the most of one number are found with
    linear programming. Every solution found says something about all numbers, so that few have to be solved for.
    """
    order = sorted(hide, key=repr)
    place = {key: index for index, key in enumerate(order)}
    rows, right = _equations(cells, sums, place)
    if rows.shape[0] == 0:
        return []
    most = 2 * max(cell.count for cell in cells.values()) + 10 * fewest
    real = np.array([cells[key].count for key in order], dtype=float)
    least_seen, most_seen = real.copy(), real.copy()
    pinned = []
    for key in sorted(small, key=repr):
        for direction in (-1.0, 1.0):
            index = place[key]
            if most_seen[index] - least_seen[index] >= fewest - _ALMOST:
                break
            aim = np.zeros(len(order))
            aim[index] = direction
            solved = linprog(aim, A_eq=rows, b_eq=right, bounds=(0, most), method="highs")
            if solved.x is not None:
                least_seen = np.minimum(least_seen, solved.x)
                most_seen = np.maximum(most_seen, solved.x)
        if most_seen[place[key]] - least_seen[place[key]] < fewest - _ALMOST:
            pinned.append(key)
    return pinned


def _equations(
    cells: Mapping[Key, Cell], sums: Sequence[Sum], place: Mapping[Key, int]
) -> tuple[csr_array, np.ndarray]:
    """What a reader knows of the hidden numbers, as A x = b."""
    values: list[float] = []
    at: list[tuple[int, int]] = []
    right: list[float] = []
    for one in sums:
        signs = [(part, 1.0) for part in one.parts] + [(one.total, -1.0)]
        unknown = [(place[key], sign) for key, sign in signs if key in place]
        if not unknown:
            continue
        values += [sign for _, sign in unknown]
        at += [(len(right), index) for index, _ in unknown]
        right.append(-sum(sign * cells[key].count for key, sign in signs if key not in place))
    lines, columns = zip(*at, strict=True) if at else ((), ())
    return csr_array((values, (lines, columns)), shape=(len(right), len(place))), np.array(right)
