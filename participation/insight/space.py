"""Where sentences lie close together when they are about the same, and not when they are said in the same way.

The encoder hears style as well: dialect, formal language and short cries each come out alike, whatever they are about.
So its space is turned and stretched (whitened) with what differs between sentences on one theme, learned from the
examples of participation/reference/inbreng.tsv, which tell every theme in every style. Fixed, and not learned from the
texts of a municipality. `python -m participation.insight.space` makes it anew, for another encoder or other examples.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from participation.language import encoder

_REFERENCE = Path(__file__).parents[1] / "reference"
FILE = _REFERENCE / "zinsruimte.npz"
EXAMPLES = _REFERENCE / "inbreng.tsv"
SHRINK = 0.1
"""How much of an even spread is mixed in: few examples tell little of the smallest differences. See docs/adr."""


@dataclass(frozen=True)
class Space:
    """What to take away from an embedding, and what to multiply the rest with."""

    centre: "np.ndarray"
    matrix: "np.ndarray"

    def place(self, embeddings: "np.ndarray") -> "np.ndarray":
        """Return where embeddings lie, each at length one."""
        found = (embeddings - self.centre) @ self.matrix
        length = np.linalg.norm(found, axis=1, keepdims=True)
        result: np.ndarray = (found / np.maximum(length, 1e-9)).astype(np.float32)
        return result


def learn(embeddings: "np.ndarray", themes: Sequence[str]) -> Space:
    """Learn what differs between sentences on one theme (within-class covariance), to give it less weight."""
    centre = embeddings.mean(axis=0)
    within = embeddings - centre
    labels = np.array(themes)
    for theme in set(themes):
        within[labels == theme] -= within[labels == theme].mean(axis=0)
    spread = within.T @ within / len(within)
    even = np.trace(spread) / len(spread) * np.eye(len(spread))
    widths, directions = np.linalg.eigh((1 - SHRINK) * spread + SHRINK * even)
    return Space(centre, directions / np.sqrt(widths))


@lru_cache(maxsize=1)
def space() -> Space:
    """Return the one that is kept."""
    with np.load(FILE, allow_pickle=False) as arrays:
        return Space(arrays["centre"].astype(np.float32), arrays["matrix"].astype(np.float32))


def keep(made: Space) -> None:
    """Keep it, in half the digits: distances change by less than a thousandth."""
    np.savez_compressed(FILE, centre=made.centre.astype(np.float16), matrix=made.matrix.astype(np.float16))


def main() -> int:
    """Make it anew; takes minutes."""
    loaded = encoder.load()
    if loaded is None:
        sys.stderr.write("The sentence encoder does not work here\n")
        return 1
    examples = [line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    keep(learn(loaded.encode_corpus([one[2] for one in examples]), [one[1] for one in examples]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
