"""What the contenders of `bench nlu` learn: the same examples, whole or in part, with full or with plain labels."""

import json
from pathlib import Path
from random import Random

import pytest
import yaml

from bench.understanding import corpus
from bench.understanding.corpus import Example, TrainingDataUnusable

ROOT = Path(__file__).parents[3]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  no secret


MANY = [Example("groet", f"hallo {number}") for number in range(40)]
FEW = [Example("vraag/raad_wat_is", f"wat is de raad {number}") for number in range(3)]


def test_all_examples_of_all_files_are_read_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text(
        "version: '3.1'\nnlu:\n- intent: groet\n  examples: |\n    - hallo\n    - dag - zei ik\n"
    )
    (tmp_path / "a.yml").write_text("nlu:\n- intent: vraag/raad_wat_is\n  examples: |\n    - wat is 'de raad'?\n")
    assert corpus.read(tmp_path) == [
        Example("vraag/raad_wat_is", "wat is 'de raad'?"),
        Example("groet", "hallo"),
        Example("groet", "dag - zei ik"),
    ]


def test_what_only_rasa_can_learn_from_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("nlu:\n- lookup: gemeente\n  examples: |\n    - Utrecht\n")
    with pytest.raises(TrainingDataUnusable, match=r"a\.yml holds lookup, examples: only examples of intents"):
        corpus.read(tmp_path)


def test_a_folder_without_examples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataUnusable, match="has no examples"):
        corpus.read(tmp_path)


def test_a_part_has_the_share_of_every_label_and_two_of_a_small_one() -> None:
    chosen = corpus.part([*MANY, *FEW], share=0.25, random=seeded(1))
    counts = {label: sum(example.label == label for example in chosen) for label in corpus.labels(chosen)}
    assert counts == {"groet": 10, "vraag/raad_wat_is": 2}


def test_a_part_keeps_the_order_and_takes_no_example_twice() -> None:
    everything = [*MANY, *FEW]
    chosen = corpus.part(everything, share=0.5, random=seeded(1))
    assert chosen == [example for example in everything if example in set(chosen)]


def test_a_part_is_the_same_with_the_same_seed_only() -> None:
    first, again, other = (corpus.part(MANY, share=0.25, random=seeded(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_whole_share_is_everything() -> None:
    assert corpus.part([*MANY, *FEW], share=1.0, random=seeded(1)) == [*MANY, *FEW]


def test_flattening_takes_what_comes_before_the_slash_off() -> None:
    assert corpus.labels(corpus.flattened([*MANY, *FEW])) == ["groet", "raad_wat_is"]
    assert [example.text for example in corpus.flattened(FEW)] == [example.text for example in FEW]


def test_labels_that_would_become_one_are_refused() -> None:
    with pytest.raises(TrainingDataUnusable, match=r"become the same: groet$"):
        corpus.flattened([Example("groet", "hallo"), Example("vraag/groet", "hoe groet ik")])


def test_our_own_data_keep_as_many_labels_when_flattened() -> None:
    examples = corpus.read(ROOT / "nlu")
    assert len(corpus.labels(corpus.flattened(examples))) == len(corpus.labels(examples)) == 96


def test_rasa_gets_the_same_texts_whatever_signs_they_hold() -> None:
    """Signs that mean something in YAML, and a label whose examples do not stand together."""
    odd = [Example("a", "- 'ja': #nee {x}"), Example("b", "ok"), Example("a", 'é "€" \\n 🙂')]
    read = yaml.safe_load(corpus.as_rasa(odd))
    assert read == {
        "version": "3.1",
        "nlu": [
            {"intent": "a", "examples": "- - 'ja': #nee {x}\n- é \"€\" \\n 🙂\n"},
            {"intent": "b", "examples": "- ok\n"},
        ],
    }


def test_node_gets_pairs() -> None:
    assert json.loads(corpus.as_pairs(FEW[:1])) == [["vraag/raad_wat_is", "wat is de raad 0"]]
