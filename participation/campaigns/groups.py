"""Opinion groups: people who vote alike, found as Polis does it.

Missing votes count as the mean of the statement; two principal components are kept; who voted on little is not pulled
to the middle for it; k-means with 2 to 5 groups, and the number of groups with the best silhouette.
C. Small and others, Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces (Recerca 26(2), 2021).

With every missing vote at its mean, the centred matrix is zero there. So it is kept sparse, and the components are
those of a matrix no larger than statements by statements: exact, and quick for many people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array

from participation.campaigns.matrix import Numbers, Reals, Votes

FEWEST_IN_GROUP = 10
"""Of fewer people nothing is published, so no group is smaller."""

MOST_GROUPS = 5
LETTERS = "ABCDEFGHIJ"
_SEED = 2016
_RESTARTS = 8
_SAMPLE = 3000
"""People whose silhouette is taken where there are more: of all it takes time with the square of their number."""

_BETTER = 0.02
"""How much better another number of groups has to be than the number of the count before."""


@dataclass(frozen=True)
class Model:
    """What it takes to say in which group somebody is who voted; nothing of a person."""

    names: tuple[int, ...]
    means: Reals
    components: Reals
    centres: Mapping[str, tuple[float, float]]

    def points(self, votes: Votes) -> Reals:
        """Where everybody is on the map: two numbers each."""
        column = {name: index for index, name in enumerate(self.names)}
        known = np.array([column.get(name, -1) for name in votes.names], dtype=np.int64)
        at = known[votes.statements]
        kept = at >= 0
        centred = csr_array(
            (votes.values[kept] - self.means[at[kept]], (votes.people[kept], at[kept])),
            shape=(votes.how_many_people, len(self.names)),
        )
        stretch = np.sqrt(len(self.names) / np.maximum(votes.per_person, 1))
        return np.asarray((centred @ self.components.T) * stretch[:, np.newaxis])

    def nearest(self, votes: Votes) -> list[str]:
        """The group whose centre is nearest, for each person."""
        letters = list(self.centres)
        centres = np.array([self.centres[letter] for letter in letters])
        apart = ((self.points(votes)[:, np.newaxis, :] - centres[np.newaxis]) ** 2).sum(axis=2)
        return [letters[index] for index in apart.argmin(axis=1)]

    def as_json(self) -> dict[str, Any]:
        """To keep."""
        return {
            "stellingen": list(self.names),
            "gemiddelden": self.means.tolist(),
            "richtingen": self.components.tolist(),
            "middens": {letter: list(centre) for letter, centre in self.centres.items()},
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Model":
        """Back from what was kept."""
        return cls(
            tuple(kept["stellingen"]),
            np.array(kept["gemiddelden"], dtype=float),
            np.array(kept["richtingen"], dtype=float),
            {letter: (centre[0], centre[1]) for letter, centre in kept["middens"].items()},
        )


@dataclass(frozen=True)
class Groups:
    """Groups by letter. `labels` has the place in `letters` of everybody, -1 for who voted too little."""

    letters: tuple[str, ...]
    labels: Numbers
    points: Reals
    silhouette: float
    model: Model

    @property
    def sizes(self) -> dict[str, int]:
        """People by group."""
        counts = np.bincount(self.labels[self.labels >= 0], minlength=len(self.letters))
        return dict(zip(self.letters, counts.tolist(), strict=True))


def find(votes: Votes, *, before: Model | None = None) -> Groups | None:
    """Find the groups; None where there are too few people, or where they can not be told apart.

    Args:
        before: of the count before. Groups keep their letter when most of the same people are in them, and their number
            changes only when another is clearly better, so that a reader can follow them.
    """
    means, components = _directions(votes)
    enough = votes.enough
    if components is None or int(enough.sum()) < 2 * FEWEST_IN_GROUP:
        return None
    bare = Model(votes.names, means, components, {})
    points = bare.points(votes)
    chosen = _divide(points[enough], len(before.centres) if before else 0)
    if chosen is None:
        return None
    parts, silhouette = chosen
    labels = np.full(votes.how_many_people, -1, dtype=np.int64)
    labels[enough] = parts
    letters, labels = _name(labels, votes, before)
    centres = {letter: _centre(points[labels == index]) for index, letter in enumerate(letters)}
    return Groups(letters, labels, points, silhouette, Model(votes.names, means, components, centres))


def _directions(votes: Votes) -> tuple[Reals, Reals | None]:
    """The means, and the two directions in which people differ most."""
    means = votes.means
    if votes.how_many_people < 2 or votes.how_many_statements < 2:
        return means, None
    centred = csr_array(
        (votes.values - means[votes.statements], (votes.people, votes.statements)),
        shape=(votes.how_many_people, votes.how_many_statements),
    )
    spread, directions = np.linalg.eigh((centred.T @ centred).toarray())
    if spread[-1] < 1e-9:  # everybody votes the same
        return means, None
    two = directions[:, ::-1][:, :2].T
    # A direction may be turned around: its largest part points up, so that the map is the same every time.
    largest = np.abs(two).argmax(axis=1)
    return means, two * np.sign(two[np.arange(2), largest])[:, np.newaxis]


def _divide(points: Reals, before: int) -> tuple[Numbers, float] | None:
    """The division with the best silhouette in which no group is too small."""
    found: dict[int, tuple[Numbers, float]] = {}
    for number in range(2, MOST_GROUPS + 1):
        if len(points) < number * FEWEST_IN_GROUP or len(np.unique(points, axis=0)) <= number:
            break
        parts = _k_means(points, number)
        if np.bincount(parts, minlength=number).min() >= FEWEST_IN_GROUP:
            found[number] = (parts, _silhouette(points, parts))
    if not found:
        return None
    best = max(found, key=lambda number: found[number][1])
    if before in found and found[best][1] < found[before][1] + _BETTER:
        best = before
    return found[best]


def _k_means(points: Reals, number: int) -> Numbers:
    """The tightest of several runs: from one start it may end in a poor division."""
    from reddwarf.sklearn.cluster import PolisKMeans

    runs = [
        PolisKMeans(n_clusters=number, init="k-means++", random_state=_SEED + run).fit(points)
        for run in range(_RESTARTS)
    ]
    return np.asarray(min(runs, key=lambda run: run.inertia_).labels_, dtype=np.int64)


def _silhouette(points: Reals, parts: Numbers) -> float:
    from sklearn.metrics import silhouette_score

    if len(points) > _SAMPLE:
        sample = np.random.default_rng(_SEED).choice(len(points), _SAMPLE, replace=False)
        points, parts = points[sample], parts[sample]
    return float(silhouette_score(points, parts)) if len(np.unique(parts)) > 1 else -1.0


def _name(labels: Numbers, votes: Votes, before: Model | None) -> tuple[tuple[str, ...], Numbers]:
    """Give each group the letter under which most of the same people stood, and otherwise a new one, largest first."""
    number = int(labels.max()) + 1
    letters: dict[int, str] = {}
    if before is not None:
        old = before.nearest(votes)
        kept = list(before.centres)
        shared: NDArray[np.int64] = np.zeros((number, len(kept)), dtype=np.int64)
        for label, letter in zip(labels.tolist(), old, strict=True):
            if label >= 0:
                shared[label, kept.index(letter)] += 1
        for new, earlier in zip(*linear_sum_assignment(-shared), strict=True):
            letters[int(new)] = kept[int(earlier)]
    sizes = np.bincount(labels[labels >= 0], minlength=number)
    taken = set(letters.values()) | (set(before.centres) if before else set())
    free = (letter for letter in LETTERS if letter not in taken)
    for group in sorted(range(number), key=lambda one: -sizes[one]):
        if group not in letters:
            letters[group] = next(free)
    order = sorted(range(number), key=lambda one: letters[one])
    place = np.full(number + 1, -1, dtype=np.int64)
    place[order] = np.arange(number)
    return tuple(letters[group] for group in order), place[labels]


def _centre(points: Reals) -> tuple[float, float]:
    middle = points.mean(axis=0)
    return float(middle[0]), float(middle[1])
