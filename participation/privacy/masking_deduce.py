"""Names that the package `deduce` finds: it was made for Dutch medical reports, which are written with capitals.

Only its names are used. Its streets, institutions and hospitals are places, which stay readable, and they are what
makes it take 1.2 GB and minutes to start; without them it takes 35 MB and 2 s.
"""

import logging
import re
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from participation.privacy.masking_spans import Span
from participation.privacy.masking_words import deduce_lists

if TYPE_CHECKING:
    from deduce import Deduce

_LEFT_EMPTY = (
    "institutions/lst_healthcare_institution",
    "institutions/lst_hospital",
    "institutions/lst_hospital_abbr",
    "locations/lst_placename",
    "locations/lst_street",
)
_PIECE = 400
_CAPITALS = 6
"""Characters, and words with a capital in a row, given to deduce at once.

Its time grows with more than the square of the names that stand together.
"""
_WORD = re.compile(r"\S+")

_one_at_a_time = threading.Lock()
"""Loading twice would waste memory, and nothing says that deduce may be used by two threads at once."""


def persons(text: str) -> Iterator[Span]:
    """Find names of persons. The first call of a process loads the lists."""
    with _one_at_a_time:
        deduce = _load()
        for start, end in _pieces(text):
            document = deduce.deidentify(text[start:end], enabled=_enabled(deduce))
            for annotation in document.annotations:
                yield Span(start + annotation.start_char, start + annotation.end_char, "persoon")


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut between words, where a piece is long enough or has had enough capitals in a row."""
    start = capitals = 0
    for word in _WORD.finditer(text):
        capitals = capitals + 1 if word[0][0].isupper() else 0
        if word.end() - start >= _PIECE or capitals >= _CAPITALS:
            yield start, word.end()
            start, capitals = word.end(), 0
    yield start, len(text)


@lru_cache(maxsize=1)
def _load() -> "Deduce":
    """Load deduce from a copy of its lists in which all but the names are empty, as its manual advises.

    The copy lives as long as the loading does: tables of this size are made in less time than it takes to keep a
    stored copy of them honest.
    """
    with tempfile.TemporaryDirectory(prefix="samenspel-namen-") as folder, _quiet_import():
        from deduce import Deduce

        lists = Path(folder) / "src"
        shutil.copytree(deduce_lists(), lists, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for name in _LEFT_EMPTY:
            shutil.rmtree(lists / name)
            (lists / name).mkdir(parents=True)
            (lists / name / "items.txt").write_text("", encoding="utf-8")
        return Deduce(lookup_data_path=Path(folder), cache_path=Path(folder), build_lookup_structs=True)


@lru_cache(maxsize=1)
def _enabled(deduce: "Deduce") -> frozenset[str]:
    annotators = deduce.config["annotators"]
    return frozenset(
        {"names", "person_annotation_converter"} | {name for name, one in annotators.items() if one["group"] == "names"}
    )


@contextmanager
def _quiet_import() -> Iterator[None]:
    """Undo what importing deduce does to its process: a log of everything on stdout, and warnings switched on."""
    handler, filters = logging.NullHandler(), list(warnings.filters)
    logging.getLogger().addHandler(handler)  # a root logger that has a handler is left as it is
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        warnings.resetwarnings()
        warnings.filters.extend(filters)  # type: ignore[attr-defined]  # typed as a sequence, kept as a list
