"""Another language is recognised only when it surely is one: Dutch in all its kinds is left alone."""

from collections import Counter
from pathlib import Path

import pytest

from participation.foreign import foreign_texts
from participation.language.other_languages import LANGUAGES, other_language

OWN = Path(__file__).parent / "andere_talen.tsv"
SETS = Path(__file__).parents[2] / "nlu"
MEANT: set[str] = {
    "Can we speak English please? My Dutch is very bad",
    "can we do this in english",
}
"""Lines of the development set that are English on purpose."""


def test_messages_of_residents_are_recognised() -> None:
    """Thirteen or more of each fifteen; what is missed goes the ordinary way."""
    rows = [line.split("\t") for line in OWN.read_text(encoding="utf-8").splitlines()]
    found = Counter(code for code, text in rows if other_language(text) == code)
    assert {code: Counter(row[0] for row in rows)[code] for code in LANGUAGES} == dict.fromkeys(LANGUAGES, 15)
    assert {code for code in LANGUAGES if found[code] < 13} == set()
    assert [text for code, text in rows if other_language(text) not in (code, None)] == []


@pytest.mark.parametrize("name", ["ontwikkelset.tsv", "toetsset.tsv", "inbreng.tsv", "gevaar.tsv"])
def test_dutch_frisian_and_dialect_are_never_taken_for_another_language(name: str) -> None:
    texts = [line.rpartition("\t")[2] for line in (SETS / name).read_text(encoding="utf-8").splitlines()]
    assert len(texts) > 100
    assert {text for text in texts if other_language(text)} <= MEANT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👍👍",
        "12345",
        "ok thanks",
        "De strjitte is alle dagen fol rommel en nimmen docht der wat oan.",
        "Op ons straat lê elke dag baie vullis.",
        "На нашей улице машины ездят слишком быстро",
        "خودروها در خیابان ما خیلی سریع می روند",
        "La calle está llena de basura todos los días.",
    ],
)
def test_what_has_no_answer_of_its_own_is_left_alone(text: str) -> None:
    assert other_language(text) is None


def test_every_language_has_every_text() -> None:
    assert {code: sorted(texts) for code, texts in foreign_texts().items()} == {
        code: ["antwoord", "gedeeld", "gemeente", "klopt", "knop", "niet_delen", "vastgelegd"] for code in LANGUAGES
    }
    assert [code for code, texts in foreign_texts().items() if "112" not in texts["antwoord"]] == []
