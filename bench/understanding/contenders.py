"""Who takes part: a name for the command line, a title for people, and what each of them is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

ENCODER = "nlu.components.encoder_featurizer.SentenceEncoderFeaturizer"
CLASSIFIER = "nlu.components.fused_classifier.FusedIntentClassifier"


class Home(Enum):
    """Where a contender runs."""

    RASA = "rasa"
    NODE = "node"


def default_of_rasa(_root: Path) -> str:
    """The pipeline of `rasa init`."""
    return Path(__file__).with_name("rasa_default.yml").read_text(encoding="utf-8")


def ours(root: Path) -> str:
    """config.yml as it is."""
    return (root / "config.yml").read_text(encoding="utf-8")


def without_meaning(root: Path) -> str:
    """Ours with the support vector machine alone.

    The encoder leaves the pipeline: with a share of nothing it changes no answer, but would still cost time and memory.
    """
    config: dict[str, Any] = yaml.safe_load(ours(root))
    config["pipeline"] = [
        part | {"dense_share": 0.0} if part["name"] == CLASSIFIER else part
        for part in config["pipeline"]
        if part["name"] != ENCODER
    ]
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)


@dataclass(frozen=True)
class Contender:
    """One of those compared. `config` makes its configuration from the root of the repository; None needs none."""

    name: str
    title: str
    home: Home
    plain_labels: bool
    config: Callable[[Path], str] | None


CONTENDERS = (
    Contender("rasa-default", "Rasa as `rasa init` has it (DIET)", Home.RASA, True, default_of_rasa),
    Contender("samenspel", "Samenspel (config.yml)", Home.RASA, False, ours),
    Contender("svm", "Samenspel with the SVM alone", Home.RASA, False, without_meaning),
    Contender("nlpjs", "nlp.js with its Dutch pack", Home.NODE, True, None),
)


def chosen(names: str | None) -> list[Contender]:
    """Those named, separated by commas, in the order of the table; all when nothing is named.

    Raises:
        ValueError: there is no such contender; says which there are.
    """
    if names is None:
        return list(CONTENDERS)
    wanted = {name.strip() for name in names.split(",")}
    known = [contender.name for contender in CONTENDERS]
    if strange := sorted(wanted.difference(known)):
        raise ValueError(f"there is no contender {', '.join(map(repr, strange))}; there are: {', '.join(known)}")
    return [contender for contender in CONTENDERS if contender.name in wanted]
