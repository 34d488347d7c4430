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


def test_axe_looked_at_every_page_of_the_desk(request: pytest.FixtureRequest) -> None:
    if not axe.LOOKED.keys() >= set(barrier_tests()) or request.session.testsfailed:
        pytest.skip("only after all other tests in a browser, when they passed")
    assert pages() - axe.PAGES == set()
