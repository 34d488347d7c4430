"""Misspelt place names: by ear first, then by edit distance within a small bucket of names."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from participation.language.place_tables import tables
from participation.language.place_text import sound_of

_SHORTEST = 5
_LARGE = 20_000
_LONGEST = 40


@lru_cache(maxsize=1)
def _indexes() -> tuple[dict[str, set[str]], dict[str, list[str]], dict[str, list[str]], frozenset[str]]:
    """Names by sound, single names by first letter of their sound, long names by first word, names of large places."""
    known = tables()
    sounds: dict[str, set[str]] = {}
    buckets: dict[str, list[str]] = {}
    phrases: dict[str, list[str]] = {}
    large: set[str] = set()
    for key, candidates in known.names.items():
        if key in known.words or len(key) < _SHORTEST:
            continue
        if " " in key:
            phrases.setdefault(key.split(" ", 1)[0], []).append(key)
        joined = key.replace(" ", "")
        if " " in key and len(joined) < 10:
            continue
        sounds.setdefault(sound_of(joined), set()).add(key)
        buckets.setdefault(sound_of(joined)[0], []).append(joined)
        if any(c.bron == "gemeente" for c in candidates) or (
            any(known.municipalities[c.gm_code].inwoners > _LARGE for c in candidates) and len(joined) >= 8
        ):
            large.add(joined)
    return sounds, buckets, phrases, frozenset(large)


def _key(joined: str) -> str:
    known = tables()
    return joined if joined in known.names else known.joined.get(joined, joined)


@lru_cache(maxsize=4096)
def nearest(word: str, cued: bool) -> str | None:
    """The key of the name that `word` was meant to be; `cued` says that the sentence points at a place."""
    known = tables()
    if not _SHORTEST <= len(word) <= _LONGEST or word in known.never or word.isdigit():
        return None
    sounds, buckets, _, large = _indexes()
    sound = sound_of(word)
    by_ear = sounds.get(sound, set())
    if len(by_ear) == 1:
        key = next(iter(by_ear))
        if cued or (len(word) >= 6 and key.replace(" ", "") in large) or len(word) >= 9:
            return key
    if len(word) < 6 and not cued:
        return None
    allowed = (2 if len(word) >= 9 else 1) if cued else (2 if len(word) >= 12 else 1)
    bucket = buckets.get(sound[0], []) if sound else []
    found = process.extract(word, bucket, scorer=OSA.distance, score_cutoff=allowed, limit=4)
    if not found:
        return None
    best = min(found, key=lambda item: (item[1], item[0] not in large))
    rivals = {_key(item[0]) for item in found if item[1] == best[1] and (item[0] in large) == (best[0] in large)}
    if len({known.names[r][0].gm_code for r in rivals if r in known.names}) > 1:
        return None
    if not cued and (best[0] not in large or len(best[0]) < 7):
        return None
    key = _key(best[0])
    return key if key in known.names else None


def nearest_phrase(words: list[str]) -> tuple[str, int] | None:
    """A name of several words of which one is misspelt: `krimpen aan den ijsel`; returns key and number of words."""
    phrases = _indexes()[2].get(words[0], ())
    best: tuple[int, str, int] | None = None
    for key in phrases:
        size = key.count(" ") + 1
        if size > len(words) or len(key) < 12 or len(key.rsplit(" ", 1)[1]) < 3:
            continue
        distance = OSA.distance(" ".join(words[:size]), key, score_cutoff=2)
        if distance <= (2 if len(key) >= 14 else 1) and (best is None or (distance, -size) < (best[0], -best[2])):
            best = (distance, key, size)
    return (best[1], best[2]) if best else None
