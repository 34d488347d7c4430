"""What a visitor of a municipal site has to load for the chat."""

import gzip
import re
from pathlib import Path

import pytest

from bot.web.pages import STATIC

MOST_BYTES = 40_000


def test_the_chat_stays_small() -> None:
    files = [path for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"} and path.name != "start.css"]
    together = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    assert together <= MOST_BYTES, together
    assert {path.suffix for path in STATIC.iterdir()} <= {".js", ".css", ".svg"}


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_every_private_name_is_declared(script: Path) -> None:
    """One that is not keeps the whole script from being read, and so the whole chat from starting."""
    code = script.read_text(encoding="utf-8")
    used = set(re.findall(r"\w\.(#\w+)", code))
    declared = set(re.findall(r"^\s+(?:async )?(#\w+)(?: =|;|\()", code, re.MULTILINE))
    assert used <= declared
