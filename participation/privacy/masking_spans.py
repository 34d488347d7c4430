"""What was found in a text, and how findings that overlap become one."""

from collections.abc import Iterable
from typing import NamedTuple

KINDS = (
    "email",
    "social",
    "iban",
    "bsn",
    "telefoon",
    "kenteken",
    "postcode",
    "geboortedatum",
    "adres",
    "persoon",
)
"""The kinds of personal data, surest first: where findings overlap, the first of these names the whole."""

MARKS = {
    "persoon": "[naam]",
    "telefoon": "[telefoonnummer]",
    "email": "[e-mailadres]",
    "bsn": "[burgerservicenummer]",
    "iban": "[rekeningnummer]",
    "kenteken": "[kenteken]",
    "adres": "[adres]",
    "postcode": "[postcode]",
    "social": "[account]",
    "geboortedatum": "[geboortedatum]",
}
"""What the desk reads in the place of each kind."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    """A piece of personal data: characters `start` up to, not including, `end` of the original text."""

    start: int
    end: int
    kind: str


def resolve(found: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans that do not overlap, in the order of the text.

    Findings that overlap become one span over all their characters, so that no letter of the lesser one stays.
    """
    resolved: list[Span] = []
    for span in sorted(found):
        if span.start >= span.end:
            continue
        if resolved and span.start < resolved[-1].end:
            last = resolved.pop()
            kind = min(last.kind, span.kind, key=_RANK.__getitem__)
            span = Span(last.start, max(last.end, span.end), kind)
        resolved.append(span)
    return tuple(resolved)
