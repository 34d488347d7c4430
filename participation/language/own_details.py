"""The number, the address or the name in what somebody typed when they were asked for it."""

import re

from participation.language.agreement import plain, tells_nothing

LONGEST_DETAIL = 120
"""Characters of a name, a telephone number or a mail address."""

LOOKED_AT = 400
"""Characters of an answer in which a number or an address is sought: who writes more tells something else."""

_MAIL = re.compile(
    r"[^\s@<>()\[\]\",;:'/][^\s@<>()\[\]\",;:/]{0,63}@"
    r"(?:[^\W_]{1,63}(?:-[^\W_]{1,63}){0,5}\.){1,6}[^\W\d_]{2,24}"
)
_BETWEEN = r"[\s()./-]{0,3}"
_NOT_A_DATE = r"(?<!\d)(?!\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d(?!\d))"
_PHONES = (
    re.compile(rf"{_NOT_A_DATE}(?:(?:\+|00)\s?31[\s-]?(?:\(0\)\s?)?|\(?0)[1-9](?:{_BETWEEN}\d){{8}}(?!\d)"),
    re.compile(rf"(?<!\d)(?:\+|00)\d(?:{_BETWEEN}\d){{8,13}}(?!\d)"),
    re.compile(rf"(?<!\d)6(?:{_BETWEEN}\d){{8}}(?!\d)"),
)
"""A Dutch number, one with the code of a country, and a mobile one without its nought; in this order."""

MOST_NAME_WORDS = 6
_BEFORE_NAME = re.compile(
    r"\s*(?:(?:mijn|m'n|de) naam is|ik (?:ben|heet)|(?:zet|schrijf|noem)(?: er| het| me| mij)?(?: maar)?|"
    r"doe maar|dat is)\s+",
    re.IGNORECASE,
)
_IN_NO_NAME = re.compile(
    r"\b(?:ik|u|je|jij|wij|we|jullie|mijn|uw|dit|dat|deze|er|hier|niet|geen|nooit|zonder|liever|ja|nee|is|zijn|was|ben|"
    r"heb|hebt|heeft|hebben|wil|wilt|willen|kan|kunt|kunnen|mag|mogen|moet|moeten|gaat|wordt|worden|wat|wie|waar|waarom|"
    r"wanneer|hoe|welke|maar|ook|want|omdat|graag|weet|een|naam|overslaan|anoniem|hoeft|\d+)\b"
)
"""Words of sentences, and numbers. Not those that stand in surnames, such as "op", "in", "aan", "het" and "bij"."""


def contact_of(text: str) -> str | None:
    """Return the mail address or telephone number in what somebody typed, or none when there is neither."""
    typed = text[:LOOKED_AT]
    if mail := _MAIL.search(typed):
        return mail.group() if len(mail.group()) <= LONGEST_DETAIL else None
    phone = next((found for pattern in _PHONES if (found := pattern.search(typed))), None)
    return " ".join(phone.group().split()) if phone else None


def name_of(text: str) -> str | None:
    """Return the name that somebody typed, or none when this is no name: a sentence, a number, or far too long."""
    if len(text) > LOOKED_AT or "?" in text or tells_nothing(text):
        return None
    before = _BEFORE_NAME.match(text)
    name = " ".join(text[before.end() if before else 0 :].split()).strip(" .,;:!\"'„”()")
    is_short = 0 < len(name.split()) <= MOST_NAME_WORDS and len(name) <= LONGEST_DETAIL
    return name if is_short and any(map(str.isalpha, name)) and not _IN_NO_NAME.search(plain(name)) else None
