"""What a running instance says about itself, for `status`, `down` and the tests."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher.child import Child
from launcher.layout import Layout
from launcher.locks import is_held


@dataclass(frozen=True)
class PartState:
    """One part; `started_at` in epoch seconds."""

    state: str
    pid: int | None
    started_at: float | None
    restarts: int


@dataclass(frozen=True)
class RunState:
    """One run of the supervisor."""

    pid: int
    run_id: str
    url: str
    port: int
    model: str
    healthy: bool = False
    parts: dict[str, PartState] = field(default_factory=dict)


def parts_of(children: Sequence[Child]) -> dict[str, PartState]:
    return {
        child.part.name: PartState(str(child.state), child.pid, child.started_at, child.restarts) for child in children
    }


def write(path: Path, state: RunState) -> None:
    """Replace the file at once, so that a reader never sees half of it."""
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(asdict(state), indent=1))
    draft.replace(path)


def read(path: Path) -> RunState | None:
    """The last written state; its process may be gone, see `running`."""
    try:
        raw = json.loads(path.read_text())
        raw["parts"] = {name: PartState(**part) for name, part in raw["parts"].items()}
        return RunState(**raw)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_running(layout: Layout) -> bool:
    """Whether a supervisor lives: it holds the lock for as long as it does."""
    return is_held(layout.lock_file)


def summary(layout: Layout) -> dict[str, object]:
    """What `status --json` prints."""
    state = read(layout.state_file) if is_running(layout) else None
    if state is None:
        return {"running": is_running(layout), "healthy": False, "parts": {}, "url": None}
    now = time.time()
    parts = {
        name: {
            "state": part.state,
            "pid": part.pid,
            "uptime_s": round(now - part.started_at, 1) if part.pid and part.started_at else 0.0,
            "restarts": part.restarts,
        }
        for name, part in state.parts.items()
    }
    return {"running": True, "healthy": state.healthy, "parts": parts, "url": state.url}
