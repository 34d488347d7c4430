"""`./samenspel bench capacity` writes the figures of docs/capaciteit.md anew, from docs/metingen/belasting.jsonl.

Each line of that file is what a run of `./samenspel bench load` printed, so no figure on the page was typed by hand.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.capacity import model
from bench.capacity.page import runs_in, with_figures

DOCS = Path(__file__).parents[2] / "docs"
PAGE, RUNS = DOCS / "capaciteit.md", DOCS / "metingen" / "belasting.jsonl"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench capacity", description="Write docs/capaciteit.md anew")
    parser.parse_args()
    runs = runs_in(RUNS.read_text(encoding="utf-8"))
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), runs), encoding="utf-8")
    print(json.dumps({"runs": len(runs), "turns_per_second_of_one_replica": model.of_one_replica(runs)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
