"""What griffiers read about settings: what is wrong with what they typed, and what was changed before."""

from collections.abc import Mapping
from typing import Any

from participation.house_style import ACTION, HEADER, HEADER_INK, LEAST_CONTRAST
from participation.language.themes import themes
from participation.logo import BOX, MAX_BYTES
from participation.models import AuditEvent
from participation.municipality_choices import (
    AREAS,
    COLORS,
    HIDDEN_THEMES,
    LOGO,
    NAME,
    OFFICE_HOURS,
    PERIODS,
    RECIPIENTS,
    SITES,
    TELEGRAM,
    WELCOME,
)
from participation.own_areas import LONGEST_NAME, MOST_AREAS
from participation.recipients import MOST_RECIPIENTS
from participation.services.lifecycle import LABELS
from participation.services.municipality_settings import FEWEST_DAYS, MAX_CHARACTERS, MOST_DAYS

DAYS = f"Vul overal een heel getal in van {FEWEST_DAYS} tot en met {MOST_DAYS}."
NO_LOGO_CHOSEN = "Kies een bestand."
LOGO_CHANGED = (
    "Iemand anders heeft het logo intussen gewijzigd. Hieronder ziet u het nieuwe. Wilt u toch het uwe? Kies het weer."
)
LOGO_FAULTS = {
    "te_groot": f"Dit bestand is te groot. Neem een bestand van hooguit {MAX_BYTES // 1024} kB.",
    "te_veel_punten": f"Dit plaatje is te groot. Maak het kleiner: {BOX[0]} bij {BOX[1]} punten is genoeg.",
    "soort": "Neem een PNG of een JPEG. Een SVG kan niet: daar kunnen programma’s in zitten.",
}
COLOR_LABELS = {
    HEADER: "Kleur van de balk bovenaan",
    HEADER_INK: "Kleur van de letters in die balk",
    ACTION: "Kleur van knoppen en links",
}
_AGAINST = {
    HEADER_INK: "De letters in de balk zijn slecht te lezen",
    ACTION: "Knoppen en links zijn slecht te lezen",
}
TITLES = {
    NAME: "Naam",
    WELCOME: "Welkomsttekst",
    OFFICE_HOURS: "Wanneer een mens antwoordt",
    COLORS: "Kleuren",
    LOGO: "Logo",
    HIDDEN_THEMES: "Thema’s die u niet gebruikt",
    AREAS: "Gebieden",
    PERIODS: "Wanneer iets te laat is",
    TELEGRAM: "Telegram",
    SITES: "Sites voor de chat",
    RECIPIENTS: "Naar wie u doorstuurt",
}
_EMPTY = {WELCOME: "de gewone tekst", NAME: "de officiële naam", COLORS: "de gewone kleuren", TELEGRAM: "uit"}


def both(values: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Say of what differs what it is, what is kept now, and what was typed.

    Args:
        values: by name in the form, what is kept and what was typed.
    """
    names = {NAME: TITLES[NAME], WELCOME: TITLES[WELCOME], OFFICE_HOURS: TITLES[OFFICE_HOURS], **COLOR_LABELS}
    names |= {AREAS: TITLES[AREAS], "themas": "Thema’s", TELEGRAM: TITLES[TELEGRAM], "sites": TITLES[SITES]}
    names |= {RECIPIENTS: TITLES[RECIPIENTS]} | LABELS
    return [
        (names[name], _as_read(name, kept), _as_read(name, typed))
        for name, (kept, typed) in values.items()
        if kept != typed
    ]


def _as_read(name: str, value: Any) -> str:
    if name == "themas":
        return ", ".join(themes()[theme].name for theme in value if theme in themes()) or "geen"
    if name == TELEGRAM:
        return "aan" if value == "ja" else "uit"
    return str(value) or "leeg"


def too_long(typed: Mapping[str, str]) -> dict[str, str]:
    """Say which texts are too long."""
    return {
        name: f"Deze tekst is te lang. Gebruik ten hoogste {MAX_CHARACTERS[name]} tekens."
        for name, text in typed.items()
        if len(text.strip()) > MAX_CHARACTERS[name]
    }


def color_errors(faults: Mapping[str, str | float]) -> dict[str, str]:
    """Say which colours are none, and which are hard to read and by how much."""
    return {
        name: "Kies een kleur, of typ er een als #0b3c5d."
        if isinstance(fault, str)
        else f"{_AGAINST[name]}: het contrast is {_number(fault)} en moet {_number(LEAST_CONTRAST)} of meer zijn. "
        "Kies een donkerder of juist een lichtere kleur."
        for name, fault in faults.items()
    }


def area_error(line: str) -> str:
    """Say which line of areas can not be read."""
    return (
        f"Dit gebied kunnen we niet lezen: “{line}”. Zet één gebied op een regel. Elke naam staat er één keer, "
        f"en heeft hooguit {LONGEST_NAME} tekens. U kunt {MOST_AREAS} gebieden invullen."
    )


def recipient_error(line: str) -> str:
    """Say which line of recipients can not be read."""
    return (
        f"Deze ontvanger kunnen we niet lezen: “{line}”. Zet één naam op een regel, en elke naam één keer. "
        "Staan er haken in een naam? Gebruik dan ronde. "
        f"Achter een dubbele punt mag een e-mailadres. U kunt {MOST_RECIPIENTS} ontvangers invullen."
    )


def site_error(typed: str) -> str:
    """Say which site can not be read."""
    return f"Dit is geen adres van een site: “{typed}”. Schrijf bijvoorbeeld https://www.utrecht.nl."


def change(event: AuditEvent) -> str:
    """Say what a setting was, and what it became."""
    name = event.record or ""
    before, after = (_value(name, event.details.get(side)) for side in ("van", "naar"))
    return f"van {before} naar {after}"


def _value(name: str, value: Any) -> str:
    if not value:
        return _EMPTY.get(name, "niets")
    if name == TELEGRAM:
        return "aan"
    if name == LOGO:
        return "een plaatje"
    if name == COLORS:
        return ", ".join(value.values())
    if name == PERIODS:
        return ", ".join(f"{LABELS.get(status, status)} {days} dagen" for status, days in value.items())
    if name == HIDDEN_THEMES:
        return ", ".join(themes()[theme].name if theme in themes() else theme for theme in value)
    if name in (AREAS, RECIPIENTS):
        return ", ".join(one for one, _ in value)
    return ", ".join(value) if isinstance(value, list) else f"“{value}”"


def _number(ratio: float) -> str:
    """One decimal, rounded down: 4.49 does not read as 4.5."""
    return f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
