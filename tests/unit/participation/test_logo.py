"""A logo is drawn again: only the picture is left, and what is no picture is refused."""

import io
import zlib

import pytest
from PIL import Image, PngImagePlugin

from participation import logo
from participation.logo import LogoRefused, drawn_again


def picture(kind: str, size: tuple[int, int] = (600, 300), **save: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#cc0000").save(file, kind, **save)
    return file.getvalue()


def test_a_picture_becomes_a_small_png_without_what_its_maker_left_in_it() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Geheim Persoon")
    file = picture("PNG", pnginfo=note)
    assert b"Geheim Persoon" in file
    drawn = drawn_again(file)
    with Image.open(io.BytesIO(drawn.image)) as shown:
        assert (shown.format, shown.size, shown.info, shown.getpixel((5, 5))) == (
            "PNG",
            (320, 160),
            {},
            (204, 0, 0, 255),
        )
    assert b"Geheim" not in drawn.image
    assert drawn_again(file) == drawn


def test_a_jpeg_is_fine_and_another_picture_has_another_version() -> None:
    assert drawn_again(picture("JPEG")).version != drawn_again(picture("PNG", (10, 10))).version


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "soort"),
        (b"GIF89a" + b"\0" * 40, "soort"),
        (picture("GIF", (10, 10)), "soort"),
        (picture("PNG", (900, 900))[:200], "soort"),
        (b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x"), "soort"),
        (b"x" * (logo.MAX_BYTES + 1), "te_groot"),
        (picture("PNG", (3000, 3000)), "te_veel_punten"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(file: bytes, fault: str) -> None:
    with pytest.raises(LogoRefused) as refused:
        drawn_again(file)
    assert refused.value.fault == fault
