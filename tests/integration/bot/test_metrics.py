"""What Prometheus gets of real turns: each once, by channel and outcome, and nothing of who or what."""

import uuid

import pytest
from prometheus_client import generate_latest

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation.errors import ConversationUnknown
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, echo, said

UNSURE = said("Wat bedoelt u?", knoppen=[{"titel": "Iets anders", "betekenis": {"intent": "nlu_fallback"}}])


async def test_every_turn_is_counted_by_how_it_ended(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    async def says(text: str, message_id: str) -> None:
        await gateway.handle(Turn(opened.conversation_id, message_id, text=text))

    await says("Wat doet de raad van Jansen?", "1")
    await says("Wat doet de raad van Jansen?", "1")
    await says("ik wil niet meer leven", "2")
    for number, behaviour in enumerate((always(200, UNSURE), always(500, b""), always(200, said("Au", soort="fout")))):
        rasa.behaviour = behaviour
        await says("Wat nu?", f"3-{number}")
    rasa.behaviour = echo
    with pytest.raises(ConversationUnknown):
        await gateway.handle(Turn(uuid.uuid4(), "4", text="Hallo"))
    told = generate_latest(gateway._metrics.registry).decode()
    counted = [
        line
        for line in told.splitlines()
        if line.startswith(("samenspel_turns_total", "samenspel_fallbacks_total", "samenspel_turn_seconds_count"))
    ]
    assert sorted(counted) == [
        'samenspel_fallbacks_total{reason="HTTPStatusError"} 1.0',
        'samenspel_fallbacks_total{reason="action"} 1.0',
        'samenspel_turn_seconds_count{stage="beurt"} 7.0',
        'samenspel_turn_seconds_count{stage="opslaan"} 7.0',
        'samenspel_turn_seconds_count{stage="rasa"} 4.0',
        'samenspel_turn_seconds_count{stage="wachten"} 6.0',
        'samenspel_turns_total{channel="onbekend",outcome="onbekend"} 1.0',
        'samenspel_turns_total{channel="web",outcome="antwoord"} 1.0',
        'samenspel_turns_total{channel="web",outcome="herhaald"} 1.0',
        'samenspel_turns_total{channel="web",outcome="nood"} 1.0',
        'samenspel_turns_total{channel="web",outcome="onzeker"} 1.0',
        'samenspel_turns_total{channel="web",outcome="storing"} 2.0',
    ]
    assert [private for private in ("Jansen", str(opened.conversation_id), UTRECHT) if private in told] == []
