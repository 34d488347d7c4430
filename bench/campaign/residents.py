"""Residents who do not exist, for campaigns: they think in groups, stop halfway, come back and change their minds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Opinions:
    """What they think. `group` of each person, and `votes` in the order in which they are cast.

    A vote is (person, statement, value), counted from 0; a later one on the same statement takes its place.
    """

    group: NDArray[np.int64]
    votes: list[tuple[int, int, int]]

    def final(self) -> list[tuple[int, int, int]]:
        """Only the votes that count."""
        return [(person, statement, value) for (person, statement), value in self._latest().items()]

    def _latest(self) -> dict[tuple[int, int], int]:
        return {(person, statement): value for person, statement, value in self.votes}

    def by_person(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Each person with their votes in order."""
        found: dict[int, list[tuple[int, int]]] = {}
        for person, statement, value in self.votes:
            found.setdefault(person, []).append((statement, value))
        yield from found.items()


def imagine(
    *,
    people: int,
    statements: int,
    groups: int,
    rng: np.random.Generator,
    shared: float = 0.2,
    stop: float = 0.25,
    unsure: float = 0.08,
    change: float = 0.03,
) -> Opinions:
    """Make up what people think.

    On a part of the statements (`shared`) all groups think alike. On the others each group has its own share that
    agrees: 10 to 30% or 70 to 90%, so that nobody is only a member of a group. A part stops before the end (`stop`),
    everywhere between the first and the last statement; some do not know; some change their mind later.

    Args:
        groups: how many, of unequal size: each next one is three quarters of the one before.
    """
    sizes = 0.75 ** np.arange(groups)
    group = rng.choice(groups, size=people, p=sizes / sizes.sum())
    sides = _sides(statements, groups, rng)
    common = rng.random(statements) < shared
    sides[:, common] = sides[0, common]
    agrees = np.where(sides, rng.uniform(0.7, 0.9, (groups, statements)), rng.uniform(0.1, 0.3, (groups, statements)))
    votes: list[tuple[int, int, int]] = []
    for person in range(people):
        seen = statements if rng.random() > stop else int(rng.integers(1, statements + 1))
        asked = rng.permutation(statements)[:seen]
        yes = rng.random(seen) < agrees[group[person], asked]
        values = np.where(rng.random(seen) < unsure, 0, np.where(yes, 1, -1))
        votes += [(person, int(one), int(value)) for one, value in zip(asked, values, strict=True)]
        votes += [
            (person, int(one), -int(value)) for one, value in zip(asked, values, strict=True) if rng.random() < change
        ]
    return Opinions(group.astype(np.int64), votes)


def _sides(statements: int, groups: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """On which side each group is, such that every two groups differ on at least a third of the statements."""
    while True:
        sides = rng.random((groups, statements)) < 0.5
        apart = [(sides[one] != sides[other]).mean() for one in range(groups) for other in range(one + 1, groups)]
        if min(apart, default=1.0) >= 1 / 3:
            return sides
