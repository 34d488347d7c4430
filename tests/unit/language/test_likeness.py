"""Sentences by their embeddings: the nearest owner, and what belongs together."""

import numpy as np

from participation.language.encoder import DIMENSIONS
from participation.language.likeness import alike
from participation.language.nearest import Nearest, rows

AXES = np.eye(DIMENSIONS, dtype=np.float32)


def between(one: int, other: int, share: float) -> np.ndarray:
    """A direction on the way from one axis to another."""
    made = (1 - share) * AXES[one] + share * AXES[other]
    return (made / np.linalg.norm(made)).astype(np.float32)


def test_the_owner_of_the_nearest_sentence_comes_first_and_once():
    known = Nearest(["markt", "markt", "kermis"], np.stack([AXES[0], between(0, 1, 0.3), AXES[1]]))
    found = known.above(between(0, 1, 0.3), 0.3)
    assert [owner for owner, _ in found] == ["markt", "kermis"]
    assert round(found[0][1], 5) == 1.0
    assert known.above(AXES[2], 0.3) == []


def test_stored_embeddings_come_back():
    stored = np.stack([AXES[3], AXES[4]])
    assert np.array_equal(rows(stored.tobytes()), stored)
    assert Nearest([], rows(b"")).above(AXES[0], 0.5) == []


def test_what_points_the_same_way_is_one_group():
    made = np.stack([AXES[0], AXES[5], between(0, 1, 0.1), AXES[5]])
    assert alike(made, farthest=0.1) == [[0, 2], [1, 3]]


def test_one_sentence_or_none_needs_no_grouping():
    assert (alike(AXES[:1]), alike(AXES[:0])) == ([[0]], [])
