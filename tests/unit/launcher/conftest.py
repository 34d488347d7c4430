"""A clone in miniature: the real launcher with stand-ins of a few lines for the programs it starts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.console import Console
from launcher.environments import STAMP, World, digest
from launcher.layout import REPOSITORY, Layout
from launcher.models import concern_model
from launcher.ports import Ports, find_free
from launcher.training import Trainer

SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"status": "ok", "onderdelen": {"worker": true}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
def serve(port):
    http.server.HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
"""
STAND_INS = {
    "stand_in.py": SERVER,
    "actions/__main__.py": "import os, stand_in; stand_in.serve(os.environ['SAMENSPEL_ACTIONS_PORT'])",
    "web/__main__.py": "import os, stand_in; stand_in.serve(os.environ['SAMENSPEL_PORT'])",
    "rasa/__main__.py": (
        "import json, pathlib, sys, stand_in\n"
        "if sys.argv[1] == 'run':\n"
        "    stand_in.serve(sys.argv[sys.argv.index('-p') + 1])\n"
        "if sys.argv[1:3] == ['test', 'core']:\n"
        "    out = pathlib.Path(sys.argv[sys.argv.index('--out') + 1])\n"
        "    out.mkdir(parents=True, exist_ok=True)\n"
        "    numbers = {'conversation_accuracy': {'correct': 2, 'total': 2}}\n"
        "    (out / 'story_report.json').write_text(json.dumps(numbers))\n"
    ),
    "participation/worker.py": "import time; time.sleep(600)",
    "participation/database/prepare.py": (
        'print(\'made\'); print(\'{"accounts": [{"email": "a@voorbeeld.nl", "password": "eenmalig",'
        ' "municipalities": ["GM0344"]}]}\')'
    ),
    # Like pg_ctl: the server is in a session of its own, and its guardian stops it on SIGTERM.
    "participation/database/embedded.py": (
        "import json, pathlib, signal, subprocess, sys\n"
        "data, announce = map(pathlib.Path, sys.argv[1:])\n"
        "data.mkdir(parents=True, exist_ok=True)\n"
        "sleep = 'import time; time.sleep(600)'\n"
        "server = subprocess.Popen([sys.executable, '-c', sleep, 'postgres', str(data)], start_new_session=True)\n"
        "(data / 'postmaster.pid').write_text(f'{server.pid}\\n')\n"
        "announce.write_text(json.dumps({'url': 'postgresql://postgres:@/postgres?host=/tmp'}))\n"
        "def leave(*_):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"  # Linux may tell more than once that a parent died
        "    server.kill()\n"
        "    server.wait()\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "signal.pause()\n"
    ),
}


@dataclass
class Clone:
    """A miniature clone on ports of its own."""

    layout: Layout
    ports: Ports

    @property
    def environ(self) -> dict[str, str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPEL_")}
        return {**environ, "SAMENSPEL_VAR": "var", "SAMENSPEL_PORT": str(self.ports.web)}

    def call(self, *arguments: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run `./samenspel` as a user does."""
        command = [sys.executable, str(self.layout.root / "samenspel"), *arguments]
        return subprocess.run(
            command, env=environ or self.environ, capture_output=True, text=True, timeout=90, check=False
        )

    def status(self) -> dict[str, object]:
        return dict(json.loads(self.call("status", "--json").stdout))

    def pids(self) -> dict[str, int]:
        """Every process of the running instance by name."""
        run = json.loads(self.layout.state_file.read_text())
        pids = {name: part["pid"] for name, part in run["parts"].items() if part["pid"]}
        postgres = int((self.layout.postgres / "postmaster.pid").read_text())
        return {**pids, "supervisor": run["pid"], "postgres": postgres}


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    """Set up as after a first `up`, and stopped afterwards whatever the test left running."""
    root = tmp_path / "clone"
    shutil.copytree(REPOSITORY / "launcher", root / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "samenspel", root)
    for name, text in STAND_INS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("app", "dev", "rasa", "rasa-dev", "uv"):
        (root / "requirements").mkdir(exist_ok=True)
        (root / "requirements" / f"{name}.txt").write_text("# nothing\n")
    for world in World:
        python = root / world.folder / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        stamp = {name: digest(root / name) for name in (world.to_run, world.to_test)}
        (root / world.folder / STAMP).write_text(json.dumps(stamp))
    made = Clone(Layout(root, root / "var"), find_free())
    made.layout.make()
    made_model(made.layout)
    yield made
    made.call("down")


def made_model(layout: Layout) -> Path:
    """A model of the present sources, as far as the launcher can see."""
    trainer = Trainer(layout, Console(), {})
    model = trainer.path_now()
    model.write_bytes(b"model")
    concern_model(model).mkdir(exist_ok=True)
    (layout.models / "current.json").write_text(json.dumps({"model": model.name}))
    return model
