"""How easy a Dutch text reads: sentences, syllables and the reading ease of Flesch in Douma's version for Dutch.

It measures what we and griffiers write, never what residents write. desk/static/answer.js counts in the same way.
"""

import re
from dataclasses import dataclass

LEAST_EASE = 60
"""Douma's scale: from here on a text is of standard difficulty or easier."""

MOST_WORDS = 20
"""Words in a sentence that is still easy to follow."""

_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)
_NUMBER = re.compile(r"\d[\d.,:]*")
_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")
# One vowel sound each; longest first. A trema starts a new sound, so ë, ï, ö and ü are never part of a longer one.
_SOUND = re.compile(r"aai|ooi|oei|eeu|ieu|aa|ee|ie|oo|uu|ij|ei|ui|ou|au|eu|oe|[aeiouyáàâäéèêëíìîïóòôöúùûü]")


def sentences(text: str) -> list[str]:
    """Split a text; a line of its own, such as a step or a heading, reads as a sentence."""
    parts = (part.strip(" -•\t") for part in _END.split(_ADDRESS.sub("adres", text)))
    return [part for part in parts if words(part)]


def words(text: str) -> list[str]:
    """The words of a text, numbers included as one word each."""
    return re.findall(f"{_WORD.pattern}|{_NUMBER.pattern}", _ADDRESS.sub("adres", text))


def syllables(word: str) -> int:
    """Count the vowel sounds of a Dutch word; a number counts as two and an abbreviation as its letters."""
    if word[0].isdigit():
        return 2
    if word.isupper() and len(word) > 1:
        return len(word)
    return max(1, len(_SOUND.findall(word.lower())))


def ease(text: str) -> float:
    """Flesch-Douma (W.H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960): 60 is standard, 100 very easy."""
    said = words(text)
    per_word = sum(map(syllables, said)) / len(said)
    return 206.84 - 77 * per_word - 0.93 * len(said) / len(sentences(text))


@dataclass(frozen=True)
class Measures:
    """What a writer wants to know of a text. `ease` is none where there is nothing to measure."""

    words: int
    longest_sentence: int
    ease: int | None

    @property
    def is_easy(self) -> bool:
        """Whether all of it reads at the level that residents are promised."""
        return (self.ease is None or self.ease >= LEAST_EASE) and self.longest_sentence <= MOST_WORDS


def measure(text: str) -> Measures:
    """Count and score a text."""
    said = words(text)
    longest = max((len(words(sentence)) for sentence in sentences(text)), default=0)
    return Measures(len(said), longest, round(ease(text)) if said else None)
