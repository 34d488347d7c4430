"""How long residents wait for a first answer, with those who are still waiting counted as such.

A median of answered contributions alone flatters: what has no answer yet is left out of it. The estimate of Kaplan and
Meier (1958) counts what is still waiting up to now, and what was withdrawn up to then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HOURS_A_DAY = 24
WITHIN_DAYS = (1, 7, 14, 28)
"""Days within which a share was answered; the page tells these."""


@dataclass(frozen=True)
class Wait:
    """`count` contributions that waited this many whole hours for an answer, or wait that long and have none."""

    hours: int
    answered: bool
    count: int


@dataclass(frozen=True)
class AnswerTime:
    """Times are in days. `median` and `slow` (nine out of ten) are None as long as that many have no answer.

    `within` gives the estimated share that is answered within so many days, or None where nobody has waited that long;
    `curve` the same for every moment at which it changes.
    """

    total: int
    answered: int
    median: float | None
    slow: float | None
    within: dict[int, float | None]
    curve: tuple[tuple[float, float], ...]


def answer_time(waits: Sequence[Wait]) -> AnswerTime | None:
    """Estimate how long an answer takes; None when nothing came in."""
    total = sum(wait.count for wait in waits)
    if not total:
        return None
    answered = sum(wait.count for wait in waits if wait.answered)
    if not answered:
        longest = max(wait.hours for wait in waits) / HOURS_A_DAY
        return AnswerTime(total, 0, None, None, {days: 0.0 if days <= longest else None for days in WITHIN_DAYS}, ())
    import numpy as np
    from scipy.stats import CensoredData, ecdf

    def hours(answered: bool) -> "np.ndarray":
        some = [wait for wait in waits if wait.answered is answered]
        return np.repeat([wait.hours for wait in some], [wait.count for wait in some]).astype(float)

    waiting = ecdf(CensoredData(uncensored=hours(True), right=hours(False))).sf
    curve: list[tuple[float, float]] = []
    for hour, share in zip(waiting.quantiles.tolist(), waiting.probabilities.tolist(), strict=True):
        if not curve or 1 - share > curve[-1][1]:
            curve.append((hour / HOURS_A_DAY, 1 - share))
    longest = max(wait.hours for wait in waits) / HOURS_A_DAY
    everything = curve[-1][1] > 1 - 1e-9
    known = [days for days in WITHIN_DAYS if days <= longest or everything]
    within: dict[int, float | None] = dict.fromkeys(WITHIN_DAYS)
    within |= {days: max((share for day, share in curve if day <= days), default=0.0) for days in known}
    return AnswerTime(total, answered, _reached(curve, 0.5), _reached(curve, 0.9), within, tuple(curve))


def _reached(curve: Sequence[tuple[float, float]], share: float) -> float | None:
    """Return when this share had an answer."""
    return next((day for day, answered in curve if answered >= share - 1e-9), None)
