"""`./samenspel test`: the layers in order, one line for each, and one closing line of counts."""

from collections.abc import Mapping, Sequence

from launcher.commands import last_lines
from launcher.console import Console
from launcher.layers import ALL, FAST, Layers
from launcher.layout import Layout
from launcher.outcome import Outcome, total

SHOWN_LINES = 60


def chosen(layer: str | None, *, fast: bool) -> Sequence[str]:
    """The layers to run; one by name, the fast ones, or all."""
    if layer is not None:
        return (layer,)
    return FAST if fast else ALL


def test(layout: Layout, environ: Mapping[str, str], console: Console, *, layer: str | None, fast: bool) -> int:
    """Run layers; exit code 0 when every test of every layer passed."""
    layout.make()
    layers = Layers(layout, environ, console)
    outcomes: list[Outcome] = []
    try:
        for name in chosen(layer, fast=fast):
            outcome = layers.run(name)
            outcomes.append(outcome)
            _show(outcome, console)
    finally:
        layers.close()
    console.say(str(total(outcomes)))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _show(outcome: Outcome, console: Console) -> None:
    """The line of a layer, and what its logs end with when it failed."""
    for log in outcome.logs:
        if lines := last_lines(log, SHOWN_LINES):
            console.say(f"--- end of {log}")
        for line in lines:
            console.say(line)
    console.say(outcome.line())
