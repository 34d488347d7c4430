"""Does a name in this sentence mean the place, or is it a word, a surname, a street or somewhere abroad?"""

from dataclasses import dataclass

from participation.language import place_cues as cues
from participation.language.place_tables import Candidate, tables
from participation.language.place_text import Word


@dataclass(frozen=True)
class Hit:
    """A name at words `first` to `last`, with the municipalities that bear it."""

    first: int
    last: int
    key: str
    candidates: tuple[Candidate, ...]
    demonym: bool = False
    misspelt: bool = False
    unsure: bool = False


class Sentence:
    """The message as its words, with questions about the surroundings of one of them."""

    def __init__(self, words: list[Word], *, asked: bool) -> None:
        self.words = words
        self.asked = asked
        inside = [word for word in words if not word.first and word.raw[0].isalpha()]
        capitals = sum(word.raw[0].isupper() for word in inside)
        self.cased = capitals * 2 <= len(inside)

    def fold(self, place: int) -> str:
        return self.words[place].fold if 0 <= place < len(self.words) else ""

    def before(self, place: int, count: int) -> list[str]:
        """The words before a place, nearest first, up to the start of the sentence."""
        result: list[str] = []
        for other in range(place - 1, max(-1, place - 1 - count), -1):
            if self.words[other + 1].first:
                break
            result.append(self.words[other].fold)
        return result

    def capital(self, hit: Hit) -> bool:
        """A capital that says something: inside a sentence that does not capitalise everything."""
        word = self.words[hit.last] if hit.last > hit.first else self.words[hit.first]
        return self.cased and not word.first and word.raw[0].isupper()

    def preposition(self, place: int) -> bool:
        return self.fold(place - 1) in cues.PREPOSITIONS and not self.words[place].first

    def strong(self, place: int) -> bool:
        """`ik woon in X`, `gemeente X`, `inwoners van X`, `hier in X`."""
        near = self.before(place, 6)
        if not near:
            return False
        if near[0] in cues.KINDS:
            return True
        if near[0] == "van" and len(near) > 1 and near[1] in cues.BODIES:
            return True
        if near[0] not in cues.INSIDE or len(near) < 2:
            return False
        return near[1] in cues.WE or bool(cues.RESIDENCE.intersection(near[1:]))

    def points_at_place(self, place: int) -> bool:
        if self.asked and len(self.words) <= 6:
            return True
        return (
            self.strong(place)
            or len(self.words) == 1
            or self.fold(place + 1) == "gemeente"
            or (self.preposition(place) and self.words[place].raw[0].isupper())
        )

    def bare(self, hit: Hit, others: list[Hit]) -> bool:
        """Nothing else in the message but (when asked) filler words and other names."""
        if len(self.words) > 12:
            return False
        covered = {place for other in [*others, hit] for place in range(other.first, other.last + 1)}
        rest = [word.fold for place, word in enumerate(self.words) if place not in covered]
        if self.asked:
            return all(word in cues.FILLERS for word in rest)
        return all(word in {"en", "of"} for word in rest)

    def hinted(self, hit: Hit, others: list[Hit]) -> bool:
        """A province right after the name, or the municipality it lies in beside it."""
        after = [self.fold(hit.last + step) for step in (1, 2, 3)]
        provinces = {c_province(c) for c in hit.candidates}
        if after[:2] == ["is", "myn"] and after[2] in cues.KINDS:
            return True
        if after[0] == "in" and after[1] in {"het", "de"} and cues.PROVINCES.get(after[2]) in provinces:
            return True
        if cues.PROVINCES.get(after[0]) in provinces:
            return len(after[0]) > 1 or self.words[hit.last + 1].raw.isupper()
        if after[0] in {"in", "provincie", "noord", "zuid"} and cues.PROVINCES.get(after[1]) in provinces:
            return True
        return any(self.beside(hit, other) and related(hit, other) for other in others if not other.unsure)

    def beside(self, hit: Hit, other: Hit) -> bool:
        low, high = sorted((hit, other), key=lambda h: h.first)
        between = [self.fold(place) for place in range(low.last + 1, high.first)]
        return low.first != high.first and len(between) <= 4 and all(word in cues.JOINERS for word in between)

    def is_excluded(self, hit: Hit) -> bool:
        """A surname, a street, a province or a namesake abroad."""
        before, after = self.before(hit.first, 4), [self.fold(hit.last + step) for step in (1, 2, 3)]
        if after[0] in cues.STREETS and (hit.demonym or after[0] in {"straat", "straatweg", "weg", "laan", "kaas"}):
            return True
        if after[0] in cues.PRODUCTS:
            return True
        if before[:1] == ["provincie"] or before[:2] == ["van", "staten"] or after[0] == "airlines":
            return True
        if cues.ABROAD.intersection(after[:2]) or (before[:1] and before[0] in cues.ABROAD):
            return True
        return self._surname(hit, before)

    def means_government(self, hit: Hit, others: list[Hit]) -> bool:
        """`dat moet van Den Haag`: the place where the government sits, and nobody who lives there or tells of it."""
        if hit.key not in cues.SEATS or self.bare(hit, others) or self._heading(hit):
            return False
        if any(self.beside(hit, other) for other in others if other.key not in cues.SEATS):
            return False
        before = self.before(hit.first, 6)
        if cues.GOVERNMENT.intersection(before):
            return before[:1] not in (["gemeente"], ["stad"])
        if self.strong(hit.first) or before[:2] == ["van", "ben"] or self.fold(hit.last + 1) in cues.LIVES - {"komen"}:
            return False
        if before and before[0] in cues.NEAR:
            return False
        return before[:1] != ["in"] or bool(cues.THEY.intersection(before))

    def _heading(self, hit: Hit) -> bool:
        """The message begins with it, and a comma or a colon follows: where it is about."""
        return hit.first == 0 and hit.last + 1 < len(self.words) and not self.words[hit.last + 1].glued

    def _surname(self, hit: Hit, before: list[str]) -> bool:
        if not before or hit.first == 0:
            return False
        particle = hit.first - 1
        if before[0] in {"de", "der", "den", "het"} and len(before) > 1 and before[1] == "van":
            particle -= 1
        elif (
            before[0] in {"de", "ter", "ten", "te"}
            and len(before) > 1
            and (before[1] in cues.FIRST_NAMES or before[1] in cues.TITLES)
        ):
            return True
        elif before[0] != "van":
            return self._named_after(hit, before[0])
        word, owner = self.words[particle], self.fold(particle - 1) if particle else ""
        if word.raw[0].isupper() and not word.first and self.cased:
            return True
        initial = particle > 0 and len(self.words[particle - 1].raw) == 1 and self.words[particle - 1].raw.isupper()
        return initial or owner in cues.TITLES or owner in cues.FIRST_NAMES

    def _named_after(self, hit: Hit, before: str) -> bool:
        """`juf Vlaardingen`, `Jan Zwolle wil`: the name of a person without a particle."""
        if before in cues.TITLES:
            return hit.key in tables().words or self.words[hit.first].raw[0].isupper()
        goes_on = hit.last + 1 < len(self.words) and self.words[hit.last + 1].glued
        capitals = all(self.words[place].raw[0].isupper() for place in (hit.first - 1, hit.first))
        return before in cues.FIRST_NAMES and capitals and self.cased and self.words[hit.first].glued and goes_on


