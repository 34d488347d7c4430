"""Each piece that is handed to a channel is counted, by what the channel made of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.metrics import Metrics
from bot.outbox import KeptOut, NotNow, Outbox, TooFast, TransportFault, Unsendable
from participation.database import Database
from participation.settings import Settings


class Channel:
    """A channel that takes everything, or nothing."""

    channel, per_second, per_chat = "telegram", None, None

    def __init__(self, fault: TransportFault | None) -> None:
        self.fault = fault

    def pieces(self, body: dict[str, Any]) -> Sequence[str]:
        return [body["tekst"]]

    async def send(self, address: str, piece: str, *, key: str) -> None:
        if self.fault:
            raise self.fault


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, "verstuurd"),
        (NotNow("away"), "later"),
        (TooFast(timedelta(seconds=1)), "te_snel"),
        (KeptOut(), "geblokkeerd"),
        (Unsendable(), "geweigerd"),
    ],
)
async def test_a_piece_is_counted_by_what_the_channel_made_of_it(fault: TransportFault | None, outcome: str) -> None:
    counts = Metrics()
    nowhere = cast(Database, None)
    outbox = Outbox(Channel(fault), nowhere, Settings(demo=True), clock=lambda: datetime.now(UTC), metrics=counts)
    if fault is None:
        await outbox._hand_over("1", "Dag", key="1-1")
    else:
        with pytest.raises(type(fault)):
            await outbox._hand_over("1", "Dag", key="1-1")
    counted = [
        sample
        for family in counts.registry.collect()
        for sample in family.samples
        if sample.name == "samenspel_sends_total"
    ]
    assert [(sample.labels, sample.value) for sample in counted] == [({"channel": "telegram", "outcome": outcome}, 1)]
    timed = {"channel": "telegram", "stage": "stuk"}
    assert counts.registry.get_sample_value("samenspel_send_seconds_count", timed) == 1
