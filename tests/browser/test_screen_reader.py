"""A concern without seeing or pointing: by keys alone, with what a screen reader finds and what it says by itself."""

import re
from textwrap import dedent

from playwright.async_api import Frame, Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visits
from tests.browser.desk import Desk

QUIET_MS = 1500
STORY = "De stoep bij het verzorgingshuis is te smal voor een rolstoel."

CONFIRMED = "Dank u wel. Ik heb uw inbreng doorgegeven aan de griffie van Utrecht."
AFTERWARDS = (
    "Mag de gemeenteraad uw woorden lezen? Uw naam staat er niet bij. Zegt u niets? Dan leest alleen de griffie ze."
)

HEAR = """() => {
  window.heard = [];
  const LIVE = "[aria-live], [role=log], [role=status], [role=alert]";
  const speaks = (region) => (region.getAttribute("aria-live") ?? "polite") !== "off";
  const say = (node) => {
    const holder = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const region = holder?.closest(LIVE);
    const text = (holder === node ? holder.innerText : node.textContent)?.trim();
    if (region && speaks(region) && text && holder.checkVisibility()) window.heard.push([region.id, text]);
  };
  new MutationObserver((changes) => {
    for (const change of changes) change.type === "characterData" ? say(change.target) : change.addedNodes.forEach(say);
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
  return [...document.querySelectorAll(LIVE)]
    .filter((region) => speaks(region) && region.parentElement.closest(LIVE)).map((region) => region.id);
}"""
"""Write down what a screen reader says of itself: what is added to a live region that is not off. Gives the regions
that lie in another one, and so would be read twice."""

FOCUSED = """() => {
  const node = document.activeElement;
  return node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.textContent.trim();
}"""


