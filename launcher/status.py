"""`./samenspel status` and `./samenspel logs`: what is running, and what it says."""

import json
import time
from pathlib import Path

from launcher import state
from launcher.commands import last_lines
from launcher.console import Console, elapsed
from launcher.failure import Failure
from launcher.layout import Layout

NOT_HEALTHY = 3


def status(layout: Layout, console: Console, *, as_json: bool) -> int:
    """Show the parts; exit code 0 when all is healthy, 3 otherwise."""
    summary = state.summary(layout)
    if as_json:
        console.say(json.dumps(summary, indent=2))
        return 0 if summary["healthy"] else NOT_HEALTHY
    if not summary["running"]:
        console.say("Samenspel is not running. Start it with ./samenspel up")
        return NOT_HEALTHY
    console.say(f"Samenspel is running and {'healthy' if summary['healthy'] else 'NOT healthy'}: {summary['url']}")
    parts = summary["parts"]
    for name, part in parts.items() if isinstance(parts, dict) else ():
        process = f"pid {part['pid']}, up {elapsed(part['uptime_s'])}, " if part["pid"] else ""
        console.say(f"  {name:<9} {part['state']:<10} {process}restarts {part['restarts']}")
    return 0 if summary["healthy"] else NOT_HEALTHY


def log_files(layout: Layout) -> dict[str, Path]:
    return {path.stem: path for path in sorted(layout.logs.glob("*.log"))}


def logs(layout: Layout, console: Console, *, name: str | None, lines: int, follow: bool) -> int:
    """Print the end of one log or of all, and what is added when following."""
    files = log_files(layout)
    if name is not None:
        if name not in files:
            raise Failure(f"There is no log {name!r}. There are: {', '.join(files) or 'none yet'}.")
        files = {name: files[name]}
    for title, path in files.items():
        if len(files) > 1:
            console.say(f"==> {title} <==")
        for line in last_lines(path, lines):
            console.say(line)
    if follow:
        _follow(files, console)
    return 0


def _follow(files: dict[str, Path], console: Console) -> None:
    """Print new lines until Ctrl-C; a file that was rotated is read from its start."""
    places = {title: path.stat().st_size for title, path in files.items()}
    while True:
        time.sleep(0.5)
        for title, path in files.items():
            size = path.stat().st_size if path.exists() else 0
            with path.open("rb") as file:
                file.seek(places[title] if size >= places[title] else 0)
                text = file.read()
                places[title] = file.tell()
            for line in text.decode(errors="replace").splitlines():
                console.say(f"{title:<9} {line}" if len(files) > 1 else line)
