"""Reading the forms of a campaign: its texts and moments, and its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from starlette.datastructures import FormData

from participation.campaigns.faults import FieldsWrong
from participation.campaigns.making import LONGEST, Texts
from participation.campaigns.part_writing import Typed
from participation.dates import AMSTERDAM
from participation.models import Campaign, CampaignPart

MOMENTS = {"opens_at": time(9), "closes_at": time(23, 59)}
"""Moments that are asked for, and the hour where only a day is given."""


def typed_texts(form: FormData) -> dict[str, Any]:
    """Return what was typed, as the page shows it again."""
    names = (*LONGEST, "theme", "level", *(f"{name}_{part}" for name in MOMENTS for part in ("dag", "uur")))
    boxes = {name: form.get(name) == "ja" for name in ("asks_age", "asks_area")}
    return {name: _text(form, name) for name in names} | boxes


def shown_texts(campaign: Campaign) -> dict[str, Any]:
    """Return what is kept, in the same shape."""
    shown: dict[str, Any] = {name: getattr(campaign, name) for name in (*LONGEST, "level", "asks_age", "asks_area")}
    shown["theme"] = campaign.theme or ""
    for name in MOMENTS:
        shown |= shown_moment(name, getattr(campaign, name))
    return shown


def shown_moment(name: str, moment: datetime | None) -> dict[str, str]:
    """Return the two fields of a moment, in Dutch time."""
    local = moment.astimezone(AMSTERDAM) if moment else None
    return {
        f"{name}_dag": local.date().isoformat() if local else "",
        f"{name}_uur": f"{local:%H:%M}" if local else "",
    }


def read_texts(typed: Mapping[str, Any]) -> Texts:
    """Return the texts that were typed.

    Raises:
        FieldsWrong: a moment that is none.
    """
    faults: dict[str, str] = {}
    moments: dict[str, Any] = {}
    for name in MOMENTS:
        try:
            moments[name] = read_moment(typed, name)
        except ValueError:
            faults[name] = "datum"
    if faults:
        raise FieldsWrong(faults)
    words: dict[str, Any] = {name: str(typed[name]) for name in LONGEST}
    return Texts(
        **words,
        theme=typed["theme"] or None,
        level=typed["level"],
        asks_age=typed["asks_age"],
        asks_area=typed["asks_area"],
        **moments,
    )


def read_moment(typed: Mapping[str, Any], name: str) -> datetime | None:
    """Return a moment of two fields, or None where both are empty.

    Raises:
        ValueError: no day, or no hour.
    """
    day, hour = str(typed[f"{name}_dag"]).strip(), str(typed[f"{name}_uur"]).strip()
    if not day and not hour:
        return None
    at = time.fromisoformat(hour) if hour else MOMENTS[name]
    return datetime.combine(date.fromisoformat(day), at.replace(tzinfo=None), AMSTERDAM)


@dataclass(frozen=True)
class PartForm:
    """A part as it was typed; what the page shows again."""

    kind: str
    text: str = ""
    lines: str = ""
    most: str = ""
    own: bool = False
    words: bool = False
    highest: str = "5"
    low_text: str = ""
    high_text: str = ""
    conditions: tuple[str, ...] = ()

    @classmethod
    def of_form(cls, form: FormData, kind: str) -> "PartForm":
        """Read a form."""
        return cls(
            kind=kind,
            text=_text(form, "tekst"),
            lines=_text(form, "opties"),
            most=_text(form, "regels").strip(),
            own=form.get("eigen") == "ja",
            words=form.get("woorden") == "ja",
            highest=_text(form, "hoogste"),
            low_text=_text(form, "laag"),
            high_text=_text(form, "hoog"),
            conditions=tuple(one for one in form.getlist("voorwaarde") if isinstance(one, str)),
        )

    @classmethod
    def of_part(cls, part: CampaignPart) -> "PartForm":
        """Show what is kept."""
        rules, condition = part.rules, part.condition
        most = rules.get("most") or rules.get("most_characters") or ""
        return cls(
            kind=part.kind,
            text=part.text,
            lines="\n".join(option["text"] for option in part.options),
            most=str(most),
            own=rules.get("own", False),
            words=rules.get("words", False),
            highest=str(rules.get("highest", 5)),
            low_text=rules.get("low_text", ""),
            high_text=rules.get("high_text", ""),
            conditions=tuple(f"{condition['part']}:{one}" for one in condition["options"]) if condition else (),
        )

    @property
    def typed(self) -> Typed:
        """What the product checks. A number that is none becomes one that it refuses."""
        most = _number(self.most)
        rules = {
            "most": most,
            "most_characters": most,
            "own": self.own,
            "words": self.words,
            "highest": _number(self.highest),
            "low_text": self.low_text,
            "high_text": self.high_text,
        }
        condition = None
        if self.conditions:
            pairs = [one.partition(":")[::2] for one in self.conditions]
            of_one = {part for part, _ in pairs}
            part = of_one.pop() if len(of_one) == 1 else ""
            condition = {"part": part, "options": [option for _, option in pairs]}
        return Typed(self.kind, self.text, self.lines, rules, condition)


def _number(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else -1


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\0", "").replace("\r\n", "\n") if isinstance(value, str) else ""
