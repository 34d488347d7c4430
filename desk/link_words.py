"""What griffiers read about links that do not work."""

from participation.dates import dutch_date
from participation.links.outcomes import GONE
from participation.models import CheckedLink

_FAULTS = {
    "onbereikbaar": "De site is niet te bereiken.",
    "te_traag": "De site antwoordt te langzaam.",
    "niet_toegestaan": "Dit adres is niet openbaar op internet.",
    "half": "De site breekt de verbinding af.",
}
_NOT_THERE = "De pagina bestaat niet meer."
_AN_ERROR = "De site geeft een foutmelding ({status})."
_MISSING = (404, 410)


def broken(link: CheckedLink) -> str:
    """Return what is wrong with a link, and since when, in words."""
    if link.outcome == GONE:
        reason = _NOT_THERE if link.status in _MISSING else _AN_ERROR.format(status=link.status)
    else:
        reason = _FAULTS.get(link.outcome, "")
    since = f"Deze link werkt niet sinds {dutch_date(link.failing_since)}." if link.failing_since else ""
    return " ".join(part for part in (since, reason) if part)
