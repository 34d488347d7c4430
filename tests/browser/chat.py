"""The chat as somebody sees it, in the widget's frame or as a page."""

from dataclasses import dataclass

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.e2e.resident import REFERENCE


@dataclass
class Chat:
    """Where the chat is: `place` is the widget's frame or the page."""

    page: Page
    place: FrameLocator | Page

    @classmethod
    async def opened_on(cls, page: Page) -> "Chat":
        """Open the widget of a site."""
        await page.get_by_role("button", name="Praat mee: open de chat").click()
        return await cls.in_frame(page)

    @classmethod
    async def opened_by_keys_on(cls, page: Page) -> "Chat":
        """Open the widget of a site without pointing: Tab until its button has the focus, then Enter."""
        for _ in range(10):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement?.shadowRoot?.activeElement?.className") == "launcher":
                break
        await page.keyboard.press("Enter")
        return await cls.in_frame(page)

    @classmethod
    async def in_frame(cls, page: Page) -> "Chat":
        """The widget that is open."""
        chat = cls(page, page.frame_locator("iframe[title='Chat van Samenspel']"))
        await chat.welcomed()
        return chat

    @classmethod
    async def as_page(cls, page: Page) -> "Chat":
        """The chat as a page of its own."""
        chat = cls(page, page)
        await chat.welcomed()
        return chat

    async def welcomed(self) -> None:
        """Wait until the conversation has started."""
        await expect(self.messages.first).to_contain_text("Welkom bij Samenspel van")

    @property
    def box(self) -> Locator:
        """Where to type."""
        return self.place.get_by_role("textbox", name="Uw bericht")

    @property
    def messages(self) -> Locator:
        """All messages, oldest first."""
        return self.place.locator(".message")

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.messages.last

    async def says(self, text: str) -> None:
        """Type and send."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def chooses(self, title: str) -> None:
        """Choose something from the menu."""
        await self.place.get_by_role("button", name="Menu").click()
        await self.place.get_by_role("button", name=title).click()

    def button(self, title: str) -> Locator:
        """The button in the newest message that holds it."""
        return self.place.get_by_role("button", name=title, exact=True).last

    async def reads(self, text: str) -> Locator:
        """Wait until the newest message holds this text."""
        await expect(self.last).to_contain_text(text)
        return self.last

    async def tells(self, text: str) -> str:
        """Pass something on by typing it and pressing the button; returns the reference."""
        await self.says("Ik wil iets doorgeven")
        await self.reads("Wat wilt u aan de gemeenteraad vertellen?")
        await self.says(text)
        await self.reads("Klopt dit?")
        await self.button("Ja, geef dit door").click()
        return await self.reference()

    async def reference(self) -> str:
        """The number in the newest confirmation; the question about consent comes after it."""
        confirmed = self.messages.filter(has_text="Uw nummer is SP-").last
        await expect(confirmed).to_be_visible()
        said = await confirmed.inner_text()
        [number] = REFERENCE.findall(said)
        return str(number)

    async def texts(self) -> list[str]:
        """What stands in every bubble."""
        return await self.messages.locator(".bubble").all_inner_texts()
