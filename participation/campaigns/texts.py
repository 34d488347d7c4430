"""What residents read when they take part, from content/peiling.yml."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from participation import content


@lru_cache
def texts() -> Mapping[str, Any]:
    """All of them, by name."""
    loaded: dict[str, Any] = content.read("peiling.yml")
    return loaded


def text(name: str, **slots: str) -> str:
    """One text with its {slots} filled.

    Raises:
        KeyError: no such text, or a slot is missing.
    """
    return str(texts()[name]).strip().format(**slots)
