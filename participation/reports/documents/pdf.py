"""The paper as a PDF that a screen reader can read (PDF/UA-1) and an archive can keep (PDF/A-2a).

Typst writes both by itself and brings its compiler in its wheel. Fonts are ours, so that every machine gives the same.
"""

import json
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from participation.reports.documents.glyphs import printable_all
from participation.reports.paper import CONCEPT

TEMPLATE = Path(__file__).with_name("rapport.typ")
FONTS = Path(__file__).parents[1] / "fonts"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def compile_pdf(content: dict[str, Any]) -> bytes:
    """Make the file. A draft says on every page that it is one."""
    foot = f"{content['titel']}, {content['nummer'] or CONCEPT}"
    day = date.fromisoformat(content["datum"]) if content["datum"] else date(2000, 1, 1)
    paper = json.dumps(printable_all(content | {"voet": foot}), ensure_ascii=False)
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"paper": paper})
    # Not the moment itself: made again it has to be the same file.
    made = compiler.compile(
        format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=datetime.combine(day, time(12), UTC)
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was asked for")
    return made
