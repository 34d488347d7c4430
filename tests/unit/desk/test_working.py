"""Every page and form of a municipality does its work in one way."""

import re
from pathlib import Path

import desk

ROUTES = Path(desk.__file__).parent / "routes"
OWN_WAY = {"access_requests.py", "account.py", "invitation.py", "worklist_live.py"}
"""Several municipalities on one page; a visitor or colleague who does not belong to the municipality yet; a stream that
opens a transaction whenever something comes in."""


def test_no_page_of_a_municipality_opens_a_transaction_by_itself() -> None:
    by_hand = re.compile(r"\.session\((place\.)?code\)")
    files = {file.name: file.read_text() for file in ROUTES.glob("*.py")}
    assert "async with working(request, place)" in files["worklist.py"]
    assert {name for name, source in files.items() if by_hand.search(source)} - OWN_WAY == set()