def frame_of(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def tree(text: str) -> str:
    """The same for each run: one time."""
    return re.sub(r"time: \d\d:\d\d", "time: 12:34", text)


async def test_a_concern_by_keys_and_by_what_a_screen_reader_finds(visits):
    page = await visits()
    keys = page.keyboard
    widget = page.get_by_role("complementary", name="Chat")
    assert await widget.aria_snapshot() == (
        '- complementary "Chat":\n  - \'button "Praat mee: open de chat"\': Praat mee'
    )
    chat = await Chat.opened_by_keys_on(page)
    frame = frame_of(page)
    await expect(chat.box).to_be_focused()
    assert await widget.aria_snapshot() == dedent(
        """\
        - complementary "Chat":
          - button "Sluit de chat" [expanded]
          - dialog "Chat van Samenspel":
            - iframe"""
    )
    assert tree(await chat.place.locator("body").aria_snapshot()) == dedent(
        """\
        - banner "Samenspel":
          - heading "Samenspel Demonstratie Gemeente Utrecht" [level=1]
          - paragraph: U praat met een computer
          - button "Menu"
          - button "Sluit de chat"
        - main "Chat":
          - log "Gesprek":
            - list:
              - listitem: Vandaag
              - listitem:
                - paragraph:
                  - text: Samenspel
                  - time: 12:34
                - paragraph: Welkom bij Samenspel van Utrecht. U praat met een computer.
                - paragraph: U kunt mij vragen hoe uw gemeente wordt bestuurd. U kunt ook een zorg of een idee \
doorgeven aan de gemeenteraad.
                - paragraph: "Wij bewaren dit gesprek 28 dagen. Wij vragen niet naar uw naam. Wilt u een mens spreken? \
Typ dan: mens."
                - group "Kies een antwoord":
                  - button "Wat doet de gemeenteraad?"
                  - button "Ik wil iets doorgeven"
                  - button "Wat kunt u voor mij doen?"
          - status
          - status
          - status
          - text: Uw bericht
          - textbox "Uw bericht":
            - /placeholder: Typ uw vraag of bericht
          - button "Spreek uw bericht in"
          - button "Verstuur"
          - paragraph:
            - text: "Deel geen wachtwoorden of BSN. Bij direct gevaar: bel"
            - link "112":
              - /url: tel:112
            - text: ."""
    )
    await expect(frame.get_by_role("log")).to_have_attribute("aria-live", "polite")  # the greeting was not read out
    assert await frame.evaluate(HEAR) == []

    await keys.type("Ik wil iets doorgeven")
    await keys.press("Enter")
    await chat.reads("Wat wilt u aan de gemeenteraad vertellen?")
    await expect(chat.box).to_be_focused()
    await keys.type(STORY)
    await keys.press("Enter")
    await chat.reads("Klopt dit?")
    await expect(chat.button("Ja, geef dit door")).to_be_visible()
    passed = []
    while not passed or passed[-1] != "Ja, geef dit door":
        await keys.press("Shift+Tab")
        passed.append(await frame.evaluate(FOCUSED))
    assert passed == [
        "Stoppen",
        "Soort of onderwerp",
        "Een andere gemeente",
        "Een andere plek",
        "Mijn tekst aanpassen",
        "Ja, geef dit door",
    ]
    await keys.press("Enter")
    reference = await chat.reference()
    await chat.reads("Mag de gemeenteraad uw woorden lezen?")
    await expect(chat.box).to_be_focused()
    assert tree(await chat.last.aria_snapshot()) == dedent(
        f"""\
        - listitem:
          - paragraph:
            - text: Samenspel
            - time: 12:34
          - paragraph: {AFTERWARDS}
          - group "Kies een antwoord":
            - button "Ja, naar de raad"
            - button "Nee, alleen de griffie\""""
    )
    used = chat.messages.filter(has_text="Klopt dit?").get_by_role("group", name="Kies een antwoord")
    assert await used.aria_snapshot() == dedent(
        """\
        - group "Kies een antwoord":
          - button "Ja, geef dit door (gekozen)" [disabled]
          - button "Mijn tekst aanpassen" [disabled]
          - button "Een andere plek" [disabled]
          - button "Een andere gemeente" [disabled]
          - button "Soort of onderwerp" [disabled]
          - button "Stoppen" [disabled]"""
    )
    heard = await frame.evaluate("window.heard")
    said = [
        (where, text.split("\n")) for where, text in heard if where != "schrijft-gemeld"
    ]  # that is for slow answers
    assert [(where, lines[0].split()[0], next(filter(None, lines[1:]))) for where, lines in said] == [
        ("log", "U", "Ik wil iets doorgeven"),
        ("log", "Samenspel", "Wat wilt u aan de gemeenteraad vertellen? Schrijf het op in uw eigen woorden."),
        ("log", "U", STORY),
        ("log", "Samenspel", "Dit geef ik door aan de griffie van Utrecht:"),
        ("log", "U", "Ja, geef dit door"),
        ("log", "Samenspel", f"{CONFIRMED} Uw nummer is {reference}."),
        ("log", "Samenspel", AFTERWARDS),
    ]
    await keys.press("Escape")
    await expect(page.get_by_role("button", name="Praat mee: open de chat")).to_be_focused()


async def test_what_comes_by_itself_is_said_once(visits: Visits, desk: Desk) -> None:
    """An answer of the griffie, also when it comes in a second tab as well."""
    page = await visits("/chat/GM0344")
    chat = await Chat.as_page(page)
    reference = await chat.tells("Bij de sporthal is het fietspad kapot, mensen vallen daar.")
    other = await page.context.new_page()
    await other.goto(page.url)
    await Chat.as_page(other)
    assert await page.evaluate(HEAR) == []
    await desk.opens(reference)
    await desk.replies("Het fietspad wordt in mei gemaakt.")
    await chat.reads("Het fietspad wordt in mei gemaakt.")
    await page.wait_for_timeout(QUIET_MS)
    heard = [text for where, text in await page.evaluate("window.heard") if where == "log"]
    assert [text.count("Het fietspad wordt in mei gemaakt.") for text in heard] == [1]
