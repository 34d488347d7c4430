"""N-grams of letters and of sounds, weighed by how telling they are.

For the intent model (inside Rasa) and for the model of what a contribution is about: both learn from few examples of
people who spell each in their own way.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from participation.language.sounds import sound

_WORD = re.compile(r"[\w'’-]+")
_NUMBER = re.compile(r"\d+")


def spelled(text: str) -> str:
    """The text in small letters; every number looks the same."""
    return _NUMBER.sub("0", text.lower())


def sounding(text: str) -> str:
    """The words as they sound, without marks."""
    return " ".join(filter(None, (sound(word) for word in _WORD.findall(spelled(text)))))


@dataclass(frozen=True)
class View:
    """One way to look at a text: how it is prepared, and which n-grams are counted in it."""

    prepare: Callable[[str], str]
    analyzer: str
    lengths: tuple[int, int]
    least_texts: int


VIEWS = {
    "letters": View(spelled, "char_wb", (2, 5), 2),
    "klanken": View(sounding, "char_wb", (2, 5), 2),
    "klankwoorden": View(sounding, "word", (1, 2), 1),
}


class NgramFeatures:
    """TF-IDF rows of one or more views side by side; each view's part of a row has the view's weight as its length."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take the weight of each view in VIEWS that is to be used.

        Raises:
            KeyError: there is no such view.
        """
        self._weights = dict(weights)
        self._vectorizers = {name: _vectorizer(VIEWS[name]) for name in weights}

    def fit_transform(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Learn the n-grams of these texts; returns float32 rows (len(texts), number of n-grams)."""
        return self._rows(texts, lambda vectorizer, prepared: vectorizer.fit_transform(prepared))

    def transform(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Return float32 rows (len(texts), number of n-grams); n-grams never seen before are left out."""
        return self._rows(texts, lambda vectorizer, prepared: vectorizer.transform(prepared))

    def _rows(
        self, texts: Sequence[str], make: Callable[[TfidfVectorizer, list[str]], scipy.sparse.csr_matrix]
    ) -> scipy.sparse.csr_matrix:
        parts = [
            self._weights[name] * make(vectorizer, [VIEWS[name].prepare(text) for text in texts])
            for name, vectorizer in self._vectorizers.items()
        ]
        return scipy.sparse.hstack(parts, format="csr", dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write plain text and numbers: no pickle is ever loaded."""
        for name, vectorizer in self._vectorizers.items():
            terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
            np.save(folder / f"{name}.npy", vectorizer.idf_.astype(np.float32), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, weights: Mapping[str, float]) -> "NgramFeatures":
        """Read what `save` wrote."""
        features = cls(weights)
        for name in weights:
            terms = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            vectorizer = _vectorizer(VIEWS[name], vocabulary={term: at for at, term in enumerate(terms)})
            vectorizer.idf_ = np.load(folder / f"{name}.npy", allow_pickle=False)
            features._vectorizers[name] = vectorizer
        return features


def _vectorizer(view: View, vocabulary: Mapping[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=view.analyzer,
        ngram_range=view.lengths,
        min_df=view.least_texts if vocabulary is None else 1,
        token_pattern=r"\w+" if view.analyzer == "word" else None,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
        vocabulary=vocabulary,
    )
