"""Three hundred pupils behind one address open the chat in the same minute, and each asks something."""

import uuid

from bot.limits import Limits
from bot.metrics import Metrics

PUPILS = 300
SCHOOL = "192.0.2.7"


def test_a_whole_school_behind_one_address_is_let_in() -> None:
    limits = Limits(Metrics())
    for _ in range(PUPILS):
        limits.opening(SCHOOL)
    for _ in range(PUPILS):
        limits.turn_from(SCHOOL)
        limits.turn(uuid.uuid4())
