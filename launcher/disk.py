"""Is there room? Asked before the long steps, because half an installation helps no one."""

import shutil
from pathlib import Path

from launcher.failure import Failure

GB = 1_000_000_000
FIRST_SETUP_GB = 6  # both environments 3.1, uv's cache of them 1.5, model, database and room to work
LATER_SETUP_GB = 2
RUNNING_GB = 0.5


def free_gb(folder: Path) -> float:
    """Free space for `folder`, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free / GB


def require(folder: Path, needed_gb: float, *, purpose: str) -> None:
    """Refuse in time."""
    free = free_gb(folder)
    if free < needed_gb:
        raise Failure(f"Not enough disk space in {folder}: {purpose} needs {needed_gb:g} GB, {free:.1f} GB is free.")
