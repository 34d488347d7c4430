"""Words of a message as the place tables know them: no case, accents, hyphens, apostrophes or ij/y difference."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 20_000
_WORD = re.compile(r"[^\W_]{1,200}")
_PLAIN_GAP = re.compile(r"[ \t\n'’‘`´./\-–&]{0,4}\Z")
_SENTENCE_END = re.compile(r"[.!?:;\n\"“]")


@dataclass(frozen=True)
class Word:
    """One word: `fold` is compared, `raw` shows the capitals."""

    fold: str
    raw: str
    start: int
    end: int
    first: bool
    """Stands at the start of a sentence, so that its capital says nothing."""
    glued: bool
    """Only a space, hyphen, dot or apostrophe parts it from the word before: may be one name with it."""


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Lower case without accents; `ij` is written `y`, so that both notations are equal."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    plain = plain.replace("ij", "y").replace("ø", "o").replace("æ", "ae")
    return "sint" if plain in {"st", "snt"} else plain


def words_of(text: str) -> list[Word]:
    """Split a message into words, in linear time; beyond `MAX_CHARS` nothing is read."""
    result: list[Word] = []
    end = 0
    text = text[:MAX_CHARS]
    for found in _WORD.finditer(text):
        gap = text[end : found.start()]
        first = not result or (bool(_SENTENCE_END.search(gap)) and len(result[-1].raw) > 2)
        glued = bool(result) and bool(_PLAIN_GAP.match(gap))
        result.append(Word(fold(found[0]), found[0], found.start(), found.end(), first, glued))
        end = found.end()
    return result


def key_of(name: str) -> str:
    """The key of a name in the tables: its folded words with single spaces."""
    return " ".join(fold(found[0]) for found in _WORD.finditer(name))


def sound_of(folded: str) -> str:
    """A rough spelling by ear (soetermeer = zoetermeer, arnem = arnhem), for names and misspellings alike."""
    text = folded.replace("ei", "y").replace("au", "ou").replace("sch", "sg").replace("ch", "g").replace("ck", "k")
    text = text.replace("ph", "f").replace("th", "t").replace("x", "ks").replace("c", "k").replace("q", "k")
    text = text.replace("z", "s").replace("v", "f").replace("dt", "t")
    result: list[str] = []
    for position, letter in enumerate(text):
        if result and letter == result[-1]:
            continue
        if letter == "h" and position and text[position - 1] not in "aeiouy":
            continue
        result.append(letter)
    if result and result[-1] == "d":
        result[-1] = "t"
    return "".join(result)
