"""References survive being read out over the phone."""

import pytest

from participation.services.references import check_letter, format_reference, parse_reference

SAMPLE = [(2026, 1), (2026, 123), (2026, 999_999), (2027, 100_000), (2099, 90_909)] + [
    (year, number)
    for year, number in zip(
        range(2026, 2086),
        range(7, 1_000_000, 16_411),  # spread over all numbers of a year
        strict=False,
    )
]


def letter_of(digits: str) -> str:
    return check_letter(int(digits[:4]), int(digits[4:]))


@pytest.mark.parametrize(("year", "number"), SAMPLE)
def test_each_wrong_digit_gives_another_letter(year: int, number: int) -> None:
    digits = f"{year}{number:06d}"
    right = letter_of(digits)
    wrong = [
        f"{digits[:place]}{digit}{digits[place + 1 :]}"
        for place in range(len(digits))
        for digit in "0123456789"
        if digit != digits[place]
    ]
    assert len(wrong) == 90
    assert [other for other in wrong if letter_of(other) == right] == []


@pytest.mark.parametrize(("year", "number"), SAMPLE)
def test_each_swap_of_neighbours_gives_another_letter(year: int, number: int) -> None:
    digits = f"{year}{number:06d}"
    swapped = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :] for place in range(len(digits) - 1)
    } - {digits}
    assert swapped
    assert [other for other in swapped if letter_of(other) == letter_of(digits)] == []


@pytest.mark.parametrize(("year", "number"), SAMPLE)
def test_what_is_written_is_read_back(year: int, number: int) -> None:
    reference = format_reference(year, number)
    assert parse_reference(reference) == reference


def test_the_form_is_fixed() -> None:
    assert format_reference(2026, 123) == f"SP-2026-000123-{check_letter(2026, 123)}"


@pytest.mark.parametrize(
    "heard", [" sp 2026 000123 {} ", "SP2026000123{}", "sp-2026-000123-{}", "Sp - 2026 - 000123 {}"]
)
def test_it_is_read_however_it_is_typed(heard: str) -> None:
    letter = check_letter(2026, 123)
    assert parse_reference(heard.format(letter.lower())) == f"SP-2026-000123-{letter}"


@pytest.mark.parametrize(
    "text", ["", "SP", "SP-2026-000123", "SP-2026-123-K", "XX-2026-000123-K", "SP-2026-000123-KK", "SP-²⁰²⁶-000123-K"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    assert parse_reference(text) is None


def test_a_wrong_letter_is_refused() -> None:
    right = check_letter(2026, 123)
    read = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if parse_reference(f"SP-2026-000123-{letter}")]
    assert read == [right]
