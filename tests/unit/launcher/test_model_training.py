"""When the model is trained, which models are kept, and what a failed training leaves."""

import ast
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from launcher.checksums import concern_sums, language_sums
from launcher.console import Console
from launcher.failure import Failure
from launcher.fingerprint import fingerprint, sources
from launcher.layout import REPOSITORY, Layout
from launcher.models import concern_model
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
# Stands for `python -m participation.language.concern_training FOLDER`.
CONCERNS = """#!/bin/sh
echo "learnt" >> "{root}/lessons"
mkdir -p "$3" && echo model > "$3/labels.json"
"""
SOURCES = (
    "nlu/raad.yml",
    "nlu/lookups/gemeenten.yml",
    "nlu/components/fused_classifier.py",
    "nlu/spacy/nl/meta.json",
    "participation/language/fusion.py",
    "participation/reference/inbreng.tsv",
    "participation/reference/themas.yml",
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
    program(layout.rasa_python, RASA, layout)
    program(layout.app_python, CONCERNS, layout)
    return Trainer(layout, Console(io.StringIO()), dict(os.environ))


def program(path: Path, script: str, layout: Layout) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script.format(root=layout.root))
    path.chmod(0o755)


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


@pytest.mark.parametrize(
    "name",
    [
        "nlu/components/channel.py",
        "nlu/components/evaluation.py",
        "nlu/components/concern_evaluation.py",
        "nlu/components/labelled_file.py",
        "participation/language/danger_patterns.txt",
        "participation/language/places.py",
        "participation/reference/plaatsen.csv",
    ],
)
def test_what_only_uses_a_model_does_not_count(trainer: Trainer, name: str) -> None:
    before = fingerprint(trainer.layout.root)
    (trainer.layout.root / name).write_text("new")
    assert fingerprint(trainer.layout.root) == before


def test_every_module_that_shapes_a_model_counts() -> None:
    """Followed from what runs in training, by the imports as they are written."""
    shaping = ("encoder_featurizer", "fused_classifier", "spacy_nlp", "spacy_model")
    waiting = [REPOSITORY / "nlu" / "components" / f"{name}.py" for name in shaping]
    waiting += [REPOSITORY / "participation" / "language" / "concern_training.py"]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.exists():
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("participation", "nlu")):
                folder = REPOSITORY / (node.module or "").replace(".", "/")
                waiting += [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
    counted = set(sources(REPOSITORY))
    missing = [path.relative_to(REPOSITORY).as_posix() for path in seen - counted if path.name != "__init__.py"]
    assert len(seen) >= 10
    assert missing == []


def test_what_rasa_kept_is_not_used_with_other_code(trainer: Trainer) -> None:
    seen = trainer.layout.root / "seen"
    program(trainer.layout.rasa_python, f'#!/bin/sh\necho "$RASA_CACHE_DIRECTORY" >> {seen}\nexit 1\n', trainer.layout)
    for name in ("nlu/raad.yml", "participation/language/fusion.py", "domain/raad.yml"):
        (trainer.layout.root / name).write_text("changed")
        with pytest.raises(Failure):
            trainer.ensure()
    first, second, third = seen.read_text().split()
    assert (first != second, second == third) == (True, True)


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
    assert [concern_model(model).exists() for model in made] == [False, False, True, True, True]
    assert [language_sums(model).exists() for model in made] == [False, False, True, True, True]
    assert [concern_sums(model).exists() for model in made] == [False, False, True, True, True]


def test_what_was_trained_can_be_checked_elsewhere(trainer: Trainer) -> None:
    model = trainer.ensure()
    sums = [language_sums(model).name, concern_sums(model).name]
    command = ["sha256sum", "--check", "--strict", "--quiet", *sums]
    assert subprocess.run(command, cwd=model.parent, check=False).returncode == 0
    with model.open("ab") as file:
        file.write(b"!")
    changed = subprocess.run(command, cwd=model.parent, check=False, capture_output=True, text=True)
    assert (changed.returncode, changed.stdout) == (1, f"{model.name}: FAILED\n")


def test_a_model_of_before_gets_its_checksums_without_training(trainer: Trainer) -> None:
    model = trainer.ensure()
    language_sums(model).unlink()
    assert trainer.ensure() == model
    assert (language_sums(model).exists(), trainings(trainer)) == (True, 1)


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
    program(trainer.layout.rasa_python, script, trainer.layout)
    with pytest.raises(Failure) as failure:
        trainer.ensure()
    assert failure.value.message.startswith("Training the language model failed.")
    assert failure.value.details == ["InvalidConfig: no such component"]
    assert (trainer.current(), first.exists()) == (first, True)
    assert sorted(path.name for path in trainer.layout.models.iterdir()) == [
        "current.json",
        concern_model(first).name,
        concern_sums(first).name,
        language_sums(first).name,
        first.name,
        "training.lock",
    ]


def test_the_model_of_contributions_is_made_again_when_it_is_gone(trainer: Trainer) -> None:
    model = trainer.ensure()
    shutil.rmtree(concern_model(model))
    assert trainer.ensure() == model
    lessons = (trainer.layout.root / "lessons").read_text().splitlines()
    assert (concern_model(model).is_dir(), trainings(trainer), lessons) == (True, 1, ["learnt", "learnt"])


def test_a_failed_model_of_contributions_is_said_and_the_old_one_stays(trainer: Trainer) -> None:
    first = trainer.ensure()
    change(trainer, "more")
    program(trainer.layout.app_python, "#!/bin/sh\necho 'no such file'\nexit 1\n", trainer.layout)
    with pytest.raises(Failure) as failure:
        trainer.ensure()
    assert failure.value.message.startswith("Training the model of contributions failed.")
    assert (trainer.current(), concern_model(first).is_dir()) == (first, True)


def test_force_trains_in_any_case(trainer: Trainer) -> None:
    first = trainer.ensure()
    assert (trainer.ensure(force=True), trainings(trainer)) == (first, 2)
