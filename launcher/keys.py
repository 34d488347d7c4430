"""The secrets of an instance: made once, at random, readable by its owner only."""

import json
import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "PSEUDONYM_KEY", "RASA_SECRET", "ACTIONS_SECRET")


def load_or_make(path: Path) -> dict[str, str]:
    """The kept secrets, with those that are missing added. Never replaced: pseudonyms depend on them."""
    try:
        kept: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        kept = {}
    missing = [name for name in NAMES if name not in kept]
    if missing:
        kept.update({name: secrets.token_urlsafe(48) for name in missing})
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123  (private from the first byte)
            json.dump(kept, file, indent=1)
        draft.replace(path)
    return kept
