"""What a layer of tests came to, and the lines that say so."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from launcher.console import elapsed


@dataclass(frozen=True)
class Counts:
    """How many tests passed, failed (errors included) and were skipped. Of what passed `unsteady` failed first."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unsteady: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def ran(self) -> int:
        return self.passed + self.failed

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        unsteady = f" ({self.unsteady} passed only when run again)" if self.unsteady else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}{unsteady}"


@dataclass(frozen=True)
class Outcome:
    """One layer; `trouble` says what went wrong outside the tests themselves, `logs` where to read on."""

    layer: str
    counts: Counts
    seconds: float
    trouble: str = ""
    logs: tuple[Path, ...] = ()

    @property
    def ok(self) -> bool:
        return self.counts.failed == 0 and self.counts.ran > 0

    def line(self) -> str:
        """'unit: 123 passed in 4.2 s'; failures and skips are named only where there are any."""
        parts = [f"{self.counts.passed} passed"]
        parts += [f"{self.counts.failed} failed"] if self.counts.failed else []
        parts += [f"{self.counts.skipped} skipped"] if self.counts.skipped else []
        trouble = f" ({self.trouble})" if self.trouble else ""
        return f"{self.layer}: {', '.join(parts)} in {elapsed(self.seconds)}{trouble}"


def total(outcomes: Sequence[Outcome]) -> Counts:
    return sum((outcome.counts for outcome in outcomes), Counts())


def judged(counts: Counts, exit_code: int) -> tuple[Counts, str]:
    """Counts that agree with the exit code: a run that broke off, or tested nothing, is a failure too."""
    if counts.ran == 0:
        return counts + Counts(failed=1), "no test ran"
    if exit_code != 0 and counts.failed == 0:
        return counts + Counts(failed=1), f"the run itself failed with exit code {exit_code}"
    return counts, ""


def from_junit(path: Path) -> Counts:
    """Counts of a pytest run; nothing when it did not get as far as writing them."""
    try:
        suites = list(ET.parse(path).getroot().iter("testsuite"))  # noqa: S314  (pytest wrote it just now)
    except (OSError, ET.ParseError):
        return Counts()
    result = Counts()
    for suite in suites:
        number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        passed = max(0, number["tests"] - failed - number["skipped"])
        result += Counts(passed, failed, number["skipped"])
    return result


def failed_tests(cache: Path) -> tuple[str, ...]:
    """The tests of pytest's last run that failed, as pytest names them; none where it kept no list."""
    try:
        return tuple(json.loads((cache / "v" / "cache" / "lastfailed").read_text()))
    except (OSError, ValueError):
        return ()


def count_stories(folder: Path) -> int:
    """How many test stories the files name, to notice when Rasa leaves some out."""
    return sum(len(re.findall(r"^\s*- story:", path.read_text(), re.MULTILINE)) for path in folder.rglob("*.yml"))


def from_rasa_report(path: Path, *, written: int) -> Counts:
    """Counts of `rasa test core`: a story counts as passed when every step was predicted right."""
    try:
        conversations = json.loads(path.read_text())["conversation_accuracy"]
        correct, run = int(conversations["correct"]), int(conversations["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return Counts()
    return Counts(passed=correct, failed=run - correct + max(0, written - run))
