"""What residents agreed with stays as it was, and what they are asked reads easily."""

import hashlib

import pytest

from participation import content
from participation.consent_texts import consent_texts, question, version_in_force
from participation.language.other_languages import LANGUAGES
from participation.language.readability import LEAST_EASE, MOST_WORDS, ease, sentences, words
from participation.models.consent import PURPOSES

KEPT = {
    ("delen", 1): "4d03b273adc6",
    ("delen", 2): "5ef04a1d913d",
    ("contact", 1): "068ddafdbfd5",
    ("naam", 1): "1752509f03d6",
    ("campagne", 1): "be104df2d3b2",
}
"""The first characters of the SHA-256 of every version. A changed text is a new version, never another hash here."""


def mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_a_text_that_was_agreed_with_is_never_changed() -> None:
    found = {
        (purpose, version["versie"]): mark(version["tekst"])
        for purpose, versions in consent_texts().items()
        for version in versions
    }
    assert found == KEPT


def test_every_purpose_has_a_text_and_the_newest_is_in_force() -> None:
    assert set(consent_texts()) == set(PURPOSES)
    assert {purpose: version_in_force(purpose) for purpose in PURPOSES} == {
        purpose: max(version["versie"] for version in consent_texts()[purpose]) for purpose in PURPOSES
    }


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_asked_is_easy_to_read(purpose: str) -> None:
    text = question(purpose).replace("{gemeente}", "Utrecht")
    assert [sentence for sentence in sentences(text) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(text) >= LEAST_EASE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_about_the_council_names_its_buttons_in_every_language(language: str) -> None:
    """Who can not read the question can not agree to it; the buttons are in Dutch."""
    dutch, *other = question("delen", language).split("\n\n")
    assert (dutch, len(other)) == (question("delen"), 1)
    named = " ".join(other[0].split())
    assert [one for one in ("knop_delen_ja", "knop_delen_nee") if f"„{content.text(one)}”" not in named] == []
