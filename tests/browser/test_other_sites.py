"""The widget on sites of others: with a strict Content-Security-Policy, and with styles that are in its way."""

import base64
import hashlib
import uuid
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.web.files import STATIC
from tests.browser.chat import Chat
from tests.browser.site import Site, served
from tests.e2e.instance import Instance

NONCE = "r4nd0m"
STRICT = (
    "default-src 'none'; img-src data:; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; "
)
PHONE, DESKTOP = {"width": 375, "height": 667}, {"width": 1280, "height": 800}

OVERLAY = "<h1>Site</h1><p>Tekst</p><section class=overlay>Reclame</section>"
HOSTILE = """
* { all: unset !important; direction: rtl !important; unicode-bidi: bidi-override !important; --brand: red !important;
  --on-brand: red !important; cursor: none !important; }
html { font-size: 4px !important; transform: translate(60px, -90px) scale(.6) !important;
  filter: blur(2px) !important; }
aside, div, button, dialog, iframe, svg, [data-samenspel], [popover] { display: none !important; opacity: .1 !important;
  transform: rotate(180deg) scale(.2) !important; position: static !important; width: 3px !important;
  pointer-events: none !important; visibility: hidden !important; z-index: -1 !important; }
::before, ::after { content: 'REKLAME' !important; position: fixed !important; inset: 0 !important; }
::backdrop { background: black !important; pointer-events: auto !important; position: fixed !important;
  inset: 0 !important; }
.overlay { display: block !important; position: fixed !important; inset: 0 !important; width: 100vw !important;
  height: 100vh !important; z-index: 2147483647 !important; background: gold !important; }
"""

LOOKS = """() => {
  const root = document.querySelector("[data-samenspel]").shadowRoot;
  return ["button.launcher", "dialog", "iframe"].map((which) => {
    const node = root.querySelector(which), style = getComputedStyle(node), box = node.getBoundingClientRect();
    const shown = ["display", "visibility", "opacity", "color", "backgroundColor", "fontSize", "fontFamily",
      "direction", "cursor", "transform", "pointerEvents"].map((name) => style[name]);
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return [which, Math.round(innerWidth - box.right), Math.round(innerHeight - box.bottom), Math.round(box.width),
      Math.round(box.height), at?.hasAttribute("data-samenspel"), ...shown];
  });
}"""
"""Where the parts of the widget are, counted from the corner below on the right, how they look, and what is on top."""


def script(instance: Instance, attributes: str = "") -> str:
    return f'<script src="{instance.url}/widget.js" data-gemeente="GM0344" {attributes} async></script>'


async def opens_talks_and_closes(page: Page) -> None:
    chat = await Chat.opened_on(page)
    await chat.says("Wat doet de burgemeester?")
    await chat.reads("De burgemeester leidt de vergaderingen van de raad")
    await chat.place.get_by_role("button", name="Sluit de chat").click()
    await expect(page.get_by_role("button", name="Praat mee: open de chat")).to_be_focused()


async def moves_away(page: Page) -> None:
    """Move the pointer off the button, and wait until that can be seen."""
    await page.mouse.move(1, 1)
    await expect(page.locator("[data-samenspel] .launcher:hover")).to_have_count(0)


@pytest.mark.parametrize("allowed_by", ["origin", "nonce", "hash"])
async def test_a_strict_policy_has_to_allow_one_script_and_one_frame(visits, instance: Instance, allowed_by: str):
    digest = base64.b64encode(hashlib.sha256((STATIC / "widget.js").read_bytes()).digest()).decode()
    source, attributes = {
        "origin": (instance.url, ""),
        "nonce": (f"'nonce-{NONCE}' 'strict-dynamic'", f'nonce="{NONCE}"'),
        "hash": (f"'sha256-{digest}'", f'integrity="sha256-{digest}" crossorigin="anonymous"'),
    }[allowed_by]
    policy = f"{STRICT} script-src {source}; frame-src {instance.url}"
    with served(Site(script(instance, attributes), policy=policy)) as site:
        await opens_talks_and_closes(await visits(site=site))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_on_a_site_with_hostile_styles_it_looks_as_it_does_elsewhere(visits, instance: Instance, size, tmp_path):
    policy = f"{STRICT} script-src {instance.url}; frame-src {instance.url}"
    looks: list[Any] = []
    for css in ("", HOSTILE):
        with served(Site(script(instance), body=OVERLAY, css=css, policy=policy)) as site:
            page = await visits(site=site, size=size)
            await page.emulate_media(reduced_motion="reduce")
            await opens_talks_and_closes(page)
            await moves_away(page)
            looks.append(await page.evaluate(LOOKS))
            await Chat.opened_on(page)
            await moves_away(page)
            looks.append(await page.evaluate(LOOKS))
            await page.screenshot(path=tmp_path / f"{'hostile' if css else 'calm'}.png")
    calm, calm_open, hostile, hostile_open = looks
    assert (hostile, hostile_open) == (calm, calm_open)
    assert [part for part in hostile_open if not part[5]] == []


async def test_the_campaign_of_a_site_stays_with_the_conversation(visits, instance: Instance):
    campaign = f"fietsen {uuid.uuid4()}"
    with served(Site(script(instance, f'data-campagne="{campaign}"'))) as site:
        # On the same domain: a frame of another one may keep nothing where third-party cookies are blocked, as here.
        page = await visits(site=site.replace("127.0.0.1", "localhost"))
        await Chat.opened_on(page)
        await page.reload()
        chat = await Chat.opened_on(page)
        reference = await chat.tells("In onze wijk kunnen fietsers nergens veilig oversteken.")
    [opened] = await instance.rows("SELECT id FROM conversation WHERE campaign = %s", campaign)
    [told] = await instance.rows("SELECT conversation_id FROM contribution WHERE reference = %s", reference)
    assert told["conversation_id"] == opened["id"]
