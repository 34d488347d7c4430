"""Which municipality does a message speak of? Names, villages, districts, nicknames, postcodes and misspellings.

Wrong is worse than unknown: a name that is also a common word or a surname counts only where the sentence points at a
place. A name that several municipalities bear gives all of them, so that the bot can ask back.
"""

import re
from dataclasses import dataclass, replace

from participation.language import place_cues as cues
from participation.language.place_context import Hit, Sentence, is_accepted
from participation.language.place_resolution import settle
from participation.language.place_spelling import nearest, nearest_phrase
from participation.language.place_tables import Candidate, tables
from participation.language.place_text import Word, key_of, words_of
from participation.language.postcodes import find_postcodes

_SCORES = {"postcode": 0.99, "gemeente": 0.95, "plaats": 0.9, "voormalig": 0.85, "bijnaam": 0.85, "spelling": 0.75}
_DEMONYM_SCORE = 0.6
_MOST_WORDS = 3_000
_MOST_ALONE, _MOST_WORDS_ALONE = 120, 12  # characters and words of a message that only says where somebody lives
_LETTERS = re.compile(r"[^\W_]+")
_AROUND = (
    "ik wij we woon wonen woont kom komen zit ben uit in te op bij van de het een mijn onze is wel dus ja nee niet "
    "meer nu gemeente dorp stad wijk buurt postcode woonplaats woonachtig adres graag hier daar dat was vroeger maar"
)
_AROUND_A_PLACE = frozenset(_AROUND.split())
_MOST_HITS = 40  # a message with more names than this is a list; keeps the work linear
_SPELLING_WORDS = 300  # a place is misspelt early or not at all


@dataclass(frozen=True)
class Match:
    """A municipality that the text names; `start` and `end` are positions in the text, `score` runs from 0 to 1."""

    gm_code: str
    bron: str
    score: float
    naam: str
    start: int
    end: int


def vind_gemeente(tekst: str, *, gevraagd: bool = False) -> list[Match]:
    """The municipalities that the text is about, likeliest first, each once; empty when it names none.

    `gevraagd`: the bot has just asked where the writer lives, so a bare word or four bare digits may be the answer.
    """
    words = words_of(tekst)[:_MOST_WORDS]
    sentence = Sentence(words, asked=gevraagd)
    postcodes = find_postcodes(tekst[:20_000], asked=gevraagd)
    hits = _accepted(sentence, _named(words))
    hits += _misspelt(sentence, hits)
    hits = settle(sentence, hits, {code.gm_code for code in postcodes})
    if any(not hit.demonym for hit in hits) or postcodes:
        hits = [hit for hit in hits if not hit.demonym]
    found = [Match(p.gm_code, "postcode", _SCORES["postcode"], p.digits, p.start, p.end) for p in postcodes]
    if postcodes and hits:
        found = [match for match in found if not _disagrees(match.gm_code, hits)] or found
    found += [match for hit in hits for match in _matches(hit, words)]
    best: dict[str, Match] = {}
    for match in found:
        if match.gm_code not in best or match.score > best[match.gm_code].score:
            best[match.gm_code] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.start))


def alleen_plaats(tekst: str) -> bool:
    """Whether a message says where somebody lives and nothing else: "3812 KN", "borculo", "ik woon in Almere Haven".

    One bare word that is also an everyday word ("best", "goes") is left to whoever knows what was asked.
    """
    words = words_of(tekst[:_MOST_ALONE])
    matches = vind_gemeente(tekst) if len(tekst) <= _MOST_ALONE and len(words) <= _MOST_WORDS_ALONE else []
    rest = list(tekst)
    for match in matches:
        rest[match.start : match.end] = " " * (match.end - match.start)
    left = {word.casefold() for word in _LETTERS.findall("".join(rest))}
    bare = len(words) == 1 and key_of(tekst.strip(" .,!?")) in tables().words
    return bool(matches) and left <= _AROUND_A_PLACE and not bare


def naam_met_provincie(gm_code: str) -> str:
    """The name for a button that asks back: "Bergen (Noord-Holland)".

    Raises:
        KeyError: no municipality has this code.
    """
    place = tables().municipalities[gm_code]
    name = place.naam.split(" (")[0]
    return f"{name} ({place.provincie})"


def _disagrees(gm_code: str, hits: list[Hit]) -> bool:
    """Border postcodes stand under one municipality only; the name beside them knows better when it is a neighbour."""
    codes = {candidate.gm_code for hit in hits for candidate in hit.candidates}
    return gm_code not in codes and len(codes) == 1 and bool(codes & tables().neighbours.get(gm_code, frozenset()))


