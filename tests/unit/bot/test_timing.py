"""The stages of a turn."""

import asyncio
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


def test_outside_a_turn_nothing_is_measured() -> None:
    with timing.turn() as before:
        pass
    with timing.stage(timing.RASA):
        pass
    assert list(before) == [timing.TURN]


def test_who_measures_around_a_measurement_gets_the_same_stages_and_a_longer_whole() -> None:
    with timing.turn() as around, timing.turn() as within, timing.stage(timing.RASA):
        pass
    assert (list(around), list(within)) == ([timing.RASA, timing.TURN], [timing.RASA, timing.TURN])
    assert around[timing.RASA] == within[timing.RASA]
    assert around[timing.TURN] > within[timing.TURN]


async def test_turns_at_the_same_time_do_not_mix() -> None:
    async def one(waits: float) -> dict[str, float]:
        with timing.turn() as stages, timing.stage(timing.RASA):
            await asyncio.sleep(waits)
        return stages

    quick, slow = await asyncio.gather(one(0.0), one(0.05))
    assert quick[timing.RASA] < 0.05 <= slow[timing.RASA]


def test_a_header_that_is_not_there_has_no_stages() -> None:
    assert timing.read("") == {}
