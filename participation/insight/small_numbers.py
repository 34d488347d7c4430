"""Hiding small numbers from those who only read, so that no sum gives them away.

A table that adds up to a known total may lose one number and still tell it. So beside each number under five, others
are hidden until each of the small ones may still be anything from 0 to 4, also for somebody who knows this rule.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5
"""Numbers from here on are shown to everybody."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Guarded(Generic[Key]):
    """A table with what may be seen of it. `shown` holds the numbers; every other key is small, or hidden with it."""

    shown: Mapping[Key, int]
    small: frozenset[Key]
    also_hidden: frozenset[Key]


def guard(table: Mapping[Key, int]) -> Guarded[Key]:
    """Say what may be seen of a table whose total everybody may know.

    Where hiding some does not help, all of it is hidden, and nothing is told of which number is small.
    """
    small = frozenset(key for key, number in table.items() if number < LEAST)
    others = sorted((number, position) for position, (key, number) in enumerate(table.items()) if key not in small)
    keys = list(table)
    for count in range(len(others) + 1):
        hidden, left = others[:count], others[count:]
        # Who knows the rule knows that what is hidden besides is no larger than what is shown.
        largest = left[0][0] if left else None
        if _is_safe([table[key] for key in small], [number for number, _ in hidden], largest):
            return Guarded(
                {keys[position]: number for number, position in sorted(left, key=lambda one: one[1])},
                small,
                frozenset(keys[position] for _, position in hidden),
            )
    return Guarded({}, frozenset(), frozenset(table))


def guard_total(number: int) -> int | None:
    """Return a number on its own, or nothing where it is small."""
    return number if number >= LEAST else None


def _is_safe(small: list[int], besides: list[int], largest: int | None) -> bool:
    """Whether each small number can still be 0 and can still be 4, when only the sum of all that is hidden is known."""
    if not small:
        return True
    most, total = LEAST - 1, sum(small) + sum(besides)
    can_be_most = total - most >= LEAST * len(besides)
    most_of_the_rest = most * (len(small) - 1)
    if besides:
        can_be_nothing = largest is None or total <= most_of_the_rest + largest * len(besides)
    else:
        can_be_nothing = total <= most_of_the_rest
    return can_be_most and can_be_nothing
