"""The colours of a municipality: which ones it can choose, and whether people can read what is written on them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA), for text of any size."""

HEADER, HEADER_INK, ACTION = "kop", "kop_letters", "knop"
_HEX = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)

BACKGROUNDS = ("#ffffff", "#f3f6f7", "#eef4f5", "#f7f4ee", "#e6eff4", "#fdf0dc")
"""Light surfaces of desk/static/theme.css and bot/web/static/chat.css that links and buttons stand on."""


@dataclass(frozen=True)
class Colors:
    """Header with its letters, and the colour of links and buttons; all as #rrggbb."""

    header: str
    header_ink: str
    action: str

    @property
    def action_hover(self) -> str:
        """A quarter darker, so the contrast only grows."""
        return "#" + "".join(f"{int(self.action[at : at + 2], 16) * 3 // 4:02x}" for at in (1, 3, 5))

    def to_json(self) -> dict[str, str]:
        """The form in which they are kept."""
        return asdict(self)


class ColorsUnreadable(Exception):
    """Field to what is wrong: `kleur`, or the contrast that was reached, such as 3.4."""

    def __init__(self, faults: Mapping[str, str | float]) -> None:
        super().__init__()
        self.faults = faults


def checked(*, header: str, header_ink: str, action: str) -> Colors:
    """Read what was typed.

    Raises:
        ColorsUnreadable: one is no colour, or letters would be hard to read.
    """
    typed = {HEADER: header, HEADER_INK: header_ink, ACTION: action}
    read = {name: match for name, value in typed.items() if (match := _HEX.fullmatch(value.strip()))}
    if missing := [name for name in typed if name not in read]:
        raise ColorsUnreadable(dict.fromkeys(missing, "kleur"))
    colors = Colors(*(f"#{read[name][1].lower()}" for name in typed))
    reached = {
        HEADER_INK: contrast(colors.header, colors.header_ink),
        ACTION: min(contrast(colors.action, surface) for surface in BACKGROUNDS),
    }
    if low := {name: found for name, found in reached.items() if found < LEAST_CONTRAST}:
        raise ColorsUnreadable(low)
    return colors


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
