"""Keys to conversations: when they stop to be good, and when not."""

from datetime import datetime

import pytest
from itsdangerous import BadSignature, SignatureExpired

from bot.web.tokens import PatientSigner, tokens_of_conversations

HOUR = 3_600
TOKENS = tokens_of_conversations("k" * 40)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the clock says, in seconds."""
    says = [int(datetime.fromisoformat("2026-11-27T12:00:00Z").timestamp())]
    monkeypatch.setattr(PatientSigner, "get_timestamp", lambda _: says[0])
    return says


@pytest.mark.parametrize("set_back", [1, 2 * HOUR])
def test_a_clock_that_is_set_back_ends_no_conversation(clock: list[int], set_back: int) -> None:
    token = TOKENS.dumps("gesprek")
    clock[0] -= set_back
    assert TOKENS.loads(token, max_age=HOUR) == "gesprek"


def test_it_is_good_for_so_long_and_no_longer(clock: list[int]) -> None:
    token = TOKENS.dumps("gesprek")
    clock[0] += HOUR
    assert TOKENS.loads(token, max_age=HOUR) == "gesprek"
    clock[0] += 1
    with pytest.raises(SignatureExpired):
        TOKENS.loads(token, max_age=HOUR)


def test_a_key_of_somebody_else_is_none_at_any_time(clock: list[int]) -> None:
    token = tokens_of_conversations("a" * 40).dumps("gesprek")
    clock[0] -= HOUR
    with pytest.raises(BadSignature) as refused:
        TOKENS.loads(token, max_age=HOUR)
    assert type(refused.value) is not SignatureExpired
