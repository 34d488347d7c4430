"""The layers of tests, from quick to slow: what each needs, and how it is run."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher import chromium
from launcher.commands import run_logged
from launcher.console import Console
from launcher.environments import Environments, World
from launcher.failure import Failure
from launcher.instance import Instance
from launcher.layout import Layout
from launcher.outcome import Counts, Outcome, count_stories, failed_tests, from_junit, from_rasa_report, judged
from launcher.training import Trainer
from launcher.variables import base

Result = tuple[Counts, str, tuple[Path, ...]]  # counts, trouble, and the logs to show

FAST = ("checks", "unit", "integration")
ALL = (*FAST, "nlu", "dialogue", "e2e", "browser")
ONLY_BY_NAME = ("faults",)
"""Takes too long to run each time: parts of an instance are broken on purpose, one after the other."""

WITH_CLOCKS = ("integration", "e2e", "browser")
"""Layers with real servers and browsers: a busy machine can fail a test of theirs that is right."""

FEW = 3
"""So many failures of such a layer are run once more by themselves; more than these are not the machine's doing."""

BESIDE_EACH_OTHER = ("unit", "integration")
ON_EVERY_CORE = ("-n", "auto", "--dist", "loadfile")
"""Each process has a database server of its own: the tests wait for PostgreSQL much of the time."""

CHECKS: dict[str, tuple[str, ...]] = {
    "ruff-check": ("ruff", "check", "."),
    "ruff-format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "import-law": ("lint-imports", "--no-logo"),
}


