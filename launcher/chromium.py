"""The browser for the browser tests: found on this machine, or installed where that is allowed."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.commands import ask, last_lines, run_logged
from launcher.console import Console
from launcher.failure import Failure, command_failure
from launcher.layout import Layout

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find(environ: Mapping[str, str]) -> Path | None:
    """A Chromium that answers; Ubuntu's `chromium-browser` may be a stub that only names a snap."""
    found = [shutil.which(name, path=environ.get("PATH")) for name in NAMES]
    candidates = [Path(path) for path in found if path] + [Path(path) for path in MAC_APPLICATIONS]
    for path in candidates:
        if os.access(path, os.X_OK) and ask([str(path), "--version"], timeout=30)[0] == 0:
            return path
    return None


def may_install(environ: Mapping[str, str]) -> bool:
    """Root on Debian or Ubuntu."""
    on_debian = Path("/etc/debian_version").exists() and shutil.which("apt-get", path=environ.get("PATH"))
    return bool(on_debian) and os.geteuid() == 0


def advice() -> str:
    """The one command to run."""
    return "brew install --cask chromium" if sys.platform == "darwin" else "sudo apt-get install chromium"


def ensure(layout: Layout, environ: Mapping[str, str], console: Console) -> Path:
    """Chromium's path, installing Debian's package first where that is ours to do.

    Raises:
        Failure: it is not there, with the command that installs it.
    """
    if path := find(environ):
        return path
    if not may_install(environ):
        raise Failure(f"Chromium was not found; install it with: {advice()}")
    console.say("Chromium is missing; installing Debian's package 'chromium' with apt-get.")
    environment = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = layout.logs / "install-chromium.log"
    for what, command in (
        ("Reading the package lists", ["apt-get", "update"]),
        ("Installing Chromium", ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]),
    ):
        with console.step(what):
            if run_logged(command, log=log, cwd=layout.root, env=environment) != 0:
                raise command_failure(what, tail=last_lines(log, 12), log=str(log))
    if path := find(environ):
        return path
    raise Failure(f"Chromium was installed but does not start; try: {advice()}")
