"""`./samenspel mask`: masks a text a line and prints what the desk would read, one JSON object a line."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from participation.privacy.masking import mask

UNREADABLE = 2


def main(argv: Sequence[str]) -> int:
    """Run from the command line; the exit code is 2 when the file can not be read."""
    parser = argparse.ArgumentParser(
        prog="./samenspel mask",
        description=__doc__,
        epilog='Each line: {"masked": "...", "spans": [{"start": 0, "end": 5, "kind": "persoon"}]}. Places count '
        "characters of the line. Nothing is stored.",
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="UTF-8 text; - or nothing: standard input")
    name = parser.parse_args(argv).file
    if name == "-":
        return _print_masked(sys.stdin.buffer)
    try:
        with Path(name).open("rb") as file:
            file.peek(1)  # a folder opens and can not be read
            return _print_masked(file)
    except OSError as error:
        sys.stderr.write(f"samenspel: {name} can not be read: {error.strerror}\n")
        return UNREADABLE


def _print_masked(lines: BinaryIO) -> int:
    for line in _texts(lines):
        masked = mask(line)
        spans = [span._asdict() for span in masked.spans]
        sys.stdout.write(json.dumps({"masked": masked.text, "spans": spans}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _texts(lines: Iterable[bytes]) -> Iterable[str]:
    """Read bytes that may not be UTF-8 as well as can be done; an empty line is a text too."""
    for line in lines:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
