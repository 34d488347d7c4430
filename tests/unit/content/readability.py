"""How easy a Dutch text reads: sentences, syllables and the reading ease of Flesch in Douma's version for Dutch.

Kept apart from the product on purpose: it measures what we write and is never shown to anyone.
"""

import re

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
