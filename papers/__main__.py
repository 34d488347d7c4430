"""`./samenspel papers` writes the papers; `--check` tells whether they are up to date."""

import argparse
import sys

from papers.facts import ROOT
from papers.writing import written


def main() -> int:
    """Run from the command line; exit code 1 with --check when a paper fell behind."""
    parser = argparse.ArgumentParser(
        prog="./samenspel papers", description="Papers by which a municipality gives account"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 when a paper is not up to date"
    )
    options = parser.parse_args()
    behind = 0
    for place, text in written().items():
        name = place.relative_to(ROOT)
        if place.exists() and place.read_text(encoding="utf-8") == text:
            print(f"{name}: up to date")
            continue
        behind += 1
        if options.check:
            print(f"{name}: not up to date")
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        print(f"{name}: written")
    return 1 if options.check and behind else 0


if __name__ == "__main__":
    sys.exit(main())
