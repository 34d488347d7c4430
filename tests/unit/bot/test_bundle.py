"""What a visitor of a municipal site has to load for the chat."""

import gzip

from bot.web.pages import STATIC

MOST_BYTES = 40_000


def test_the_chat_stays_small() -> None:
    files = [path for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".svg"} and path.name != "start.css"]
    together = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    assert together <= MOST_BYTES, together
    assert {path.suffix for path in STATIC.iterdir()} <= {".js", ".css", ".svg"}
