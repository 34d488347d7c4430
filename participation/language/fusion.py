"""A text classifier that weighs two kinds of evidence.

N-grams know spelling and names; a sentence embedding knows meaning. The n-grams get a linear support vector machine
(seconds to train where a logistic regression on as many features takes minutes), the embedding a logistic regression.
The weighted mean of their log-probabilities decides: both have to find a label plausible.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC


@dataclass(frozen=True)
class Mix:
    """How the two members are trained and weighed.

    `sparse_c` and `dense_c` are inverse regularisation. `sparse_sharpness` turns the margins of the support vector
    machine into log-odds. `dense_share` is the weight of the embedding's member, from 0 to 1. `temperature` divides the
    mixed log-probabilities, so that 0.7 means right in about seven of ten.
    """

    sparse_c: float = 0.3
    sparse_sharpness: float = 9.0
    dense_c: float = 0.5
    dense_share: float = 0.35
    temperature: float = 1.0


class FusedModel:
    """A trained model: labels and plain arrays. Needs three labels or more. Without embeddings it works on n-grams."""

    def __init__(self, labels: Sequence[str], arrays: "dict[str, np.ndarray]", mix: Mix) -> None:
        """Take what `fit` learnt or `load` read."""
        self.labels = list(labels)
        self._arrays = arrays
        # One row a feature and without gaps: the other way round, every product would copy all weights first.
        self._sparse_weights = np.ascontiguousarray(arrays["sparse_weights"].T)
        self._mix = mix

    @property
    def knows_meaning(self) -> bool:
        """Whether it was trained with embeddings."""
        return "dense_weights" in self._arrays

    @classmethod
    def fit(
        cls,
        sparse: scipy.sparse.csr_matrix,
        dense: "np.ndarray | None",
        labels: Sequence[str],
        mix: Mix,
        *,
        encoded: Sequence[int] | None = None,
    ) -> "FusedModel":
        """Train on rows of n-grams (n, features), their embeddings (n, dimensions) or None, and their n labels.

        `encoded` says of which rows `dense` has the embeddings, when not of all; each label has to be among them.
        """
        machine = LinearSVC(C=mix.sparse_c).fit(sparse, labels)
        arrays = {"sparse_weights": machine.coef_, "sparse_bias": machine.intercept_}
        if dense is not None:
            arrays["centre"] = dense.mean(axis=0)
            arrays["scale"] = 1 / np.std(dense - arrays["centre"])
            regression = LogisticRegression(C=mix.dense_c, max_iter=300)
            embedded = labels if encoded is None else [labels[at] for at in encoded]
            regression.fit((dense - arrays["centre"]) * arrays["scale"], embedded)
            arrays |= {"dense_weights": regression.coef_, "dense_bias": regression.intercept_}
        return cls(
            machine.classes_.tolist(), {name: np.asarray(array, np.float32) for name, array in arrays.items()}, mix
        )

    def probabilities(self, sparse: scipy.sparse.csr_matrix, dense: "np.ndarray | None") -> "np.ndarray":
        """Return (n, labels) probabilities, each row adding up to 1."""
        margins = sparse @ self._sparse_weights + self._arrays["sparse_bias"]
        scores = _log_softmax(margins * self._mix.sparse_sharpness)
        if dense is not None and self.knows_meaning:
            centred = (dense - self._arrays["centre"]) * self._arrays["scale"]
            meaning = _log_softmax(centred @ self._arrays["dense_weights"].T + self._arrays["dense_bias"])
            scores = (1 - self._mix.dense_share) * scores + self._mix.dense_share * meaning
        probabilities: np.ndarray = np.exp(_log_softmax(scores / self._mix.temperature))
        return probabilities

    def save(self, folder: Path) -> None:
        """Write plain text and numbers: no pickle is ever loaded."""
        arrays: dict[str, Any] = dict(self._arrays)
        np.savez_compressed(folder / "weights.npz", **arrays)
        (folder / "labels.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, mix: Mix) -> "FusedModel":
        """Read what `save` wrote."""
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        return cls(json.loads((folder / "labels.json").read_text(encoding="utf-8")), found, mix)


def _log_softmax(scores: "np.ndarray") -> "np.ndarray":
    shifted = np.asarray(scores) - np.max(scores, axis=-1, keepdims=True)
    logarithms: np.ndarray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logarithms
