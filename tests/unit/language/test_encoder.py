"""What the sentence encoder reads of a text: enough to understand it, and never more than it reads in time."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from participation.language import encoder
from participation.language.encoder import MOST_TOKENS, SentenceEncoder

ROOT = Path(__file__).parents[3]
STORY = " ".join(f"woord{number}" for number in range(500))


@pytest.fixture(scope="module")
def loaded() -> SentenceEncoder:
    found = encoder.load()
    assert found is not None
    return found


def test_a_short_text_is_read_whole(loaded: SentenceEncoder) -> None:
    text = "wanneer vergadert\n de gemeenteraad  over de arbeidsongeschiktheidsverzekeringen"
    assert loaded.shorten(text) == " ".join(text.split())


def test_of_a_long_text_the_beginning_and_the_end_are_read(loaded: SentenceEncoder) -> None:
    words = loaded.shorten(STORY).split()
    whole = STORY.split()
    half = len(words) // 2
    assert 8 <= len(words) <= MOST_TOKENS
    assert (words[:half], words[-half:]) == (whole[:half], whole[-half:])


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "".join(chr(ord("a") + number * 7 % 26) for number in range(20_000)),
        "".join(chr(0x4E00 + number) for number in range(10_000)),
        "".join(chr(0x1F300 + number % 500) for number in range(10_000)),
        " ".join("a" * 1_000),
    ],
    ids=["words", "no spaces", "another script", "pictures", "letters"],
)
def test_nothing_has_more_tokens_than_are_read_in_time(loaded: SentenceEncoder, text: str) -> None:
    """And something is read of everything."""
    assert MOST_TOKENS // 2 <= loaded._tokens(loaded.shorten(text)) <= MOST_TOKENS


def test_an_embedding_is_of_what_is_read(loaded: SentenceEncoder) -> None:
    embedding = loaded.encode([STORY, loaded.shorten(STORY), ""])
    assert (embedding[0] == embedding[1]).all()
    assert not embedding[2].any()


def test_no_character_grows_any_more_in_the_library() -> None:
    """Its buffer has room for four characters a byte; one sign that stands for eighteen would write beyond it."""
    for number in range(sys.maxunicode + 1):
        written = encoder.spelled_out(f"a{chr(number)}a")
        assert all(len(unicodedata.normalize("NFKC", one)) <= 4 for one in written), hex(number)


@pytest.mark.parametrize("text", ["ﷺ" * 20, "ﷺ " * 300, "ﷺ a ﷺ b " * 100, "\ud800 half", "x\x00y", "﷽" * 500])
def test_no_text_ends_the_process(text: str) -> None:
    code = (
        "from participation.language import encoder; import numpy; loaded = encoder.load();"
        f"rows = [loaded.encode([{text!r}]) for _ in range(20)]; assert numpy.isfinite(rows).all()"
    )
    ended = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
