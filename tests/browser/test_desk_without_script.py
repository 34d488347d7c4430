"""The desk in a real browser that runs no scripts: what the griffie does most."""

import httpx
from playwright.async_api import expect

from tests.browser.conftest import Visits
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident

TOLD, ANSWER = "Op de kade staat al weken een kapotte bank.", "Dank u wel. De bank wordt volgende week gemaakt."


async def test_a_message_is_read_taken_up_and_answered(instance: Instance, visits: Visits) -> None:
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        reference = await (await Resident.opens(http, instance, "GM0344")).tells(TOLD)
    desk = await Desk.signed_in(await visits("/griffie/", scripts=False), instance, "GM0344")
    await desk.opens(reference)
    await expect(desk.page.get_by_text(TOLD).first).to_be_visible()
    await desk.takes_up()
    await desk.replies(ANSWER)
    await expect(desk.page.get_by_text(ANSWER)).to_be_visible()
    await desk.shows_list()
    await expect(desk.row(reference)).to_contain_text("In behandeling")
