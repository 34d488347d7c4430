"""The answer library is whole: every topic answered, dated, sourced, short, and free of slots nobody can fill."""

import re
from datetime import date
from pathlib import Path

import pytest

from participation import content
from participation.content import Answer
from participation.services.demonstration import FACTS

CATALOGUE = [
    tuple(line.split())
    for line in Path(__file__).with_name("onderwerpen.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
LONGEST_SHORT, LONGEST_MORE, LONGEST_BUTTON = 60, 150, 60
"""Words, words, characters."""
EACH_ANSWER = pytest.mark.parametrize("answer", content.answers().values(), ids=lambda answer: answer.topic)


def all_texts(answer: Answer) -> list[str]:
    local = [text for part in answer.local for text in (part.text, part.otherwise)]
    return [answer.question, answer.short, *([answer.more] if answer.more else []), *local]


def slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def test_the_library_holds_exactly_the_catalogue() -> None:
    assert sorted((answer.group, answer.topic) for answer in content.answers().values()) == sorted(CATALOGUE)
    assert len(CATALOGUE) == 64 + 7


@EACH_ANSWER
def test_an_answer_says_where_it_comes_from_and_when_that_was_checked(answer: Answer) -> None:
    assert answer.sources
    assert all(source.name and source.url.startswith("https://") for source in answer.sources)
    assert type(answer.checked_on) is date
    assert answer.valid_until is None or answer.valid_until > answer.checked_on


@EACH_ANSWER
def test_an_answer_is_short(answer: Answer) -> None:
    assert len(answer.short.split()) <= LONGEST_SHORT
    assert len((answer.more or "").split()) <= LONGEST_MORE
    assert len(answer.question) <= LONGEST_BUTTON


@EACH_ANSWER
def test_an_answer_leads_to_two_or_three_other_topics(answer: Answer) -> None:
    """Referrals lead elsewhere, so that they may have fewer."""
    fewest = 0 if answer.group == "doorverwijzen" else 2
    assert fewest <= len(answer.next_topics) <= 3
    assert set(answer.next_topics) <= set(content.answers()) - {answer.topic}
    assert len(set(answer.next_topics)) == len(answer.next_topics)


@EACH_ANSWER
def test_only_the_local_sentence_names_facts_and_it_names_the_ones_it_needs(answer: Answer) -> None:
    for text in (answer.question, answer.short, answer.more or "", *(part.otherwise for part in answer.local)):
        assert slots(text) <= {"gemeente"}
    for part in answer.local:
        assert slots(part.text) - {"gemeente"} == set(part.facts)


@EACH_ANSWER
def test_braces_are_whole(answer: Answer) -> None:
    """An odd brace would reach the resident as it stands."""
    without_slots = [re.sub(r"\{[a-z_]+\}", "", text) for text in all_texts(answer)]
    assert [text for text in without_slots if re.search(r"[{}]", text)] == []


def test_an_emergency_names_the_numbers_to_call() -> None:
    assert "112" in content.answers()["noodgeval"].short
    assert "113" in content.answers()["persoonlijke_nood"].short


def test_the_demonstration_fills_only_slots_that_answers_use() -> None:
    used = {fact for answer in content.answers().values() for part in answer.local for fact in part.facts}
    assert {fact for facts in FACTS.values() for fact in facts} - used == set()


def test_two_questions_are_never_written_the_same() -> None:
    """They are the titles of buttons that may stand side by side."""
    questions = [answer.question for answer in content.answers().values()]
    assert sorted(set(questions)) == sorted(questions)


TO_A_CHILD = "inbreng_kind"


def test_residents_are_addressed_as_u_and_only_a_child_is_not() -> None:
    informal = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
    texts = [text for answer in content.answers().values() for text in all_texts(answer)]
    texts += [text for name, text in content.texts().items() if isinstance(text, str) and name != TO_A_CHILD]
    assert informal.search(content.text(TO_A_CHILD))
    assert [text for text in texts if informal.search(text)] == []


def test_a_fixed_text_without_its_slot_is_refused_and_an_unknown_one_too() -> None:
    for name, slots_given in (("gemeente_gekozen", {}), ("bestaat_niet", {"gemeente": "Utrecht"})):
        with pytest.raises(KeyError):
            content.text(name, **slots_given)


def test_what_fills_a_slot_is_not_read_as_a_slot() -> None:
    assert content.text("herhaling", tekst="{gemeente} {0} {") == "Ik leg het nog een keer uit. {gemeente} {0} {"
