"""Words that many residents find hard, with an ordinary one: advice to who writes, never a refusal."""

import re
from collections.abc import Mapping
from functools import lru_cache

import yaml

from participation import content


@lru_cache
def difficult_words() -> Mapping[str, str]:
    """Each word or phrase with what to write instead."""
    loaded: dict[str, str] = yaml.safe_load((content.FOLDER / "lastige_woorden.yml").read_text(encoding="utf-8"))
    return loaded


def found_in(text: str) -> dict[str, str]:
    """Those of the words that stand in a text, also with a capital, in the order of the table."""
    return {
        word: instead
        for word, instead in difficult_words().items()
        if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    }
