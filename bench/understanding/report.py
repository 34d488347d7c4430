"""What is told of a run: an entry for every contender, and a table of them for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.understanding.contenders import Contender
from bench.understanding.figures import figures
from bench.understanding.running import ContenderFailed, ContenderMissing, Run
from nlu.components.evaluation import Line

MEASURED, FAILED, NOT_MEASURED = "measured", "failed", "not measured"

COLUMNS = {
    "accuracy": ("first", ".3f"),
    "top3": ("top 3", ".3f"),
    "answered": ("answered", ".3f"),
    "wrong_answered": ("and wrong", ".3f"),
    "asked_back": ("asked back", ".3f"),
    "train_seconds": ("train s", ".1f"),
    "p50_ms": ("p50 ms", ".1f"),
    "p95_ms": ("p95 ms", ".1f"),
    "memory_mb": ("MB", ".0f"),
}

LEGEND = """\
first, top 3: the right label is the likeliest, or among the three likeliest, with or without a button. answered: at
once, above the thresholds below; and wrong: the part of all messages that was answered at once with the wrong label;
asked back: the rest.
train s: from reading the examples to the written model, nothing cached. ms: for one message inside the process.
MB: resident memory of the process that has just loaded the model. The danger check stays out: every contender gets
the prepared text, so `evaluate` finds slightly other figures for Samenspel."""


def measured(contender: Contender, lines: Sequence[Line], run: Run) -> dict[str, Any]:
    """The entry of a contender that trained and answered."""
    return (
        _named(contender, MEASURED)
        | figures(lines, run.answers)
        | {
            "train_seconds": round(run.train_seconds, 2),
            "memory_mb": round(run.memory_mb, 1),
            "threshold": run.threshold,
            "remarks": run.remarks,
        }
    )


def missing(contender: Contender, missing: ContenderMissing) -> dict[str, Any]:
    """The entry of a contender that this machine has no program for."""
    return _named(contender, NOT_MEASURED) | {"reason": str(missing)}


def failed(contender: Contender, failure: ContenderFailed, root: Path) -> dict[str, Any]:
    """The entry of a contender that failed. Paths are told from the root: the results may leave this machine."""
    log = failure.log.relative_to(root) if failure.log.is_relative_to(root) else Path(failure.log.name)
    return _named(contender, FAILED) | {"reason": str(failure).replace(f"{root}/", ""), "log": str(log)}


def _named(contender: Contender, outcome: str) -> dict[str, Any]:
    return {"name": contender.name, "title": contender.title, "outcome": outcome}


def exit_code(entries: Sequence[Mapping[str, Any]]) -> int:
    """1 when a contender failed. One that could not be measured here is no failure."""
    return int(any(entry["outcome"] == FAILED for entry in entries))


def table(results: Mapping[str, Any]) -> str:
    """The results as lines for people."""
    entries = results["contenders"]
    width = max(len(entry["title"]) for entry in entries)
    head = " " * width + "".join(f"  {title:>10}" for title, _ in COLUMNS.values())
    lines = [_about(results), "", head]
    lines += [f"{entry['title']:{width}}{_cells(entry)}" for entry in entries]
    return "\n".join([*lines, "", LEGEND, *_notes(entries)])


def _about(results: Mapping[str, Any]) -> str:
    told = (
        f"{results['messages']} messages of {results['file']}; {results['examples']} training examples "
        f"of {results['labels']} labels; {results['cores']} cores"
    )
    if results["share"] < 1:
        told += (
            f"\nONLY A PART: {results['share']:g} of the {results['all_examples']} training examples. "
            "These figures say nothing about the whole."
        )
    return told


def _cells(entry: Mapping[str, Any]) -> str:
    if entry["outcome"] != MEASURED:
        return f"  {entry['outcome']}: {entry['reason']}"
    return "".join(f"  {format(entry[name], form):>10}" for name, (_, form) in COLUMNS.items())


def _notes(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    notes = []
    for entry in entries:
        if entry["outcome"] == MEASURED:
            limits = " and ".join(f"{name} {limit:g}" for name, limit in entry["threshold"].items())
            notes.append(f"  {entry['title']}: answers from {limits}" + "".join(f"; {one}" for one in entry["remarks"]))
        elif entry["outcome"] == FAILED:
            notes.append(f"  {entry['title']}: its own words are in {entry['log']}")
    return notes
