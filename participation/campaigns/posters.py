"""A poster on A4: a large QR code, the address in letters, and plain words, in the colours of the municipality.

PDF/UA and PDF/A by Typst, as the papers for the council: also who can not see it can read the file.
"""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import segno
import typst

from participation.dates import AMSTERDAM, dutch_date
from participation.house_style import Colors
from participation.logo import Logo
from participation.reports.documents.glyphs import printable_all
from participation.reports.documents.pdf import FONTS

TEMPLATE = Path(__file__).with_name("poster.typ")
USUAL = Colors(header="#0b3c5d", header_ink="#ffffff", action="#0f6674")


@dataclass(frozen=True)
class Poster:
    """What stands on it. `link` is what the QR code holds, `address` what people can type."""

    municipality: str
    title: str
    question: str
    minutes: int
    closes_at: datetime | None
    link: str
    address: str
    place: str = ""


def qr_svg(link: str, *, scale: int = 5) -> str:
    """Return a QR code as SVG. Error correction Q: a quarter of it may be torn or dirty."""
    out = io.BytesIO()
    segno.make(link, error="q", micro=False).save(
        out, kind="svg", scale=scale, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return out.getvalue().decode()


def qr_png(link: str) -> bytes:
    """Return a QR code as a picture for a letter or a screen."""
    out = io.BytesIO()
    segno.make(link, error="q", micro=False).save(out, kind="png", scale=16, border=4)
    return out.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(poster: Poster, *, colors: Colors | None, logo: Logo | None, now: datetime) -> bytes:
    """Make the file."""
    chosen = colors or USUAL
    until = dutch_date(poster.closes_at.astimezone(AMSTERDAM).date()) if poster.closes_at else ""
    content = {
        "gemeente": poster.municipality,
        "titel": poster.title,
        "vraag": poster.question,
        "minuten": f"{poster.minutes} {'minuut' if poster.minutes == 1 else 'minuten'}",
        "tot": until,
        "adres": poster.address,
        "plek": poster.place,
        "kop": chosen.header,
        "inkt": chosen.header_ink,
    }
    inputs = {
        "poster": json.dumps(printable_all(content), ensure_ascii=False),
        "qr": qr_svg(poster.link),
        "logo": json.dumps(list(logo.image)) if logo else "",
    }
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=now)
    if not isinstance(made, bytes):
        raise TypeError("one PDF was asked for")
    return made
