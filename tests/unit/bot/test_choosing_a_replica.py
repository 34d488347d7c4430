"""Which Rasa answers which conversation: spread evenly, the same everywhere, and around what does not work."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from bot import replicas as replicas_module
from bot.replicas import LEFT_OUT_AT_LEAST, LOOK_EVERY, Replicas, resolved

ONE, TWO, THREE = (f"http://10.0.0.{number}:8001" for number in (1, 2, 3))
CHANCE = Random(20261127)  # noqa: S311  (conversations to spread, not keys)
CONVERSATIONS = [uuid.UUID(int=CHANCE.getrandbits(128)) for _ in range(3000)]


class Network:
    """Names with addresses behind them, replicas that work or not, and a clock."""

    def __init__(self, **behind: list[str]) -> None:
        self.behind, self.down, self.now = behind, set[str](), 0.0

    async def resolve(self, address: str) -> Sequence[str]:
        if address.startswith("http"):
            return [address]
        if not self.behind.get(address):
            raise OSError("no such name")
        return self.behind[address]

    async def ask(self, url: str) -> bool:
        return url not in self.down

    def replicas(self, *addresses: str) -> Replicas:
        return Replicas(addresses, resolve=self.resolve, ask=self.ask, clock=lambda: self.now)

    async def later(self, replicas: Replicas, seconds: float) -> None:
        """Let time pass, and a turn come in so that it looks around."""
        self.now += seconds
        await replicas.ranked(CONVERSATIONS[0])
        for _ in range(5):
            await asyncio.sleep(0)


async def first_choices(replicas: Replicas) -> dict[uuid.UUID, str]:
    return {one: (await replicas.ranked(one))[0].url for one in CONVERSATIONS}


async def test_conversations_are_spread_evenly_and_each_has_one_place() -> None:
    replicas = Network().replicas(ONE, TWO, THREE)
    chosen = await first_choices(replicas)
    counts = Counter(chosen.values())
    assert sorted(counts) == [ONE, TWO, THREE]
    assert all(abs(count - 1000) < 100 for count in counts.values())  # four standard deviations
    assert await first_choices(replicas) == chosen


async def test_every_gateway_chooses_the_same_whatever_the_order_of_its_addresses() -> None:
    one, other = Network().replicas(ONE, TWO, THREE), Network().replicas(THREE, ONE, TWO)
    assert await first_choices(one) == await first_choices(other)


async def test_when_one_leaves_only_its_own_conversations_move_and_spread() -> None:
    before = await first_choices(Network().replicas(ONE, TWO, THREE))
    after = await first_choices(Network().replicas(ONE, THREE))
    moved = {one: after[one] for one in CONVERSATIONS if after[one] != before[one]}
    assert set(moved) == {one for one in CONVERSATIONS if before[one] == TWO}
    counts = Counter(moved.values())
    assert abs(counts[ONE] - counts[THREE]) < 130


async def test_what_is_left_out_comes_last_and_returns_when_it_works() -> None:
    network = Network()
    replicas = network.replicas(ONE, TWO)
    [mine] = [one for one in CONVERSATIONS[:20] if (await replicas.ranked(one))[0].url == TWO][:1]
    replicas.leave_out((await replicas.ranked(mine))[0])
    network.down.add(TWO)

    async def order() -> list[str]:
        return [replica.url for replica in await replicas.ranked(mine)]

    assert await order() == [ONE, TWO]
    await network.later(replicas, LEFT_OUT_AT_LEAST + 1)
    assert await order() == [ONE, TWO], "it does not work yet"
    network.down.clear()
    await network.later(replicas, LOOK_EVERY)
    assert await order() == [TWO, ONE]


async def test_what_says_that_it_works_is_still_left_out_for_some_seconds_after_a_fault() -> None:
    network = Network()
    replicas = network.replicas(ONE, TWO)
    [first, second] = await replicas.ranked(CONVERSATIONS[0])
    replicas.leave_out(first)
    await network.later(replicas, LOOK_EVERY)
    assert [one.url for one in await replicas.ranked(CONVERSATIONS[0])] == [second.url, first.url]


async def test_what_was_left_out_returns_by_itself_when_nobody_asks_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """One slow turn in the evening and then none: nobody has to be woken for a Rasa that works."""
    monkeypatch.setattr(replicas_module, "LEFT_OUT_AT_LEAST", 0.02)
    monkeypatch.setattr(replicas_module, "LOOK_EVERY", 0.02)
    network = Network()
    replicas = Replicas([ONE], resolve=network.resolve, ask=network.ask)
    network.down.add(ONE)
    replicas.leave_out(*await replicas.ranked(CONVERSATIONS[0]))
    await asyncio.sleep(0.2)
    assert replicas.counts() == (0, 1)
    network.down.clear()
    async with asyncio.timeout(5):
        while replicas.counts() != (1, 0):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.02)
    await replicas.close()


async def test_when_all_are_left_out_all_are_still_tried() -> None:
    replicas = Network().replicas(ONE, TWO)
    for replica in await replicas.ranked(CONVERSATIONS[0]):
        replicas.leave_out(replica)
    assert len(await replicas.ranked(CONVERSATIONS[0])) == 2


async def test_a_name_is_looked_up_again_and_again_and_its_new_replicas_take_part() -> None:
    network = Network(rasa=[ONE])
    replicas = network.replicas("rasa")
    assert set((await first_choices(replicas)).values()) == {ONE}
    network.behind["rasa"] = [ONE, TWO]
    await network.later(replicas, LOOK_EVERY)
    assert set((await first_choices(replicas)).values()) == {ONE, TWO}
    network.behind["rasa"] = [TWO]
    await network.later(replicas, LOOK_EVERY)
    assert set((await first_choices(replicas)).values()) == {TWO}


async def test_a_name_that_can_not_be_found_now_keeps_what_was_behind_it() -> None:
    network = Network(rasa=[ONE, TWO])
    replicas = network.replicas("rasa")
    before = await first_choices(replicas)
    network.behind["rasa"] = []
    await network.later(replicas, LOOK_EVERY)
    assert await first_choices(replicas) == before


async def test_how_many_work_is_asked_of_each() -> None:
    network = Network()
    replicas = network.replicas(ONE, TWO, THREE)
    network.down.add(TWO)
    assert await replicas.working() == (2, 3)


async def test_a_name_of_one_machine_is_one_replica_though_it_has_two_kinds_of_addresses() -> None:
    assert await resolved("http://localhost:8001") == ["http://127.0.0.1:8001"]
    assert await resolved("http://10.1.2.3:8001") == ["http://10.1.2.3:8001"]
    assert await resolved("http://[::1]:8001") == ["http://[::1]:8001"]
    assert await resolved("https://rasa.example:8001") == ["https://rasa.example:8001"]