def _matches(hit: Hit, words: list[Word]) -> list[Match]:
    result = []
    for rank, candidate in enumerate(hit.candidates):
        bron = "spelling" if hit.misspelt else candidate.bron
        score = _DEMONYM_SCORE if hit.demonym else _SCORES[bron]
        if len(hit.candidates) > 1:
            score = round(score * (0.7 if rank == 0 else 0.6 - 0.02 * min(rank, 5)), 3)
        start, end = words[hit.first].start, words[hit.last].end
        result.append(Match(candidate.gm_code, bron, score, candidate.naam, start, end))
    return result


def _named(words: list[Word]) -> list[Hit]:
    """Every name in the text, the longest at each position."""
    known = tables()
    hits: list[Hit] = []
    seen: dict[str, int] = {}
    position = 0
    while position < len(words):
        hit = _name_at(words, position, known.longest.get(words[position].fold, 0))
        joined = _joined_at(words, position)
        if joined and (hit is None or joined.last > hit.last):
            hit = joined
        if hit is None:
            candidate = known.demonyms.get(words[position].fold)
            if candidate:
                hit = Hit(position, position, words[position].fold, (candidate,), demonym=True)
        if hit is None:
            position += 1
        else:
            position = hit.last + 1
            if seen.get(hit.key, 0) < 2:
                seen[hit.key] = seen.get(hit.key, 0) + 1
                hits.append(hit)
                if len(hits) == _MOST_HITS:
                    break
    return hits


def _name_at(words: list[Word], position: int, longest: int) -> Hit | None:
    names = tables().names
    for size in range(min(longest, len(words) - position), 0, -1):
        key = " ".join(word.fold for word in words[position : position + size])
        together = size == 1 or " en " in key or all(w.glued for w in words[position + 1 : position + size])
        if key in names and together:
            return Hit(position, position + size - 1, key, names[key])
    return None


def _joined_at(words: list[Word], position: int) -> Hit | None:
    """`roelof arendsveen`, `bergen opzoom`, `sintoedenrode`: the same letters, other spaces."""
    known = tables()
    joined = ""
    for size in range(1, 5):
        if position + size > len(words) or (size > 1 and not words[position + size - 1].glued):
            return None
        piece = words[position + size - 1].fold
        joined += piece
        if len(joined) > 40 or (size == 1 and len(piece) < 2):
            return None
        key = known.joined.get(joined)
        if key and (size == 1 or words[position].fold not in cues.PREPOSITIONS | {"s", "t"}):
            return Hit(position, position + size - 1, key, known.names[key])
    return None


def _accepted(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    sure = [hit for hit in hits if is_accepted(sentence, hit, [])]
    if len(sure) == len(hits):
        return sure
    again = [hit for hit in hits if hit in sure or is_accepted(sentence, hit, [*sure, *_coordinated(hits)])]
    return [hit for hit in again if not sentence.is_excluded(hit)]


def _coordinated(hits: list[Hit]) -> list[Hit]:
    return [replace(hit, unsure=True) for hit in hits]


def _misspelt(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """Words that are almost a place name; not sought where every word is known."""
    words, known = sentence.words, tables()
    taken = {place for hit in hits for place in range(hit.first, hit.last + 1)}
    result: list[Hit] = []
    for place, word in enumerate(words[:_SPELLING_WORDS]):
        if len(result) == _MOST_HITS:
            break
        if place in taken or len(word.fold) < 4 or word.fold in cues.FILLERS:
            continue
        phrase = nearest_phrase([w.fold for w in words[place : place + 7]])
        if phrase is None and word.fold in known.names:
            continue
        if phrase:
            key, size = phrase
            hit = Hit(place, place + size - 1, key, known.names[key], misspelt=True)
            taken |= set(range(place, place + size))
        else:
            near = nearest(word.fold, sentence.points_at_place(place))
            if near is None:
                continue
            hit = Hit(place, place, near, known.names[near], misspelt=True)
        if not sentence.is_excluded(hit):
            result.append(hit)
    # `bergen opsoom`: a phrase found now replaces the shorter name that was part of it
    for hit in list(hits):
        phrase = nearest_phrase([w.fold for w in words[hit.first : hit.first + 7]]) if hit.first == hit.last else None
        if phrase and phrase[1] > 1:
            hits.remove(hit)
            last = hit.first + phrase[1] - 1
            result.append(Hit(hit.first, last, phrase[0], known.names[phrase[0]], misspelt=True))
            hits[:] = [other for other in hits if not hit.first <= other.first <= last]
    return result


__all__ = ["Candidate", "Match", "naam_met_provincie", "vind_gemeente"]
