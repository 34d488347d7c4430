"""A paper as a file. Each way takes the frozen content and gives the same file for it every time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from participation.reports.documents.opendocument import as_odt
from participation.reports.documents.sheets import as_csv, as_xlsx
from participation.reports.documents.word import as_docx


def as_pdf(content: dict[str, Any]) -> bytes:
    """Make a tagged PDF. Its compiler is large: it is loaded when the first one is made."""
    from participation.reports.documents.pdf import compile_pdf

    return compile_pdf(content)


@dataclass(frozen=True)
class Format:
    """A kind of file, as people and browsers know it."""

    name: str
    about: str
    media_type: str
    make: Callable[[dict[str, Any]], bytes]


FORMATS: Mapping[str, Format] = {
    "pdf": Format("PDF", "om te lezen, te delen en te bewaren", "application/pdf", as_pdf),
    "docx": Format(
        "Word",
        "om stukken uit over te nemen",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        as_docx,
    ),
    "odt": Format(
        "OpenDocument", "zoals Word, voor LibreOffice en andere", "application/vnd.oasis.opendocument.text", as_odt
    ),
    "xlsx": Format(
        "Excel",
        "de tabellen, om mee te rekenen",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_xlsx,
    ),
    "csv": Format("CSV", "de tabellen, voor elk programma", "text/csv; charset=utf-8", as_csv),
}
