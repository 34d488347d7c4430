"""Personal data that has a shape: numbers, addresses of mail and chat, dates of birth. One table of recognisers."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from participation.privacy.masking_checks import LICENCE_SHAPES, iban_length, is_bsn, only
from participation.privacy.masking_cues import ADDITION, MONTHS, listed
from participation.privacy.masking_spans import Span

Take = Callable[[re.Match[str], str], tuple[int, int] | None]
"""Decides which characters of a match are personal data; none when it is something else."""

_BEFORE = 48
"""Characters before a number in which a word may say what it is."""


@dataclass(frozen=True)
class Recogniser:
    """A shape, and the check that what has this shape is what it seems."""

    kind: str
    pattern: re.Pattern[str]
    take: Take


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _whole(match: re.Match[str], _text: str) -> tuple[int, int]:
    return match.span(1) if match.re.groups else match.span()


def _said_before(match: re.Match[str], text: str, cue: re.Pattern[str]) -> bool:
    return cue.search(text, max(0, match.start() - _BEFORE), match.start()) is not None


_OFFICIAL_BOX = _compile(r"(?:griffie|raadsgriffie|gemeente|gemeenteraad|raad|stadhuis)@")
_OFFICIAL_ACCOUNT = _compile(r"@(?:gemeente|griffie|politie|provincie|waterschap|raad)")
_BSN_CUE = _compile(r"\b(?:bsn|burger\s?service\s?n|sofi)(?![^\n]*(?:factuur|zaak|dossier|kenmerk))")
_DUTCH_ACCOUNT = _compile(r"NL\d\d[ .\-]?[A-Z]{4}(?:[ .\-]?\d){10}$")
_ACCOUNT_CUE = _compile(r"\b(?:iban|rekening|bank)")
_PLATE_CUE = _compile(r"\b(?:kenteken|nummerbord|nummerplaat|kent\.)")
_VEHICLE = _compile(
    r"\b(?:auto|busje|wagen|scooter|motor|bestelbus|bestelauto|vrachtwagen|camper|taxi|bmw|audi|golf|polo|opel|ford|"
    r"volkswagen|vw|mercedes|tesla|toyota|renault|kia|fiat|volvo|skoda|peugeot|citro[eë]n|seat)\b[ ,:(]{0,3}$"
)
_CALL_CUE = _compile(r"\b(?:tel|telefoon|telnr|nummer|nr|mobiel|mob|bel|bellen|gebeld|app|appen|whatsapp|sms|06)\b")
_BIRTH_CUE = _compile(
    r"\b(?:geboren|geboorte\w*|geb|gebdatum|jarig|verjaardag|verjaar|bouwjaar|gbd|geb\.?\s?dat\w*)\b[^\n]{0,40}$"
)
_SINCE = _compile(r"\b(?:sinds|vanaf|tot|per|overleden(?: op)?) $")
_POSTCODE_CUE = _compile(r"\bpost?code\b[^\n]{0,12}$")
_SMALL_WORDS = frozenset(
    listed("aan af al als an de dan er en ga he ik in is je ja ze we me na nu of om op te zo dus uit ha hè")
)
_TWO_LETTER_WORDS = frozenset(
    listed(
        "al as bv ca cm da de dm do dr ed ee eh em en er et eu ex ff fm ga gb ge ha he hm ho ie if ik in is "
        "it ja je jl jr ka kg km la ll ma me mg mi ml mm mn na no nr nu of oh ok om op pa pc pk qi ra re ro "
        "sr st te tv uk up va vb vd ve we wk xl xx yo zak ze zg zn zo zp kw gr ah"
    )
)


def _email(match: re.Match[str], _text: str) -> tuple[int, int] | None:
    return None if _OFFICIAL_BOX.match(match[0]) else match.span()


def _account(match: re.Match[str], _text: str) -> tuple[int, int] | None:
    return None if _OFFICIAL_ACCOUNT.match(match[0]) else match.span()


def _iban(match: re.Match[str], text: str) -> tuple[int, int] | None:
    length = iban_length(match[0])
    if not length and (_DUTCH_ACCOUNT.match(match[0]) or _said_before(match, text, _ACCOUNT_CUE)):
        return match.span()  # mistyped, but nothing else looks like this
    return (match.start(), match.start() + length) if length else None


def _bsn(match: re.Match[str], text: str) -> tuple[int, int] | None:
    digits = len(only(match[0], "digit"))
    if _said_before(match, text, _BSN_CUE):
        return match.span() if digits in {8, 9} else None
    return match.span() if digits == 9 and is_bsn(match[0]) else None


def _telephone(match: re.Match[str], _text: str) -> tuple[int, int] | None:
    """Ten digits in the Netherlands; lines of services (0800, 0900, 14 and three digits) belong to nobody."""
    digits = only(match[0], "digit")
    if digits.startswith(("0800", "0900", "0906", "0909")) or not 9 <= len(digits) <= 14:
        return None
    return match.span()


def _called(match: re.Match[str], text: str) -> tuple[int, int] | None:
    return match.span() if _said_before(match, text, _CALL_CUE) else None


def _plate(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """Two hyphens make it a plate; without them capitals in three groups, or a word such as `kenteken` before it."""
    plate = match[0]
    bare = only(plate)
    groups = sum(left.isdecimal() != right.isdecimal() for left, right in pairwise(bare)) + 1
    sure = plate.count("-") == 2 or (plate.isupper() and groups == 3 and plate.count(" ") in {0, 2})
    sure = sure or (groups == 3 and " " not in plate and _said_before(match, text, _VEHICLE))
    return match.span() if sure or _said_before(match, text, _PLATE_CUE) else None


def _postcode(match: re.Match[str], text: str) -> tuple[int, int] | None:
    letters = match["letters"]
    if letters.upper() in {"SA", "SD", "SS"}:  # never given out
        return None
    joined = match["gap"] == ""
    certain = (joined and letters.lower() not in {"km", "kg", "mm", "cm", "ml", "kw"}) or (
        letters.isupper() and not _is_shouted(match, text)
    )
    if not certain and letters.lower() in _SMALL_WORDS:
        return None
    certain = certain or _said_before(match, text, _POSTCODE_CUE)
    if not certain and letters.lower() in _TWO_LETTER_WORDS:
        return None
    return match.span()


def _is_shouted(match: re.Match[str], text: str) -> bool:
    """Whether the words around it are in capitals too, so that capitals prove nothing."""
    letters = match["letters"].lower()
    around = text[max(0, match.start() - 20) : match.start()] + text[match.end() : match.end() + 20]
    return letters in _TWO_LETTER_WORDS and any(c.isalpha() for c in around) and around.upper() == around


def _birth(match: re.Match[str], text: str) -> tuple[int, int] | None:
    after = text[match.end() : match.end() + 12].lower()
    if _SINCE.search(text, max(0, match.start() - 12), match.start()):
        return None
    return match.span() if _said_before(match, text, _BIRTH_CUE) or " geboren" in after else None


_GAP = r"[ ./()\-]{0,3}"
_DATE = (
    rf"(?<![\w-])(?:\d{{1,2}}(?:e|ste|de)?[ ./\-]{{1,2}}(?:\d{{1,2}}|{MONTHS})(?:[ ./\-]{{1,2}}'?(?:19|20)?\d{{2}})?"
    rf"|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?:19[0-9]|20[0-2])\d)(?![\w-])"
)
_DIGIT = r"(?:nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)"
_DATE_BEHIND = _compile(
    rf"(?:[ ,(]{{1,3}}|,? (?:en )?(?:hij|zij|ze|die)? ?(?:is )?van )"
    rf"(?P<date>\d{{1,2}}[ ./\-]{{1,2}}(?:\d{{1,2}}|{MONTHS})[ ./\-]{{1,2}}(?:19|20)\d{{2}})(?!\d)"
)
_PLATES = "|".join(
    r"[ .\-]?".join(rf"{'[a-z]' if part[0] == 'X' else '[0-9]'}{{{len(part)}}}" for part in shape.split("-"))
    for shape in LICENCE_SHAPES
)
_SITES = r"(?:instagram|insta|facebook|fb|twitter|tiktok|linkedin|snapchat|youtube|threads|t|x|bsky|wa|strava|mastodon)"
_HANDLE = r"[\w.\-]{3,40}(?<![.\-])"

RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser("email", _compile(r"[\w.+\-'%]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}"), _email),
    Recogniser(
        "email",
        _compile(
            r"(?<![\w.])[\w.+\-]{2,40} ?(?:\(at\)|\[at\]|\{at\}| at | apenstaartje |@) ?[\w\-]{2,40}"
            r" ?(?:\.|[(\[](?:dot|punt)[)\]]| punt | dot ) ?(?:[a-z]{2,3}|info|example)\b"
        ),
        _email,
    ),
    Recogniser(
        "social",
        _compile(
            rf"(?:https?://)?(?:[\w\-]{{1,20}}\.)?\b{_SITES}\.(?:com|nl|me|social|app|be)/[^\s,;!?()<>\"]{{2,200}}(?<!\.)"
        ),
        _whole,
    ),
    Recogniser("social", _compile(r"(?<![\w.@/])@[a-z_][\w.]{1,38}\w"), _account),
    Recogniser(
        "social",
        _compile(
            rf"\b(?:instagram|insta|snapchat|snap|tiktok|twitter|telegram|discord|facebook|fb|linkedin|ig)"
            rf"(?:naam|account|profiel)?(?: ?: ?| is | als | onder | naam | account | = ?)@?"
            rf"((?=[\w.\-]*[\d_.])(?!\d+\b){_HANDLE})"
        ),
        _whole,
    ),
    Recogniser(
        "social",
        _compile(
            rf"\b(?:instagram|insta|snapchat|snap|tiktok|twitter|telegram|discord|ig)(?:naam|account)?"
            rf" ?[:=] ?@?({_HANDLE})"
        ),
        _whole,
    ),
    Recogniser("social", _compile(r"(?<!\w)([\w.]{2,32}#\d{4})(?!\d)"), _whole),
    Recogniser("iban", _compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ .\-]?[a-z0-9]){11,30}"), _iban),
    Recogniser("bsn", re.compile(r"(?<![\w.\-+])\d(?:[ .\-]?\d){7,8}(?![\w\-]|\.\d)"), _bsn),
    Recogniser(
        "telefoon",
        re.compile(
            rf"(?:(?<![\w,])(?<!\d[.\-])\(?(?:\+|00)\d{{2,3}}\)?{_GAP}(?:\(0\){_GAP})?[1-9](?:{_GAP}\d){{6,11}}"
            rf"|(?<![\w,])(?<!\d[.\-])\(?0{_GAP}[1-9](?:{_GAP}\d){{7,9}})(?!\d)"
        ),
        _telephone,
    ),
    Recogniser("telefoon", re.compile(r"(?<![\w.,\-+])[1-9](?:[ .\-]?\d){6,8}(?![\w\-]|[.,]\d)"), _called),
    Recogniser("telefoon", _compile(rf"\bnul[ ,\-]{{1,2}}(?:{_DIGIT}[ ,\-]{{1,2}}){{6,12}}{_DIGIT}\b"), _whole),
    Recogniser("telefoon", _compile(r"\b(?:nul|0) ?zes[ \-:]{1,2}\d(?:[ .\-]?\d){7}(?!\d)"), _whole),
    Recogniser("kenteken", _compile(rf"(?<![\w\-])(?:{_PLATES})(?![\w\-])"), _plate),
    Recogniser(
        "postcode",
        _compile(
            r"(?<![\w.,\-])[1-9]\d{3}(?P<gap>[ .]{0,2})(?P<letters>[a-z]{2})(?!\w)"
            r"(?P<number>,?[ \-]{1,2}(?:nr\.? ?|(?:huis)?nummer |no\.? ?)?\d{1,4}"
            rf"{ADDITION}(?![\w:]))?"
        ),
        _postcode,
    ),
    Recogniser("geboortedatum", _compile(_DATE), _birth),
)
"""What has a shape of its own. Order does not matter: overlapping findings are resolved afterwards."""


def found(text: str) -> Iterator[Span]:
    """Find everything in the table."""
    for recogniser in RECOGNISERS:
        position = 0
        while match := recogniser.pattern.search(text, position):
            taken = recogniser.take(match, text)
            position = match.end()
            if taken is not None:
                yield Span(*taken, recogniser.kind)
                position = taken[1]  # a match may have run on over the next one


def births_behind_people(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Find whole dates that stand right behind a name or a citizen service number: `Noor (11-02-2019)`."""
    for span in spans:
        if span.kind in {"persoon", "bsn"}:
            match = _DATE_BEHIND.match(text, span.end)
            if match is not None:
                yield Span(*match.span("date"), "geboortedatum")
