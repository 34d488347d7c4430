"""What a visitor of a municipal site has to load for the chat."""

import gzip
import re
from pathlib import Path

import pytest

from bot.web.bundle import CanNotBundle, bundle
from bot.web.files import STATIC, files

MOST_BYTES = 40_000
OF_OTHER_PAGES = {"campagne.css", "start.css", "uitkomst.css"}


def test_the_chat_stays_small() -> None:
    chat = {name: packed for name, packed in files().items() if name not in OF_OTHER_PAGES}
    assert list(chat) == ["chat.css", "chat.js", "merk.svg", "widget.js"]
    page = gzip.compress(
        (STATIC.parent / "templates" / "chat.html").read_bytes()
    )  # what fills it in weighs next to nothing
    together = len(page) + sum(len(packed.gzipped) for packed in chat.values())
    assert together <= MOST_BYTES, together
    assert {path.suffix for path in STATIC.iterdir()} <= {".js", ".css", ".svg"}


def test_the_script_of_the_chat_holds_every_module_once_after_what_it_needs() -> None:
    script = bundle(STATIC, "chat")
    modules = re.findall(r"^const module_(\w+) = ", script, re.MULTILINE)
    assert sorted(modules) == sorted(path.stem for path in STATIC.glob("*.js") if path.stem != "widget")
    for place, name in enumerate(modules):
        source = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        assert set(re.findall(r'from "\./(\w+)\.js"', source)) <= set(modules[:place])
    assert re.findall(r"^(?:import|export)\b.*", script, re.MULTILINE) == []


def test_what_a_module_exports_is_what_others_get(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('import { two, Two } from "./two.js";\n\nnew Two(two);\n')
    (tmp_path / "two.js").write_text("const own = 1;\nexport const two = own;\nexport class Two {}\n")
    assert bundle(tmp_path, "one") == (
        "const module_two = (() => {\nconst own = 1;\nconst two = own;\nclass Two {}\n\nreturn { two, Two };\n})();\n"
        "const module_one = (() => {\nconst { two, Two } = module_two;\n\nnew Two(two);\n\nreturn {  };\n})();\n"
    )


@pytest.mark.parametrize(
    "odd",
    [
        'import two from "./two.js";\n',
        'import { one } from "./two.js";\n',
        "const two = 1;\nexport { two };\n",
        "export default 1;\n",
    ],
    ids=["default", "circle", "list", "default-export"],
)
def test_another_way_of_importing_is_refused(tmp_path: Path, odd: str) -> None:
    (tmp_path / "one.js").write_text(f"export const one = 1;\n{odd}")
    (tmp_path / "two.js").write_text('import { one } from "./one.js";\nexport const two = one;\n')
    with pytest.raises(CanNotBundle):
        bundle(tmp_path, "one")


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_every_private_name_is_declared(script: Path) -> None:
    """One that is not keeps the whole script from being read, and so the whole chat from starting."""
    code = script.read_text(encoding="utf-8")
    used = set(re.findall(r"\w\.(#\w+)", code))
    declared = set(re.findall(r"^\s+(?:async )?(#\w+)(?: =|;|\()", code, re.MULTILINE))
    assert used <= declared
