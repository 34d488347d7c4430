"""Names of persons as people write them in a chat: without capitals, after `mijn buurman`, under a message."""

import re
from collections.abc import Callable, Iterator, Sequence

from participation.privacy import masking_cues as cues
from participation.privacy.masking_spans import Span
from participation.privacy.masking_words import Tables, Word

Accepts = Callable[[int], bool]
"""Whether the word at an index begins a name."""

_JOINS = frozenset({" ", "  ", "-", ". ", ".", " - "})
_MOST_WORDS = 6
_SHORTEST = 3


def _phrase(phrases: Sequence[str]) -> re.Pattern[str]:
    """Match any of these phrases as whole words, the longest first."""
    options = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{options})(?!\w)", re.IGNORECASE)


_INTRODUCTION = _phrase(cues.INTRODUCTIONS)
_SIGN_OFF = _phrase(cues.SIGN_OFFS)
_I_AM = re.compile(r"(?<!\w)(?:ik ben|^ben|^(?:hoi |hallo |dag )?met|dit is|^hier)(?!\w)", re.IGNORECASE)
_NAMES_BEFORE = re.compile(
    r"(?: is (?:mijn|m'n|mn|zijn|haar) (?:naam|achternaam|voornaam)| heet (?:ik|ze|zij|hij|die)\b)"
)
_CLOSING = re.compile(r"[.?!\n][ \n]*([^\W\d_][^.?!\n]{1,40})[.!\s]*\Z")
_BETWEEN = re.compile(r"[\s,.:;!\-–—~*]{0,6}")
_SHORT_GAP = re.compile(r" ?[,:]? ?")
_RELATION_GAP = re.compile(r" ?[,:(]? ?(?:die heet |genaamd |heet |mevr\.? |mevrouw |meneer |dhr\.? )?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.? ?){1,4}$")


