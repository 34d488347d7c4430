"""Every text in content/ that a resident can meet: a new file, or a new text in one, is measured by itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from participation import authorities, content
from participation.campaigns.texts import texts as campaign_texts
from participation.consent_texts import consent_texts
from participation.difficult_words import found_in
from participation.foreign import foreign_texts
from participation.language.readability import LEAST_EASE, MOST_WORDS, ease, sentences, words
from participation.services import dispositions
from tests.unit.content.test_readability import OTHER_LANGUAGES, filled

FOR_OTHERS = {"lastige_woorden.yml", "feiten.yml", "talen.yml"}
"""What only the griffie reads, and what is not Dutch."""

NOT_SAID = {"bronnen", "nog_te_controleren", "waarvoor", "talen", OTHER_LANGUAGES, "inbreng_status_regel"}
"""Names of sources, notes for who writes and for the griffie, other languages, and a row of data."""

MOST_WORDS_ON_AVERAGE = 12
"""In a sentence of a text that has more than one."""

FEWEST_WORDS_SCORED = 9
"""In fewer one long word, such as "gemeenteraad", decides the score; those are names and buttons."""


def texts_in(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Each text below a value, with where it stands."""
    if isinstance(value, str):
        yield place, filled(value)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in NOT_SAID:
                yield from texts_in(part, f"{place}/{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from texts_in(part, f"{place}/{number}")


FILES = sorted(path for path in content.FOLDER.rglob("*.yml") if path.name not in FOR_OTHERS)
EVERY_TEXT = {
    place: text
    for path in FILES
    for place, text in texts_in(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem)
    if words(text)
}


def test_no_sentence_is_long_and_several_together_are_short_on_average() -> None:
    counts = {place: [len(words(one)) for one in sentences(text)] for place, text in EVERY_TEXT.items()}
    assert {place: max(count) for place, count in counts.items() if max(count) > MOST_WORDS} == {}
    averages = {place: sum(count) / len(count) for place, count in counts.items() if len(count) > 1}
    assert {place: average for place, average in averages.items() if average > MOST_WORDS_ON_AVERAGE} == {}


def test_every_text_is_easy() -> None:
    scores = {place: round(ease(text)) for place, text in EVERY_TEXT.items() if len(words(text)) >= FEWEST_WORDS_SCORED}
    assert {place: score for place, score in scores.items() if score < LEAST_EASE} == {}


def test_no_text_has_difficult_words() -> None:
    assert {place: found for place, text in EVERY_TEXT.items() if (found := found_in(text))} == {}


@pytest.mark.parametrize("authority", authorities.authorities().values(), ids=lambda authority: authority.id)
def test_who_else_decides_is_told_in_plain_words(authority: authorities.Authority) -> None:
    text = content.text("andere_overheid_gaat_erover", wie=authority.name, waarover=authority.about)
    assert [one for one in sentences(text) if len(words(one)) > MOST_WORDS] == []
    assert (ease(text) >= LEAST_EASE, found_in(text)) == (True, {})


def every_string(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for part in value.values():
            yield from every_string(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_string(part)


def ways() -> dict[str, str]:
    return {key: way.words for key, way in dispositions.usual().items()}


def answers() -> dict[str, list[str]]:
    return {topic: [answer.short, answer.more or ""] for topic, answer in content.answers().items()}


@pytest.mark.parametrize("read", [content.texts, foreign_texts, consent_texts, campaign_texts, ways, answers])
def test_a_paragraph_is_one_line_however_its_file_is_wrapped(read: Callable[[], Mapping[str, Any]]) -> None:
    found = [text for text in every_string(dict(read())) if text]
    assert len(found) >= 3
    assert [text for text in found if re.search(r"[^\n]\n(?!\n|- )", text)] == []


def test_what_the_widget_says_itself_is_easy() -> None:
    """Its words are a table in JavaScript; what it fills in is a number or a name."""
    table = Path("bot/web/static/words.js").read_text(encoding="utf-8")
    said = [re.sub(r"\$\{[^}]+\}+", "5", text) for text in re.findall(r"[\"`]([^\"`\n]+[.?!])[\"`]", table)]
    assert len(said) > 20
    assert [text for text in said if max(len(words(one)) for one in sentences(text)) > MOST_WORDS] == []
    assert [text for text in said if len(words(text)) >= FEWEST_WORDS_SCORED and ease(text) < LEAST_EASE] == []
    assert {text: found for text in said if (found := found_in(text))} == {}
