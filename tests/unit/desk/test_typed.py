"""What took time to write is given back when a form can not be taken: every field with room for more than a line."""

import re
from pathlib import Path

from desk.access import TYPED
from desk.routes.campaign_feedback import LABELS

TEMPLATES = Path(__file__).parents[3] / "desk/templates"
AREA = re.compile(r"<textarea\b([^>]*?)>", re.S)
NAME = re.compile(r'\bname="([^"]+)"')
MACRO = re.compile(r"{%-? macro (\w+)\(.*?%}(.*?){%-? endmacro", re.S)
BY_A_TABLE = {"campagnes/terugkoppeling.html": set(LABELS)}
"""Templates that make fields of a table, and its names."""


def typed_in(template: str, sources: dict[str, str]) -> set[str]:
    """The names of the fields of a template that show more than one line; those that nobody sees left out."""
    source = sources[template]
    names = {
        found.group(1)
        for area in AREA.finditer(source)
        if " hidden" not in area.group(1) and (found := NAME.search(area.group(1)))
    }
    if "{{ name }}" not in names:
        return names
    calls = BY_A_TABLE.get(template) or {
        name
        for macro, body in MACRO.findall(source)
        if "<textarea" in body
        for other in sources.values()
        if other == source or f"import '{template}'" in other
        for name in re.findall(rf"\b{macro}\('(\w+)'", other)
    }
    assert calls, f"{template}: which fields does it make?"
    return names - {"{{ name }}"} | calls


def test_every_field_with_room_for_a_text_is_given_back() -> None:
    sources = {str(path.relative_to(TEMPLATES)): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    found = {template: typed_in(template, sources) for template in sources}
    assert found["campagnes/velden.html"] >= {"why", "stellingen"}
    assert {template: names - TYPED for template, names in found.items() if names - TYPED} == {}
