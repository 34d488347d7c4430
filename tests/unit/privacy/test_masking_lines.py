"""`./samenspel mask` as a user meets it: a line in, a JSON object out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "participation.privacy.masking_lines"]


def run(*arguments: str, given: bytes = b"") -> tuple[int, list[dict[str, object]], str]:
    answer = subprocess.run([*COMMAND, *arguments], input=given, capture_output=True, check=False)
    return answer.returncode, [json.loads(line) for line in answer.stdout.splitlines()], answer.stderr.decode()


def test_each_line_gives_one_object_also_an_empty_or_broken_one(tmp_path: Path) -> None:
    words = b"ik heet fatima\n\nbel 0612345678\r\n" + b"\xff\xfe"
    expected = [
        {"masked": "ik heet [naam]", "spans": [{"start": 8, "end": 14, "kind": "persoon"}]},
        {"masked": "", "spans": []},
        {"masked": "bel [telefoonnummer]", "spans": [{"start": 4, "end": 14, "kind": "telefoon"}]},
        {"masked": "\ufffd\ufffd", "spans": []},
    ]
    file = tmp_path / "inbreng.txt"
    file.write_bytes(words)
    assert run(str(file)) == (0, expected, "")
    assert run("-", given=words) == (0, expected, "")
    assert run(given=words) == (0, expected, "")


@pytest.mark.parametrize(("name", "why"), [("geen.txt", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_can_not_be_read_is_one_clear_line(tmp_path: Path, name: str, why: str) -> None:
    path = str(tmp_path / name)
    assert run(path) == (2, [], f"samenspel: {path} can not be read: {why}\n")
