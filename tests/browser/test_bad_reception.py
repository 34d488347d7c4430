"""The chat while the network comes and goes: every message arrives once, and so does every answer."""

import asyncio
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

ADDRESS = "/chat/GM0344"
TURNS, STREAM = "**/api/v1/chat/berichten", "**/api/v1/chat/gebeurtenissen"
COLLEGE, COLLEGE_IS = "Wat doet het college?", "Het college is het dagelijks bestuur van de gemeente."
ANSWER = "Bij de bushalte komt een bank, dank voor uw bericht."
ARRIVED = """
    SELECT message.id FROM message JOIN contribution USING (conversation_id)
    WHERE contribution.reference = %s AND message.sender = 'griffie' AND message.body->>'tekst' LIKE %s
"""


async def opened(visits: Visits) -> tuple[Page, Chat]:
    page = await visits(ADDRESS)
    return page, await Chat.as_page(page)


def quiet(noise: Noise, expected: str) -> None:
    """The browser tells of each request that failed on purpose."""
    assert [error for error in noise.errors if expected not in error] == []
    noise.errors.clear()


async def test_a_message_whose_answer_was_lost_is_sent_again_as_the_same_one(visits: Visits, noise: Noise) -> None:
    page, chat = await opened(visits)
    sent: list[Any] = []

    async def lost(route: Route) -> None:
        sent.append(route.request.post_data_json)
        answer = await route.fetch()
        await (route.abort() if len(sent) == 1 else route.fulfill(response=answer))

    await page.route(TURNS, lost)
    await chat.says(COLLEGE)
    await chat.reads(COLLEGE_IS)
    async with asyncio.timeout(20):
        while len(sent) < 2:  # noqa: ASYNC110  the chat itself does not know that the answer came otherwise
            await asyncio.sleep(0.1)
    assert sent[0] == sent[1]
    assert sent[0]["bericht_id"]
    await expect(chat.messages).to_have_count(3)
    await page.reload()
    await chat.reads(COLLEGE_IS)
    await expect(chat.messages).to_have_count(3)
    quiet(noise, "ERR_FAILED")


async def test_words_that_never_left_are_sent_after_a_reload(visits: Visits, noise: Noise) -> None:
    page, chat = await opened(visits)
    await page.route(TURNS, lambda route: route.abort("connectionrefused"))
    await chat.says(COLLEGE)
    await expect(chat.last.get_by_role("button", name="Opnieuw proberen")).to_be_visible()
    await page.reload()
    await expect(chat.last).to_contain_text(COLLEGE)
    await page.unroute_all()
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await chat.reads(COLLEGE_IS)
    await expect(chat.messages).to_have_count(3)
    quiet(noise, "ERR_CONNECTION_REFUSED")


async def test_what_the_griffie_answers_while_nothing_is_heard_is_there_once_afterwards(
    visits: Visits, desk: Desk, instance: Instance, noise: Noise
) -> None:
    page = await visits()
    await page.route(STREAM, lambda route: route.abort("connectionreset"))
    await page.goto(f"{instance.url}{ADDRESS}")
    chat = await Chat.as_page(page)
    reference = await chat.tells("Bij de bushalte kunnen ouderen nergens zitten.")
    await desk.opens(reference)
    await desk.takes_up()
    await desk.replies(ANSWER)
    async with asyncio.timeout(30):
        while not await instance.rows(ARRIVED, reference, f"%{ANSWER}%"):  # noqa: ASYNC110  only the database tells
            await asyncio.sleep(0.2)
    await expect(chat.messages.filter(has_text=ANSWER)).to_have_count(0)
    await page.unroute_all()
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await chat.reads(ANSWER)
    await expect(chat.messages.filter(has_text=ANSWER)).to_have_count(1)
    quiet(noise, "ERR_CONNECTION_RESET")


async def test_while_an_answer_is_on_its_way_it_is_shown_and_said_that_one_is_written(visits: Visits) -> None:
    page, chat = await opened(visits)
    goes_on = asyncio.Event()

    async def slow(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await page.route(TURNS, slow)
    dots, said = page.locator("#schrijft"), page.locator("#schrijft-gemeld")
    await expect(dots).to_be_hidden()
    await chat.says(COLLEGE)
    await expect(dots).to_be_visible()
    moving = "document.querySelector('#schrijft').getAnimations({ subtree: true }).length"
    assert await page.evaluate(moving) > 0
    await page.emulate_media(reduced_motion="reduce")
    assert await page.evaluate(moving) == 0
    await expect(said).to_have_text("Samenspel schrijft een antwoord.")
    goes_on.set()
    await chat.reads(COLLEGE_IS)
    await expect(dots).to_be_hidden()
