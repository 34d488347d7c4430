"""Which Dutch spaCy pipeline is used: the package that config.yml names, or else the bundled one.

`python -m nlu.components.spacy_model` says which in one line.
"""

import sys
from pathlib import Path
from typing import Tuple

import spacy
from spacy.language import Language

PACKAGE = "nl_core_news_sm"
BUNDLED = Path(__file__).parents[1] / "spacy" / "nl_ud_sm"


def load(name: str = PACKAGE) -> Tuple[Language, str]:
    """Load the pipeline without its parser; returns it with the name of what was loaded."""
    if spacy.util.is_package(name):
        return spacy.load(name, disable=["parser", "ner"]), name
    return spacy.load(BUNDLED, disable=["parser"]), f"{BUNDLED.name} (bundled; {name} is not installed)"


if __name__ == "__main__":
    language, used = load()
    sys.stdout.write(f"{used} {language.meta['version']}\n")
