"""The training data are what they should be."""

import unicodedata
from collections import Counter, defaultdict

import numpy as np
import pytest
import yaml
from rapidfuzz import fuzz, process

from nlu.components import evaluation
from tests.nlu.conftest import ROOT


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def intents_of_domain() -> list[str]:
    names: list[str] = []
    for path in (ROOT / "domain").glob("*.yml"):
        names += yaml.safe_load(path.read_text(encoding="utf-8")).get("intents", [])
    return names


def test_every_label_of_the_data_is_in_the_domain_and_the_other_way_round(examples: dict[str, list[str]]) -> None:
    assert {label.split("/")[0] for label in examples} == set(intents_of_domain())


def test_every_question_has_an_answer_and_every_answer_examples(examples: dict[str, list[str]]) -> None:
    answers = set()
    for path in (ROOT / "content" / "antwoorden").glob("*.yml"):
        prefix = "" if path.stem == "doorverwijzen" else "vraag/"
        answers |= {prefix + topic for topic in yaml.safe_load(path.read_text(encoding="utf-8"))}
    questions = {label for label in examples if label.startswith("vraag/")}
    assert len(questions) == 64
    assert answers - questions - set(examples) == set()
    assert questions - answers == set()


def test_every_label_has_examples_enough(examples: dict[str, list[str]]) -> None:
    least = {"buiten_bereik": 300, "dienst_gemeente": 300}
    too_few = {
        label: len(lines)
        for label, lines in examples.items()
        if len(lines) < least.get(label, 60 if label.startswith("vraag/") else 80)
    }
    assert too_few == {}


def test_no_example_stands_twice(examples: dict[str, list[str]]) -> None:
    counts = Counter(folded(line) for lines in examples.values() for line in lines if folded(line))
    assert {line: count for line, count in counts.items() if count > 1} == {}


def test_no_two_examples_of_a_label_differ_in_one_word(examples: dict[str, list[str]]) -> None:
    """Of four words or more: the second would teach little."""
    alike: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for label, lines in examples.items():
        for line in lines:
            words = folded(line).split()
            for at in range(len(words) if len(words) >= 4 else 0):
                alike[label, " ".join(words[:at]), " ".join(words[at + 1 :])].add(line)
    assert [found for found in alike.values() if len(found) > 1] == []


def test_no_two_examples_of_different_labels_are_nearly_the_same(examples: dict[str, list[str]]) -> None:
    pairs = [(label, folded(line)) for label, lines in examples.items() for line in lines]
    pairs = [(label, line) for label, line in pairs if len(line) >= 15]
    lines = [line for _, line in pairs]
    near = []
    for start in range(0, len(lines), 500):
        scores = process.cdist(
            lines[start : start + 500], lines, scorer=fuzz.ratio, score_cutoff=92, dtype=np.uint8, workers=2
        )
        for row, column in zip(*np.nonzero(scores), strict=True):
            if start + row < column and pairs[start + row][0] != pairs[column][0]:
                near.append((pairs[start + row], pairs[column]))
    assert near == []


@pytest.mark.parametrize(("name", "least"), [("ontwikkelset", 2100), ("toetsset", 1300)])
def test_a_set_to_measure_with_is_not_in_the_training_data(
    examples: dict[str, list[str]], name: str, least: int
) -> None:
    known = {folded(line) for lines in examples.values() for line in lines}
    texts = texts_of(name)
    assert len(texts) >= least
    assert [text for text in texts if folded(text) in known] == []


def test_a_set_to_measure_with_is_not_nearly_in_the_training_data(examples: dict[str, list[str]]) -> None:
    """The same words with another spelling: the set would measure memory."""
    lines = [folded(line) for lines in examples.values() for line in lines]
    held = [text for name in ("ontwikkelset", "toetsset") for text in map(folded, texts_of(name)) if len(text) >= 25]
    near = []
    for start in range(0, len(held), 500):
        part = held[start : start + 500]
        scores = process.cdist(part, lines, scorer=fuzz.ratio, score_cutoff=95, dtype=np.uint8, workers=2)
        near += [(part[row], lines[column]) for row, column in zip(*np.nonzero(scores), strict=True)]
    assert near == []


def test_no_message_to_measure_with_stands_twice() -> None:
    counts = Counter(folded(text) for name in ("ontwikkelset", "toetsset") for text in texts_of(name) if folded(text))
    assert {text: count for text, count in counts.items() if count > 1} == {}


def texts_of(name: str) -> list[str]:
    return [line.text for line in evaluation.read(ROOT / "tests" / "nlu" / f"{name}.tsv")]


def test_examples_are_plain_text(examples: dict[str, list[str]]) -> None:
    odd = [
        line
        for lines in examples.values()
        for line in lines
        if line.startswith("/") or any(mark in line for mark in "[]{}")
    ]
    assert odd == []
