"""Requests that nobody thought of: `./samenspel bench fuzz` sends them to the chat API of a running installation.

Schemathesis reads the OpenAPI document and makes requests that fit it and requests that just do not; all its checks are
on, so an answer has to be as the document says, and never a fault of ours. Use an installation of your own: the
conversations it opens are real ones.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

DOCUMENT = "/api/v1/openapi.json"
STREAM = "/api/v1/chat/gebeurtenissen"
"""Left out: an answer without an end has no checks. It has tests of its own."""


def command(url: str, token: str, *, examples: int, seed: int, document: str = "") -> list[str]:
    """The run, as schemathesis is told it; `document` is a file to read instead of what the installation says."""
    program = Path(sys.executable).with_name("schemathesis")
    chosen = ["--checks", "all", "--max-examples", str(examples), "--seed", str(seed), "--exclude-path", STREAM]
    quiet = ["--no-color", "--request-timeout", "20", "--generation-database", "none"]
    where = [document or f"{url}{DOCUMENT}", "--url", url]
    return [str(program), "run", *where, "--header", f"Authorization: Bearer {token}", *chosen, *quiet]


def counts(said: str) -> dict[str, int]:
    """What the run says of itself in its last lines."""
    found = {name: re.search(rf"(\d+) {name}", said) for name in ("generated", "passed", "failed", "skipped")}
    return {name: int(match[1]) if match else 0 for name, match in found.items()}


def main() -> int:
    """Ask a running installation; exit code 1 when an answer was not as it should be."""
    parser = argparse.ArgumentParser(prog="./samenspel bench fuzz", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--examples", type=int, default=500, help="most requests a route and phase (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="another one makes other requests (default 1)")
    options = parser.parse_args()
    with httpx.Client(base_url=options.url, timeout=20, trust_env=False) as http:
        opened = http.post("/api/v1/chat/gesprekken", json={"gemeente": "GM0344"})
    token, began = opened.raise_for_status().json()["token"], time.perf_counter()
    run = command(options.url, token, examples=options.examples, seed=options.seed)
    with tempfile.TemporaryDirectory() as folder:  # schemathesis keeps its findings where it runs
        done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603  (ours)
    print(done.stdout)
    figures = {"exit_code": done.returncode, **counts(done.stdout), "seconds": round(time.perf_counter() - began, 1)}
    print(json.dumps({"bench": "fuzz", "seed": options.seed, "examples": options.examples, **figures}))
    return 0 if done.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
