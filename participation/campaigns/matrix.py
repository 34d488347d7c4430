"""Who voted what on which statement, as three columns of numbers: most people see only some of the statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from participation.models.taking_part import AGREE, DISAGREE

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]

FEWEST_VOTES = 7
"""Votes that somebody has given before it is clear enough whom they think like; as in Polis."""


@dataclass(frozen=True)
class Votes:
    """Vote number i is of person `people[i]` on statement `statements[i]`, both counted from 0.

    A vote of 0 (does not know) is a vote; who was not asked has none.
    """

    people: Numbers
    statements: Numbers
    values: Numbers
    how_many_people: int
    names: tuple[int, ...]
    """The number of each statement in its campaign, by column."""

    @property
    def how_many_statements(self) -> int:
        """Columns."""
        return len(self.names)

    @property
    def per_person(self) -> Numbers:
        """How many votes each gave."""
        return np.bincount(self.people, minlength=self.how_many_people)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Who voted often enough to belong to a group."""
        return self.per_person >= FEWEST_VOTES

    @property
    def means(self) -> Reals:
        """The mean vote on each statement, of who voted on it; 0 where nobody did."""
        seen = np.bincount(self.statements, minlength=self.how_many_statements)
        total = np.bincount(self.statements, weights=self.values, minlength=self.how_many_statements)
        return np.asarray(total / np.maximum(seen, 1))

    def tally(self, labels: Numbers, groups: int) -> "Tally":
        """Count the votes by group; people with a label below 0 belong to none and are left out."""
        group = labels[self.people]
        kept = group >= 0
        at = group[kept] * self.how_many_statements + self.statements[kept]
        values = self.values[kept]

        def count(which: NDArray[np.bool_]) -> Numbers:
            found = np.bincount(at[which], minlength=groups * self.how_many_statements)
            return found.reshape(groups, self.how_many_statements)

        return Tally(count(values == AGREE), count(values == DISAGREE), count(np.ones_like(values, dtype=bool)))


@dataclass(frozen=True)
class Tally:
    """By group and statement: who agrees, who disagrees, and all who voted."""

    agree: Numbers
    disagree: Numbers
    seen: Numbers


def collect(rows: Sequence[tuple[Any, int, int]]) -> tuple[Votes, list[Any]]:
    """Make it of (person, number of the statement, vote); also returns the people in their order."""
    people = sorted({row[0] for row in rows}, key=str)
    names = sorted({row[1] for row in rows})
    person_at = {person: index for index, person in enumerate(people)}
    name_at = {name: index for index, name in enumerate(names)}
    return (
        Votes(
            np.array([person_at[row[0]] for row in rows], dtype=np.int64),
            np.array([name_at[row[1]] for row in rows], dtype=np.int64),
            np.array([row[2] for row in rows], dtype=np.int64),
            len(people),
            tuple(names),
        ),
        people,
    )
