"""Cutting what was found as a name down to the name: not its title, not the next sentence, not an ordinary word."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from participation.privacy import masking_cues as cues
from participation.privacy.masking_spans import Span
from participation.privacy.masking_words import Tables, Word

_BEFORE_A_NAME = cues.TITLES | cues.RELATIONS | cues.OFFICES | {"de", "mijn", "het", "een"}

_BEGINS_A_PLACE = (
    cues.PLACE_OPENINGS | frozenset(cues.PLACE_ENDINGS) | {"gemeente", "gemeenteraad", "land", "provincie"}
)


def trimmed(found: Iterable[Span], text: str, words: list[Word], tables: Tables) -> Iterator[Span]:
    """Return the names in these findings; a finding over two sentences gives two, an ordinary word none."""
    starts = [word.start for word in words]
    for span in found:
        inside = words[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        for sentence in _sentences(inside, text):
            name = _name_in(sentence, tables)
            if name and not (
                len(name) == 1 and _opens_sentence(name[0], text) and name[0].low not in tables.first_names
            ):
                yield Span(name[0].start, max(name[-1].end, span.end if name[-1] is inside[-1] else 0), "persoon")


def _sentences(words: list[Word], text: str) -> Iterator[list[Word]]:
    piece: list[Word] = []
    for word in words:
        if piece:
            between = text[piece[-1].end : word.start]
            if "\n" in between or ("." in between and len(piece[-1].text) > 2):
                yield piece
                piece = []
        piece.append(word)
    if piece:
        yield piece


def _opens_sentence(word: Word, text: str) -> bool:
    """Whether the capital is there because a sentence begins, so that it says nothing."""
    before = text[: word.start].rstrip(" \"'(*")
    return not before or before[-1] in ".!?:\n"


def _name_in(words: list[Word], tables: Tables) -> list[Word]:
    while words and words[0].low in _BEFORE_A_NAME and (len(words) > 1 or words[0].low not in tables.surnames):
        if words[0].low == "de" and words[0].capital and len(words) == 2:
            break  # De Boer
        words = words[1:]
    while words and words[0].low in cues.LOCATION_WORDS:
        words = words[1:]
    for place, word in enumerate(words[1:], 1):
        if word.low in cues.LOCATION_WORDS and not word.capital:
            words = words[:place]
            break
    telling = [word for word in words if word.low not in cues.INTERFIXES]
    if not telling:
        return []
    if len(telling) == 1 and words[0].low in cues.INTERFIXES:
        return words if _is_surname_alone(telling[0], tables) else []
    if telling[0].low in _BEGINS_A_PLACE and telling[0].low not in tables.first_names:
        return []
    if words[0].low in cues.INTERFIXES and telling[0].low in tables.places:
        return []
    if len(telling) > 1 and telling[-1].low in cues.PLACE_ENDINGS and telling[0].low not in tables.first_names:
        return []
    if len(words) == 1 and words[0].low in tables.places - cues.NAMES_BEFORE_PLACES:
        return []
    if all(_says_nothing(word, tables) for word in telling):
        return []
    return words


def _says_nothing(word: Word, tables: Tables) -> bool:
    return (
        word.low in tables.ordinary
        or word.low in cues.OFFICES
        or (word.low.endswith(cues.NOT_NAME_ENDINGS) and word.low not in tables.surnames)
    )


def _is_surname_alone(word: Word, tables: Tables) -> bool:
    """Whether `van` and this word are a surname with nothing before it; `van Wageningen` tells where."""
    return (
        word.capital
        and word.low in tables.surnames
        and word.low not in tables.places | tables.ordinary
        and not word.low.endswith(tuple(cues.PLACE_ENDINGS))
    )
