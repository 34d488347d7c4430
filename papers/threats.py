"""The threat model: a table per flow of data, with for each threat its measure and the test that shows it."""

from dataclasses import dataclass
from pathlib import Path

import yaml

TABLE = Path(__file__).with_name("dreigingen.yml")
KINDS = {
    "S": "zich voordoen als een ander",
    "T": "knoeien",
    "R": "ontkennen",
    "I": "uitlekken",
    "D": "platleggen",
    "E": "meer mogen dan mag",
}


@dataclass(frozen=True)
class Threat:
    """One row; what is `open` has no measure or no test, and says why. Dutch, as it is shown."""

    soort: str
    wat: str
    maatregel: str
    bestand: str
    toets: str
    open: str = ""

    @property
    def shown_measure(self) -> str:
        """The measure, or that there is none."""
        return f"**Open.** {self.open}" if self.open else self.maatregel


@dataclass(frozen=True)
class Flow:
    """Where data goes, and what could go wrong there."""

    name: str
    threats: tuple[Threat, ...]


def flows() -> list[Flow]:
    """The whole table."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Flow(row["stroom"], tuple(Threat(**one) for one in row["dreigingen"])) for row in rows]
