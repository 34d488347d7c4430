"""The widget on a site: asking, passing something on, and hearing back from the griffie."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.desk import Desk
from tests.browser.site import Site, served
from tests.e2e.instance import Instance

CONCERN = "De straatverlichting in de Kanaalstraat is al een maand kapot. 's Avonds voelen mensen zich niet veilig."
ANSWER = "Dank u wel. De wethouder laat de lampen deze week maken.\n\nVriendelijke groet, de griffie"
BAR_PX = 1


async def test_a_question_gets_an_answer_with_sources_and_more_to_read(chat: Chat, picture):
    await chat.says("Wat doet de gemeenteraad?")
    answer = await chat.reads("De gemeenteraad is het hoogste bestuur van de gemeente.")
    await expect(answer).to_contain_text("Nagekeken op")
    links = answer.get_by_role("link")
    assert await links.nth(1).get_attribute("href") == "https://wetten.overheid.nl/BWBR0005416"
    await expect(links).to_have_count(3)
    more = answer.get_by_text("De raad heeft drie taken:")
    await expect(more).to_be_hidden()
    await picture(chat.page, "widget.png")
    await answer.get_by_role("button", name="Lees meer").click()
    await expect(more).to_be_visible()


async def test_a_concern_goes_to_the_desk_and_the_reply_comes_back_in_the_open_widget(chat: Chat, desk: Desk):
    reference = await chat.tells(CONCERN)
    await desk.opens(reference)
    await expect(desk.page.get_by_role("blockquote")).to_have_text(CONCERN)
    await desk.takes_up()
    await desk.replies(ANSWER)
    heard = await chat.reads("De wethouder laat de lampen deze week maken.")
    await expect(heard).to_contain_text("Griffie van Utrecht")
    await expect(heard).to_contain_text(f"op uw inbreng {reference}")
    await desk.page.get_by_role("link", name="Kijk opnieuw").or_(desk.page.get_by_text("bezorgd ")).first.wait_for()


async def test_a_reply_to_a_closed_widget_is_counted_on_the_button(chat: Chat, desk: Desk):
    reference = await chat.tells("Op het Neude staan te weinig bankjes voor oudere mensen.")
    await chat.page.get_by_role("button", name="Sluit de chat").first.click()
    await desk.opens(reference)
    await desk.replies("Wij vragen het na.")
    await chat.page.get_by_role("button", name="Praat mee: open de chat, 1 nieuw bericht").click()
    await expect(chat.last).to_contain_text("Wij vragen het na.")
    await expect(chat.last).to_be_in_viewport()


async def test_a_reload_keeps_the_conversation(chat: Chat):
    await chat.says("Wat doet de burgemeester?")
    await chat.reads("De burgemeester leidt de vergaderingen van de raad")
    before = await chat.texts()
    await chat.page.reload()
    again = await Chat.opened_on(chat.page)
    await expect(again.messages).to_have_count(len(before))
    assert await again.texts() == before
    await again.says("Wat doet het college?")
    await again.reads("Het college is het dagelijks bestuur van de gemeente.")


async def test_markup_that_somebody_types_is_shown_as_text(chat: Chat):
    typed = "<img src=x onerror=alert(1)><b>vet</b> is geen opmaak in dit bericht"
    await chat.says("Ik wil iets doorgeven")
    await chat.reads("Wat wilt u aan de gemeenteraad vertellen?")
    await chat.says(typed)
    read_back = await chat.reads("Klopt dit?")
    await expect(read_back).to_contain_text(f"„{typed}”")
    await expect(chat.messages.locator("img, b")).to_have_count(0)


@pytest.fixture
def other_site(instance: Instance) -> Iterator[str]:
    """A site with the one script tag, for another municipality."""
    with served(Site(f'<script src="{instance.url}/widget.js" data-gemeente="GM0307" async></script>')) as site:
        yield site


async def test_one_script_tag_brings_the_chat_to_another_site(visits, other_site: str):
    chat = await Chat.opened_on(await visits(site=other_site))
    await expect(chat.messages.first).to_contain_text("Welkom bij Samenspel van Amersfoort.")
    await chat.tells("Er is te weinig speelruimte voor kinderen in de wijk Schothorst.")


async def test_the_chat_fits_on_a_small_phone(visits):
    page = await visits("/chat/GM0344", size={"width": 320, "height": 568})
    chat = await Chat.as_page(page)
    await chat.says("Wat doet de gemeenteraad?")
    await chat.reads("De gemeenteraad is het hoogste bestuur van de gemeente.")
    assert await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") < BAR_PX
    await expect(chat.box).to_be_in_viewport()


async def test_the_links_of_the_demonstration_page_lead_somewhere(visits):
    page = await visits()
    await page.get_by_role("link", name="Naar de werkplek van de griffie").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Aanmelden bij de griffie")
    await page.go_back()
    await page.get_by_role("link", name="Open de chat als hele pagina").click()
    await Chat.as_page(page)


async def test_ones_own_data_can_be_kept_as_a_file(chat: Chat):
    await chat.says("welke gegevens bewaren jullie van mij")
    await chat.reads("Ik zie nog niets dat u heeft doorgegeven.")
    async with chat.page.expect_download() as started:
        await chat.button("Alles in een bestand").click()
    file = await started.value
    assert file.suggested_filename == "mijn-gegevens.json"
    kept = json.loads(_text_of(await file.path()))
    assert "welke gegevens bewaren jullie van mij" in [row["tekst"] for row in kept["berichten"]]


async def test_after_erasing_only_the_farewell_is_left_and_what_is_typed_begins_a_new_conversation(chat: Chat, noise):
    await chat.says("verwijder mijn gegevens")
    await chat.reads("Wilt u dat ik alles wis?")
    await chat.button("Ja, wis alles").click()
    await chat.reads("Ik heb alles gewist.")
    await expect(chat.messages).to_have_count(1)
    await chat.says("Wat doet de burgemeester?")
    await chat.reads("De burgemeester leidt de vergaderingen van de raad")
    await expect(chat.messages.first).to_contain_text("Uw vorige gesprek is gewist.")
    # The browser itself reports how the widget heard that the old conversation is gone; nothing else went wrong.
    [error] = noise.errors
    assert "401" in error
    noise.errors.clear()


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")
