"""Which municipality a point on the map is likely to be in, by the known places around it.

There are no borders here, only points: close to one, those who ask have to let somebody choose.
"""

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FARTHEST_KM = 12.0
"""From the nearest known place: beyond that it is the sea, or another country."""
MARGIN_KM = 2.0
"""How much farther than the nearest place one of another municipality may be, for that to be offered as well."""
MOST = 3

_TABLE = Path(__file__).parent / "reference" / "plekken.csv"
_KM_A_DEGREE = 111.2
"""Of latitude; of longitude it is the cosine of the latitude as much."""


@dataclass(frozen=True)
class Nearby:
    """A place, with the municipality that it lies in.

    Args:
        km: how far it is, as the crow flies.
    """

    name: str
    municipality_code: str
    km: float


def nearby(latitude: float, longitude: float) -> list[Nearby]:
    """Return the nearest place, and after it those of other municipalities that are about as near; none when far off.

    Args:
        latitude: in degrees (WGS 84), like `longitude`.
    """
    shrink = math.cos(math.radians(latitude))
    around = sorted(
        (math.hypot(north - latitude, (east - longitude) * shrink) * _KM_A_DEGREE, name, code)
        for north, east, name, code in _places()
    )
    nearest = around[0][0]
    if not nearest <= FARTHEST_KM:
        return []
    found: dict[str, Nearby] = {}
    for km, name, code in around:
        if km > nearest + MARGIN_KM or len(found) == MOST:
            break
        found.setdefault(code, Nearby(name, code, km))
    return list(found.values())


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[float, float, str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (float(row["breedte"]), float(row["lengte"]), row["plaats"], row["gemeente"])
            for row in csv.DictReader(file, delimiter=";")
        )
