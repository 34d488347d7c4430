"""How well are messages understood? `./samenspel evaluate FILE.tsv [--json]`.

FILE has `label<TAB>text` or `label<TAB>writer type<TAB>text` on each line. Every text goes the way of the first turn of
a conversation: what the gateway answers by itself, preparation, the trained model with its thresholds. `--gemeente`
measures places instead: the first column then holds the codes that a text names (`GM0344`, `GM0373|GM0893`) or NONE.
`--inbreng` measures what is proposed for contributions: see concern_evaluation.py.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections import Counter, defaultdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from nlu.components import concern_evaluation, labelled_file
from nlu.components.labelled_file import FileUnusable
from participation import content
from participation.language.concerns import ConcernModel
from participation.language.consent_words import withdraws
from participation.language.danger import check_danger
from participation.language.places import alleen_plaats
from participation.language.reference_words import only_names
from participation.language.text import for_understanding

FALLBACK = "nlu_fallback"
LEGEND = """Shares are of all lines. top3: among the first three of the model's ranking, with a button or not.
offered_right: of the lines that were asked back, the right topic was on one of the three buttons. Each line is taken
for a first message; the answer in another language is left out."""
WITHDRAWAL = "toestemming_intrekken"
"""Of a message that takes consent back; no label of the model."""
CHOICES = 3
"""Topics that the chat offers when it is not sure."""


class Line(NamedTuple):
    """One labelled message."""

    label: str
    kind: Optional[str]
    text: str


class Outcome(NamedTuple):
    """What the bot made of it: labels from likely to unlikely, whether it answered at once, and what that took.

    Milliseconds are of the processor, for this thread alone: how busy the machine is hardly matters.
    """

    ranking: List[str]
    answered: bool
    milliseconds: float = 0.0


def read(path: Path) -> List[Line]:
    """Read a file of two or three columns.

    Raises:
        FileUnusable: missing, empty or with another number of columns; says which line.
    """
    return [
        Line(columns[0].strip(), columns[1].strip() if len(columns) == 3 else None, columns[-1])
        for _, columns in labelled_file.read(path, fewest=2, most=3)
    ]


def plain(label: str) -> str:
    """`vraag/x` and `x` are the same label."""
    return label.split("/", 1)[-1]


async def understand(model: Path, texts: List[str]) -> List[Outcome]:
    """Run texts through danger check, preparation and the trained model."""
    import structlog
    from rasa.core.agent import Agent

    # Unset, structlog writes every text it sees to the output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(str(model))
    await agent.parse_message("even warm worden")
    outcomes = []
    for text in texts:
        started = time.thread_time()
        parsed = await agent.parse_message(for_understanding(text))
        milliseconds = (time.thread_time() - started) * 1000
        ranking = [plain(entry["name"]) for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK]
        answered = parsed["intent"]["name"] != FALLBACK
        if label := without_the_model(text):
            ranking, answered = [label, *(other for other in ranking if other != label)], True
        outcomes.append(Outcome(ranking, answered, milliseconds))
    return outcomes


def without_the_model(text: str) -> Optional[str]:
    """What the gateway takes a message for by itself, at the beginning of a conversation; None when it asks Rasa.

    Not the answer in another language: what tells languages apart needs newer libraries than Rasa has.
    """
    if danger := check_danger(text):
        return danger.kind
    if withdraws(text):
        return WITHDRAWAL
    if alleen_plaats(text):
        return "gemeente_kiezen"
    return "inbreng_status" if only_names(text) else None


def measure(lines: List[Line], outcomes: List[Outcome]) -> Dict[str, Any]:
    """Compute all figures; shares run from 0 to 1 over all lines.

    `top3` is of the model's ranking, whether there is a button for a label or not. `offered_right` is over the lines
    that were asked back: the right topic was among the choices.
    """
    gold = [plain(line.label) for line in lines]
    found = [outcome.ranking[0] for outcome in outcomes]
    right = [one == other for one, other in zip(gold, found, strict=True)]
    total = len(lines)
    per_type: Dict[str, List[bool]] = defaultdict(list)
    for line, is_right in zip(lines, right, strict=True):
        if line.kind:
            per_type[line.kind].append(is_right)
    per_label = {label: _scores(label, gold, found) for label in sorted(set(gold))}
    confusions = Counter((one, other) for one, other in zip(gold, found, strict=True) if one != other)
    offered = [
        one in choices(outcome.ranking) for one, outcome in zip(gold, outcomes, strict=True) if not outcome.answered
    ]
    return {
        "lines": total,
        "accuracy": sum(right) / total,
        "top3": sum(one in outcome.ranking[:3] for one, outcome in zip(gold, outcomes, strict=True)) / total,
        "answered": sum(outcome.answered for outcome in outcomes) / total,
        "wrong_answered": sum(
            outcome.answered and not is_right for outcome, is_right in zip(outcomes, right, strict=True)
        )
        / total,
        "asked_back": len(offered) / total,
        "offered_right": sum(offered) / max(len(offered), 1),
        "processor_ms": _spread([outcome.milliseconds for outcome in outcomes]),
        "macro_f1": sum(scores["f1"] for scores in per_label.values()) / len(per_label),
        "per_type": {
            kind: {"lines": len(marks), "accuracy": sum(marks) / len(marks)} for kind, marks in sorted(per_type.items())
        },
        "per_label": per_label,
        "confusions": [
            {"label": one, "found": other, "lines": count} for (one, other), count in confusions.most_common(25)
        ],
    }


def _spread(values: List[float]) -> Dict[str, float]:
    """The median, what 19 of 20 stay within, and the most."""
    ordered = sorted(values)
    return {"p50": ordered[len(ordered) // 2], "p95": ordered[len(ordered) * 19 // 20], "max": ordered[-1]}


def choices(ranking: List[str]) -> List[str]:
    """The topics that the chat offers to choose from; a label without a button is passed over."""
    return [label for label in ranking if content.choice(label)][:CHOICES]


def _scores(label: str, gold: List[str], found: List[str]) -> Dict[str, float]:
    both = sum(one == other == label for one, other in zip(gold, found, strict=True))
    in_gold, in_found = gold.count(label), found.count(label)
    recall = both / in_gold
    precision = both / in_found if in_found else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {"lines": in_gold, "recall": recall, "precision": precision, "f1": f1}


def measure_places(lines: List[Line]) -> Dict[str, Any]:
    """Share of texts with a place whose set of codes is exactly right, and of texts without one that stay without."""
    from participation.language.places import vind_gemeente

    marks: Dict[bool, List[bool]] = {True: [], False: []}
    faults = []
    for line in lines:
        wanted = set() if line.label == "NONE" else set(line.label.split("|"))
        found = {match.gm_code for match in vind_gemeente(line.text)}
        marks[bool(wanted)].append(found == wanted)
        if found != wanted:
            faults.append({"wanted": sorted(wanted), "found": sorted(found), "text": line.text})
    return {
        "lines": len(lines),
        "exact_set": sum(marks[True]) / max(len(marks[True]), 1),
        "false_municipality": 1 - sum(marks[False]) / len(marks[False]) if marks[False] else 0.0,
        "faults": faults,
    }


def _print(figures: Dict[str, Any]) -> None:
    for name in ("lines", "accuracy", "top3", "answered", "wrong_answered", "asked_back", "offered_right", "macro_f1"):
        value = figures[name]
        sys.stdout.write(f"{name:16} {value if isinstance(value, int) else format(value, '.3f')}\n")
    spread = ", ".join(f"{name} {value:.1f}" for name, value in figures["processor_ms"].items())
    sys.stdout.write(f"{'processor ms':16} {spread}\n")
    for kind, scores in figures["per_type"].items():
        sys.stdout.write(f"  {kind:16} {scores['accuracy']:.3f}  ({scores['lines']} lines)\n")
    sys.stdout.write("weakest labels\n")
    weakest: List[Tuple[str, Dict[str, float]]] = sorted(figures["per_label"].items(), key=lambda item: item[1]["f1"])
    for label, scores in weakest[:15]:
        sys.stdout.write(f"  {label:28} f1 {scores['f1']:.2f}  recall {scores['recall']:.2f}\n")
    sys.stdout.write("worst confusions\n")
    for confusion in figures["confusions"][:15]:
        sys.stdout.write(f"  {confusion['lines']:3} x {confusion['label']} taken for {confusion['found']}\n")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="samenspel evaluate", description="Measure how well messages are understood", epilog=LEGEND
    )
    parser.add_argument("file", type=Path, nargs="?", help="label<TAB>text or label<TAB>writer type<TAB>text")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--gemeente", action="store_true", help="measure places: GM-code[|GM-code] or NONE<TAB>text")
    parser.add_argument(
        "--inbreng", action="store_true", help="measure contributions: kind[<TAB>theme[<TAB>type]]<TAB>text"
    )
    parser.add_argument("--modelkaart", action="store_true", help="measure all sets and write docs/modelkaart.md")
    parser.add_argument("--concern-model", type=Path, help="the model of contributions (the launcher fills this in)")
    parser.add_argument("--model", type=Path, help="the trained model (the launcher fills this in)")
    options = parser.parse_args()
    if options.modelkaart:
        return _model_card(options)
    if options.file is None:
        parser.error("which file?")
    if options.inbreng:
        return _contributions(options)
    try:
        lines = read(options.file)
    except FileUnusable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.gemeente:
        places = measure_places(lines)
        if options.json:
            sys.stdout.write(json.dumps(places, ensure_ascii=False) + "\n")
        else:
            for name in ("lines", "exact_set", "false_municipality"):
                sys.stdout.write(f"{name:20} {places[name]:.4g}\n")
            for fault in places["faults"]:
                sys.stdout.write(f"  wanted {fault['wanted']} found {fault['found']}: {fault['text']}\n")
        return 0
    figures = measure(lines, asyncio.run(understand(options.model, [line.text for line in lines])))
    if options.json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    else:
        _print(figures)
    return 0


def _contributions(options: argparse.Namespace) -> int:
    try:
        lines = concern_evaluation.read(options.file)
        model = ConcernModel.load(options.concern_model)
    except (FileUnusable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    figures = concern_evaluation.measure(model, lines)
    sys.stdout.write(
        json.dumps(figures, ensure_ascii=False) + "\n" if options.json else concern_evaluation.report(figures)
    )
    return 0


def _model_card(options: argparse.Namespace) -> int:
    from nlu.components import model_card  # it measures with this module

    card = model_card.write(options.model, options.concern_model, today=datetime.now(timezone.utc).date())
    sys.stdout.write(f"{card}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
