"""A second instance for tests: fresh data, ports of its own, gone afterwards, and never the user's settings."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import detached, ports
from launcher.console import Console
from launcher.down import down
from launcher.layout import Layout
from launcher.service import Ready
from launcher.variables import base


@dataclass
class Instance:
    """Lives in `VAR/test/e2e`; what an interrupted run left there is stopped and wiped first."""

    outer: Layout
    environ: Mapping[str, str]
    console: Console
    _ready: Ready | None = None

    @property
    def layout(self) -> Layout:
        return Layout(root=self.outer.root, var=self.outer.tests / "e2e")

    def start(self, model: Path) -> dict[str, str]:
        """Start it with a demonstration; returns the variables that tell the tests about it."""
        self._stop_quietly()
        shutil.rmtree(self.layout.var, ignore_errors=True)
        environ = {**base(self.outer, self.environ), "SAMENSPEL_DEMO": "true", "SAMENSPEL_LINK_CHECK": "false"}
        self.console.say("Starting a second instance for the tests")
        self._ready = detached.start(
            self.layout, ports.find_free(), model, environ, report=self.console.say, outlive=False
        )
        return {
            "SAMENSPEL_TEST_URL": self._ready.url,
            "SAMENSPEL_TEST_ACCOUNTS": json.dumps(self._ready.accounts),
            "SAMENSPEL_TEST_STATE": str(self.layout.run),
        }

    def stop(self) -> None:
        """Stop it when it was started.

        Raises:
            Failure: a process of it is left.
        """
        if self._ready is not None:
            self._ready = None
            down(self.layout, self.console)

    def _stop_quietly(self) -> None:
        if self.layout.run.exists():
            down(self.layout, self.console)
