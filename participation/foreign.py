"""The fixed texts in other languages, from content/talen.yml."""

from collections.abc import Mapping
from functools import lru_cache

from participation import content
from participation.language.other_languages import other_language


@lru_cache
def foreign_texts() -> Mapping[str, Mapping[str, str]]:
    """All texts by language code and name."""
    loaded: dict[str, dict[str, str]] = content.read("talen.yml")
    return loaded


def beside(dutch: str, name: str, words: str | None, **slots: str) -> str:
    """Return a Dutch text, and below it the same in the language of the resident's words where that is another one."""
    code = other_language(words or "")
    return dutch if code is None else f"{dutch}\n\n{foreign_texts()[code][name].strip().format(**slots)}"
