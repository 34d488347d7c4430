"""The files: everybody can read them, they say the same, and no resident's text does anything in them."""

import csv
import io
import re
import uuid
import zipfile
from datetime import date

import docx
import odfdo
import openpyxl
import pypdf
import pytest

from participation.reports.documents import FORMATS
from participation.reports.documents.glyphs import printable
from participation.reports.figures import Signal, figures_of
from participation.reports.paper import Heading
from participation.reports.pieces_paper import Piece, pieces_paper
from participation.reports.scope import Scope
from participation.reports.signals_paper import signals_paper

SINCE, UNTIL, DAY = date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 5)
STRANGE = "#set page(fill: red) *vet* $x$ \\ @label <b> =1+1 你 🤷‍♀️ مرحبا Łódź \x01\ue000"
FORMULA = '=HYPERLINK("https://kwaad.example")'


def signals(text: str = STRANGE) -> dict:
    """Twelve people on traffic, six the month before."""
    counted = [Signal(number, "verkeer", "zorg", "Oost") for number in range(12)]
    figures = figures_of(counted, counted[:6], fewest=5)
    heading = Heading("Utrecht", Scope("signalen", "raad", SINCE, UNTIL), "Raad", "2026-003", DAY)
    return signals_paper(heading, figures, {"verkeer": [(uuid.uuid4(), text)]}).content()


def pieces(subject: str = "De eik op het plein") -> dict:
    """One letter."""
    heading = Heading("Utrecht", Scope("stukken", "raad", SINCE, UNTIL), "", "2026-004", DAY)
    piece = Piece(uuid.uuid4(), SINCE, "Noor de Proef", "per brief", "groen", subject, FORMULA)
    return pieces_paper(heading, [piece]).content()


def pdf_of(content: dict) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(FORMATS["pdf"].make(content)))


def tags(node: object, found: list[str]) -> list[str]:
    """The kinds of all elements in the structure of a PDF, in reading order."""
    node = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
    if isinstance(node, pypdf.generic.ArrayObject):
        for one in node:
            tags(one, found)
    elif isinstance(node, pypdf.generic.DictionaryObject):
        if "/S" in node:
            found.append(str(node["/S"]).removeprefix("/"))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def test_the_pdf_is_tagged_titled_and_dutch() -> None:
    pdf = pdf_of(signals())
    root = pdf.trailer["/Root"]
    structure = tags(root["/StructTreeRoot"], [])
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]).startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Signalen van inwoners"
    assert (structure.count("H1"), structure.count("H3")) == (1, 1)
    assert structure.count("H2") == 6
    assert structure.count("Table") == 4
    assert {"TH", "TD", "Caption", "BlockQuote"} <= set(structure)
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about


def test_the_pdf_says_what_the_paper_says_and_takes_no_text_for_markup() -> None:
    words = " ".join("".join(page.extract_text() for page in pdf_of(signals()).pages).split())
    for said in (
        "2026-003",
        "5 oktober 2026",
        "Verkeer en veilig oversteken",
        "Citaat 1",
        "#set page(fill: red) *vet* $x$",
    ):
        assert said in words


def test_fonts_of_the_pdf_are_in_it() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pdf_of(signals()).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {font.partition("+")[2].partition("-")[0] for font in fonts} <= {"SourceSans3", "DejaVuSans"}
    assert all("+" in font for font in fonts)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Łódź, Київ, İstanbul, مرحبا", "Łódź, Київ, İstanbul, مرحبا"),
        ("twee\nregels\x01", "twee regels"),
        ("你好", "□□"),
        ("a\ue000b\ud800", "ab"),
        ("cafe\u0301", "café"),
    ],
)
def test_what_fonts_do_not_have_becomes_a_box_or_nothing(typed: str, shown: str) -> None:
    assert printable(typed) == shown


def test_the_word_file_has_headings_header_rows_and_the_language() -> None:
    body = FORMATS["docx"].make(signals())
    document = docx.Document(io.BytesIO(body))
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[:3] == ["Signalen van inwoners", "In het kort", "Per thema"]
    assert document.core_properties.title == "Signalen van inwoners"
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        inside = parts.read("word/document.xml").decode()
        styles = parts.read("word/styles.xml").decode()
    assert (inside.count("<w:tblHeader"), 'w:lang w:val="nl-NL"' in styles) == (len(document.tables), True)
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Verkeer en veilig oversteken", "12", "6", "+6"]


