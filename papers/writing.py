"""Fills the templates. The same code and tables give the same text: a test can tell when a paper fell behind."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from papers import facts, threats

TEMPLATES = Path(__file__).with_name("templates")
DOCS = facts.ROOT / "docs"
PAPERS = {
    "veiligheid.md": DOCS / "veiligheid.md",
    "dpia.md": DOCS / "verantwoording" / "dpia.md",
    "verwerkingsregister.md": DOCS / "verantwoording" / "verwerkingsregister.md",
    "algoritmeregister.md": DOCS / "verantwoording" / "algoritmeregister.md",
    "toegankelijkheid.md": DOCS / "verantwoording" / "toegankelijkheid.md",
    "bio2.md": DOCS / "verantwoording" / "bio2.md",
    "verwerkersovereenkomst.md": DOCS / "verantwoording" / "verwerkersovereenkomst.md",
    "standaard_publieke_code.md": DOCS / "verantwoording" / "standaard_publieke_code.md",
}
"""Each template with the paper that it becomes."""


def written() -> dict[Path, str]:
    """All papers by their place."""
    # Markdown, not HTML, and all values are our own.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    flows = threats.flows()
    values = {
        **facts.gathered(),
        "flows": flows,
        "kinds": threats.KINDS,
        "count": sum(len(flow.threats) for flow in flows),
        "open": sum(bool(one.open) for flow in flows for one in flow.threats),
    }
    return {place: environment.get_template(f"{name}.jinja").render(values) for name, place in PAPERS.items()}
