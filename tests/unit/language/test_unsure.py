"""An embedding travels as text and arrives as it was."""

import numpy as np
import pytest

from participation.language.encoder import DIMENSIONS
from participation.language.unsure import as_text, from_text, may_give_way


def unit(seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
    return made / np.linalg.norm(made)


def test_the_likeness_of_two_sentences_survives_the_journey() -> None:
    one, other = unit(1), unit(2)
    near = (one + 0.3 * other) / np.linalg.norm(one + 0.3 * other)
    arrived = from_text(as_text(one))
    assert arrived is not None
    assert (arrived.dtype, len(as_text(one))) == (np.float32, 1024)
    assert abs(float(arrived @ near) - float(one @ near)) < 0.001


@pytest.mark.parametrize("other", [None, 7, "", "geen vector", "AAAA", as_text(unit(1))[:-4]])
def test_what_is_no_embedding_is_none(other: object) -> None:
    assert from_text(other) is None


def test_what_may_give_way() -> None:
    labels = [("vraag/griffie", 0.849), ("vraag/griffie", 0.85), ("buiten_bereik", 0.99), ("noodgeval", 0.99)]
    assert [may_give_way(label, confidence) for label, confidence in labels] == [True, False, True, False]
