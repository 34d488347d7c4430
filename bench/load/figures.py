"""From what became of the turns to the figures of one run."""

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.load.visiting import APOLOGY, BUSY, ERROR, GOOD, Outcome


def figures(outcomes: Sequence[Outcome], *, seconds: float) -> dict[str, Any]:
    """Count the turns that were meant to be sent within the measurement; times in milliseconds from that moment.

    Turns a second are good answers over the time until the last of them: what is answered late makes that longer.
    """
    measured = [one for one in outcomes if 0 <= one.at < seconds]
    how = Counter(one.how for one in measured)
    good = [one for one in measured if one.how == GOOD]
    until = max([seconds, *(one.at + one.took for one in measured)])
    return {
        "turns": len(measured),
        "turns_per_second": round(len(good) / until, 2),
        **_times("", [one.took for one in measured if one.how != ERROR]),
        "errors": how[ERROR],
        "apologies": how[APOLOGY],
        "busy": how[BUSY],
        "mixed_up": sum(one.mixed_up for one in outcomes),
        **_times("sent_late_", [one.late for one in measured], which=(99,)),
    }


def _times(name: str, seconds: Sequence[float], which: Sequence[int] = (50, 95, 99)) -> dict[str, float | None]:
    """Percentiles and the longest; none of fewer than two."""
    if len(seconds) < 2:
        return {f"{name}p{one}_ms": None for one in which} | {f"{name}max_ms": None}
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    told = {f"{name}p{one}_ms": round(cuts[one - 1] * 1000, 1) for one in which}
    return told | {f"{name}max_ms": round(max(seconds) * 1000, 1)}
