"""The themes that the council's subjects are sorted by, from participation/reference/themas.yml."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

TABLE = Path(__file__).parents[1] / "reference" / "themas.yml"
OTHER = "overig"
"""Theme of what fits nowhere, or of which the model is not sure enough: the griffie decides."""


@dataclass(frozen=True)
class Theme:
    """One theme. `task_fields` are codes of the IV3 policy fields, `top_list` subjects of the TOOI top list."""

    id: str
    name: str
    about: str
    task_fields: tuple[str, ...]
    top_list: tuple[str, ...]


@lru_cache(maxsize=1)
def themes() -> dict[str, Theme]:
    """All themes by id, in the order of the table; `OTHER` is not one of them."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        id_: Theme(id_, row["naam"], row["over"], tuple(row["taakvelden"]), tuple(row["toplijst"]))
        for id_, row in rows.items()
    }
