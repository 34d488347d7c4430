"""Asking Rasa what it takes a text for, outside any conversation."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.rasa import RasaClient, RasaUnavailable
from participation.settings import Settings
from tests.integration.bot.conftest import SECRET, Behaviour, RasaDouble, always, listening

TEXTS = ("Wat doet de raad?", "Wanneer is de kermis?")
FOUND = json.dumps({"begrepen": [["vraag/raad_wat_is", 0.97], ["nlu_fallback", 0.41]]}).encode()


@pytest.fixture
async def client(rasa: RasaDouble) -> AsyncIterator[RasaClient]:
    """Before two replicas, of which the first that is asked may be gone."""
    async with listening(RasaDouble()) as gone:
        address = gone.url
    client = RasaClient(Settings(demo=True, rasa_url=f"{address} {rasa.url}", rasa_secret=SECRET))
    yield client
    await client.close()


async def test_each_text_gets_its_label_from_the_replica_that_works(client: RasaClient, rasa: RasaDouble) -> None:
    rasa.behaviour = always(200, FOUND)
    for _ in range(5):
        found = await client.understood(TEXTS, until=time.monotonic() + 5)
        assert found == [("vraag/raad_wat_is", 0.97), ("nlu_fallback", 0.41)]
    assert rasa.turns == [{"teksten": list(TEXTS)}] * 5
    assert rasa.secrets == [SECRET] * 5


@pytest.mark.parametrize(
    "behaviour",
    [always(500, b"{}"), always(404, b"{}"), always(200, b"[]"), always(200, b'{"begrepen": [["x"]]}')],
    ids=["fault", "a Rasa of before", "no object", "no confidence"],
)
async def test_what_is_no_answer_is_none(client: RasaClient, rasa: RasaDouble, behaviour: Behaviour) -> None:
    rasa.behaviour = behaviour
    with pytest.raises(RasaUnavailable):
        await client.understood(TEXTS, until=time.monotonic() + 5)


async def test_nobody_waits_longer_than_was_said(client: RasaClient) -> None:
    with pytest.raises(RasaUnavailable):
        await client.understood(TEXTS, until=time.monotonic() - 1)


async def test_a_replica_that_takes_too_long_is_not_followed_by_another(rasa: RasaDouble) -> None:
    async def slow(_: dict[str, Any]) -> tuple[int, bytes]:
        await asyncio.sleep(1)
        return 200, FOUND

    rasa.behaviour = slow
    async with listening(RasaDouble(slow)) as other:
        client = RasaClient(Settings(demo=True, rasa_url=f"{rasa.url} {other.url}", rasa_secret=SECRET))
        with pytest.raises(RasaUnavailable):
            await client.understood(TEXTS, until=time.monotonic() + 0.4)
        await client.close()
    assert len(rasa.turns) + len(other.turns) == 1
