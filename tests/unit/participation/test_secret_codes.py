"""Codes can be read out and typed back, stay the same for the same draft, and are found among other words."""

import uuid

import pytest

from participation.language.reference_words import only_names
from participation.models import Contribution
from participation.services import secret_codes
from participation.services.references import format_reference
from participation.services.secret_codes import Named

KEY = "k" * 40
REFERENCE = format_reference(2026, 123)


def contribution(draft: uuid.UUID | None = None) -> Contribution:
    return Contribution(id=uuid.uuid4(), reference=REFERENCE, draft=draft or uuid.uuid4())


def test_a_repeated_confirmation_says_the_same_code() -> None:
    draft = uuid.uuid4()
    first, second = contribution(draft), contribution(draft)
    assert secret_codes.give(first, key=KEY) == secret_codes.give(second, key=KEY)
    assert first.code_hash == second.code_hash


def test_codes_differ_by_draft_and_by_key_and_are_not_kept() -> None:
    one, draft = contribution(), uuid.uuid4()
    codes = [secret_codes.give(contribution(), key=KEY) for _ in range(1000)]
    assert len(set(codes)) == 1000
    assert secret_codes.give(contribution(draft), key=KEY) != secret_codes.give(contribution(draft), key="x" * 40)
    code = secret_codes.give(one, key=KEY)
    assert one.code_hash is not None
    assert code.replace("-", "").encode() not in one.code_hash


def test_every_code_can_be_typed_back() -> None:
    """Also those in which base32 would have had an I, an L, an O or a U, and never one without a digit."""
    for _ in range(2000):
        code = secret_codes.give(contribution(), key=KEY)
        assert secret_codes.read(f"mijn code is {code.lower()}").code == code.replace("-", "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (f"hoe staat het met {REFERENCE}?", Named(REFERENCE, None)),
        (f"{REFERENCE.lower()} 7KXM-2Q9P-4TWD", Named(REFERENCE, "7KXM2Q9P4TWD")),
        (f"7kxm 2q9p 4twd bij {REFERENCE}", Named(REFERENCE, "7KXM2Q9P4TWD")),
        (f"ik wil {REFERENCE} wijzigen 7KXM-2Q9P-4TWD", Named(REFERENCE, "7KXM2Q9P4TWD")),
        ("7KXM2Q9PITWO", Named(None, "7KXM2Q9P1TW0")),
        ("SP-2026-000123-X", Named(None, None, misspelt=True)),
        ("gemeenteraad", Named(None, None)),
        ("hoe staat het met mijn inbreng", Named(None, None)),
    ],
)
def test_a_reference_and_a_code_are_found_in_what_was_typed(typed: str, expected: Named) -> None:
    assert secret_codes.read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "only"),
    [
        (REFERENCE, True),
        (f" {REFERENCE}, 7KXM-2Q9P-4TWD. ", True),
        (f"hoe staat het met {REFERENCE}", False),
        ("7KXM-2Q9P-4TWD", False),
        ("", False),
    ],
)
def test_nothing_but_a_reference_needs_no_understanding(typed: str, only: bool) -> None:
    assert only_names(typed) is only
