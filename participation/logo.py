"""A logo that a municipality sends: drawn again by us, so that nothing but the picture is left of the file.

SVG is refused: it can hold scripts and links, and taking those out for certain is more than this is worth.
"""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

MAX_BYTES = 200 * 1024
MAX_PIXELS = 4_000_000
"""Looked at before anything is unpacked: a small file can hold a huge picture."""
BOX = (480, 160)
"""Twice the size at which it is ever shown."""
FORMATS = ("PNG", "JPEG")


class LogoRefused(Exception):
    """Why: `te_groot`, `te_veel_punten` or `soort`."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Logo:
    """A PNG. `version` differs for every other picture."""

    image: bytes
    version: str


def drawn_again(file: bytes) -> Logo:
    """Read a PNG or JPEG and write it as a PNG of our own, without data about camera, place or maker.

    Raises:
        LogoRefused: it is too large, or no picture of a kind that we read.
    """
    if len(file) > MAX_BYTES:
        raise LogoRefused("te_groot")
    try:
        with Image.open(io.BytesIO(file), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise LogoRefused("te_veel_punten")
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise LogoRefused("soort") from None
    drawn.thumbnail(BOX)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    written = io.BytesIO()
    clean.save(written, "PNG", optimize=True)
    return Logo(written.getvalue(), hashlib.sha256(written.getvalue()).hexdigest()[:12])
