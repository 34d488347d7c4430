"""Which way of understanding Dutch is best? `./samenspel bench nlu` puts the same messages to all contenders.

Each learns the same examples afresh: Rasa as it comes, ours, ours with the support vector machine alone, and nlp.js.
bench/understanding/contenders.py has who they are.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.understanding import contenders, corpus, report
from bench.understanding.contenders import Contender
from bench.understanding.corpus import Example, TrainingDataUnusable
from bench.understanding.running import ContenderFailed, ContenderMissing, Track
from launcher.console import Console
from launcher.layout import Layout
from launcher.locks import one_at_a_time
from nlu.components.evaluation import FileUnusable, Line, plain, read
from participation.language.text import for_understanding

SEED = 1
DEFAULT_FILE = Path("tests", "nlu", "toetsset.tsv")


def measure(track: Track, contender: Contender, lines: list[Line]) -> dict[str, Any]:
    """The entry of one contender, whatever becomes of it."""
    try:
        run = track.run(contender)
    except ContenderMissing as missing:
        return report.missing(contender, missing)
    except ContenderFailed as failure:
        return report.failed(contender, failure, track.layout.root)
    return report.measured(contender, lines, run)


def keep(results: dict[str, Any], path: Path) -> None:
    """Write the results so far: an interrupted run took too long to lose what it found."""
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def strange_labels(lines: list[Line], examples: list[Example]) -> list[str]:
    """Labels that no contender learns: a slip of the pen in the file would lower all scores unseen."""
    return sorted({plain(line.label) for line in lines} - {plain(example.label) for example in examples})


def share(text: str) -> float:
    """A share above 0 and up to 1."""
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("a share is above 0 and at most 1")
    return value


def only(text: str) -> list[Contender]:
    """Names of contenders, separated by commas."""
    try:
        return contenders.chosen(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def arguments() -> argparse.Namespace:
    """Read the command line."""
    names = ", ".join(contender.name for contender in contenders.CONTENDERS)
    parser = argparse.ArgumentParser(prog="samenspel bench nlu", description="Compare ways to understand messages")
    parser.add_argument(
        "--file", type=Path, default=DEFAULT_FILE, help="label<TAB>text or label<TAB>writer type<TAB>text"
    )
    parser.add_argument("--only", type=only, default=contenders.chosen(None), metavar="NAME[,NAME]", help=f"of {names}")
    parser.add_argument("--share", type=share, default=1.0, help="train on a part of the examples, for a quick look")
    return parser.parse_args()


def main() -> int:
    """Run from the command line."""
    options = arguments()
    layout, console = Layout.of(os.environ), Console(sys.stderr)
    track = Track(layout, os.environ, console)
    try:
        lines, everything = read(options.file), corpus.read(layout.root / "nlu")
        corpus.flattened(everything)
        if strange := strange_labels(lines, everything):
            raise FileUnusable(f"{options.file}: no training examples have the label {', '.join(strange)}")
    except (FileUnusable, TrainingDataUnusable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    examples = everything
    if options.share < 1:
        examples = corpus.part(everything, share=options.share, random=Random(SEED))  # noqa: S311  no secret
    with one_at_a_time(track.folder / "nlu.lock", what="running bench nlu", console=console):
        for contender in options.only:
            track.prepare(contender, examples, [for_understanding(line.text) for line in lines])
        results: dict[str, Any] = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "file": str(options.file),
            "messages": len(lines),
            "labels": len(corpus.labels(examples)),
            "examples": len(examples),
            "all_examples": len(everything),
            "share": options.share,
            "seed": SEED,
            "cores": os.cpu_count(),
            "contenders": [],
        }
        for contender in options.only:
            results["contenders"].append(measure(track, contender, lines))
            keep(results, track.folder / "nlu.json")
    print(report.table(results))
    print(json.dumps(results, ensure_ascii=False))
    return report.exit_code(results["contenders"])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
