"""What the software knows about itself, for the papers. What it can not know is the municipality's to fill in."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from participation import roles
from participation.consent_texts import consent_texts
from participation.privacy import periods
from participation.settings import Settings
from supply import locked, weaknesses

ROOT = Path(__file__).parents[1]
TO_FILL_IN = "*in te vullen door de gemeente*"
PURPOSES = {
    "delen": "De griffie brengt de tekst naar de raad, zonder naam.",
    "contact": "De griffie belt of mailt over deze inbreng.",
    "naam": "De raad mag weten van wie de inbreng is.",
    "campagne": "Berichten over peilingen van de gemeente.",
}
"""What each consent is for, in words; a test holds it equal to content/toestemming.yml."""
_CARD = {
    "onderwerp": "goede onderwerp bovenaan",
    "verkeerd": "meteen beantwoord en verkeerd",
    "aantal": "aantal berichten",
}
AXE_RESULT = ROOT / "docs" / "metingen" / "toegankelijkheid.json"
_AXE = re.compile(r"await (?:\w+\.)?(?:barriers|faults)\(")


def gathered() -> Mapping[str, object]:
    """Everything that a paper may show."""
    chat_days = int(Settings.model_fields["chat_retention_days"].default)
    return {
        "in_te_vullen": TO_FILL_IN,
        "version": tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "periods": list(periods.kinds(chat_days).values()),
        "log_days": int(Settings.model_fields["log_retention_days"].default),
        "roles": {role: sorted(rights) for role, rights in roles.RIGHTS.items()},
        "consents": [(name, PURPOSES[name], versions[-1]) for name, versions in consent_texts().items()],
        "model": measured(),
        "barrier_tests": barrier_tests(),
        "axe": last_look(),
        "packages": {world: len(locked.read(path)) for world, path in locked.WORLDS.items()},
        "accepted": weaknesses.accepted(),
        "versions": {one.name: one.version for one in locked.read(locked.WORLDS["rasa"])},
    }


def measured() -> dict[str, str]:
    """Figures and date of the last measurement of the language model, from its card."""
    card = (ROOT / "docs" / "modelkaart.md").read_text(encoding="utf-8")
    date = re.search(r"op (\d{1,2}-\d{1,2}-\d{4})", card)
    rows = {
        name: re.search(rf"^\| {re.escape(label)} \| [\d,]+ \| ([\d,]+) \|", card, re.M)
        for name, label in _CARD.items()
    }
    if date is None or None in rows.values():
        raise ValueError("docs/modelkaart.md has another form than papers/facts.py expects")
    return {"datum": date[1]} | {name: row[1] for name, row in rows.items() if row}


def barrier_tests() -> list[str]:
    """The tests in a browser that look for barriers with axe (WCAG 2.2 A and AA). Not how often: that changes daily."""
    files = sorted((ROOT / "tests" / "browser").glob("test_*.py"))
    return [file.name for file in files if _AXE.search(file.read_text(encoding="utf-8"))]


def last_look(kept: Path = AXE_RESULT) -> dict[str, object] | None:
    """What axe found when all browser tests ran the last time with SAMENSPEL_SCREENSHOTS=1; None before the first."""
    if not kept.exists():
        return None
    told = json.loads(kept.read_text(encoding="utf-8"))
    return {"datum": told["datum"], "keer": sum(told["bestanden"].values()), "regels": sorted(told["regels"])}
