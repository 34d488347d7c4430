"""What looks like the name of a private person and is not: holders of an office, places, expressions."""

import re
from collections.abc import Iterable

from participation.privacy import masking_cues as cues
from participation.privacy.masking_spans import Span
from participation.privacy.masking_words import Tables, Word

_OFFICE = "|".join(re.escape(office) for office in sorted(cues.OFFICES, key=len, reverse=True))
_TITLE = r"(?:(?:de )?heer|mevrouw|mevr\.?|mw\.?|dhr\.?|meneer|dr\.?|drs\.?|mr\.?|ing\.?|ir\.?|prof\.?)"
_OFFICE_BEFORE = re.compile(
    rf"(?<![\w])(?:{_OFFICE})(?: (?:van|voor|namens) (?:de |het )?[\w\-]+(?: en [\w\-]+)?)?(?: ?\([^)\n]{{1,24}}\))?"
    rf"(?: [A-Z][\w+]{{1,14}}(?=\W))?[ :(]{{1,3}}(?:{_TITLE} ){{0,2}}"
    rf"(?:[A-Z]\. ?){{0,4}}(?:(?:van|de|der|den|ten|ter) )*$",
    re.IGNORECASE,
)
_OFFICE_AFTER = re.compile(
    rf" ?[,(]? ?(?:(?:is|was|wordt|als|werd) )?(?:(?:de|een|onze|uw|huidige|nieuwe|onze|toenmalige|toen|nu) ){{0,3}}"
    rf"(?:{_OFFICE})(?!\w)(?! (?!van|voor|in|die|en|is|wil|heeft|moet|de|of|op|namens)\w)",
    re.IGNORECASE,
)
_BEFORE = 90
_EXPRESSION = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, cues.EXPRESSIONS))})(?!\w)", re.IGNORECASE)
_STREET_LIKE = tuple(cues.STREET_LIKE)


class Staying:
    """Decides for one text which names stay readable."""

    def __init__(self, text: str, words: list[Word], tables: Tables) -> None:
        self._text = text
        self._words = words
        self._tables = tables
        self._expressions = [match.span() for match in _EXPRESSION.finditer(text)]

    def without(self, spans: Iterable[Span]) -> list[Span]:
        """Return the names that do not stay, in order.

        A surname that an office made public stays where it is repeated without the office.
        """
        kept: list[Span] = []
        masked: list[Span] = []
        for span in sorted(spans):
            chained = bool(kept) and self._text[kept[-1].end : span.start].lower() in {" en ", ", ", " & ", " of "}
            chained = chained and self._has_plural_office(kept[-1])
            if chained or self._holds_office(span):
                kept.append(span)
            elif not self._is_place(span) and not self._is_expression(span):
                masked.append(span)
        public = {self._words_of(span)[-1].low for span in kept if self._words_of(span)}
        return [span for span in masked if not self._repeats(span, public)]

    def _words_of(self, span: Span) -> list[Word]:
        return [word for word in self._words if span.start <= word.start and word.end <= span.end]

    def _holds_office(self, span: Span) -> bool:
        before = self._text[max(0, span.start - _BEFORE) : span.start]
        return bool(_OFFICE_BEFORE.search(before) or _OFFICE_AFTER.match(self._text, span.end))

    def _has_plural_office(self, span: Span) -> bool:
        before = self._text[max(0, span.start - _BEFORE) : span.start].lower()
        return bool(re.search(r"\b(?:wethouders|raadsleden|kamerleden|ministers|burgemeesters|statenleden)\b", before))

    def _repeats(self, span: Span, public: set[str]) -> bool:
        words = [word for word in self._words_of(span) if word.low not in cues.INTERFIXES]
        return len(words) == 1 and words[0].low in public

    def _is_expression(self, span: Span) -> bool:
        return any(start <= span.start and span.end <= end for start, end in self._expressions)

    def _is_place(self, span: Span) -> bool:
        words = self._words_of(span)
        if not words:
            return False
        first, last = self._words.index(words[0]), self._words.index(words[-1])
        if (
            words[-1].low.endswith(_STREET_LIKE)
            and words[-1].low not in self._tables.surnames
            and len(words[-1].low) > 6
        ):
            return True
        if len(words) == 1 and words[0].low in self._tables.places and words[0].low not in self._tables.first_names:
            return True
        return self._next_to_place_word(first, last) or self._inside_known_place(first, last)

    def _next_to_place_word(self, first: int, last: int) -> bool:
        if last + 1 < len(self._words):
            following = self._words[last + 1]
            between = self._text[self._words[last].end : following.start]
            if between in {" ", "-"} and following.low in _STREET_LIKE:
                return True
        if first > 0:
            previous = self._words[first - 1]
            between = self._text[previous.end : self._words[first].start]
            if (
                between in ({" ", "-", ". "} if len(previous.text) <= 3 else {" ", "-"})
                and previous.low in cues.PLACE_OPENINGS
            ):
                return True
        return False

    def _inside_known_place(self, first: int, last: int) -> bool:
        """Whether the words around make a longer name that the registers of places and streets have."""
        for begin in range(max(0, first - 3), first + 1):
            for end in range(last, min(len(self._words), last + 4)):
                if end == begin or (begin, end) == (first, last):
                    continue
                name = self._text[self._words[begin].start : self._words[end].end].lower()
                if name in self._tables.places or name in self._tables.streets:
                    return True
        whole = self._text[self._words[first].start : self._words[last].end].lower()
        return first < last and whole in self._tables.places
