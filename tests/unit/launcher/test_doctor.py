"""What the doctor looks at."""

import io
from pathlib import Path

from launcher.console import Console
from launcher.doctor import Doctor, Mark
from launcher.environments import World
from launcher.layout import Layout


def test_the_sentence_encoder_is_tried_in_both_worlds(tmp_path: Path) -> None:
    """Understanding uses the one in the Rasa world: that it works in the other tells nothing of it."""
    layout = Layout(tmp_path, tmp_path / "var")
    (tmp_path / "requirements").mkdir()
    for name in (name for world in World for name in (world.to_run, world.to_test)):
        (tmp_path / name).touch()
    for python, says in ((layout.app_python, "echo works"), (layout.rasa_python, "echo does not work; exit 1")):
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\n{says}\n")
        python.chmod(0o755)
    found = [line for line in Doctor(layout, {}, Console(io.StringIO())).look(18_432) if "encoder" in line[1]]
    assert found == [
        (Mark.FINE, "Sentence encoder in .venv-app: works"),
        (Mark.NOTE, "Sentence encoder in .venv-rasa: does not work"),
    ]
