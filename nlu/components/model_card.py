"""The model card, written from what is measured now: `./samenspel evaluate --modelkaart`.

In Dutch, with the headings that the Dutch Algoritmeregister (algoritmes.overheid.nl) asks of a municipality.
"""

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any, Dict, List

import yaml

from nlu.components import concern_evaluation, evaluation
from participation.language import encoder
from participation.language.concerns import ConcernModel, bundled_examples
from participation.language.danger import check_danger
from participation.language.themes import themes

ROOT = Path(__file__).parents[2]
CARD = ROOT / "docs" / "modelkaart.md"
SETS = ROOT / "tests" / "nlu"
TEMPLATE = Path(__file__).with_name("modelkaart.sjabloon.md")

# Being sent on is no answer to a question about democracy; these labels ask for something else.
ELSEWHERE = frozenset({"buiten_bereik", "dienst_gemeente", "andere_overheid", "melding_openbare_ruimte"})
MUST_NOT_MISS = ("stemadvies", "noodgeval", "persoonlijke_nood")
_LINE = re.compile(r"^- ", re.MULTILINE)


def write(model: Path, concern_model: Path, *, today: date, card: Path = CARD) -> Path:
    """Measure everything and write the card; returns where it is."""
    figures = {name: _understanding(model, SETS / f"{name}.tsv") for name in ("ontwikkelset", "toetsset")}
    proposing = ConcernModel.load(concern_model)
    concerns = [
        concern_evaluation.measure(proposing, concern_evaluation.read(SETS / f"{name}.tsv"))
        for name in ("inbreng", "inbreng_toets")
    ]
    places = [
        evaluation.measure_places(evaluation.read(SETS / f"{name}.tsv"))
        for name in ("gemeenten", "gemeenten_strikken", "gemeenten_toets")
    ]
    card.write_text(_card(figures, concerns, places, _sizes(), today), encoding="utf-8")
    return card


def _understanding(model: Path, path: Path) -> Dict[str, Any]:
    lines = evaluation.read(path)
    outcomes = asyncio.run(evaluation.understand(model, [line.text for line in lines]))
    questions = {label.split("/")[1] for label in _examples() if "/" in label}
    elsewhere = [
        outcome.answered and outcome.ranking[0] in questions
        for line, outcome in zip(lines, outcomes, strict=True)
        if evaluation.plain(line.label) in ELSEWHERE
    ]
    alarms = sum(check_danger(line.text) is not None for line in lines if line.label not in MUST_NOT_MISS)
    return evaluation.measure(lines, outcomes) | {
        "elsewhere_answered": sum(elsewhere) / len(elsewhere),
        "false_alarms": alarms,
    }


def _examples() -> Dict[str, int]:
    """The number of training examples of each label."""
    found: Dict[str, int] = {}
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found[block["intent"]] = found.get(block["intent"], 0) + len(_LINE.findall(block["examples"]))
    return found


def _sizes() -> Dict[str, int]:
    examples = _examples()
    return {
        "labels": len(examples),
        "questions": sum("/" in label for label in examples),
        "examples": sum(examples.values()),
        "fewest": min(examples.values()),
        "concerns": len(bundled_examples()),
    }


def _share(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def _card(
    figures: Dict[str, Dict[str, Any]],
    concerns: List[Dict[str, Any]],
    places: List[Dict[str, Any]],
    sizes: Dict[str, int],
    today: date,
) -> str:
    dev, test = figures["ontwikkelset"], figures["toetsset"]
    meaning = "ja (multilingual-e5-small, 4 bits)" if encoder.load() is not None else "nee: hij werkt hier niet"

    def row(name: str, key: str) -> str:
        return f"| {name} | {_share(dev[key])} | {_share(test[key])} |"

    rows = [
        f"| aantal berichten | {dev['lines']} | {test['lines']} |",
        row("goede onderwerp bovenaan", "accuracy"),
        row("goede onderwerp bij de eerste drie", "top3"),
        row("meteen beantwoord", "answered"),
        row("meteen beantwoord en verkeerd", "wrong_answered"),
        row("eerst een keuze voorgelegd", "asked_back"),
        row("goede onderwerp bij de knoppen van die keuze", "offered_right"),
        row("macro-F1", "macro_f1"),
        row("hoort elders en kreeg een antwoord over democratie", "elsewhere_answered"),
    ]
    missed = [f"| {name} | {_recall(dev, name)} | {_recall(test, name)} |" for name in MUST_NOT_MISS]
    kinds = sorted(set(dev["per_type"]) | set(test["per_type"]))
    writers = [f"| {kind} | {_of_type(dev, kind)} | {_of_type(test, kind)} |" for kind in kinds]
    filled = {
        "datum": f"{today:%d-%m-%Y}",
        "betekenissen": sizes["labels"],
        "vragen": sizes["questions"],
        "andere": sizes["labels"] - sizes["questions"],
        "themas": len(themes()),
        "zinsvectoren": meaning,
        "voorbeelden": sizes["examples"],
        "minste": sizes["fewest"],
        "inbreng": sizes["concerns"],
        "ontwikkel": dev["lines"],
        "toets": test["lines"],
        "begrijpen": "\n".join(rows),
        "niet_missen": "\n".join(missed),
        "schrijvers": "\n".join(writers),
        "alarm_ontwikkel": dev["false_alarms"],
        "alarm_toets": test["false_alarms"],
        "inbreng_cijfers": _table(
            concerns,
            {
                "soort goed": "kind_accuracy",
                "soort voorgesteld (anders open)": "kind_given",
                "soort voorgesteld en verkeerd": "kind_given_wrong",
                "thema goed": "theme_top1",
                "thema bij de eerste drie": "theme_top3",
                "thema voorgesteld (anders “Overig”)": "theme_given",
                "thema voorgesteld en verkeerd": "theme_given_wrong",
            },
        ),
        "plaatsen_cijfers": _table(
            places,
            {
                "de juiste gemeenten gevonden": "exact_set",
                "een gemeente gezien waar er geen was": "false_municipality",
            },
        ),
    }
    return TEMPLATE.read_text(encoding="utf-8").format_map(filled)


def _table(measured: List[Dict[str, Any]], rows: Dict[str, str]) -> str:
    """How many texts each set has, and below it what was measured on each."""
    lines = ["aantal berichten", *(str(figures["lines"]) for figures in measured)]
    shares = [[name, *(_share(figures[key]) for figures in measured)] for name, key in rows.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [lines, *shares])


def _recall(figures: Dict[str, Any], label: str) -> str:
    scores = figures["per_label"][label]
    return f"{_share(scores['recall'])} ({scores['lines']})"


def _of_type(figures: Dict[str, Any], kind: str) -> str:
    scores = figures["per_type"].get(kind)
    return f"{_share(scores['accuracy'])} ({scores['lines']})" if scores else ""
