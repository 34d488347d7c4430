"""When ten thousand hostile messages went well."""

import pytest

from bench.hostile import is_well


@pytest.mark.parametrize(
    ("outcome", "well"),
    [
        ({"answered": 10_000}, True),
        ({"answered": 9_500, "apology": 500}, True),
        ({"answered": 9_499, "apology": 501}, False),
        ({"apology": 10_000}, False),
        ({"answered": 9_999, "silent": 1}, False),
        ({"answered": 9_999, "500": 1}, False),
    ],
)
def test_all_get_a_reply_and_nearly_all_an_answer(outcome: dict[str, int], well: bool) -> None:
    assert is_well(outcome) is well