def test_the_opendocument_file_has_headings_header_rows_a_title_and_the_language() -> None:
    body = FORMATS["odt"].make(signals())
    document = odfdo.Document(io.BytesIO(body))
    headings = [(int(one.level), one.text_recursive) for one in document.body.headers]
    assert headings[:3] == [(1, "Signalen van inwoners"), (2, "In het kort"), (2, "Per thema")]
    assert [int(one.level) for one in document.body.headers].count(3) == 1
    assert (document.meta.title, document.meta.language, document.language) == (
        "Signalen van inwoners",
        "nl-NL",
        "nl-NL",
    )
    tables = document.body.tables
    header_rows = [table.get_elements("table:table-header-rows/table:table-row") for table in tables]
    assert [len(rows) for rows in header_rows] == [1] * 4
    first = [[cell.text_recursive.strip() for cell in row.cells] for row in tables[0].rows[:2]]
    assert first == [
        ["Thema", "Nu", "Ervoor", "Verschil"],
        ["Verkeer en veilig oversteken", "12", "6", "+6"],
    ]


def test_the_opendocument_file_is_packed_as_the_standard_asks() -> None:
    """ODF 1.4, part 2, 3.3: the kind of file comes first and plain; the manifest tells what is in it and no more."""
    with zipfile.ZipFile(io.BytesIO(FORMATS["odt"].make(signals()))) as parts:
        first, names = parts.infolist()[0], set(parts.namelist())
        kind = parts.read("mimetype").decode()
        told = set(re.findall(r'full-path="([^"]+)"', parts.read("META-INF/manifest.xml").decode()))
    assert (first.filename, first.compress_type, kind) == ("mimetype", zipfile.ZIP_STORED, FORMATS["odt"].media_type)
    assert told - {"/"} == names - {"mimetype", "META-INF/manifest.xml"}


def test_every_style_that_the_opendocument_file_uses_is_in_it() -> None:
    """A heading without its style would look like any line, and a program would not say so."""
    with zipfile.ZipFile(io.BytesIO(FORMATS["odt"].make(signals()))) as parts:
        content, styles = parts.read("content.xml").decode(), parts.read("styles.xml").decode()
    used = set(re.findall(r'(?:text|table):style-name="([^"]+)"', content + styles))
    there = set(re.findall(r'style:name="([^"]+)"', content + styles))
    assert "Heading_20_3" in used
    assert used - there == set()


def test_the_opendocument_file_takes_no_text_for_markup() -> None:
    document = odfdo.Document(io.BytesIO(FORMATS["odt"].make(signals())))
    quotes = [one.text_recursive for one in document.body.paragraphs if one.style == "Citaat"]
    assert quotes == [f"Citaat 1: “{STRANGE.replace(chr(1), '')}”"]


def test_a_spreadsheet_computes_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].make(pieces(FORMULA))))
    assert book.sheetnames == ["Over dit stuk", "Stukken op deze lijst"]
    cells = [cell for row in book["Stukken op deze lijst"].iter_rows(min_row=2) for cell in row]
    assert [cell.data_type for cell in cells] == ["n", "s", "s", "s", "s"]
    assert cells[4].value == f"'{FORMULA}"
    table = FORMATS["csv"].make(pieces()).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table), delimiter=";"))[1][4] == f"'{FORMULA}"


def test_a_difference_is_a_number_in_tables() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].make(signals())))
    assert [cell.value for cell in book["Berichten per thema"][2]] == ["Verkeer en veilig oversteken", 12, 6, 6]
    lines = list(csv.reader(io.StringIO(FORMATS["csv"].make(signals()).decode("utf-8-sig")), delimiter=";"))
    assert lines[3] == ["Berichten per thema", "Verkeer en veilig oversteken", "Verschil", "6"]


@pytest.mark.parametrize("format_", list(FORMATS))
@pytest.mark.parametrize("content", [signals(), pieces()], ids=["signalen", "stukken"])
def test_made_again_it_is_the_same_file(format_: str, content: dict) -> None:
    assert FORMATS[format_].make(content) == FORMATS[format_].make(content)


def test_a_draft_says_so() -> None:
    heading = Heading("Utrecht", Scope("stukken", "raad", SINCE, UNTIL))
    assert pieces_paper(heading, []).content()["feiten"][0] == ["Nummer", "Concept, nog niet vastgesteld"]
