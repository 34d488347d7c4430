"""The scripts of the chat as one: somebody on a slow network waits for one answer and not for eighteen.

Each module becomes a function that gives what it exports, in the order in which they need each other. That asks of them
what they do anyway: named imports from beside them, each on a line of its own, and exports where things are declared.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


class CanNotBundle(Exception):
    """A module imports or exports in another way than the others."""


def bundle(folder: Path, entry: str) -> str:
    """Return the module `entry` together with all that it imports, as one script of type module.

    Raises:
        CanNotBundle: an import or export is left, or modules import each other in a circle.
    """
    written: dict[str, str] = {}
    _add(folder, entry, written, ())
    return "".join(written.values())


def _add(folder: Path, name: str, written: dict[str, str], within: tuple[str, ...]) -> None:
    if name in written:
        return
    if name in within:
        raise CanNotBundle(f"{name}.js is part of a circle")
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for _, other in _IMPORT.findall(source):
        _add(folder, other, written, (*within, name))
    exported = ", ".join(_EXPORT.findall(source))
    code = _EXPORT.sub("", _IMPORT.sub(r"const { \1 } = module_\2;\n", source))
    if re.search(r"^\s*(?:import|export)\b", code, re.MULTILINE):
        raise CanNotBundle(f"{name}.js imports or exports in another way")
    written[name] = f"const module_{name} = (() => {{\n{code}\nreturn {{ {exported} }};\n}})();\n"
