"""How well are kind and theme of contributions proposed? `./samenspel evaluate --inbreng FILE.tsv [--json]`.

FILE has on each line a kind, or a kind and a theme, or a kind, a theme and a writer type; the text comes last. A theme
may be named by our id or name, by an IV3 policy field or by a subject of the TOOI top list; `-` or nothing means that
only the kind is known. A proposed theme is right when the named one belongs to it.
"""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Set, Tuple

from nlu.components import labelled_file
from nlu.components.labelled_file import FileUnusable
from participation.language.concerns import Concern, ConcernModel
from participation.language.themes import OTHER, themes


class LabelledConcern(NamedTuple):
    """One contribution with its kind, its theme ("" when not known) and the type of its writer ("" when not known)."""

    kind: str
    theme: str
    writer: str
    text: str


def read(path: Path) -> List[LabelledConcern]:
    """Read a file of two to four columns.

    Raises:
        FileUnusable: missing, empty, another number of columns or an unknown theme; says which line.
    """
    found = []
    for number, row in labelled_file.read(path, fewest=2, most=4):
        columns = [column.strip() for column in row]
        theme = "" if len(columns) == 2 or columns[1] == "-" else columns[1]
        if theme and theme != OTHER and not ours(theme):
            raise FileUnusable(f"{path}, line {number}: no theme is called {theme!r}")
        found.append(LabelledConcern(columns[0], theme, columns[2] if len(columns) == 4 else "", columns[-1]))
    return found


def ours(name: str) -> Set[str]:
    """The ids of our themes that a name stands for: our id or name, a policy field or a subject of the top list."""
    wanted = name.casefold()
    return {
        theme.id
        for theme in themes().values()
        if wanted in {one.casefold() for one in (theme.id, theme.name, *theme.task_fields, *theme.top_list)}
    }


def measure(model: ConcernModel, lines: List[LabelledConcern]) -> Dict[str, Any]:
    """Compute all figures; shares run from 0 to 1. Those of themes are over the lines that name one of ours."""
    pairs = [(line, model.understand(line.text)) for line in lines]
    themed = [(ours(line.theme), concern) for line, concern in pairs if line.theme and line.theme != OTHER]
    right = [line.kind == concern.kinds[0][0] for line, concern in pairs]
    marks: Dict[str, List[bool]] = defaultdict(list)
    for (line, _), is_right in zip(pairs, right, strict=True):
        if line.writer:
            marks[line.writer].append(is_right)
    likeliest = ((line.kind, concern.kinds[0][0]) for line, concern in pairs)
    confusions = Counter((kind, found) for kind, found in likeliest if kind != found)
    return {
        "lines": len(lines),
        "kind_accuracy": _share(right),
        "kind_given": _share([concern.kind is not None for _, concern in pairs]),
        "kind_given_wrong": _share([concern.kind not in {None, line.kind} for line, concern in pairs]),
        "theme_lines": len(themed),
        "theme_top1": _share([concern.themes[0][0] in wanted for wanted, concern in themed]),
        "theme_top3": _share([_among(wanted, concern) for wanted, concern in themed]),
        "theme_given": _share([concern.theme != OTHER for _, concern in themed]),
        "theme_given_wrong": _share([concern.theme not in {OTHER, *wanted} for wanted, concern in themed]),
        "kind_per_type": {name: {"lines": len(one), "accuracy": _share(one)} for name, one in sorted(marks.items())},
        "kind_confusions": [
            {"kind": kind, "found": found, "lines": count} for (kind, found), count in confusions.most_common(10)
        ],
        "theme_confusions": _theme_confusions(pairs),
    }


def _among(wanted: Set[str], concern: Concern) -> bool:
    return any(name in wanted for name, _ in concern.themes[:3])


def _share(marks: List[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def _theme_confusions(pairs: List[Tuple[LabelledConcern, Concern]]) -> List[Dict[str, Any]]:
    confusions = Counter(
        (line.theme, concern.themes[0][0])
        for line, concern in pairs
        if line.theme and line.theme != OTHER and concern.themes[0][0] not in ours(line.theme)
    )
    return [{"theme": one, "found": found, "lines": count} for (one, found), count in confusions.most_common(15)]


def report(figures: Dict[str, Any]) -> str:
    """The figures as lines for a person."""
    lines = [f"{name:20} {value:.4g}" for name, value in figures.items() if isinstance(value, (int, float))]
    lines += [
        f"  {name:16} {one['accuracy']:.3f}  ({one['lines']} lines)" for name, one in figures["kind_per_type"].items()
    ]
    lines += [f"  {one['lines']:3} x {one['kind']} taken for {one['found']}" for one in figures["kind_confusions"]]
    lines += [f"  {one['lines']:3} x {one['theme']} taken for {one['found']}" for one in figures["theme_confusions"]]
    return "\n".join(lines) + "\n"