@dataclass
class Layers:
    """Runs layers one by one; the model and the second instance are made when a layer first needs them."""

    layout: Layout
    environ: Mapping[str, str]
    console: Console
    _found: dict[str, Path | dict[str, str] | Failure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._instance = Instance(self.layout, self.environ, self.console)

    def run(self, layer: str) -> Outcome:
        """Run one layer; what keeps it from running counts as a failed test of that layer."""
        environments = Environments(self.layout, self.console, self.environ)
        environments.ensure(*([World.APP] if layer in FAST else [World.APP, World.RASA]), tests=True)
        self.layout.tests.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        try:
            variables = self._variables(layer)
            started = time.monotonic()
            with self.console.step(f"Running {layer}", closing=False):
                counts, trouble, logs = self._tests(layer, variables)
        except Failure as failure:
            for line in failure.details:
                self.console.say(f"  {line}")
            counts, trouble, logs = Counts(failed=1), failure.message, ()
        return Outcome(layer, counts, time.monotonic() - started, trouble, logs)

    def close(self) -> None:
        """Stop the second instance, when there is one."""
        self._instance.stop()

    def _variables(self, layer: str) -> dict[str, str]:
        """What the tests of a layer are told; makes the model, the instance and the browser where needed."""
        variables = base(self.layout, self.environ) | {"SAMENSPEL_VAR": str(self.layout.tests / layer)}
        if layer in FAST:
            return variables
        model = self._once("model", Trainer(self.layout, self.console, self.environ).ensure)
        variables["SAMENSPEL_TEST_MODEL"] = str(model)
        if layer == "browser":
            browser = self._once("chromium", lambda: chromium.ensure(self.layout, self.environ, self.console))
            variables["SAMENSPEL_CHROMIUM"] = str(browser)
            variables["SAMENSPEL_SCREENSHOTS"] = self.environ.get("SAMENSPEL_SCREENSHOTS", "")
        if layer in ("e2e", "browser"):
            told = self._once("instance", lambda: self._instance.start(Path(str(model))))
            if isinstance(told, dict):
                variables |= told
        return variables

    def _once(self, name: str, make: Callable[[], Path | dict[str, str]]) -> Path | dict[str, str]:
        """Make something once; when that fails, every layer that needs it fails for the same reason."""
        if name not in self._found:
            try:
                self._found[name] = make()
            except Failure as failure:
                self._found[name] = Failure(failure.message)
                raise
        found = self._found[name]
        if isinstance(found, Failure):
            raise found
        return found

    def _tests(self, layer: str, variables: dict[str, str]) -> Result:
        if layer == "checks":
            return self._checks(variables)
        if layer == "dialogue":
            return self._dialogue(variables)
        python = self.layout.rasa_python if layer == "nlu" else self.layout.app_python
        before, shown = self._validate(variables) if layer == "nlu" else (Counts(), ())
        counts, trouble, logs = self._pytest(layer, python, variables)
        return before + counts, trouble, (*shown, *logs)

    def _command(self, name: str, command: list[str], variables: dict[str, str]) -> tuple[int, Path]:
        log = self.layout.tests / f"{name}.log"
        return run_logged(command, log=log, cwd=self.layout.root, env=variables), log

    def _checks(self, variables: dict[str, str]) -> Result:
        counts, logs, failed = Counts(), [], []
        programs = self.layout.app_python.parent
        for name, (program, *arguments) in CHECKS.items():
            if name == "import-law":
                arguments += ["--cache-dir", str(self.layout.root / "var" / "cache" / "import-linter")]
            code, log = self._command(f"checks-{name}", [str(programs / program), *arguments], variables)
            counts += Counts(passed=int(code == 0), failed=int(code != 0))
            if code != 0:
                logs.append(log)
                failed.append(name)
        return counts, ", ".join(failed), tuple(logs)

    def _validate(self, variables: dict[str, str]) -> tuple[Counts, tuple[Path, ...]]:
        """Rasa's own check of domain, stories and examples counts as one test."""
        command = [str(self.layout.rasa_python), "-m", "rasa", "data", "validate"]
        command += ["--config", "config.yml", "--domain", "domain", "--data", "nlu", "stories"]
        code, log = self._command("nlu-validate", command, variables)
        return (Counts(passed=1), ()) if code == 0 else (Counts(failed=1), (log,))

    def _pytest(self, layer: str, python: Path, variables: dict[str, str]) -> Result:
        """Run a layer; its few failures again, when it has clocks, and then it is said which were unsteady."""
        cache = self.layout.tests / f"{layer}.cache"
        shutil.rmtree(cache, ignore_errors=True)
        command = [str(python), "-m", "pytest", f"tests/{layer}", "-o", f"cache_dir={cache}", "-q"]
        together = ON_EVERY_CORE if layer in BESIDE_EACH_OTHER else ()
        counts, trouble, log = self._pytest_once(layer, [*command, *together], variables)
        failed = failed_tests(cache)
        if layer not in WITH_CLOCKS or trouble or not 0 < counts.failed == len(failed) <= FEW:
            return counts, trouble, (log,) if counts.failed else ()
        again, trouble, log_again = self._pytest_once(f"{layer}-again", [*command, "--last-failed"], variables)
        if trouble or again.ran != counts.failed:
            return counts, trouble, (log, log_again)
        unsteady = sorted(set(failed) - set(failed_tests(cache)))
        said = f"passed only when run again: {', '.join(unsteady)}" if unsteady else ""
        found = Counts(counts.passed + again.passed, again.failed, counts.skipped, len(unsteady))
        return found, said, (log, log_again)

    def _pytest_once(self, name: str, command: list[str], variables: dict[str, str]) -> tuple[Counts, str, Path]:
        report = self.layout.tests / f"{name}.xml"
        report.unlink(missing_ok=True)
        code, log = self._command(name, [*command, f"--junitxml={report}"], variables)
        return *judged(from_junit(report), code), log

    def _dialogue(self, variables: dict[str, str]) -> Result:
        """Rasa's test stories, all of them: stopping at the first error would not say how many fail.

        Stories in files named `test_*` are typed out and go through the language model too.
        """
        folder, out = self.layout.root / "tests" / "dialogue", self.layout.tests / "dialogue"
        report = out / "story_report.json"
        shutil.rmtree(out, ignore_errors=True)
        command = [str(self.layout.rasa_python), "-m", "rasa", "test", "core", "--stories", "tests/dialogue"]
        command += ["--model", variables["SAMENSPEL_TEST_MODEL"], "--out", str(out), "--no-plot"]
        if any(folder.glob("**/test_*.yml")):
            command.append("--e2e")
        code, log = self._command("dialogue", command, variables)
        counts, trouble = judged(from_rasa_report(report, written=count_stories(folder)), code)
        return counts, trouble, (log, out / "failed_test_stories.yml") if counts.failed else ()
