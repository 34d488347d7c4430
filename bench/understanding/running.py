"""Lets one contender train and answer, each in a process of its own, so that memory is free again for the next."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.understanding import corpus
from bench.understanding.contenders import Contender, Home
from bench.understanding.corpus import Example
from bench.understanding.figures import Answer
from launcher.commands import last_lines, run_logged
from launcher.console import Console
from launcher.layout import Layout
from launcher.variables import base

NODE_PROGRAMS = ("node", "npm")
LOCK_FILE = "package-lock.json"
INSTALLED = "installed.txt"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ContenderMissing(Exception):
    """A contender can not be measured here for want of a program that Samenspel itself does not need."""


class ContenderFailed(Exception):
    """A contender did not do what it should; says what, and `log` is where its own words are."""

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(reason)
        self.log = log


@dataclass(frozen=True)
class Run:
    """What one contender took and answered."""

    train_seconds: float
    memory_mb: float
    threshold: dict[str, float]
    remarks: list[str]
    answers: list[Answer]


@dataclass(frozen=True)
class Track:
    """Where contenders run: folders under `var/bench`, one a contender, emptied before it starts."""

    layout: Layout
    environ: Mapping[str, str]
    console: Console

    @property
    def folder(self) -> Path:
        return self.layout.var / "bench"

    def prepare(self, contender: Contender, examples: Sequence[Example], messages: Sequence[str]) -> None:
        """Lay ready what a contender reads, for all before the first starts: the sources may change in a long run."""
        folder = self._folder(contender)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        learnt = corpus.flattened(examples) if contender.plain_labels else list(examples)
        _write(folder / "examples.yml", corpus.as_rasa(learnt))
        _write(folder / "examples.json", corpus.as_pairs(learnt))
        _write(folder / "messages.json", json.dumps(list(messages), ensure_ascii=False))
        if contender.config is not None:
            _write(folder / "config.yml", contender.config(self.layout.root))

    def run(self, contender: Contender) -> Run:
        """Train and answer.

        Raises:
            ContenderMissing: there is no node or npm.
            ContenderFailed: installing, training or answering went wrong.
        """
        folder, program = self._folder(contender), self._program(contender.home)
        train_log, answer_log = folder / "train.log", folder / "answer.log"
        self._logged(f"{contender.title}: training", [*program, "train", str(folder)], train_log)
        self._logged(f"{contender.title}: answering", [*program, "answer", str(folder)], answer_log)
        asked = _read(folder / "messages.json")
        try:
            trained, left = _read(folder / "trained.json"), _read(folder / "answers.json")
            answers = [Answer(*answer) for answer in left["answers"]]
            run = Run(trained["seconds"], left["memory_mb"], left["threshold"], left["remarks"], answers)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ContenderFailed(f"left results of no use: {type(error).__name__} {error}", log=answer_log) from error
        if len(answers) != len(asked):
            raise ContenderFailed(f"answered {len(answers)} of {len(asked)} messages", log=answer_log)
        return run

    def _folder(self, contender: Contender) -> Path:
        return self.folder / "nlu" / contender.name

    def _program(self, home: Home) -> list[str]:
        if home is Home.RASA:
            return [str(self.layout.rasa_python), "-m", "bench.understanding.in_rasa"]
        node, npm = (shutil.which(name, path=self.environ.get("PATH", os.defpath)) for name in NODE_PROGRAMS)
        if node is None or npm is None:
            raise ContenderMissing("needs node and npm, and this machine does not have both")
        return [node, str(self._node_script(npm))]

    def _node_script(self, npm: str) -> Path:
        """Copy the node part beside what it needs, which is installed when the lock file is another than last time."""
        source, target = self.layout.root / "bench" / "nlpjs", self.folder / "nlpjs"
        stamp, mark = target / INSTALLED, hashlib.sha256((source / LOCK_FILE).read_bytes()).hexdigest()
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
        if not stamp.exists() or stamp.read_text() != mark:
            stamp.unlink(missing_ok=True)
            command = [npm, "ci", "--prefix", str(target), "--ignore-scripts", "--no-audit", "--no-fund"]
            self._logged("nlp.js: installing", command, self.folder / "nlpjs-install.log")
            stamp.write_text(mark)
        return target / "contender.cjs"

    def _logged(self, what: str, command: list[str], log: Path) -> None:
        with self.console.step(what):
            code = run_logged(command, log=log, cwd=self.layout.root, env=variables(self.layout, self.environ))
        if code != 0:
            end = COLOUR.sub("", " / ".join(last_lines(log, 2))) or "it said nothing"
            raise ContenderFailed(f"{what.rpartition(': ')[2]} ended with code {code}: {end}", log=log)


def variables(layout: Layout, environ: Mapping[str, str]) -> dict[str, str]:
    """What any of our processes gets, but without caches: training afresh is what is measured."""
    result = base(layout, environ) | {"RASA_MAX_CACHE_SIZE": "0"}
    result.pop("SAMENSPEL_ENCODER_CACHE", None)
    return result


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
