"""Check digits and shapes that tell a real number from a string of digits."""

from participation.privacy.masking_cues import listed

BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
"""The 11-test of the burgerservicenummer (Besluit bsn, and Logisch Ontwerp BSN)."""

IBAN_LENGTHS = {
    country_and_length[:2]: int(country_and_length[2:])
    for country_and_length in listed(
        "NL18 BE16 DE22 FR27 ES24 IT27 PT25 LU20 AT20 CH21 GB22 IE22 PL28 RO24 BG22 HU28 CZ24 SK24 GR27 TR26 MA28 SE24 "
        "NO15 DK18 FI18 EE20 LV21 LT20 HR21 SI19 MT31 CY28 UA29"
    )
}
"""Characters of an account number by country (SWIFT, IBAN Registry)."""

LICENCE_SHAPES = listed(
    "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X "
    "X-99-XXX 9-XX-999 999-XX-9"
)
"""The sidecodes of Dutch number plates (RDW), 9 for a digit and X for a letter."""


def only(text: str, kind: str = "alnum") -> str:
    """Return the letters and digits of a text, or its digits alone."""
    return "".join(character for character in text if (character.isdigit() if kind == "digit" else character.isalnum()))


def is_bsn(text: str) -> bool:
    """Whether the digits pass the 11-test; eight digits get the zero that people leave out."""
    digits = only(text, "digit").zfill(9)
    if len(digits) != 9 or len(set(digits)) == 1 or not digits.isdecimal():
        return False
    return sum(weight * int(digit) for weight, digit in zip(BSN_WEIGHTS, digits, strict=True)) % 11 == 0


def iban_length(text: str) -> int:
    """Return how many characters from the start make an IBAN with right check digits, separators included; or 0."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    code = only(text).upper()
    known = IBAN_LENGTHS.get(code[:2])
    for length in (known,) if known else range(min(34, len(code)), 14, -1):
        if len(code) >= length and _passes_97(code[:length]):
            return places[length - 1] + 1
    return 0


def _passes_97(code: str) -> bool:
    """ISO 13616: letters count from A = 10, and the number leaves 1 when divided by 97."""
    if not code.isascii():
        return False
    return int("".join(str(int(character, 36)) for character in code[4:] + code[:4])) % 97 == 1
