"""Fixtures of the understanding tests; they run in the Rasa world."""

import os
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> dict[str, list[str]]:
    """All training examples by label."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
            found.setdefault(block["intent"], []).extend(lines)
    return found


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; the launcher says where it is."""
    return Path(os.environ["SAMENSPEL_TEST_MODEL"])
