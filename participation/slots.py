"""Putting names and facts into a text so that the sentence still reads as one."""

import re
from collections.abc import Mapping

SLOT = re.compile(r"\{([a-z_]+)\}")
"""Where {gemeente} or a fact comes."""

_WITH_STOP = re.compile(r"\{([a-z_]+)\}(\.?)")
_BEGINS_A_SENTENCE = re.compile(r"(?:^|[.!?][\"”’)]*[ \t]+|\n)(?:[-•] )?\Z")
_ENDS = (".", "!", "?")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill the slots that have a value, in one pass: braces in a value stay what they are.

    A value gets a capital where it begins a sentence, and no second full stop where it ends one. Addresses stay as
    they are, and so does a name like 's-Hertogenbosch, which Dutch writes without a capital there too.
    """

    def value(slot: re.Match[str]) -> str:
        if (found := values.get(slot[1])) is None:
            return slot[0]
        if _BEGINS_A_SENTENCE.search(text, 0, slot.start()) and "://" not in found and "@" not in found:
            found = found[:1].upper() + found[1:]
        return found if found.endswith(_ENDS) else found + slot[2]

    return _WITH_STOP.sub(value, text)
