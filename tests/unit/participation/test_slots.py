"""Values in a sentence: a capital where it begins, one full stop where it ends."""

import pytest

from participation.slots import fill

VALUES = {
    "gemeente": "uw gemeente",
    "plek": "het stadhuis",
    "stad": "'s-Hertogenbosch",
    "zin": "Nee.",
    "url": "https://x.example/a",
    "mail": "griffie@x.example",
    "raar": "{plek}",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De raad van {gemeente} is er.", "De raad van uw gemeente is er."),
        ("{gemeente} is mooi. {plek} ook.", "Uw gemeente is mooi. Het stadhuis ook."),
        ("Een lijst:\n- {plek}\n- of {plek}", "Een lijst:\n- Het stadhuis\n- of het stadhuis"),
        ("Zegt u “Ja.” {plek} is open.", "Zegt u “Ja.” Het stadhuis is open."),
        ("{stad} ligt aan de Dieze.", "'s-Hertogenbosch ligt aan de Dieze."),
        ("Kan het? {url} of {mail}.", "Kan het? https://x.example/a of griffie@x.example."),
        ("Dit is bekend: {zin}", "Dit is bekend: Nee."),
        ("Dit is bekend: {zin}.", "Dit is bekend: Nee."),
        ("Kijk op {url}.", "Kijk op https://x.example/a."),
        ("{onbekend} en {raar}.", "{onbekend} en {plek}."),
    ],
)
def test_a_filled_sentence_reads_as_one(text: str, said: str) -> None:
    assert fill(text, VALUES) == said
