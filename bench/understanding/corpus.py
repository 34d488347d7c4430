"""What every contender learns: the examples of nlu/, whole or in part, with full or with plain labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random

import yaml

from nlu.components.evaluation import plain

LEAST_OF_A_LABEL = 2
"""Of every label at least this many examples remain in a part: Rasa warns for one with a single example."""


class TrainingDataUnusable(Exception):
    """The training data can not serve all contenders alike; says why."""


@dataclass(frozen=True)
class Example:
    """One training example."""

    label: str
    text: str


def read(folder: Path) -> list[Example]:
    """All examples under the intents in `folder`, in the order of the files.

    Raises:
        TrainingDataUnusable: something else than intents (only Rasa could learn from it), or no examples.
    """
    found = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            if "intent" not in block:
                raise TrainingDataUnusable(f"{path} holds {', '.join(block)}: only examples of intents can be compared")
            texts = [line.removeprefix("-").strip() for line in block["examples"].splitlines() if line.strip()]
            found += [Example(block["intent"], text) for text in texts]
    if not found:
        raise TrainingDataUnusable(f"{folder} has no examples")
    return found


def labels(examples: Sequence[Example]) -> list[str]:
    """The labels, sorted."""
    return sorted({example.label for example in examples})


def part(examples: Sequence[Example], *, share: float, random: Random) -> list[Example]:
    """A share (0 to 1) of the examples of each label, in their old order; of small labels at least two examples."""
    chosen: set[int] = set()
    for label in labels(examples):
        places = [place for place, example in enumerate(examples) if example.label == label]
        wanted = max(LEAST_OF_A_LABEL, round(share * len(places)))
        chosen.update(random.sample(places, min(wanted, len(places))))
    return [examples[place] for place in sorted(chosen)]


def flattened(examples: Sequence[Example]) -> list[Example]:
    """The same examples with `x` for `vraag/x`, for contenders that know no retrieval intents (docs/adr/0007).

    Raises:
        TrainingDataUnusable: two labels would become one, so that contenders would not learn the same labels.
    """
    full = labels(examples)
    short = [plain(label) for label in full]
    if double := sorted({label for label in short if short.count(label) > 1}):
        raise TrainingDataUnusable(f"without what comes before the slash, labels become the same: {', '.join(double)}")
    return [Example(plain(example.label), example.text) for example in examples]


def as_rasa(examples: Sequence[Example]) -> str:
    """The text of one training file for Rasa, in YAML: of JSON it expects another format."""
    by_label = groupby(sorted(examples, key=lambda example: example.label), key=lambda example: example.label)
    intents = [
        {"intent": label, "examples": "".join(f"- {example.text}\n" for example in group)} for label, group in by_label
    ]
    return yaml.dump({"version": "3.1", "nlu": intents}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)


def as_pairs(examples: Sequence[Example]) -> str:
    """The text of one training file for who reads JSON: pairs of label and text."""
    return json.dumps([[example.label, example.text] for example in examples], ensure_ascii=False)
