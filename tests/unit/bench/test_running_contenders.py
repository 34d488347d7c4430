"""Each contender runs in processes of its own: what they are told, and what becomes of one that can not go on."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest

from bench.understanding.contenders import CONTENDERS
from bench.understanding.corpus import Example
from bench.understanding.running import ContenderFailed, ContenderMissing, Track, variables
from launcher.console import Console
from launcher.layout import Layout

ROOT = Path(__file__).parents[3]
DEFAULT, *_, NODE = CONTENDERS
EXAMPLES = [Example("vraag/a", "wat is a"), Example("b", "dag")]

ANSWERING = """#!/bin/sh
for folder; do :; done
echo "{said}"
echo '{{"seconds": 1.5}}' > "$folder/trained.json"
echo '{answers}' > "$folder/answers.json"
exit {code}
"""


def track(folder: Path, *, said: str = "", answers: object = None, code: int = 0) -> Track:
    """A clone whose Rasa environment is a script of a few lines, on a machine with nothing else."""
    python = folder / ".venv-rasa" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(ANSWERING.format(said=said, answers=json.dumps(answers), code=code))
    python.chmod(0o755)
    return Track(Layout(folder, folder / "var"), {"PATH": str(folder / "nothing")}, Console(StringIO()))


def test_what_a_contender_took_and_answered_comes_back(tmp_path: Path) -> None:
    answers = {"memory_mb": 5.0, "threshold": {"score": 0.3}, "remarks": [], "answers": [[["b", "a"], True, 2.5]]}
    measured = track(tmp_path, answers=answers)
    measured.prepare(DEFAULT, EXAMPLES, ["dag"])
    run = measured.run(DEFAULT)
    assert (run.train_seconds, run.memory_mb, run.threshold) == (1.5, 5.0, {"score": 0.3})
    assert [(answer.ranking, answer.answered, answer.milliseconds) for answer in run.answers] == [
        (["b", "a"], True, 2.5)
    ]


def test_what_a_contender_reads_is_all_there_before_it_starts(tmp_path: Path) -> None:
    prepared = track(tmp_path)
    prepared.prepare(DEFAULT, EXAMPLES, ["dag"])
    folder = tmp_path / "var" / "bench" / "nlu" / DEFAULT.name
    assert json.loads((folder / "examples.json").read_text()) == [["a", "wat is a"], ["b", "dag"]]
    assert json.loads((folder / "messages.json").read_text()) == ["dag"]
    assert "DIETClassifier" in (folder / "config.yml").read_text()


def test_a_contender_that_stops_has_failed_with_its_last_words(tmp_path: Path) -> None:
    failing = track(tmp_path, said="geen geheugen meer", code=3)
    failing.prepare(DEFAULT, EXAMPLES, ["dag"])
    with pytest.raises(ContenderFailed, match="training ended with code 3: geen geheugen meer") as failed:
        failing.run(DEFAULT)
    assert failed.value.log.read_text() == "geen geheugen meer\n"


def test_a_contender_that_skips_a_message_has_failed(tmp_path: Path) -> None:
    skipping = track(tmp_path, answers={"memory_mb": 5.0, "threshold": {}, "remarks": [], "answers": []})
    skipping.prepare(DEFAULT, EXAMPLES, ["dag"])
    with pytest.raises(ContenderFailed, match="answered 0 of 1 messages"):
        skipping.run(DEFAULT)


def test_a_contender_that_leaves_nothing_of_use_has_failed(tmp_path: Path) -> None:
    silent = track(tmp_path, answers={"answers": []})
    silent.prepare(DEFAULT, EXAMPLES, ["dag"])
    with pytest.raises(ContenderFailed, match="left results of no use: KeyError 'memory_mb'"):
        silent.run(DEFAULT)


def test_without_node_the_contender_is_missing_and_has_not_failed(tmp_path: Path) -> None:
    without = track(tmp_path)
    without.prepare(NODE, EXAMPLES, ["dag"])
    with pytest.raises(ContenderMissing, match="needs node and npm"):
        without.run(NODE)


def test_nothing_comes_from_a_cache_and_telemetry_is_off() -> None:
    told = variables(Layout(ROOT, ROOT / "var"), {"SAMENSPEL_ENCODER_CACHE": "var/cache/encoder"})
    assert (told["RASA_MAX_CACHE_SIZE"], told["RASA_TELEMETRY_ENABLED"]) == ("0", "false")
    assert [name for name in told if name.startswith("SAMENSPEL_")] == []


def test_the_node_packages_are_pinned_by_hash_and_name_no_registry() -> None:
    lock = json.loads((ROOT / "bench" / "nlpjs" / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "bench" / "nlpjs" / "package.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["dependencies"].values())
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []
