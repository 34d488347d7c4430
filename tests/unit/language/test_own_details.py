"""A number, an address and a name are found in what was typed; a sentence is none of them."""

from time import process_time

import pytest

from participation.language.own_details import contact_of, name_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("noor@voorbeeld.example", "noor@voorbeeld.example"),
        ("mail naar noor@voorbeeld.example.", "noor@voorbeeld.example"),
        ("(noor@voorbeeld.example)", "noor@voorbeeld.example"),
        ("mail:noor@voorbeeld.example", "noor@voorbeeld.example"),
        ("+31 6 24681357", "+31 6 24681357"),
        ("+31(0)6-24681357", "+31(0)6-24681357"),
        ("+32 470 12 34 56", "+32 470 12 34 56"),
        ("030-1234567", "030-1234567"),
        ("(030) 123 45 67", "(030) 123 45 67"),
        ("06.24.68.13.57 na vijven", "06.24.68.13.57"),
        ("op 12-12-2026 via 0612345678", "0612345678"),
        ("05-12-2026 om 12 uur op 0612345678", "0612345678"),
        ("mijn BSN is 123456782", None),
        ("12-12-2026 en 11-11-2026", None),
        ("bel maar", None),
        ("huisnummer 12", None),
    ],
)
def test_a_number_or_an_address_is_found_in_what_was_typed(typed: str, kept: str | None) -> None:
    assert contact_of(typed) == kept


@pytest.mark.parametrize("text", ["a" * 100_000, "a@" * 50_000, "1 " * 50_000, "a" * 100_000 + "@voorbeeld.example"])
def test_whatever_is_typed_is_read_in_a_moment(text: str) -> None:
    start = process_time()
    assert contact_of(text) is None
    assert process_time() - start < 0.2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Noor de Proef", "Noor de Proef"),
        ("Mijn naam is Noor de Proef.", "Noor de Proef"),
        ("ik heet Noor", "Noor"),
        ("A.B. van 't Hof-op den Kamp", "A.B. van 't Hof-op den Kamp"),
        ("Jan en Els in 't Veld", "Jan en Els in 't Veld"),
        ("weet ik nog niet", None),
        ("er ligt hier afval", None),
        ("Naamloze Straat 12", None),
        ("waarom?", None),
        ("een twee drie vier vijf zes zeven", None),
        ("...", None),
        ("Hartelijk dank", None),
        ("Prima", None),
        ("overslaan", None),
    ],
)
def test_a_name_is_told_from_a_sentence(typed: str, kept: str | None) -> None:
    assert name_of(typed) == kept
