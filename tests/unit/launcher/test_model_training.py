"""When the model is trained, which models are kept, and what a failed training leaves."""

import io
import os
from pathlib import Path

import pytest

from launcher.console import Console
from launcher.failure import Failure
from launcher.fingerprint import fingerprint
from launcher.layout import Layout
from launcher.training import Trainer

# Stands for `python -m rasa train ... --out FOLDER --fixed-model-name NAME`.
RASA = """#!/bin/sh
echo "trained" >> "{root}/trainings"
while [ $# -gt 0 ]; do
    case "$1" in --out) out="$2" ;; --fixed-model-name) name="$2" ;; esac
    shift
done
mkdir -p "$out" && echo model > "$out/$name.tar.gz"
"""
SOURCES = (
    "nlu/raad.yml",
    "nlu/lookups/gemeenten.yml",
    "nlu/components/channel.py",
    "nlu/spacy/nl/meta.json",
    "participation/language/danger.py",
    "stories/raad.yml",
    "domain/raad.yml",
    "config.yml",
    "requirements/rasa.txt",
)


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    for name in SOURCES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    layout = Layout(tmp_path, tmp_path / "var")
    layout.make()
    rasa(layout, RASA)
    return Trainer(layout, Console(io.StringIO()), dict(os.environ))


def rasa(layout: Layout, script: str) -> None:
    layout.rasa_python.parent.mkdir(parents=True, exist_ok=True)
    layout.rasa_python.write_text(script.format(root=layout.root))
    layout.rasa_python.chmod(0o755)


def trainings(trainer: Trainer) -> int:
    notes = trainer.layout.root / "trainings"
    return len(notes.read_text().splitlines()) if notes.exists() else 0


def change(trainer: Trainer, text: str) -> None:
    (trainer.layout.root / "nlu/raad.yml").write_text(text)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_counts(trainer: Trainer, name: str) -> None:
    root = trainer.layout.root
    before = fingerprint(root)
    (root / name).write_text("changed")
    assert fingerprint(root) != before
    (root / name).write_text(name)
    assert fingerprint(root) == before


def test_a_file_that_moves_or_comes_counts_and_caches_do_not(trainer: Trainer) -> None:
    root = trainer.layout.root
    before = fingerprint(root)
    (root / "nlu/components/__pycache__").mkdir()
    (root / "nlu/components/__pycache__/channel.cpython-310.pyc").write_bytes(b"x")
    (root / "nlu/.raad.yml.swp").write_text("x")
    (root / "nlu/notes.txt").write_text("x")
    assert fingerprint(root) == before
    (root / "nlu/raad.yml").rename(root / "nlu/bestuur.yml")
    assert fingerprint(root) != before


def test_installing_the_dutch_package_makes_another_model(trainer: Trainer) -> None:
    root = trainer.layout.root
    before = fingerprint(root)
    (root / ".venv-rasa/lib/python3.10/site-packages/nl_core_news_sm-3.4.0.dist-info").mkdir(parents=True)
    assert fingerprint(root) != before


def test_training_happens_once_until_a_source_changes(trainer: Trainer) -> None:
    first = trainer.ensure()
    assert (first.exists(), trainer.ensure(), trainings(trainer)) == (True, first, 1)
    change(trainer, "more")
    assert trainer.is_current() is False
    second = trainer.ensure()
    assert (second != first, trainer.current(), trainings(trainer)) == (True, second, 2)


def test_going_back_takes_up_the_earlier_model(trainer: Trainer) -> None:
    first = trainer.ensure()
    change(trainer, "more")
    trainer.ensure()
    change(trainer, "nlu/raad.yml")
    assert (trainer.ensure(), trainer.current(), trainings(trainer)) == (first, first, 2)


def test_the_last_three_models_are_kept(trainer: Trainer) -> None:
    made = []
    for number in range(5):
        change(trainer, str(number))
        made.append(trainer.ensure())
        os.utime(made[-1], (number, number))
    assert [model.exists() for model in made] == [False, False, True, True, True]


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/sh\necho 'InvalidConfig: no such component'\nexit 1\n",
        "#!/bin/sh\necho 'InvalidConfig: no such component'\n",
    ],
    ids=["with an exit code", "without a model"],
)
def test_a_failed_training_leaves_the_old_model_in_use(trainer: Trainer, script: str) -> None:
    first = trainer.ensure()
    change(trainer, "broken")
    rasa(trainer.layout, script)
    with pytest.raises(Failure) as failure:
        trainer.ensure()
    assert failure.value.message.startswith("Training the language model failed.")
    assert failure.value.details == ["InvalidConfig: no such component"]
    assert (trainer.current(), first.exists()) == (first, True)
    assert sorted(path.name for path in trainer.layout.models.iterdir()) == [
        "current.json",
        first.name,
        "training.lock",
    ]


def test_force_trains_in_any_case(trainer: Trainer) -> None:
    first = trainer.ensure()
    assert (trainer.ensure(force=True), trainings(trainer)) == (first, 2)
