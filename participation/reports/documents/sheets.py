"""The tables of a paper for spreadsheets. No cell can make a spreadsheet compute something."""

import io
import re
from datetime import UTC, date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from participation import tables
from participation.reports.documents.archive import same_every_time

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
"""Characters of the name of a sheet."""

_NUMBER = re.compile(r"[+-]?\d{1,9}")


def as_csv(content: dict[str, Any]) -> bytes:
    """One table: that of the paper when it has one, else a line for each number with the table that it is from."""
    found = _tables(content)
    if len(found) == 1:
        lines = [found[0]["kolommen"], *found[0]["regels"]]
    else:
        lines = [["Tabel", "Regel", "Kolom", "Waarde"]]
        for table in found:
            for row in table["regels"]:
                cells = zip(table["kolommen"][1:], row[1:], strict=True)
                lines += [[table["titel"], row[0], column, cell] for column, cell in cells]
    lines = [[_number(cell) for cell in line] for line in lines]
    return (tables.BYTE_ORDER_MARK + tables.write(lines)).encode()


def as_xlsx(content: dict[str, Any]) -> bytes:
    """A sheet that says what it is, one for each table, and one with the quotes."""
    book = Workbook(write_only=True)
    day = date.fromisoformat(content["datum"]) if content["datum"] else date(2000, 1, 1)
    book.properties.title, book.properties.creator = content["titel"], f"Gemeente {content['gemeente']}"
    book.properties.created = book.properties.modified = datetime.combine(day, time(12), UTC).replace(tzinfo=None)
    about = [["Titel", content["titel"]], ["Gemeente", content["gemeente"]], *content["feiten"]]
    taken: set[str] = set()
    _sheet(book, "Over dit stuk", ["Wat", "Waarde"], about, taken)
    for table in _tables(content):
        _sheet(book, table["titel"], table["kolommen"], table["regels"], taken)
    quotes = [[block["nummer"], block["tekst"]] for block in content["blokken"] if block["soort"] == "citaat"]
    if quotes:
        _sheet(book, "Citaten", ["Nummer", "Citaat"], quotes, taken)
    out = io.BytesIO()
    book.save(out)
    return same_every_time(out.getvalue())


def _tables(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in content["blokken"] if block["soort"] == "tabel"]


def _sheet(book: Workbook, name: str, columns: list[str], rows: list[list[Any]], taken: set[str]) -> None:
    sheet = book.create_sheet(_name(name, taken))
    for letter, title in zip("ABCDEFGH", columns, strict=False):
        sheet.column_dimensions[letter].width = 60 if title in {"Onderwerp", "Citaat", "Waarde"} else 24
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, title, bold=True) for title in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    value = _number(value)
    if isinstance(value, str):
        value = tables.harmless(ILLEGAL_CHARACTERS_RE.sub("", value))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font, cell.alignment = Font(bold=bold), Alignment(wrap_text=True, vertical="top")
    return cell


def _number(value: Any) -> Any:
    """A difference such as +3 is a number for people and not a formula."""
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _name(title: str, taken: set[str]) -> str:
    """A name for a sheet that no other has."""
    plain = _NOT_IN_A_NAME.sub(" ", title)
    name, number = plain[:LONGEST_NAME], 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - 4]} {number}"
    taken.add(name.casefold())
    return name
