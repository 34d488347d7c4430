"""What people wrote in their own words, put together by likeness and by theme. Only masked words are read."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from participation.campaigns.counting import Answered
from participation.insight import grouping, telling_words
from participation.language import encoder

MOST_TEXTS = 2000
"""The texts that are compared: time and memory grow with the square of their number. With more, the first by a fixed
order are taken; who wrote is counted of all."""

QUOTES_EACH = 3
LONGEST_QUOTE = 300
_SHORTEST = 15


@dataclass(frozen=True)
class Subject:
    """What several people wrote about: the words that tell it, who they are, and what of it may be shown."""

    words: str
    people: tuple[uuid.UUID, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """Of one part: who wrote something, the subjects in it and the theme of each text.

    `not_compared` are the writers whose texts have neither: there were more than `MOST_TEXTS`.
    """

    writers: tuple[uuid.UUID, ...] = ()
    subjects: tuple[Subject, ...] = ()
    themes: Mapping[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    not_compared: tuple[uuid.UUID, ...] = ()


def look(answers: Sequence[Answered], *, theme_of: Callable[[str], str] | None) -> Words:
    """Find the subjects and themes in the answers to one part. Takes some ten milliseconds a text: call it in a thread.

    Args:
        theme_of: says the theme of a text; None where there is no model yet.
    """
    texts = sorted((one for one in answers if one.words), key=lambda one: str(one.person))
    compared = texts[:MOST_TEXTS]
    themes: dict[str, list[uuid.UUID]] = {}
    if theme_of is not None:
        for one in compared:
            themes.setdefault(theme_of(one.words or ""), []).append(one.person)
    return Words(
        tuple(one.person for one in texts),
        tuple(_subjects(compared)),
        {theme: tuple(people) for theme, people in themes.items()},
        tuple(one.person for one in texts[MOST_TEXTS:]),
    )


def _subjects(texts: Sequence[Answered]) -> list[Subject]:
    loaded = encoder.load()
    if loaded is None or len(texts) < grouping.LEAST:
        return []
    groups = grouping.subjects(_places([one.words or "" for one in texts], loaded))
    inside = {number for group in groups for number in group}
    names = telling_words.names(
        [[(texts[number].person, texts[number].words or "") for number in group] for group in groups],
        besides=[one.words or "" for number, one in enumerate(texts) if number not in inside],
    )
    return [
        Subject(
            " · ".join(words),
            tuple(dict.fromkeys(texts[number].person for number in group)),
            tuple(_quotes([texts[number] for number in group])),
        )
        for words, group in zip(names, groups, strict=True)
        if words
    ]


def _places(texts: Sequence[str], loaded: encoder.SentenceEncoder) -> "np.ndarray":
    """The embeddings. A campaign that runs is counted again and again: what was encoded before is not encoded again."""
    keys = [hashlib.sha256(text.encode()).digest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in _encoded}
    if new:
        if len(_encoded) + len(new) > _MOST_KEPT:
            _encoded.clear()
            new = dict(zip(keys, texts, strict=True))
        _encoded.update(zip(new, loaded.encode(list(new.values())), strict=True))
    return np.stack([_encoded[key] for key in keys])


_encoded: dict[bytes, "np.ndarray"] = {}
_MOST_KEPT = 20_000
"""Embeddings in the memory of the worker: some 30 MB. Nothing of the words is kept."""


def _quotes(texts: Sequence[Answered]) -> list[str]:
    """Some of what may be quoted: texts of a middle length say most. What several wrote alike is quoted once."""
    fit = [one.words or "" for one in texts if one.may_quote and _SHORTEST <= len(one.words or "") <= LONGEST_QUOTE]
    often = Counter(" ".join(text.casefold().split()) for text in fit)
    once = {key: text for text in fit if (key := " ".join(text.casefold().split())) in often}
    return sorted(once.values(), key=lambda text: (abs(len(text) - 120), text))[:QUOTES_EACH]
