"""The stages of a turn."""

import time

from bot import timing


def test_stages_add_up_within_their_turn_and_stand_in_the_header() -> None:
    with timing.turn() as stages:
        for _ in range(2):
            with timing.stage(timing.RASA):
                time.sleep(0.01)
    assert list(stages) == [timing.RASA, timing.TURN]
    assert 0.02 <= stages[timing.RASA] <= stages[timing.TURN]
    told = timing.read(timing.header(stages))
    assert told == {name: round(seconds * 1000, 1) for name, seconds in stages.items()}


def test_outside_a_turn_nothing_is_measured_and_turns_do_not_mix() -> None:
    with timing.stage(timing.RASA):
        pass
    with timing.turn() as first, timing.turn() as second, timing.stage(timing.RASA):
        pass
    assert (list(first), list(second)) == ([timing.TURN], [timing.RASA, timing.TURN])


def test_a_header_that_is_not_there_has_no_stages() -> None:
    assert timing.read("") == {}
