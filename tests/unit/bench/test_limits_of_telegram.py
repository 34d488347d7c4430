"""The double of the Bot API is as strict about its limits as the measurements of sending ask."""

import asyncio

from tests.bot_api import BURST_IN_A_CHAT, TelegramDouble


def test_more_messages_than_the_platform_takes_are_refused_with_a_time_to_wait() -> None:
    async def sent() -> list[tuple[int, list[dict[str, int]]]]:
        double = TelegramDouble(per_second=5.0, in_a_chat=1.0)
        found = []
        for chats in ([1] * (BURST_IN_A_CHAT + 1), range(2, 6)):
            answers = [await double._sendMessage({"chat_id": chat, "text": "Dag"}) for chat in chats]
            found.append(([status for status, _ in answers].count(200), [answers[-1][1]["parameters"]]))
        return found

    assert asyncio.run(sent()) == [(BURST_IN_A_CHAT, [{"retry_after": 1}]), (2, [{"retry_after": 1}])]
