"""From names to municipalities: provinces and neighbours decide between namesakes; "niet in X" falls out."""

from dataclasses import replace

from participation.language import place_cues as cues
from participation.language.place_context import Hit, Sentence, c_province
from participation.language.place_tables import tables

_BETWEEN = 6
_FAR = 5


def settle(sentence: Sentence, hits: list[Hit], postcode_codes: set[str]) -> list[Hit]:
    """Narrow every name to what the text says of it and drop the names that only locate or deny."""
    hits = sorted(hits, key=lambda hit: hit.first)
    hits = _without_denied(sentence, hits)
    located = _locators(sentence, hits)
    narrowed = [_narrow(sentence, hit, hits, postcode_codes) for hit in hits]
    kept = [hit for hit, index in zip(narrowed, range(len(hits)), strict=True) if index not in located]
    kept = _municipality_over_village(sentence, kept)
    return _residence_first(sentence, kept)


def _without_denied(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """`niet in Ede maar in Wageningen`, `Kaatsheuvel niet, ik woon in Waalwijk`."""
    denied = set()
    for hit in hits:
        before = sentence.before(hit.first, 3)
        after = sentence.fold(hit.last + 1)
        linking = cues.INSIDE | {"naar", "gemeente"}
        close = before[:1] in (["niet"], ["geen"]) or (before[1:2] == ["niet"] and before[0] in linking)
        lives = before[1:2] == ["niet"] and before[0] in cues.INSIDE and before[2:3] in (["woon"], ["wonen"])
        trailing = after == "niet" and hit is not hits[-1] and hit.last + 2 < len(sentence.words)
        trailing = trailing and (not sentence.words[hit.last + 2].glued or sentence.fold(hit.last + 2) == "maar")
        if (close or trailing) and (len(hits) > 1 or lives):
            denied.add(hit)
    return [hit for hit in hits if hit not in denied] if len(denied) < len(hits) or len(hits) == 1 else hits


def _locators(sentence: Sentence, hits: list[Hit]) -> set[int]:
    """Names that only say where the one before lies: `Velp bij Arnhem`."""
    result = set()
    for index in range(1, len(hits)):
        previous, hit = hits[index - 1], hits[index]
        between = [sentence.fold(place) for place in range(previous.last + 1, hit.first)]
        if 0 < len(between) <= _BETWEEN and between[-1] in cues.NEAR | {"van"} and cues.NEAR.intersection(between):
            belongs = "hoort" in between or "valt" in between
            if not belongs or previous.candidates != hit.candidates:
                result.add(index)
            if belongs:
                result.discard(index)
    return result


def _narrow(sentence: Sentence, hit: Hit, hits: list[Hit], postcode_codes: set[str]) -> Hit:
    if len(hit.candidates) == 1:
        return hit
    codes = {c.gm_code for c in hit.candidates}
    others = {c.gm_code for o in hits if o is not hit and len(o.candidates) == 1 for c in o.candidates}
    for wanted in (codes & postcode_codes, codes & others):
        if wanted:
            return _only(hit, wanted)
    provinces = _provinces(sentence, hit)
    if provinces:
        wanted = {c.gm_code for c in hit.candidates if c_province(c) in provinces}
        if wanted:
            hit = _only(hit, wanted)
    if sentence.fold(hit.first - 1) in {"gemeente", "gem"} and sentence.fold(hit.first - 2) != "mijn":
        own = {c.gm_code for c in hit.candidates if c.bron == "gemeente"}
        hit = _only(hit, own) if own else hit
    if len(hit.candidates) > 1 and others:
        hit = _by_neighbour(hit, others)
    return _without_hamlets(hit)


def _without_hamlets(hit: Hit) -> Hit:
    """A municipality's own name hardly ever means a village in a far smaller one: Hoorn, not that on Terschelling."""
    people = {c.gm_code: tables().municipalities[c.gm_code].inwoners for c in hit.candidates}
    own = [people[c.gm_code] for c in hit.candidates if c.bron == "gemeente"]
    if not own:
        return hit
    return _only(
        hit, {c.gm_code for c in hit.candidates if c.bron == "gemeente" or people[c.gm_code] * _FAR > max(own)}
    )


def _by_neighbour(hit: Hit, others: set[str]) -> Hit:
    known = tables()
    near = {c.gm_code for c in hit.candidates if known.neighbours.get(c.gm_code, frozenset()) & others}
    if near:
        return _only(hit, near)
    provinces = {known.municipalities[code].provincie for code in others}
    same = {c.gm_code for c in hit.candidates if c_province(c) in provinces}
    return _only(hit, same) if same else hit


def _only(hit: Hit, codes: set[str]) -> Hit:
    return replace(hit, candidates=tuple(c for c in hit.candidates if c.gm_code in codes))


def _provinces(sentence: Sentence, hit: Hit) -> set[str]:
    """Long names of provinces and regions anywhere, short ones only right after the place."""
    result: set[str] = set()
    for place, word in enumerate(sentence.words):
        if hit.first <= place <= hit.last:
            continue
        if word.fold in {"holland", "hollands"}:
            result |= {"noord": {"Noord-Holland"}, "zuid": {"Zuid-Holland"}}.get(sentence.fold(place - 1), set())
        elif word.fold in {"utrecht", "groningen"} and sentence.fold(place - 1) == "provincie":
            result.add(word.raw.title())
        province = cues.PROVINCES.get(word.fold)
        if province and (word.fold not in cues.SHORT_PROVINCES or place == hit.last + 1):
            result.add(province)
    return result


def _municipality_over_village(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """`gemeente Buren, dorp Lienden`: one municipality when the names agree."""
    stated = [h for h in hits if sentence.fold(h.first - 1) in {"gemeente", "gem"} and len(h.candidates) == 1]
    if not stated:
        return hits
    code = stated[0].candidates[0].gm_code
    return [_only(h, {code}) if code in {c.gm_code for c in h.candidates} else h for h in hits]


def _residence_first(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """`ik werk in Utrecht maar woon in Woerden` is about Woerden; `verhuisd van X naar Y` about Y."""
    if len(hits) < 2:
        return hits
    lives, works = set(), set()
    for number, hit in enumerate(hits):
        near = sentence.before(hit.first, 5)
        if number:
            near = near[: max(0, hit.first - hits[number - 1].last - 1)]
        where = near[:1] and (near[0] in cues.INSIDE | {"naar", "van", "gemeente"})
        if (where and cues.LIVES.intersection(near)) or (where and near[1:2] == ["nu"]):
            lives.add(number)
        if where and cues.WORKS.intersection(near):
            works.add(number)
        if near[:1] == ["van"] and "verhuisd" in {w.fold for w in sentence.words[max(0, hit.first - 4) : hit.last + 6]}:
            works.add(number)
            lives.discard(number)
    if works and len(works) < len(hits):
        living = [hit for number, hit in enumerate(hits) if number not in works]
        return (
            living if lives - works or (len(living) == 1 and "verhuisd" in {w.fold for w in sentence.words}) else hits
        )
    return hits
