"""Which period the address of what lives asks for. Everything that is chosen stands in the address."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from participation.insight.period import KINDS, OWN, Period, PeriodUnknown

KIND, DAY, FIRST, LAST = "periode", "dag", "van", "tot"
NAMES = {"week": "Week", "maand": "Maand", "kwartaal": "Kwartaal", "jaar": "Jaar"}


def read(query: Mapping[str, str], *, usual: Period, today: date) -> Period:
    """Read the period of an address; without one it is the usual one.

    Raises:
        PeriodUnknown: it names none.
    """
    kind = query.get(KIND, "")
    if not kind:
        return usual
    try:
        if kind == OWN:
            return Period.own(date.fromisoformat(query.get(FIRST, "")), date.fromisoformat(query.get(LAST, "")))
        day = query.get(DAY)
        return Period.around(kind, date.fromisoformat(day) if day else today)
    except (ValueError, OverflowError):
        raise PeriodUnknown from None


def write(period: Period) -> str:
    """Write the part of the address after the question mark."""
    if period.kind == OWN:
        pairs = {KIND: OWN, FIRST: period.first.isoformat(), LAST: period.last.isoformat()}
    else:
        pairs = {KIND: period.kind, DAY: period.first.isoformat()}
    return urlencode(pairs)


def kinds(period: Period, *, today: date) -> dict[str, str]:
    """Return the address of each kind of period, around the end of this one."""
    around = min(period.last, today)
    return {NAMES[kind]: write(Period.around(kind, around)) for kind in KINDS}
