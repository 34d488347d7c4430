"""What a contribution is: its kind (soort) and its theme, proposed with a probability.

A proposal only: the clerk decides. Trained on participation/reference/inbreng.tsv and on what clerks corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse

from participation.language import encoder
from participation.language.fusion import FusedModel, Mix
from participation.language.ngrams import NgramFeatures
from participation.language.themes import OTHER

EXAMPLES = Path(__file__).parents[1] / "reference" / "inbreng.tsv"
WEIGHTS: Mapping[str, float] = {"letters": 0.7, "klanken": 0.7, "klankwoorden": 0.6}
MIXES = {
    "kind": Mix(sparse_c=0.3, sparse_sharpness=6.0, dense_c=0.1, dense_share=0.5),
    "theme": Mix(sparse_c=1.0, sparse_sharpness=9.0, dense_c=0.1, dense_share=0.4),
}
TOKENS_READ = 64
"""A contribution may take longer to read than a message: nobody waits for it."""
KIND_FLOOR, THEME_FLOOR = 0.5, 0.35
"""Below this probability the kind, or the theme, is left to the clerk. That of the kind was chosen by leaving out a
fifth of the bundled examples at a time: of the one in twenty below it, fewer than half were right."""


@dataclass(frozen=True)
class Example:
    """One contribution of which kind and theme are known."""

    kind: str
    theme: str
    text: str


@dataclass(frozen=True)
class Concern:
    """What the model makes of a text: probabilities from 0 to 1, likeliest first."""

    kinds: tuple[tuple[str, float], ...]
    themes: tuple[tuple[str, float], ...]

    @property
    def kind(self) -> str | None:
        """The likeliest kind, or None when it is not likely enough."""
        kind, probability = self.kinds[0]
        return kind if probability >= KIND_FLOOR else None

    @property
    def theme(self) -> str:
        """The likeliest theme, or OTHER when it is not likely enough."""
        theme, probability = self.themes[0]
        return theme if probability >= THEME_FLOOR else OTHER


class ConcernModel:
    """A trained model of kind and theme. Safe to use from several threads."""

    def __init__(self, ngrams: NgramFeatures, models: Mapping[str, FusedModel]) -> None:
        """Take what `train` made or `load` read."""
        self._ngrams = ngrams
        self._models = dict(models)

    @classmethod
    def train(
        cls, examples: Sequence[Example], corrected: Sequence[Example] = (), *, cache: Path | None = None
    ) -> "ConcernModel":
        """Learn from the bundled examples and from what clerks corrected.

        The n-grams are those of the bundled examples alone, so that a saved model never holds residents' words; only
        the bundled examples are kept in `cache`.
        """
        ngrams = NgramFeatures(WEIGHTS)
        rows = ngrams.fit_transform([example.text for example in examples])
        meanings = encoder.load()
        dense = None
        if meanings is not None:
            dense = meanings.encode_corpus([example.text for example in examples], cache, TOKENS_READ)
        if corrected:
            texts = [example.text for example in corrected]
            rows = scipy.sparse.vstack([rows, ngrams.transform(texts)], format="csr")
            if meanings is not None and dense is not None:
                dense = np.vstack([dense, meanings.encode_corpus(texts, most_tokens=TOKENS_READ)])
        every = [*examples, *corrected]
        kinds = FusedModel.fit(rows, dense, [example.kind for example in every], MIXES["kind"])
        sorted_ = [at for at, example in enumerate(every) if example.theme != OTHER]
        themes = FusedModel.fit(
            rows[sorted_],
            None if dense is None else dense[sorted_],
            [every[at].theme for at in sorted_],
            MIXES["theme"],
        )
        return cls(ngrams, {"kind": kinds, "theme": themes})

    def understand(self, text: str) -> Concern:
        """Propose kind and theme of one text."""
        row = self._ngrams.transform([text])
        meanings = encoder.load()
        dense = None if meanings is None else meanings.encode([text], TOKENS_READ)
        ranked = {name: _ranked(model, row, dense) for name, model in self._models.items()}
        return Concern(ranked["kind"], ranked["theme"])

    def save(self, folder: Path) -> None:
        """Write plain text and numbers into a new folder."""
        for name, model in self._models.items():
            (folder / name).mkdir(parents=True)
            model.save(folder / name)
        self._ngrams.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "ConcernModel":
        """Read what `save` wrote.

        Raises:
            OSError: the folder is not there or not whole.
        """
        models = {name: FusedModel.load(folder / name, mix) for name, mix in MIXES.items()}
        return cls(NgramFeatures.load(folder, WEIGHTS), models)


def _ranked(
    model: FusedModel, row: scipy.sparse.csr_matrix, dense: "np.ndarray | None"
) -> tuple[tuple[str, float], ...]:
    probabilities = model.probabilities(row, dense).ravel()
    order = np.argsort(-probabilities)[:5]
    return tuple((model.labels[at], float(probabilities[at])) for at in order)


def bundled_examples(path: Path = EXAMPLES) -> list[Example]:
    """Read labelled examples: `kind<TAB>theme<TAB>text` on each line."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Example(kind, theme, text) for kind, theme, text in rows]
