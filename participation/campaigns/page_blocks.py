"""The blocks of an outcome as HTML, the same for the desk and for everybody. Every text is data: nothing is markup."""

from collections.abc import Sequence
from html import escape
from typing import Any

from participation.campaigns.telling import Block


def as_html(blocks: Sequence[Block], *, picture: str = "", dark_picture: str = "", words: str = "") -> str:
    """Return the blocks as HTML, with headings that say where their part begins.

    Args:
        picture: address of the picture of the groups; without it there is none.
        dark_picture: the same, for who has the screen dark.
        words: what the picture shows, for who does not see it.
    """
    return "\n".join(_block(block, number, picture, dark_picture, words) for number, block in enumerate(blocks))


def _block(block: Block, number: int, picture: str, dark_picture: str, words: str) -> str:
    kind = block["soort"]
    if kind == "kop":
        level = block["niveau"]
        return f'<h{level} class="utrecht-heading-{level}" dir="auto">{escape(block["tekst"])}</h{level}>'
    if kind == "alinea":
        return f'<p class="utrecht-paragraph" dir="auto">{escape(block["tekst"])}</p>'
    if kind == "lijst":
        lines = "".join(f'<li dir="auto">{escape(line)}</li>' for line in block["regels"])
        return f'<ul class="outcome-list">{lines}</ul>'
    if kind == "citaat":
        return f'<blockquote class="outcome-quote" dir="auto"><p>{escape(block["tekst"])}</p></blockquote>'
    if kind == "tabel":
        return _table(block, number)
    if not picture:
        return ""
    dark = f'<source media="(prefers-color-scheme: dark)" srcset="{escape(dark_picture)}">' if dark_picture else ""
    image = f'<img class="outcome-picture" src="{escape(picture)}" alt="{escape(words)}" loading="lazy">'
    return f"<picture>{dark}{image}</picture>"


def _table(block: Block, number: int) -> str:
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in block["kolommen"])
    rows = "".join(_row(row) for row in block["regels"])
    return (
        f'<div class="scroll" role="region" aria-labelledby="tabel-{number}" tabindex="0"><table class="figures">'
        f'<caption id="tabel-{number}">{escape(block["titel"])}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: Sequence[Any]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
    return f'<tr><th scope="row" dir="auto">{escape(str(first))}</th>{cells}</tr>'
