"""Writing Dutch words the way they sound, so that "gemeentenraat" and "gemeenteraad" look alike.

For people who spell by ear: dyslexic and low-literate writers, learners, dialect in writing. Only for comparing; never
shown. A small set of letter-to-sound rules of Dutch (final devoicing, one letter for ei/ij and au/ou, the silent final
n), kept coarse on purpose: two words that become one are told apart by the other features.
"""

import re
import unicodedata
from functools import lru_cache

_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z0-9]", ""),
        (r"sch(?=e?$)", "s"),
        (r"ij|ei|y", "y"),
        (r"[ao]uw?", "o"),
        (r"ch", "g"),
        (r"ph|v", "f"),
        (r"th", "t"),
        (r"c(?=[eiy])|z", "s"),
        (r"[cq]", "k"),
        (r"x", "ks"),
        (r"ie", "i"),
        (r"oe|uu", "u"),
        (r"dt?$", "t"),
        (r"b$", "p"),
        (r"en$", "e"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return how a word sounds, in small letters; a mark such as "?" becomes an empty text."""
    plain = unicodedata.normalize("NFKD", word.lower())
    for pattern, replacement in _RULES:
        plain = pattern.sub(replacement, plain)
    return plain
