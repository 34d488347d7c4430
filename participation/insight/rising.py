"""What comes in more often than one would expect from the time before, and not by chance."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5
"""Fewer than this in the period is no rise, however few there were before."""

LEAST_RESIDENTS = 3
"""What one or two people keep sending is no rise either."""

LEAST_TIMES = 1.5
"""So much more than expected at least: with large numbers a few per cent are no chance, and no news."""

FALSE_SHARE = 0.05
"""At most this share of what is told as rising may be chance (false discovery rate; Benjamini and Hochberg 1995)."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Rise(Generic[Key]):
    """Something that came in `now` times, where `expected` times would have been usual."""

    key: Key
    now: int
    expected: float


def rises(now: Mapping[Key, int], usual: Mapping[Key, int], *, days: int, usual_days: int) -> Sequence[Rise[Key]]:
    """Return what rises, most times the expected first.

    Two Poisson counts with one rate, seen together, divide themselves by the length of their periods: the number in the
    period is binomial (Przyborowski and Wilenski, 1940). The test is one-sided and exact. All keys of `now` are tested,
    and so many tests at once are corrected for.

    Args:
        now: counts in the period, of `days` days.
        usual: counts in the `usual_days` days before it.
    """
    if not now or days <= 0 or usual_days <= 0:
        return []
    from scipy.stats import binomtest, false_discovery_control

    keys = list(now)
    share = days / (days + usual_days)
    both = [now[key] + usual.get(key, 0) for key in keys]
    chances = [
        binomtest(now[key], number, share, alternative="greater").pvalue if number else 1.0
        for key, number in zip(keys, both, strict=True)
    ]
    found = [
        Rise(key, now[key], usual.get(key, 0) * days / usual_days)
        for key, chance in zip(keys, false_discovery_control(chances, method="bh"), strict=True)
        if chance <= FALSE_SHARE and now[key] >= LEAST
    ]
    found = [rise for rise in found if rise.now >= LEAST_TIMES * rise.expected]
    return sorted(found, key=lambda rise: (-rise.now / max(rise.expected, 0.5), -rise.now, str(rise.key)))
