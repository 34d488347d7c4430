"""What a municipality can choose about desk and chat, and what holds where it chose nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from participation.house_style import Colors
from participation.language.themes import OTHER, themes
from participation.own_areas import Areas
from participation.recipients import Recipients

PATIENCE: Mapping[str, timedelta] = MappingProxyType(
    {
        "ontvangen": timedelta(days=7),
        "reactie_ontvangen": timedelta(days=7),
        "heropend": timedelta(days=7),
        "in_behandeling": timedelta(days=28),
        "gebundeld": timedelta(days=28),
    }
)
"""How long a contribution may have a status before it is overdue. A choice of ours: no law sets a period for this.
What a resident adds may lie unread as long as a reaction, whatever the status is.

What waits for the resident is not here: it waits as long as the resident was told, and then goes on by itself.
"""

NAME, WELCOME, OFFICE_HOURS = "naam", "welkom", "kantoortijden"
COLORS, LOGO = "kleuren", "logo"
HIDDEN_THEMES, AREAS, PERIODS = "themas_weg", "gebieden", "termijnen"
TELEGRAM, SITES = "telegram", "widget_sites"
RECIPIENTS = "ontvangers"
NAMES = (NAME, WELCOME, OFFICE_HOURS, COLORS, LOGO, HIDDEN_THEMES, AREAS, PERIODS, TELEGRAM, SITES, RECIPIENTS)
"""Of the settings, as they are kept and as the log names them."""


@dataclass(frozen=True)
class Choices:
    """The settings of one municipality. Without arguments: what holds where nothing was chosen."""

    shown_name: str = ""
    """Empty: the official name."""
    welcome: str = ""
    """In place of what the chat can be asked; who is talking and how long it is kept always stays."""
    office_hours: str = ""
    colors: Colors | None = None
    logo: str = ""
    """The version of the logo; empty without one."""
    hidden_themes: frozenset[str] = frozenset()
    areas: Areas = field(default_factory=dict)
    patience: Mapping[str, timedelta] = field(default_factory=lambda: PATIENCE)
    on_telegram: bool = False
    widget_sites: tuple[str, ...] = ()
    """Empty: those of the installation."""
    recipients: Recipients = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Choices":
        """Read the settings as they are kept, by name."""
        colors = kept.get(COLORS)
        days = {status: timedelta(days=count) for status, count in kept.get(PERIODS, {}).items()}
        return cls(
            shown_name=kept.get(NAME, ""),
            welcome=kept.get(WELCOME, ""),
            office_hours=kept.get(OFFICE_HOURS, ""),
            colors=Colors(**colors) if colors else None,
            logo=kept.get(LOGO, ""),
            hidden_themes=frozenset(kept.get(HIDDEN_THEMES, ())),
            areas={name: tuple(others) for name, others in kept.get(AREAS, ())},
            patience={**PATIENCE, **days},
            on_telegram=kept.get(TELEGRAM, False),
            widget_sites=tuple(kept.get(SITES, ())),
            recipients=dict(kept.get(RECIPIENTS, ())),
        )

    def theme_shown(self, theme: str) -> str:
        """Return the theme under which this municipality has it: one that it does not use is `OTHER`."""
        return OTHER if theme in self.hidden_themes else theme

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that can be chosen, in the usual order; `OTHER` is always one of them."""
        return (*(theme for theme in themes() if theme not in self.hidden_themes), OTHER)
