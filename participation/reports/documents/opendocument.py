"""The paper as an OpenDocument text, for screen readers as the Word file: headings, header rows, language, title.

OpenDocument is on the list of standards that Dutch government uses ("pas toe of leg uit"): not everybody has Word.
"""

import io
from datetime import date, datetime, time
from typing import Any

from odfdo import Cell, Document, Element, Header, Paragraph, Row, Span, Style, StyleMasterPage, Table

from participation.reports.documents.archive import same_every_time
from participation.reports.documents.xml_text import writable
from participation.reports.paper import CONCEPT

LANGUAGE = "nl-NL"
FONT = "Liberation Sans"
THUMBNAIL = "Thumbnails/thumbnail.png"
HEADING, BODY, CAPTION = "Heading_20_{level}", "Text_20_body", "Caption"
FACT, QUOTE, FOOT, STRONG, HEAD, NUMBER, GRID, CELL = (
    "Feit",
    "Citaat",
    "Voet",
    "Vet",
    "Kolomkop",
    "Getal",
    "Raster",
    "Vak",
)
"""Styles: of the library's template, and our own."""

_PARAGRAPHS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (FACT, BODY, {"fo:margin-top": "0cm", "fo:margin-bottom": "0.07cm"}, {}),
    (QUOTE, BODY, {"fo:margin-left": "1cm", "fo:margin-right": "1cm"}, {"fo:font-style": "italic"}),
    (FOOT, "Standard", {}, {"fo:font-size": "9pt"}),
    (HEAD, "Standard", {}, {"fo:font-weight": "bold"}),
    (NUMBER, "Standard", {"fo:text-align": "end"}, {}),
)
_HEADING_SIZES = {1: "20pt", 2: "15pt", 3: "13pt"}


def as_odt(content: dict[str, Any]) -> bytes:
    """Make the file."""
    document = Document("text")
    document.body.clear()
    _leave_out(document)
    _describe(document, content)
    _add_styles(document, content)
    document.body.append(_paragraph(f"Gemeente {content['gemeente']}"))
    document.body.append(_heading(content["titel"], 1))
    for name, value in content["feiten"]:
        document.body.append(_begun_strong(f"{name}: ", value, FACT))
    tables = 0
    for block in content["blokken"]:
        tables += block["soort"] == "tabel"
        for element in _elements(block, tables):
            document.body.append(element)
    out = io.BytesIO()
    document.save(out)
    return same_every_time(out.getvalue())


def _leave_out(document: Document) -> None:
    """Take away what the template has of its own: a picture of an empty page, and numbers about it."""
    for part in (THUMBNAIL, *(name for name in document.parts if name.startswith("Configurations2/"))):
        document.del_part(part)
    for entry in document.manifest.get_paths():
        if entry == THUMBNAIL or entry.startswith("Configurations2/"):
            document.manifest.del_full_path(entry)
    for numbers in document.meta.meta_body.get_elements("meta:document-statistic"):
        numbers.delete()


def _describe(document: Document, content: dict[str, Any]) -> None:
    day = date.fromisoformat(content["datum"]) if content["datum"] else date(2000, 1, 1)
    about, made = document.meta, datetime.combine(day, time(12))
    about.title = writable(content["titel"])
    about.creator = about.initial_creator = writable(f"Gemeente {content['gemeente']}")
    about.creation_date = about.date = made
    document.language = LANGUAGE


def _add_styles(document: Document, content: dict[str, Any]) -> None:
    usual = _of_template(document, None)
    usual.set_properties({"style:font-name": FONT, "fo:font-size": "11pt"}, area="text")
    for level, size in _HEADING_SIZES.items():
        heading = _of_template(document, HEADING.format(level=level))
        heading.set_properties({"fo:font-size": size, "fo:font-weight": "bold"}, area="text")
    for name, parent, of_paragraph, of_text in _PARAGRAPHS:
        style = Style("paragraph", name=name, parent_style=parent)
        style.set_properties(of_paragraph, area="paragraph")
        style.set_properties(of_text, area="text")
        document.insert_style(style)
    caption = _of_template(document, CAPTION)
    caption.set_properties({"fo:keep-with-next": "always"}, area="paragraph")
    document.insert_style(Style("text", name=STRONG, bold=True))
    grid = Style("table", name=GRID)
    grid.set_properties({"table:align": "margins", "fo:margin-bottom": "0.4cm"}, area="table")
    document.insert_style(grid, automatic=True)
    cell = Style("table-cell", name=CELL)
    cell.set_properties({"fo:border": "0.5pt solid #767676", "fo:padding": "0.1cm"}, area="table-cell")
    document.insert_style(cell, automatic=True)
    page = document.get_style("master-page", "Standard")
    if not isinstance(page, StyleMasterPage):
        raise LookupError("the template has no page")
    page.set_page_footer(Paragraph(writable(f"{content['titel']}, {content['nummer'] or CONCEPT}"), style=FOOT))


def _of_template(document: Document, name: str | None) -> Style:
    """A style for paragraphs of the library's template; without a name the one that all others begin with."""
    found = document.get_style("paragraph", name)
    if not isinstance(found, Style):
        raise LookupError(f"the template has no style {name}")
    return found


def _elements(block: dict[str, Any], number: int) -> list[Element]:
    if block["soort"] == "kop":
        return [_heading(block["tekst"], block["niveau"])]
    if block["soort"] == "alinea":
        return [_paragraph(block["tekst"])]
    if block["soort"] == "citaat":
        return [_begun_strong(f"Citaat {block['nummer']}: ", f"“{block['tekst']}”", QUOTE)]
    if block["soort"] == "tabel":
        return [Paragraph(writable(block["titel"]), style=CAPTION), _table(block, number)]
    return []


def _table(block: dict[str, Any], number: int) -> Table:
    """A table whose first row is its header: repeated on each page, and told by screen readers."""
    table = Table(f"Tabel{number}", style=GRID)
    table.append(Element.from_tag(f'<table:table-column table:number-columns-repeated="{len(block["kolommen"])}"/>'))
    head = Element.from_tag("<table:table-header-rows/>")
    head.append(_row(block["kolommen"], dict.fromkeys(range(len(block["kolommen"])), HEAD)))
    table.append(head)
    for line in block["regels"]:
        table.append(_row(line, dict.fromkeys(block["getallen"], NUMBER)))
    return table


def _row(values: list[Any], styles: dict[int, str]) -> Row:
    row = Row()
    for column, value in enumerate(values):
        cell = Cell(style=CELL)
        cell.append(Paragraph(writable(str(value)), style=styles.get(column, "Standard")))
        row.append(cell)
    return row


def _heading(text: str, level: int) -> Header:
    heading = Header(level, writable(text))
    heading.style = HEADING.format(level=level)
    return heading


def _paragraph(text: str) -> Paragraph:
    return Paragraph(writable(text), style=BODY)


def _begun_strong(first: str, rest: str, style: str) -> Paragraph:
    line = Paragraph(style=style)
    line.append(Span(writable(first), style=STRONG))
    line.append_plain_text(writable(rest))
    return line
