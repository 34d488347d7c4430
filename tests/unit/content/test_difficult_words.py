"""The list of difficult words: the same in the guide and in the product, and kept by ourselves."""

import re
from pathlib import Path

import pytest

from participation import content
from participation.content import Answer
from participation.difficult_words import difficult_words, found_in
from participation.language.readability import MOST_WORDS, ease, sentences, words

GUIDE = (Path(__file__).parents[3] / "docs" / "inhoud.md").read_text(encoding="utf-8")


def test_the_guide_shows_the_whole_list() -> None:
    table = GUIDE.partition("| liever niet | schrijf liever |\n|---|---|\n")[2].strip()
    assert table.splitlines() == [f"| {word} | {instead} |" for word, instead in difficult_words().items()]


def test_the_guide_follows_its_own_advice() -> None:
    text = GUIDE.partition("## Lastige woorden")[0]
    prose = re.sub(r"(?m)^(\||#).*$|[`*]|^\d\. ", "", text)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=\* )|\n(?=\d\. )", prose)]
    assert [one for part in paragraphs for one in sentences(part) if len(words(one)) > MOST_WORDS] == []
    assert ease("\n".join(paragraphs)) >= 60


@pytest.mark.parametrize("answer", content.answers().values(), ids=lambda answer: answer.topic)
def test_our_own_answers_do_without_difficult_words(answer: Answer) -> None:
    local = [text for part in answer.local for text in (part.text, part.otherwise)]
    assert found_in(" ".join([answer.short, answer.more or "", *local])) == {}


def test_only_whole_words_count_with_or_without_a_capital() -> None:
    assert found_in("Indien nodig. Echtere woorden, thans.") == {"indien": "als", "thans": "nu"}
