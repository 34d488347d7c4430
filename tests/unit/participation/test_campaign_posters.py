"""A poster stays on one page whatever is written on it, and can be read by who does not see it."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from participation.campaigns import posters
from participation.campaigns.making import LONGEST
from participation.campaigns.posters import Poster
from participation.house_style import Colors
from participation.logo import drawn_again

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CLOSES = datetime(2027, 1, 31, 22, 59, tzinfo=UTC)
LINK = "https://praatmee.gemeentevoorbeeld.example/c/ab3kq7mn?plek=abcdefghijklmnopqrstuv"
ADDRESS = "praatmee.gemeentevoorbeeld.example/c/ab3kq7mn"


def logo():
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), "#8a1538").save(drawn, "PNG")
    return drawn_again(drawn.getvalue())


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Speelplek", "Wat wilt u?"),
        (("Een heel lange naam " * 9)[: LONGEST["title"]], ("Wat vindt u van het plan? " * 30)[: LONGEST["intro"]]),
    ],
)
def test_it_is_one_tagged_page_with_all_that_people_need(title: str, question: str) -> None:
    poster = Poster("Utrechtse Heuvelrug", title, question, 4, CLOSES, LINK, ADDRESS, "Plek: markt <b>")
    made = posters.pdf(poster, colors=Colors("#ffcc00", "#16242d", "#8a1538"), logo=logo(), now=NOW)
    pdf = PdfReader(io.BytesIO(made))
    (page,) = pdf.pages
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
    assert (pdf.trailer["/Root"]["/MarkInfo"]["/Marked"], pdf.trailer["/Root"]["/Lang"]) == (True, "nl-NL")
    told = " ".join(page.extract_text().split())
    for words in (ADDRESS, "31 januari 2027", "ongeveer 4 minuten", "Plek: markt <b>"):
        assert words in told


def test_a_code_is_a_picture_in_both_forms() -> None:
    picture = Image.open(io.BytesIO(posters.qr_png(LINK)))
    assert picture.width == picture.height >= 500
    assert posters.qr_svg(LINK).startswith("<svg")
