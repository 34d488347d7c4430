"""Who else it may be for: matters that are not the municipality's, from participation/reference/overheden.yml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

TABLE = Path(__file__).parent / "reference" / "overheden.yml"


@dataclass(frozen=True)
class Authority:
    """Another authority or service, what it decides about, and where to find it."""

    id: str
    name: str
    about: str
    url: str
    link_title: str


@lru_cache
def _table() -> Mapping[str, tuple[Authority, re.Pattern[str]]]:
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        id_: (
            Authority(id_, row["naam"], row["over"], row["link"], row["site"]),
            re.compile(rf"\b(?:{'|'.join(row['woorden'])})\b", re.IGNORECASE),
        )
        for id_, row in rows.items()
    }


def authorities() -> Mapping[str, Authority]:
    """All of them, by id."""
    return {id_: authority for id_, (authority, _) in _table().items()}


def whose(text: str) -> Authority | None:
    """Return the one other authority that the words surely are about; none when there is none, or more than one."""
    found = [authority for authority, words in _table().values() if words.search(text)]
    return found[0] if len(found) == 1 else None
