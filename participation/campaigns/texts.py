"""What residents read when they take part, from content/peiling.yml."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from participation.content import FOLDER


@lru_cache
def texts() -> Mapping[str, Any]:
    """All of them, by name."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "peiling.yml").read_text(encoding="utf-8"))
    return loaded


def text(name: str, **slots: str) -> str:
    """One text with its {slots} filled.

    Raises:
        KeyError: no such text, or a slot is missing.
    """
    return str(texts()[name]).strip().format(**slots)
