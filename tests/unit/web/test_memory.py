"""What the web process leaves out: it keeps as long as it runs what is read into it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_nothing_is_read_that_only_training_and_the_worker_need() -> None:
    """scikit-learn alone takes a hundred megabytes."""
    code = "import sys, web.app; print({'sklearn', 'pandas', 'reddwarf', 'deduce'} & sys.modules.keys())"
    told = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
