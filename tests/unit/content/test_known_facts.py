"""Every fact that an answer asks for can be filled in by a griffier, and none is asked for nothing."""

import pytest

from participation import content
from participation.known_facts import known_facts, used_by
from participation.language.readability import MOST_WORDS, sentences, words

EACH_FACT = pytest.mark.parametrize("fact", known_facts().values(), ids=lambda fact: fact.name)


def test_the_table_of_facts_holds_exactly_what_answers_use() -> None:
    assert set(known_facts()) == {name for answer in content.answers().values() for name in used_by(answer)}


@EACH_FACT
def test_a_fact_has_a_label_a_hint_an_example_and_a_question(fact) -> None:
    assert all((fact.label, fact.hint, fact.questions))
    assert fact.accepts(fact.example)
    assert [sentence for sentence in sentences(fact.hint) if len(words(sentence)) > MOST_WORDS] == []


def test_labels_are_told_apart() -> None:
    labels = [fact.label for fact in known_facts().values()]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("zetels", "45 of zo"),
        ("zetels", "4.5"),
        ("raad_url", "utrecht.example"),
        ("raad_url", "javascript:alert(1)"),
        ("griffie_email", "griffie@utrecht"),
        ("griffie_telefoon", "030-bel-ons"),
        ("coalitie", ""),
        ("coalitie", "a" * 601),
    ],
)
def test_what_can_not_be_shown_is_refused(name, value) -> None:
    assert not known_facts()[name].accepts(value)
