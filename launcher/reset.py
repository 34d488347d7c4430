"""`./samenspel reset`: back to an empty instance."""

import shutil
import sys
from pathlib import Path

from launcher.console import Console
from launcher.down import down
from launcher.failure import Failure
from launcher.layout import Layout

MODELS = "models"


def refuse_dangerous(layout: Layout) -> None:
    """A mistyped SAMENSPEL_VAR must not cost anyone their files."""
    var, home = layout.var.resolve(), Path.home().resolve()
    if var in (home, Path("/")) or layout.root.resolve().is_relative_to(var) or home.is_relative_to(var):
        raise Failure(f"SAMENSPEL_VAR is {var}; that holds more than this instance, so nothing was removed.")
    known = ("run", "logs", "postgres", "geheimen.json", "test", "cache", MODELS)
    if var.exists() and any(var.iterdir()) and not any((var / name).exists() for name in known):
        raise Failure(f"{var} does not look like a folder of Samenspel, so nothing was removed.")


def reset(layout: Layout, console: Console, *, yes: bool, everything: bool) -> int:
    """Stop, and remove all data; with `everything` the models too. Environments and outside databases stay."""
    refuse_dangerous(layout)
    what = "all its data, logs, secrets and models" if everything else "all its data, logs and secrets (models stay)"
    if not yes and not _confirmed(f"This stops Samenspel and removes {what} in {layout.var}. Type 'yes' to go on: "):
        console.say("Nothing was removed.")
        return 1
    down(layout, console)
    for path in sorted(layout.var.iterdir()) if layout.var.exists() else ():
        if path.name == MODELS and not everything:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    console.say(f"Removed {what}.")
    return 0


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise Failure("reset asks before it removes anything; without a terminal add --yes.")
    return input(question).strip().lower() in {"yes", "ja"}
