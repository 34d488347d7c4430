"""Naming a group of texts by the words that set it apart from the other groups."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log
from pathlib import Path

STOP_WORDS = Path(__file__).parents[1] / "reference" / "stopwoorden.txt"
LEAST_RESIDENTS = 3
"""A word names a subject only when so many residents used it: nobody's own words stand above those of others."""

MOST = 3
SHORTEST, LONGEST = 3, 30
_SAME_BEGINNING = 5
"""Words with so many first letters in common, such as boom and bomen's longer kin, say the same twice."""

_MASK = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words that say nothing about what a text is about."""
    lines = STOP_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def words_in(text: str) -> list[str]:
    """Return the words that may tell something, in small letters; what was masked has none."""
    found = (word.casefold().replace("’", "'") for word in _WORD.findall(_MASK.sub(" ", text)))
    return [word for word in found if SHORTEST <= len(word) <= LONGEST and word not in stop_words()]


def names(groups: Sequence[Sequence[tuple[object, str]]], besides: Iterable[str] = ()) -> list[list[str]]:
    """Return for each group its most telling words, the best first; none when no word is shared by enough.

    Class-based TF-IDF (Grootendorst, 2022): the share of a word in a group, times the logarithm of one plus the mean
    number of words in a group over how often the word occurs anywhere.

    Args:
        groups: of each text who wrote it, and the text.
        besides: texts in no group, so that what everybody writes tells nothing.
    """
    inside = [Counter(word for _, text in group for word in words_in(text)) for group in groups]
    everywhere = Counter(word for text in besides for word in words_in(text))
    for counts in inside:
        everywhere.update(counts)
    mean = sum(counts.total() for counts in inside) / max(len(inside), 1)
    return [_best(counts, _writers(group), everywhere, mean) for counts, group in zip(inside, groups, strict=True)]


def _writers(group: Sequence[tuple[object, str]]) -> dict[str, int]:
    """How many used each word."""
    found: dict[str, set[object]] = {}
    for writer, text in group:
        for word in words_in(text):
            found.setdefault(word, set()).add(writer)
    return {word: len(writers) for word, writers in found.items()}


def _best(counts: Counter[str], writers: dict[str, int], everywhere: Counter[str], mean: float) -> list[str]:
    # By writers and not by times: who writes one word ten times does not name a subject.
    total = sum(writers.values())
    scores = {
        word: number / total * log(1 + mean / everywhere[word])
        for word, number in writers.items()
        if number >= LEAST_RESIDENTS and counts[word]
    }
    chosen: list[str] = []
    for word in sorted(scores, key=lambda word: (-scores[word], word)):
        if not any(_alike(word, other) for other in chosen):
            chosen.append(word)
        if len(chosen) == MOST:
            break
    return chosen


def _alike(one: str, other: str) -> bool:
    same = _SAME_BEGINNING if min(len(one), len(other)) >= _SAME_BEGINNING else min(len(one), len(other))
    return one[:same] == other[:same]