def c_province(candidate: Candidate) -> str:
    return tables().municipalities[candidate.gm_code].provincie


def related(hit: Hit, other: Hit) -> bool:
    """Some candidate of the one is a candidate, or a neighbour of one, of the other."""
    known = tables().neighbours
    theirs = {c.gm_code for c in other.candidates}
    return any(c.gm_code in theirs or known.get(c.gm_code, frozenset()) & theirs for c in hit.candidates)


def is_accepted(sentence: Sentence, hit: Hit, others: list[Hit]) -> bool:
    """Whether the name counts, by the cue that the table asks of it."""
    if sentence.is_excluded(hit) or (not sentence.asked and sentence.means_government(hit, others)):
        return False
    if hit.demonym:
        return _demonym_counts(sentence, hit)
    mark = tables().words.get(hit.key)
    if mark is None:
        return not _reads_as_noun(sentence, hit)
    hinted = sentence.hinted(hit, others)
    strong, preposition = sentence.strong(hit.first), sentence.preposition(hit.first)
    sure_others = [other for other in others if not other.unsure or tables().words.get(other.key) not in _RARE]
    bare = sentence.bare(hit, sure_others)
    if mark == "aanwijzing":
        return hinted or sentence.before(hit.first, 1) in (["dorp"], ["dorpje"]) or (sentence.asked and bare)
    if mark == "hoofdletter":
        capital = sentence.capital(hit)
        return hinted or (capital and (preposition or strong)) or (sentence.asked and bare)
    if strong and sentence.fold(hit.last + 1) in cues.DETERMINERS and not sentence.words[hit.first].raw[0].isupper():
        strong = hinted  # "in heel het land"
    if hinted or strong or bare:
        return True
    if mark == "naam":
        return preposition
    if sentence.capital(hit):
        return True
    subject = sentence.fold(hit.last + 1) in cues.VERBS and sentence.words[hit.first].raw[0].isupper()
    return mark == "voorzetsel" and (preposition or subject)


def _reads_as_noun(sentence: Sentence, hit: Hit) -> bool:
    """`de assen van die wegen`, `een nieuwe brug`; a nickname may have an article of its own."""
    word, article = sentence.words[hit.first], sentence.fold(hit.first - 1)
    official = all(candidate.bron in {"gemeente", "plaats"} for candidate in hit.candidates)
    return official and word.raw[0].islower() and article in {"de", "een", "het"}


_RARE = {"aanwijzing", "hoofdletter"}


def _demonym_counts(sentence: Sentence, hit: Hit) -> bool:
    after = sentence.fold(hit.last + 1)
    if hit.key.endswith(("r", "rs", "ren", "zen")):
        return True
    return after in cues.LOCAL or hit.key not in {"delftse", "goudse", "leidse", "haagse"}
