"""Whether a text asks something, by its question mark or, when it is short, by how it opens."""

import re

MOST_WORDS = 25
"""A question longer than this, while the bot waits for words, is the words."""

MOST_WORDS_UNMARKED = 8
"""Without a question mark a longer one tells something: "hoe dat kan weet ik niet, maar de lamp is weer stuk"."""

_DOES = (
    r"(?:is|zijn|was|doet|doen|kan|kun|kunnen|mag|mogen|moet|moeten|gaat|gaan|heeft|hebben|wordt|worden|betekent|komt)"
)
_OPENS = re.compile(
    rf"(?:(?:en|maar|oh|eh|wacht|trouwens|even) )?"
    rf"(?:(?:wat|hoe|hoeveel|hoelang|wie|waar|wanneer|welke?) (?:\w+ )?{_DOES}\b|(?:mag|kan|moet) ik\b|"
    r"(?:kunt|kun|weet|bent) (?:u|je|jij|jullie)\b)",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether this asks something. A statement that only opens like a question is too long to be taken for one."""
    words = len(text.split())
    if text.rstrip().endswith("?"):
        return words <= MOST_WORDS
    return words <= MOST_WORDS_UNMARKED and _OPENS.match(text.strip()) is not None
