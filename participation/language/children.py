"""Whether the writer says to be younger than sixteen: too young to give consent alone (UAVG, article 5)."""

import re

from participation.language.agreement import plain

_AGE = r"(?:[6-9]|1[0-5]|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien)"
_GOES_ON = r" (?:maar|want|dus|ik)\b| en\b(?! (?:\d|een halve?\b))"
_SAYS = re.compile(
    rf"\bik (?:ben|word) (?:(?:pas|nog|maar|net|een|bijna|nu) )*"
    rf"(?:{_AGE} ?(?:jaar|jr) oud|{_AGE}(?: ?(?:jaar|jr))?(?={_GOES_ON}|$)|(?:meisje|jongen) van {_AGE})"
    r"|\bik zit (?:nu )?(?:nog )?(?:op de basisschool|in (?:groep [3-8]|de brugklas|de eerste klas|de tweede klas)\b)"
)
_SENTENCE_END = re.compile(r"[.!?,;\n]+")


def says_to_be_a_child(text: str) -> bool:
    """Whether a sentence of the text tells so of the writer; children that are told about do not count."""
    return any(_SAYS.search(plain(sentence)) for sentence in _SENTENCE_END.split(text))
