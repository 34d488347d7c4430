"""Whose matter it is: only said where the words leave no doubt."""

import pytest

from participation.authorities import authorities, whose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De snelweg maakt zo'n lawaai", "rijkswaterstaat"),
        ("Op de N206 staat elke ochtend file", "provincie"),
        ("er loopt een muskusrat in de sloot", "waterschap"),
        ("De trein stopt niet meer in ons dorp", "spoor"),
        ("ik wacht al een jaar op mijn zorgtoeslag", "toeslagen"),
        ("De weg voor de school is gevaarlijk", None),
        ("Aan de Oude Rijksweg komt een azc", None),
        ("Ik heb alleen aow en de ozb stijgt", None),
        ("De provinciale weg en de snelweg maken samen te veel lawaai", None),
    ],
)
def test_one_authority_or_none(text: str, expected: str | None) -> None:
    found = whose(text)
    assert (found.id if found else None) == expected


def test_every_authority_has_a_name_a_matter_and_a_safe_address() -> None:
    for one in authorities().values():
        assert one.name
        assert one.about
        assert one.link_title
        assert one.url.startswith("https://")
