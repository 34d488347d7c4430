"""After all other tests: axe looked at every page that the desk can show."""

import re
from pathlib import Path

import pytest

from papers.facts import barrier_tests
from tests.browser import axe

TEMPLATES = Path(__file__).parents[2] / "desk" / "templates"
_EXTENDS = re.compile(r"\{% extends '([^']+)' %\}")


def pages() -> set[str]:
    """The templates that are pages: they extend another one, and none extends them."""
    extends = {
        str(file.relative_to(TEMPLATES)): found[1]
        for file in TEMPLATES.rglob("*.html")
        if (found := _EXTENDS.search(file.read_text(encoding="utf-8")))
    }
    return extends.keys() - set(extends.values())


def _whole_layer(request: pytest.FixtureRequest) -> bool:
    """Whether all files with tests are in this run."""
    here = {file.name for file in Path(__file__).parent.glob("test_*.py")}
    return here <= {item.path.name for item in request.session.items}


def test_axe_looked_at_every_page_of_the_desk(request: pytest.FixtureRequest) -> None:
    if request.session.testsfailed or not _whole_layer(request):
        pytest.skip("only after all other tests in a browser, when they passed")
    assert set(barrier_tests()) - axe.LOOKED.keys() == set()
    assert pages() - axe.PAGES == set()
