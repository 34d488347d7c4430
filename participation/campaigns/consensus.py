"""What each group stands for, what all groups agree on, and what divides them.

The tests are those of Polis, with the arithmetic of red-dwarf: a share against a half (one proportion) and a share in a
group against that in all others (two proportions), both with one added to each count, at 90% on one side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participation.campaigns.matrix import Numbers, Reals, Tally

SURE = 1.2816
"""The z-value that one in ten exceeds by chance."""

MOST_EACH = 5
_APART = 0.3
"""Difference of shares between two groups from which a statement divides them."""

FEWEST_VOTES_IN_GROUP = 10
"""Of fewer votes of a group nothing is said."""


@dataclass(frozen=True)
class Stand:
    """How a group stands on a statement (its column). `share` is of who voted on it in the group."""

    statement: int
    agrees: bool
    share: float
    elsewhere: float


@dataclass(frozen=True)
class Shared:
    """A statement on which all groups are on one side; `least` is the share in the group that is least so."""

    statement: int
    agrees: bool
    least: float
    together: float
    """Product of the smoothed shares of the groups: the group-aware consensus of Polis."""


@dataclass(frozen=True)
class Divides:
    """A statement on which groups differ: most agree in `most_in`, fewest in `least_in` (places of groups)."""

    statement: int
    most_in: int
    least_in: int
    most: float
    least: float


def stands_for(tally: Tally) -> list[list[Stand]]:
    """Return for each group what it stands for more than the others do, clearest first."""
    from reddwarf.utils.stats import one_prop_test, two_prop_test

    found: list[list[Stand]] = []
    for group in range(len(tally.seen)):
        rated: list[tuple[float, Stand]] = []
        seen = tally.seen[group]
        seen_elsewhere = tally.seen.sum(axis=0) - seen
        for agrees, counts in ((True, tally.agree), (False, tally.disagree)):
            inside, outside = counts[group], counts.sum(axis=0) - counts[group]
            p, q = _share(inside, seen), _share(outside, seen_elsewhere)
            p_test = np.asarray(one_prop_test(inside.copy(), seen))
            r_test = np.asarray(two_prop_test(inside.copy(), outside.copy(), seen, seen_elsewhere))
            enough = (seen >= FEWEST_VOTES_IN_GROUP) & (seen_elsewhere >= FEWEST_VOTES_IN_GROUP)
            sure = (p_test > SURE) & (r_test > SURE) & enough
            rated += [
                (
                    float(p[one] / q[one] * r_test[one] * p[one] * p_test[one]),
                    Stand(one, agrees, _plain(inside, seen, one), _plain(outside, seen_elsewhere, one)),
                )
                for one in np.flatnonzero(sure).tolist()
            ]
        found.append([stand for _, stand in sorted(rated, key=lambda pair: -pair[0])[:MOST_EACH]])
    return found


def shared_by_all(tally: Tally) -> list[Shared]:
    """Return on what a clear majority of every group is on the same side, clearest first."""
    from reddwarf.utils.stats import one_prop_test

    found = []
    enough = tally.seen >= FEWEST_VOTES_IN_GROUP
    for agrees, counts in ((True, tally.agree), (False, tally.disagree)):
        sure = (np.asarray(one_prop_test(counts.copy(), tally.seen)) > SURE) & enough
        shares = _share(counts, tally.seen)
        found += [
            Shared(
                one,
                agrees,
                float((counts[:, one] / tally.seen[:, one]).min()),
                float(shares[:, one].prod()),
            )
            for one in np.flatnonzero(sure.all(axis=0)).tolist()
        ]
    return sorted(found, key=lambda one: -one.together)[:MOST_EACH]


def what_divides(tally: Tally) -> list[Divides]:
    """Return on what groups differ most."""
    from reddwarf.utils.stats import two_prop_test

    found = []
    enough = tally.seen >= FEWEST_VOTES_IN_GROUP
    for one in range(tally.seen.shape[1]):
        groups = np.flatnonzero(enough[:, one])
        if len(groups) < 2:
            continue
        shares = tally.agree[groups, one] / tally.seen[groups, one]
        most, least = int(groups[shares.argmax()]), int(groups[shares.argmin()])
        test = two_prop_test(
            np.array([tally.agree[most, one]]),
            np.array([tally.agree[least, one]]),
            np.array([tally.seen[most, one]]),
            np.array([tally.seen[least, one]]),
        )
        if float(np.asarray(test)[0]) > SURE and shares.max() - shares.min() >= _APART:
            found.append(Divides(one, most, least, float(shares.max()), float(shares.min())))
    return sorted(found, key=lambda one: one.least - one.most)[:MOST_EACH]


def _share(counts: Numbers, seen: Numbers) -> Reals:
    """Shares with one added to each side, so that few votes give no extreme ones."""
    smoothed: NDArray[np.float64] = (counts + 1) / (seen + 2)
    return smoothed


def _plain(counts: Numbers, seen: Numbers, one: int) -> float:
    return float(counts[one] / seen[one]) if seen[one] else 0.0
