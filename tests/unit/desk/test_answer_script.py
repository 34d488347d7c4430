"""The script that counts while a griffier writes gives what saving will give."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from participation import content
from participation.language.readability import measure

SCRIPT = Path(__file__).parents[3] / "desk" / "static" / "answer.js"
ASK = """
import {{ measure }} from {path};
let told = "";
process.stdin.on("data", (part) => (told += part));
process.stdin.on("end", () => console.log(JSON.stringify(JSON.parse(told).map(measure))));
"""
ODD = (
    "",
    " \n",
    "OZB en WOZ. Mail naar a@b.nl of kijk op https://x.nl/y.",
    "’s Avonds om 20.00 uur: “Dag.” Goed!",
    "- a\n- ë",
)


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs the script outside a browser")
def test_the_script_counts_like_the_server() -> None:
    texts = [*ODD, *(f"{answer.short}\n{answer.more or ''}" for answer in content.answers().values())]
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", ASK.format(path=json.dumps(SCRIPT.as_uri()))],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    here = [measure(text) for text in texts]
    assert json.loads(ran.stdout) == [
        {"words": one.words, "longest": one.longest_sentence, "ease": one.ease} for one in here
    ]
