"""Whether a text asks something, by its question mark or by how it opens."""

import re

MOST_WORDS = 25
"""A question longer than this, while the bot waits for words, is the words."""

MOST_WORDS_UNMARKED = 8
"""Without a question mark a longer one tells something: "hoe dat kan weet ik niet, maar de lamp is weer stuk"."""

_BEFORE = "en|maar|oh|eh|wacht|trouwens|even"
_ASKED = "wat|hoe|hoeveel|hoelang|wie|waar|wanneer|welke?"
_DOES = "is|zijn|was|doet|doen|kan|kun|kunnen|mag|mogen|moet|moeten|gaat|gaan|heeft|hebben|wordt|worden|betekent|komt"
_OPENS = re.compile(
    rf"(?:(?:{_BEFORE}) )?(?:(?:{_ASKED}) (?:\w+ )?(?:{_DOES})\b|(?:mag|kan|moet) ik\b|"
    r"(?:kunt|kun|weet|bent) (?:u|je|jij|jullie)\b)",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(
    rf"(?:{_BEFORE}|o|uhm|ja|nee|ok[eé]?|ff)?[\s,.]*"
    rf"(?:{_ASKED}|hoe\w+|waar\w+|wrm|{_DOES}|krijgt?|bestaat|zit|zitten|weet|weten)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether this asks something. A statement that only opens like a question is too long to be taken for one."""
    words = len(text.split())
    if text.rstrip().endswith("?"):
        return words <= MOST_WORDS
    return words <= MOST_WORDS_UNMARKED and _OPENS.match(text.strip()) is not None


def may_ask(text: str) -> bool:
    """Whether this can be a question, for who has another sign that it is one: "is weer stuk" opens like one too."""
    return "?" in text or _MAY_OPEN.match(text.strip()) is not None
