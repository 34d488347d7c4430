"""Dutch postcodes in running text, in any notation, without taking years and amounts for one."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from participation.language.place_tables import postcode_ranges

_FULL = re.compile(r"(?<![\d.,€#+\w])([1-9]\d{3})([ .\-]{0,2})([A-Za-z])(\s?)([A-Za-z])(?![^\W_])")
_SPACED = re.compile(r"(?<![\d.,€#+\w])([1-9]\d)\s(\d\d)\s?([A-Z]{2})(?![^\W_])")
_DIGITS = re.compile(r"(?<![\d.,€#+\w\-])([1-9]\d{3})(?![\d\w]|[.,]\d|-\d)")
_LIVED_IN = re.compile(
    r"\b(?:wo+n(?:en|t)?|zit(?:ten)?|bewoners?|inwoners?|buurt|wijk)\b[^.!?\d]{0,40}\b(?:in|uit|op)\s+(?:de\s+)?([1-9]\d{3})"
    r"(?![\d\w]|[.,]\d|-\d|\s+(?:euro|mensen|huizen|huishoudens|woningen|inwoners|km|meter|m2)\b)",
    re.IGNORECASE,
)
"""`een bewoner uit de 9711`, `wij zitten op 6211`."""
_CUE = re.compile(r"\b(post ?codes?|postk?code|postcodegebied|pc ?4?|pc:)(?![^\W_])", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_ISSUED = {"sa", "sd", "ss"}
# Two letters that follow a year or an amount in ordinary Dutch.
_WORDS = _words(
    "al af as au ca cm da de db di do dl dm ds ed eu en er ex ff ga gb go gr ha he ho hz ie ik in is ja "
    "je ka kg km kb kw la ma mb mg ml mm me mn na ne nl no nu of oh ok om op ov pk px re st tb te to tv "
    "uw va vd vs vo we wh wo ze zn zo aj ah bv nv nr za zi vr wc cc qm ms"
)
# Of those the ones that are written in capitals, after a number, in ordinary Dutch too.
_CAPITALS = _words("bv nv eu vs ov tv cd cc pk km kg kw mb gb db hz ha wc ok ca st")
_UNITS = _words("cm dl dm db eu gb gr ha hz kb kg km kw mb mg ml mm px tb va wh pk")


@dataclass(frozen=True)
class Postcode:
    """A postcode and where it stands."""

    gm_code: str
    digits: str
    start: int
    end: int
    full: bool


def municipality_of(digits: str) -> str | None:
    """The municipality of a four-digit postcode; None when the number is not given out."""
    starts, ends, codes = postcode_ranges()
    place = bisect_right(starts, int(digits)) - 1
    return codes[place] if place >= 0 and int(digits) <= ends[place] else None


def _is_word(found: "re.Match[str]", cued: bool) -> bool:
    letters = (found[3] + found[5]).lower()
    if found[2] == "-" and not found[4]:
        return letters in _NOT_ISSUED
    if letters in _NOT_ISSUED:
        return True
    if not found[2]:
        return letters in _UNITS and not cued
    capitals = found[3].isupper() and found[5].isupper()
    if found[4] and not (cued or capitals):
        return True
    if letters not in _WORDS or cued:
        return False
    return not capitals or letters in _CAPITALS or found.string.isupper() or 1900 <= int(found[1]) <= 2100


def _lived_in(text: str) -> list[Postcode]:
    found = [(hit, municipality_of(hit[1])) for hit in _LIVED_IN.finditer(text) if not 1900 <= int(hit[1]) <= 2100]
    return [Postcode(code, hit[1], hit.start(1), hit.end(1), False) for hit, code in found if code]


def find_postcodes(text: str, *, asked: bool) -> list[Postcode]:
    """All postcodes; four bare digits only with the word postcode near, where somebody lives, or when asked."""
    cued = asked or bool(_CUE.search(text)) or bool(_FULL.fullmatch(text.strip(" .,!?")))
    result: list[Postcode] = []
    for found in _FULL.finditer(text):
        code = municipality_of(found[1])
        if code and not _is_word(found, cued):
            result.append(Postcode(code, found[1], found.start(), found.end(), True))
    for found in _SPACED.finditer(text):
        code = municipality_of(found[1] + found[2])
        if code and found[3].lower() not in _WORDS | _NOT_ISSUED:
            result.append(Postcode(code, found[1] + found[2], found.start(), found.end(), True))
    if not result:
        result = _lived_in(text)
    if result or not cued:
        return result
    cues = [hit.start() for hit in _CUE.finditer(text)]
    for found in _DIGITS.finditer(text):
        code = municipality_of(found[1])
        near = any(abs(found.start() - cue) <= 40 for cue in cues[:5])
        alone = asked and (len(text) <= 40 or near)
        if code and (near or alone):
            result.append(Postcode(code, found[1], found.start(), found.end(), False))
    return result[:20]
