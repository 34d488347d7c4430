"""Choose the threshold of own questions on one municipality and report on the other.

`python -m bench.own_questions`: what was decided with it is in docs/adr/0010.
"""

import sys
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import yaml

from participation import content
from participation.language import encoder
from participation.language.likeness import alike

FOLDER = Path(__file__).parent
CHOOSE_ON, REPORT_ON = "duinwijk", "veenhoven"
WRONG_COSTS = 3
"""A wrong answer costs as much as so many missed ones: after a miss the resident still gets a choice."""


class Scored:
    """Every line with its best own question and how near that is."""

    def __init__(self, name: str, mean: np.ndarray) -> None:
        loaded = encoder.load()
        if loaded is None:
            raise SystemExit("no encoder")
        told = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
        owners = [key for key, ways in told["vragen"].items() for _ in ways]
        ways = unit(loaded.encode([way for ways in told["vragen"].values() for way in ways]) - mean)
        self.expected = [key for key, _ in told["regels"]]
        lines = unit(loaded.encode([text for _, text in told["regels"]]) - mean)
        near = lines @ ways.T
        self.found = [owners[number] for number in near.argmax(axis=1)]
        self.score = near.max(axis=1)

    def counts(self, threshold: float) -> tuple[int, int, int, int]:
        """Own questions found, all of them, wrong answers, near misses."""
        told = [found if score >= threshold else "-" for found, score in zip(self.found, self.score, strict=True)]
        pairs = list(zip(told, self.expected, strict=True))
        own = sum(expected != "-" for _, expected in pairs)
        right = sum(got == expected != "-" for got, expected in pairs)
        wrong = sum(got not in ("-", expected) for got, expected in pairs)
        return right, own, wrong, len(pairs) - own


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length one."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def pairs(name: str, farthest: float) -> tuple[int, int, int]:
    """Put all lines of a set together by likeness: pairs rightly together, pairs together, pairs that should be."""
    told = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))["regels"]
    labels = [key if key != "-" else text for key, text in told]
    right = together = 0
    for group in alike(_encoded(tuple(text for _, text in told)), farthest):
        found = list(combinations(group, 2))
        together += len(found)
        right += sum(labels[one] == labels[other] for one, other in found)
    return right, together, sum(one == other for one, other in combinations(labels, 2))


@lru_cache
def _encoded(texts: tuple[str, ...]) -> np.ndarray:
    loaded = encoder.load()
    if loaded is None:
        raise SystemExit("no encoder")
    return loaded.encode(list(texts))


def precision_first(counts: tuple[int, int, int]) -> float:
    """F0.5: what does not belong together is worse than what is found in two groups."""
    right, together, should = counts
    precision, recall = right / max(together, 1), right / should
    return 1.25 * precision * recall / max(0.25 * precision + recall, 1e-9)


def main() -> int:
    """Print a line for each way of comparing."""
    farthest = max(np.arange(0.03, 0.15, 0.005), key=lambda one: precision_first(pairs(CHOOSE_ON, one)))
    for name in (CHOOSE_ON, REPORT_ON):
        right, together, should = pairs(name, farthest)
        sys.stdout.write(f"groups {farthest:.3f} {name}: {together} pairs, {right} rightly, {should} there are\n")
    loaded = encoder.load()
    if loaded is None:
        return 1
    topics = loaded.encode([answer.question for answer in content.answers().values()])
    for way, mean in (("plain", np.zeros(encoder.DIMENSIONS, np.float32)), ("centred", topics.mean(axis=0))):
        chosen, reported = Scored(CHOOSE_ON, mean), Scored(REPORT_ON, mean)

        def cost(threshold: float, scored: Scored = chosen) -> int:
            right, own, wrong, _ = scored.counts(threshold)
            return own - right + (WRONG_COSTS - 1) * wrong

        best = min(np.arange(0.30, 0.99, 0.005), key=lambda threshold: (cost(threshold), -threshold))
        for name, scored in ((CHOOSE_ON, chosen), (REPORT_ON, reported)):
            right, own, wrong, misses = scored.counts(best)
            sys.stdout.write(f"{way} {best:.3f} {name}: {right} of {own} found, {wrong} wrong, {misses} near misses\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
