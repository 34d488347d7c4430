"""What people decided about the masking of a text goes before what the rules found in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from participation.privacy.masking_spans import MARKS, Span, resolve
from participation.privacy.word_patterns import key_of, pattern_of

TEACHABLE = {"plaats": frozenset({"persoon", "adres"}), "ambt": frozenset({"persoon"})}
"""By what words are in public: as which kinds of personal data the rules may mistake them. A number, an e-mail address
or an account is never among these: what a clerk shows once must not show those of others."""

_MISTAKEN = frozenset[str]().union(*TEACHABLE.values())
_MARK = re.compile("|".join(map(re.escape, MARKS.values())))


@dataclass(frozen=True)
class Decisions:
    """What clerks decided.

    `corrections` are words of this text, oldest first, with the kind as which they are hidden; where that is empty, all
    may read them. `taught` are the keys of words that stay readable in each text of the municipality.
    """

    corrections: tuple[tuple[str, str | None], ...] = ()
    taught: frozenset[str] = frozenset()

    @property
    def hiding(self) -> tuple[tuple[str, str | None], ...]:
        """The corrections that hide something."""
        return tuple((words, kind) for words, kind in self.corrections if kind)


NOTHING = Decisions()


def decided(text: str, spans: Iterable[Span], decisions: Decisions) -> tuple[Span, ...]:
    """Return what is to be masked. Of corrections the later goes before the earlier, in the places that it is about.

    Where all may read "Marie Dijkstra", a "Dijkstra" that was hidden before stays hidden in all other places. What was
    taught has to be all that the rules found there: "Marie Dijkstra" stays masked where only "Dijkstra" may be read.
    """
    kept = [span for span in spans if not _is_taught(text, span, decisions)]
    for words, kind in decisions.corrections:
        places = places_of(text, words)
        if kind:
            kept += [Span(*place, kind) for place in places]
        else:
            kept = [span for span in kept if not _inside(span, places)]
    return resolve(kept)


def places_of(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand in a text; a mark of a text that was masked before has none."""
    pattern = pattern_of(words)
    marks = [one.span() for one in _MARK.finditer(text)]
    places = [one.span() for one in pattern.finditer(text)] if pattern else []
    return [(start, end) for start, end in places if not any(start < after and at < end for at, after in marks)]


def _is_taught(text: str, span: Span, decisions: Decisions) -> bool:
    return span.kind in _MISTAKEN and key_of(text[span.start : span.end]) in decisions.taught


def _inside(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in places)
