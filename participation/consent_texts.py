"""The words with which residents are asked for consent, by purpose and version, from content/toestemming.yml."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from participation import content


@lru_cache
def consent_texts() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All versions by purpose, oldest first. A version that was used is never changed: people agreed with it."""
    loaded: dict[str, list[dict[str, Any]]] = content.read("toestemming.yml")
    return loaded


def version_in_force(purpose: str) -> int:
    """The version that is asked with now."""
    return int(consent_texts()[purpose][-1]["versie"])


def question(purpose: str, language: str | None = None) -> str:
    """The words that are asked with now; below them the same in another language of `language.other_languages`."""
    latest = consent_texts()[purpose][-1]
    dutch = str(latest["tekst"]).strip()
    return dutch if language is None else f"{dutch}\n\n{latest['talen'][language].strip()}"
