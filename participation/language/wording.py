"""Fixed tables of wording: rows of words with gaps, sought in text that has been folded to its bare words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

Tables = Mapping[str, Sequence["re.Pattern[str]"]]

# What matters most stands at the beginning or the end; the middle of a very long text is not read.
_HEAD = _TAIL = 4_000
_WORD = re.compile(r"[^\W_]{1,40}|[.!?;\n]")
_GAP = re.compile(r"\s*~(\d+)\s*")
_REPEATED = re.compile(r"(.)\1{2,}")


def fold(text: str) -> str:
    """Lower-case words with single spaces and ` | ` between sentences; ij is y, letters repeat at most twice."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} . {text[-_TAIL:]}"
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = _REPEATED.sub(r"\1\1", plain.replace("ij", "y"))
    words = ("|" if not word[0].isalnum() else word for word in _WORD.findall(plain))
    return " ".join(words)


def read_tables(path: Path) -> Tables:
    """Compile the patterns of a file by section: `[NAME]` on a line, a pattern on each line after it, `#` a remark."""
    sections: dict[str, list[re.Pattern[str]]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
        elif line and not line.startswith("#"):
            sections.setdefault(name, []).append(_compile(line))
    return sections


def first(patterns: Sequence["re.Pattern[str]"], folded: str) -> str | None:
    """Return the words that the first pattern that fits was found in."""
    return next((found[0] for pattern in patterns if (found := pattern.search(folded))), None)


def without(patterns: Sequence["re.Pattern[str]"], folded: str) -> str:
    """Return a folded text with an end of a sentence in place of what these patterns find."""
    for pattern in patterns:
        folded = pattern.sub(" | ", folded)
    return folded


def _compile(line: str) -> "re.Pattern[str]":
    """Gaps are bounded and stay within a sentence, so matching is linear in the text."""
    line = _GAP.sub(lambda found: rf"(?: [^ |]+){{0,{found[1]}}} ", line).strip().replace("ij", "y")
    return re.compile(rf"(?<![^ ])(?:{line})(?![^ ])")
