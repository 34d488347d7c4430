"""Addresses: a street with a house number. A street alone is a place, and stays."""

import re
from collections.abc import Iterator

from participation.privacy.masking_cues import ADDITION, COUNTED, INTERFIXES, LOCATION_WORDS, OFFICES, TITLES, listed
from participation.privacy.masking_spans import Span
from participation.privacy.masking_words import Tables, Word

_NUMBER = re.compile(
    r"(?P<gap>,? {0,2}(?:(?:huis)?nummer:? |huisnr\.? ?|nr\.? ?|no\.? |op nummer |op nr\.? )?)(?P<number>\d{1,5})"
    rf"(?P<addition>{ADDITION})(?![\w:%€]|[.,]\d)",
    re.IGNORECASE,
)
_AFTER = re.compile(r" ?([^\W\d_]+(?:['’/][^\W\d_]+)?|%|€)")
_OPENING = re.compile(r"(?<!\w)(?:'?t|\d{1,2}(?:e|de|ste)) $", re.IGNORECASE)
_LIVES_IN = re.compile(
    r"\b(?:woon|woont|wonen|woonde|gewoond|woonadres:?|adres:?|adres is)"
    r"(?: (?:op|aan|in|nu|nog))?(?: (?:de|het|'t))? $",
    re.IGNORECASE,
)
_LIVES_AT = re.compile(
    r"\b(?:huisnummer|huisnr\.?|(?:van|naast|bij|tegenover|deur van) (?:nummer|nr\.?)|"
    r"(?:woon|woont|wonen|woonde|huis|buren|buurman|buurvrouw|familie|straat)\b[^.\n]{0,24} "
    r"(?:op|van) (?:nummer|nr\.?)) ?(\d{1,5}(?: ?[a-h])?)\b",
    re.IGNORECASE,
)
_STREET_ENDINGS = listed(
    "straat straatje straatweg str laan laantje weg wegje plein pleintje singel gracht kade dijk dreef steeg "
    "plantsoen hof hofje pad brug burcht markt boulevard baan ring wal poort erf zoom haven brink polder ln wg pln "
    "kamp akker oord horst dam veld meent burg rade wold zijde "
    "berg"
)
NOT_A_STREET = frozenset(
    listed(
        "op onderweg beweg vanweg snelweg fietspad voetpad zandpad wandelpad rijbaan busbaan atletiekbaan "
        "ringweg speelveld sportveld voetbalveld zwembad weg pad brug park veld markt haven dam plein straat "
        "laan vandaag verkeersplein speelplein wandelpark kruispunt bushalte herberg trambaan hof baan ring "
        "rondweg autoweg spoorweg"
    )
)
_BEFORE_STREETS = frozenset(listed("op aan in bij de het naar van"))
_MOST_WORDS = 6
"""The longest street names of the register that occur in practice have six words."""


def found(text: str, words: list[Word], tables: Tables) -> Iterator[Span]:
    """Find streets with a number behind them, and a bare house number that is called so."""
    for last, word in enumerate(words):
        number = _NUMBER.match(text, word.end)
        if number is None or _counts(text, number):
            continue
        first = _first_of_street(text, words, last, tables)
        if first is not None:
            start = words[first].start
            if opening := _OPENING.search(text, max(0, start - 5), start):
                start = opening.start()
            yield Span(start, number.end(), "adres")
    for match in _LIVES_AT.finditer(text):
        yield Span(*match.span(1), "adres")


def _counts(text: str, number: re.Match[str]) -> bool:
    """Whether the number says how many, as in `in de Dorpsstraat 30 km`."""
    after = _AFTER.match(text, number.end())
    return after is not None and after[1].lower() in COUNTED and not number["addition"]


def _first_of_street(text: str, words: list[Word], last: int, tables: Tables) -> int | None:
    """Return the index of the first word of the street that ends at `last`; none when it is no street."""
    word = words[last]
    in_register = _longest_in_register(text, words, last, tables)
    looks_like = word.low.endswith(_STREET_ENDINGS) and word.low not in NOT_A_STREET and len(word.low) >= 5
    if looks_like:
        return _over_capitals(text, words, last, tables) if in_register is None else in_register
    if word.capital and _LIVES_IN.search(text, max(0, word.start - 30), word.start):
        return last
    if in_register is None:
        return None
    if in_register < last or (word.capital and word.low not in tables.places and not _is_plain(words, last, tables)):
        return in_register
    return None


def _is_plain(words: list[Word], last: int, tables: Tables) -> bool:
    """Whether a register name of one word is more likely something else: a name, or an ordinary word in front."""
    low = words[last].low
    if low in tables.first_names and low not in tables.ordinary:
        return True
    led = last > 0 and words[last - 1].low in {"de", "het", "aan", "op", "in", "adres", "woon", "nabij", "wonen", "van"}
    return low in tables.ordinary and not led


def _longest_in_register(text: str, words: list[Word], last: int, tables: Tables) -> int | None:
    found_at = None
    for first in range(last, max(-1, last - _MOST_WORDS), -1):
        if first < last and not _adjacent(text, words[first], words[first + 1]):
            break
        name = text[words[first].start : words[last].end].lower()
        known = name in tables.streets and (first == last or not _all_small_words(words, first, last))
        if known and (found_at is None or words[first].low not in _BEFORE_STREETS):
            found_at = first
    return found_at


def _all_small_words(words: list[Word], first: int, last: int) -> bool:
    return all(word.low in INTERFIXES or word.low in {"en", "of", "langs"} for word in words[first : last + 1])


def _over_capitals(text: str, words: list[Word], last: int, tables: Tables) -> int:
    """Walk left over the name in a street that the register does not have, like `Burgemeester van der Laanstraat`."""
    first = candidate = last
    while candidate > 0 and last - candidate < _MOST_WORDS and _adjacent(text, words[candidate - 1], words[candidate]):
        candidate -= 1
        word = words[candidate]
        if word.low in INTERFIXES - LOCATION_WORDS:
            continue
        crossed = first - candidate > 1
        named = word.low in tables.first_names or word.low in OFFICES or word.low in TITLES or len(word.text) == 1
        if not word.capital or (crossed and not named) or (not crossed and not named and word.low in tables.ordinary):
            break
        first = candidate
    return first


def _adjacent(text: str, left: Word, right: Word) -> bool:
    between = text[left.end : right.start]
    return between in {" ", "  ", "-", "/", " '"} or (between in {". ", "."} and len(left.text) <= 3)