class NameFinder:
    """Finds names in one text."""

    def __init__(self, text: str, words: list[Word], tables: Tables) -> None:
        self._text = text
        self._words = words
        self._tables = tables
        self._at = {word.start: index for index, word in enumerate(words)}

    def found(self) -> Iterator[Span]:
        """Find all names that this module knows the signs of."""
        yield from self._by_first_name()
        yield from self._after(_INTRODUCTION, self._is_new_name, _BETWEEN)
        yield from self._after(_I_AM, self._is_name_of_relation, _SHORT_GAP)
        yield from self._before(_NAMES_BEFORE)
        yield from self._after_people()
        yield from self._under_message()
        yield from self._closing_line()

    def _by_first_name(self) -> Iterator[Span]:
        """First names that are no ordinary words speak for themselves, also in small letters."""
        for index, word in enumerate(self._words):
            if not self._is_first_name(word) or self._is_abbreviation(index):
                continue
            span = self._span(index)
            if span.end > word.end or word.low not in self._tables.places - cues.NAMES_BEFORE_PLACES:
                yield span

    def _after(self, cue: re.Pattern[str], accepts: Accepts, between: re.Pattern[str]) -> Iterator[Span]:
        for match in cue.finditer(self._text):
            gap = between.match(self._text, match.end())
            index = self._at.get(gap.end() if gap else match.end())
            if index is not None and accepts(index):
                yield self._span(index)

    def _before(self, cue: re.Pattern[str]) -> Iterator[Span]:
        """`Zbigniew is mijn naam`, `Wil heet ze`."""
        for match in cue.finditer(self._text):
            word = next((word for word in reversed(self._words) if word.end == match.start()), None)
            if word is not None and word.capital and self._is_known_name(self._at[word.start]):
                yield self._span(self._at[word.start])

    def _closing_line(self) -> Iterator[Span]:
        """A name that stands alone behind the last sentence, without a greeting."""
        match = _CLOSING.search(self._text)
        first = self._at.get(match.start(1)) if match else None
        if first is None:
            return
        words = self._words[first:]
        telling = [word for word in words if word.low not in cues.INTERFIXES]
        if words[0].low in cues.SIGN_OFFS:
            return  # the name behind it has been found already
        known = any(word.low in self._tables.first_names | self._tables.surnames for word in telling)
        if (
            telling
            and (known or len(telling) in {2, 3})
            and all(word.capital and word.low not in self._tables.places for word in telling)
            and not any(word.low in self._tables.ordinary or word.low in cues.PLACE_ENDINGS for word in telling)
            and not telling[-1].low.endswith(tuple(cues.STREET_LIKE))
        ):
            yield Span(words[0].start, words[-1].end, "persoon")

    def _after_people(self) -> Iterator[Span]:
        """`mijn buurman piet`, `de heer Jansen`, `familie de vries`."""
        for index, word in enumerate(self._words[:-1]):
            if word.low in cues.TITLES:
                accepts: Accepts = self._is_new_name
            elif word.low in cues.RELATIONS and self._is_noun(index):
                accepts = self._is_name_of_relation
            else:
                continue
            start = word.end + (word.low in cues.TITLES and self._text[word.end : word.end + 1] == ".")
            gap = _RELATION_GAP.match(self._text, start)
            following = self._at.get(gap.end() if gap else start)
            if following is not None and accepts(following):
                yield self._span(following)

    def _is_noun(self, index: int) -> bool:
        """`Bakker` with a capital inside a sentence is a surname and no shop."""
        word = self._words[index]
        return not word.capital or word.text.isupper() or self._starts_sentence(word)

    def _starts_sentence(self, word: Word) -> bool:
        before = self._text[: word.start].rstrip(" \"'(-*")
        return not before or before[-1] in ".!?:\n"

    def _is_name_of_relation(self, index: int) -> bool:
        """As a known name; but `mijn buurman van de overkant` says where, and `mijn vriend de bakker` what he does."""
        word = self._words[index]
        if word.low in cues.INTERFIXES:
            return word.capital and self._is_known_name(index)
        return self._is_known_name(index)

    def _under_message(self) -> Iterator[Span]:
        """The writer's own name, after a greeting at the end of the message or of a line."""
        for match in _SIGN_OFF.finditer(self._text):
            line_end = self._text.find("\n", self._after_gap(match.end()))
            end = len(self._text) if line_end < 0 else line_end
            first = self._next_word(match.end())
            if first is None:
                continue
            last = first
            while last + 1 < len(self._words) and self._words[last + 1].end <= end:
                last += 1
            if self._is_known_name(first) and self._words[first].low not in self._tables.ordinary:
                yield self._span(first)
            elif last - first < _MOST_WORDS and self._is_signature(first, last):
                yield Span(self._words[first].start, self._words[last].end, "persoon")

    def _is_signature(self, first: int, last: int) -> bool:
        """Words that are all names, initials or unknown, such as `j. de boer` or `zwaantje b`."""
        words = self._words[first : last + 1]
        if all(word.low in cues.INTERFIXES for word in words) or words[0].low in cues.LOCATION_WORDS:
            return False
        tail = len(words) > 1 and words[-1].low in self._tables.surnames and len(words[0].text) <= 2
        return all(
            self._could_be_name(word)
            or word.low in cues.INTERFIXES
            or len(word.text) == 1
            or (tail and word is words[-1])
            for word in words
        ) and not any(
            word.low in self._tables.places - self._tables.first_names - self._tables.surnames for word in words
        )

    def _after_gap(self, position: int) -> int:
        match = _BETWEEN.match(self._text, position)
        return match.end() if match else position

    def _next_word(self, position: int) -> int | None:
        return self._at.get(self._after_gap(position))

    def _is_first_name(self, word: Word) -> bool:
        if word.low in cues.INTERFIXES:
            return False
        if word.low in cues.AMBIGUOUS_NAMES and word.text.istitle() and not self._starts_sentence(word):
            return True
        if word.low not in self._tables.first_names or word.low in self._tables.ordinary:
            parts = word.low.split("-")
            return len(parts) > 1 and all(
                part in self._tables.first_names and part not in self._tables.ordinary for part in parts
            )
        if len(word.text) <= _SHORTEST:
            return word.low in cues.SHORT_NAMES or (word.capital and not word.text.isupper() and len(word.text) > 1)
        return word.capital or word.low not in self._tables.places

    def _is_abbreviation(self, index: int) -> bool:
        word = self._words[index]
        return word.low in {"jan", "max"} and self._text[word.end : word.end + 3].lstrip(". ")[:1].isdigit()

    def _is_known_name(self, index: int) -> bool:
        """A first name or surname, or a capital that no ordinary word explains."""
        word = self._words[index]
        if self._is_initial(index):
            return True
        if word.low in cues.INTERFIXES:
            return self._interfix_leads_to_name(index)
        known = word.low in self._tables.first_names or word.low in self._tables.surnames
        if word.low in self._tables.ordinary and not (word.capital and known):
            return False
        if word.low in cues.OFFICES or word.low in cues.RELATIONS or word.low in cues.TITLES:
            return word.capital and known and word.low in cues.SURNAME_NOUNS
        if word.low.endswith(cues.NOT_NAME_ENDINGS) and not known:
            return False
        if known:
            return len(word.text) >= 2
        return word.capital and word.low not in self._tables.places and not word.text.isupper()

    def _is_new_name(self, index: int) -> bool:
        """A known name, or any word that running text does not have."""
        return self._is_known_name(index) or self._could_be_name(self._words[index])

    def _could_be_name(self, word: Word) -> bool:
        known = word.low in self._tables.first_names or word.low in self._tables.surnames
        if word.low in cues.OFFICES | cues.RELATIONS | cues.TITLES or word.low.endswith(cues.NOT_NAME_ENDINGS):
            return False
        if word.low in self._tables.ordinary or word.low in self._tables.places:
            return word.capital and known
        return len(word.text) >= _SHORTEST and not word.low.endswith(tuple(cues.PLACE_ENDINGS))

    def _is_initial(self, index: int) -> bool:
        """`J. Jansen`, `A.B. de Wit`: a capital with a dot before a name."""
        word = self._words[index]
        if len(word.text) > 1 or not word.capital or index + 1 >= len(self._words):
            return False
        following = self._words[index + 1]
        gap = self._text[word.end : following.start]
        if gap in {".", ". "}:
            return following.capital or following.low in cues.INTERFIXES or following.low in self._tables.surnames
        return gap == " " and following.low in self._tables.surnames

    def _interfix_leads_to_name(self, index: int) -> bool:
        """`van den berg`, `El Idrissi`; not `uit Zwolle`."""
        following = index
        while following < len(self._words) and self._words[following].low in cues.INTERFIXES:
            following += 1
        if following >= len(self._words) or following - index > 3 or not self._joined(index, following):
            return False
        word = self._words[following]
        if self._words[index].low in cues.LOCATION_WORDS or word.low in self._tables.places - self._tables.surnames:
            return False
        if word.low in self._tables.ordinary and not word.capital:
            return word.low in cues.SURNAME_NOUNS
        return word.capital or word.low in self._tables.surnames

    def _joined(self, first: int, last: int) -> bool:
        return all(
            self._text[left.end : right.start] in _JOINS
            for left, right in zip(self._words[first:last], self._words[first + 1 : last + 1], strict=True)
        )

    def _span(self, first: int) -> Span:
        """Take the rest of the name: more first names, initials, small words and a surname."""
        last = first
        while self._words[last].low in cues.INTERFIXES and last + 1 < len(self._words):
            last += 1
        while last - first < _MOST_WORDS and last + 1 < len(self._words):
            following = last + 1
            while (
                following < len(self._words) and self._words[following].low in cues.INTERFIXES and following - last < 4
            ):
                following += 1
            if following >= len(self._words) or not self._joined(last, following):
                break
            if not self._continues(last, following):
                break
            last = following
        start = self._words[first].start
        if initials := _INITIALS.search(self._text[max(0, start - 12) : start]):
            before = start - len(initials[0])
            if before == 0 or not self._text[before - 1].isalnum():
                start = before
        end = self._words[last].end
        return Span(start, end, "persoon")

    def _continues(self, last: int, following: int) -> bool:
        """Whether the next word belongs to the name that has begun."""
        previous, word = self._words[last], self._words[following]
        gap = self._text[previous.end : self._words[last + 1].start]
        if "." in gap and len(previous.text) > 2:
            return False  # a full stop: the sentence ends here
        if word.low in cues.OFFICES or word.low in cues.TITLES:
            return False
        lead = self._words[last + 1] if following - last > 1 else None
        if (
            lead is not None
            and lead.low in cues.LOCATION_WORDS
            and not lead.capital
            and "'t" not in self._text[lead.end :][:3]
        ):
            return False
        if word.capital and not (word.text.isupper() and len(word.text) > 1 and not previous.text.isupper()):
            return self._continues_with_capital(word, lead)
        return self._continues_in_small_letters(previous, word, lead)

    def _continues_with_capital(self, word: Word, lead: Word | None) -> bool:
        known = word.low in self._tables.surnames or word.low in self._tables.first_names
        if len(word.text) == 1:
            return self._text[word.end : word.end + 1] in {"", ".", ",", " ", "\n"}
        if lead is not None:
            return lead.low not in {"in", "het"} or known
        return known or (word.low not in self._tables.ordinary and word.low not in self._tables.places)

    def _continues_in_small_letters(self, previous: Word, word: Word, lead: Word | None) -> bool:
        known = word.low in self._tables.surnames or (word.low in self._tables.first_names and lead is None)
        if len(word.text) < _SHORTEST or (lead is None and word.low in self._tables.places):
            return False
        if previous.low not in self._tables.first_names and previous.low in self._tables.ordinary:
            return False
        if word.low in self._tables.ordinary:
            return word.low in cues.SURNAME_NOUNS and not previous.low.endswith("s'")
        return known or word.low.endswith(cues.SURNAME_ENDINGS)
