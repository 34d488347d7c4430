"""Messages as Telegram shows them: HTML, in pieces of at most 4096 characters, the buttons under the last piece."""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.cutting import length, split
from participation import content

MOST_CHARACTERS = 4096
"""Bot API, sendMessage: 1-4096 characters after entities parsing. Telegram counts UTF-16 units."""
CHOSEN = "gekozen"
"""What the ticked button stands for, once a choice has been made. Shorter than the id of a choice, so never one."""
TICK = "✓ "


@dataclass(frozen=True)
class Piece:
    """One message to send."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True)
class _Block:
    """Something that stays together: what is shown, how it is written, and what sets it off from what is before."""

    shown: str
    html: str
    before: str = "\n\n"


def pieces(body: dict[str, Any]) -> list[Piece]:
    """Turn a stored message into what is sent: the text, the details folded up, the sources, and the buttons."""
    packed: list[_Block] = []
    for block in _blocks(body):
        last = packed[-1] if packed else None
        if last and length(together := last.shown + block.before + block.shown) <= MOST_CHARACTERS:
            packed[-1] = _Block(together, last.html + block.before + block.html)
        else:
            packed.append(block)
    texts = [block.html for block in packed]
    keyboard = _keyboard(body.get("knoppen") or [])
    return [*(Piece(text) for text in texts[:-1]), Piece(texts[-1], keyboard)]


def _blocks(body: dict[str, Any]) -> Iterator[_Block]:
    yield from _cut_up(body["tekst"].strip() or content.text("leeg"), html.escape)
    if more := (body.get("meer") or "").strip():
        title = content.text("telegram_meer")
        yield from _cut_up(f"{title}\n{more}", lambda part: f"<blockquote expandable>{html.escape(part)}</blockquote>")
    for number, link in enumerate(body.get("links") or []):
        title = content.text("telegram_bron", bron=link["titel"])
        shown = f'<a href="{html.escape(link["url"])}">{html.escape(title)}</a>'
        yield _Block(title, shown, "\n" if number else "\n\n")


def _cut_up(text: str, write: Callable[[str], str]) -> Iterator[_Block]:
    for part in split(text, MOST_CHARACTERS):
        yield _Block(part, write(part))


def _keyboard(buttons: list[dict[str, str]]) -> InlineKeyboardMarkup | None:
    """One button on a row: Dutch titles are long. Small ones share the last row. The ids mean nothing elsewhere."""
    rows = [[_key(button)] for button in buttons if not button.get("klein")]
    if small := [_key(button) for button in buttons if button.get("klein")]:
        rows.append(small)
    return InlineKeyboardMarkup(rows) if rows else None


def _key(button: dict[str, Any]) -> InlineKeyboardButton:
    return InlineKeyboardButton(button["titel"], callback_data=button["id"])


def in_shared_row(keyboard: InlineKeyboardMarkup, choice: str) -> bool:
    """Whether this is a small button: of those one may change one's mind."""
    return any(
        len(row) > 1 and any(button.callback_data == choice for button in row) for row in keyboard.inline_keyboard
    )


def ticked(keyboard: InlineKeyboardMarkup, choice: str) -> InlineKeyboardMarkup | None:
    """What is left of a keyboard after a choice: only the chosen button, with a tick and without effect.

    After a small button everything stays; the tick shows which one counts.
    """
    if in_shared_row(keyboard, choice):
        return InlineKeyboardMarkup([[_marked(button, choice) for button in row] for row in keyboard.inline_keyboard])
    for row in keyboard.inline_keyboard:
        for button in row:
            if button.callback_data == choice:
                return InlineKeyboardMarkup([[InlineKeyboardButton(f"{TICK}{button.text}", callback_data=CHOSEN)]])
    return None


def _marked(button: InlineKeyboardButton, choice: str) -> InlineKeyboardButton:
    title = button.text.removeprefix(TICK)
    return InlineKeyboardButton(
        f"{TICK}{title}" if button.callback_data == choice else title, callback_data=button.callback_data
    )
