"""One conversation in several tabs of a browser, and nothing of it in the next conversation."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Error, Page, Route, expect

from tests.browser.chat import Chat
from tests.e2e.instance import Instance

COLLEGE, COLLEGE_IS = "Wat doet het college?", "Het college is het dagelijks bestuur van de gemeente."
COUNCIL, COUNCIL_IS = "Wat doet de gemeenteraad?", "De gemeenteraad is het hoogste bestuur van de gemeente."
NETWORK_SECONDS = 0.3
NEWS: dict[str, Any] = {
    "id": 2**40,
    "van": "griffie",
    "soort": "griffie",
    "tekst": "De lampen zijn gemaakt.",
    "tijd": datetime.now(UTC).isoformat(),
    "knoppen": [],
    "links": [],
    "meer": None,
}


@dataclass
class Tabs:
    """Two tabs of one browser, and how many conversations they began."""

    first: Chat
    second: Chat
    begun: list[str]


@pytest.fixture
async def tabs(visits, instance: Instance) -> Tabs:
    """Both open the chat at the same moment, over a network that is not the fastest."""
    begun: list[str] = []

    async def slowly(route: Route) -> None:
        begun.append(route.request.url)
        await asyncio.sleep(NETWORK_SECONDS)
        await route.continue_()

    page = await visits()
    await page.context.route("**/api/v1/chat/gesprekken", slowly)
    pages = [page, await page.context.new_page()]
    await asyncio.gather(*(one.goto(f"{instance.url}/chat/GM0344") for one in pages))
    first, second = [await Chat.as_page(one) for one in pages]
    return Tabs(first, second, begun)


async def test_tabs_that_open_together_have_one_conversation(tabs: Tabs):
    assert len(tabs.begun) == 1
    await tabs.first.says(COLLEGE)
    await tabs.second.reads(COLLEGE_IS)
    await tabs.second.says(COUNCIL)
    await tabs.first.reads(COUNCIL_IS)
    assert len(await tabs.first.texts()) == 5
    assert await tabs.first.texts() == await tabs.second.texts()


async def test_two_conversations_do_not_mix(tabs: Tabs):
    await tabs.second.page.evaluate("localStorage.clear()")
    await tabs.second.page.reload()
    await tabs.second.welcomed()
    assert len(tabs.begun) == 2
    await tabs.second.says(COLLEGE)
    await tabs.second.reads(COLLEGE_IS)
    await tabs.first.says(COUNCIL)
    await tabs.first.reads(COUNCIL_IS)
    assert [len(await chat.texts()) for chat in (tabs.first, tabs.second)] == [3, 3]


async def test_nothing_of_the_conversation_before_comes_in_after_starting_over(tabs: Tabs):
    started_over, ended = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await started_over.wait()
        with contextlib.suppress(Error):  # the chat waits for it no longer
            await route.fulfill(response=answer)
        ended.set()

    await tabs.first.page.route("**/api/v1/chat/berichten", late, times=1)
    await tabs.first.says(COUNCIL)
    await tabs.first.page.bring_to_front()  # a page behind another one moves slowly
    await tabs.first.chooses("Opnieuw beginnen")
    await tabs.first.place.get_by_role("dialog").get_by_role("button", name="Opnieuw beginnen").click()
    await expect(tabs.first.messages).to_have_count(1)
    await tabs.first.welcomed()
    started_over.set()
    await ended.wait()
    await tabs.second.says(COLLEGE)
    for chat in (tabs.first, tabs.second):
        await chat.reads(COLLEGE_IS)
        assert [COUNCIL_IS in text for text in await chat.texts()] == [False, False, False]
        await expect(chat.place.locator(".trouble")).to_be_hidden()
    assert len(tabs.begun) == 2


async def close_the_chat(page: Page) -> None:
    """After it was opened, so that it goes on listening."""
    await Chat.opened_on(page)
    await page.get_by_role("button", name="Sluit de chat").first.click()


async def test_what_the_griffie_writes_is_counted_in_every_tab(visits, instance: Instance):
    page = await visits()
    closed = asyncio.Event()

    async def news(route: Route) -> None:
        await closed.wait()
        body = f"event: bericht\ndata: {json.dumps(NEWS)}\n\n"
        await route.fulfill(content_type="text/event-stream", body=body)

    await page.context.route("**/api/v1/chat/gebeurtenissen", news, times=1)
    await close_the_chat(page)
    other = await page.context.new_page()
    await other.goto(instance.url)
    await close_the_chat(other)
    closed.set()
    for one in (page, other):
        await expect(one.get_by_role("button", name="Praat mee: open de chat, 1 nieuw bericht")).to_be_visible()
