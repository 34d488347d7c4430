"""The paper as a Word document: real headings, captions, header rows and the Dutch language, for screen readers."""

import io
from datetime import UTC, date, datetime, time
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from participation.reports.documents.archive import same_every_time
from participation.reports.documents.xml_text import writable
from participation.reports.paper import CONCEPT

FONT = "Calibri"


def as_docx(content: dict[str, Any]) -> bytes:
    """Make the file."""
    document = Document()
    _set_up(document, content)
    document.add_paragraph(writable(f"Gemeente {content['gemeente']}"))
    document.add_heading(writable(content["titel"]), level=1)
    for name, value in content["feiten"]:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{writable(name)}: ").bold = True
        line.add_run(writable(value))
    for block in content["blokken"]:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return same_every_time(out.getvalue())


def _set_up(document: DocumentObject, content: dict[str, Any]) -> None:
    day = date.fromisoformat(content["datum"]) if content["datum"] else date(2000, 1, 1)
    about = document.core_properties
    about.title, about.author = writable(content["titel"]), writable(f"Gemeente {content['gemeente']}")
    about.language, about.comments = "nl-NL", ""
    about.created = about.modified = datetime.combine(day, time(12), UTC)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    style.element.get_or_add_rPr().append(language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.footer.paragraphs[0].text = writable(f"{content['titel']}, {content['nummer'] or CONCEPT}")


def _add(document: DocumentObject, block: dict[str, Any]) -> None:
    if block["soort"] == "kop":
        document.add_heading(writable(block["tekst"]), level=block["niveau"])
    elif block["soort"] == "alinea":
        document.add_paragraph(writable(block["tekst"]))
    elif block["soort"] == "citaat":
        line = document.add_paragraph(style="Quote")
        line.add_run(f"Citaat {block['nummer']}: ").bold = True
        line.add_run(f"“{writable(block['tekst'])}”")
    elif block["soort"] == "tabel":
        _add_table(document, block)


def _add_table(document: DocumentObject, block: dict[str, Any]) -> None:
    document.add_paragraph(writable(block["titel"]), style="Caption").paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block["kolommen"]), style="Light Grid Accent 1")
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))  # repeated on each page, and told by screen readers
    for row in (block["kolommen"], *block["regels"]):
        cells = table.rows[0].cells if row is block["kolommen"] else table.add_row().cells
        for number, (cell, value) in enumerate(zip(cells, row, strict=True)):
            cell.text = writable(str(value))
            if number in block["getallen"]:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()
