"""The pages on answers, facts, own questions and meetings: for everybody and on a small phone, faulty forms too."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from participation import content
from participation.language.readability import measure
from tests.browser.axe import barriers
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

TOPIC = "rekenkamer"
FACT = "begroting_url"
BROKEN = """
    INSERT INTO checked_link (url, outcome, status, failing_days, failing_since, last_failed_on, checked_at, again_at)
    VALUES (%s, 'foutmelding', 404, 3, '2026-11-20', '2026-11-22', now(), now()) RETURNING url
"""
FORGET = "DELETE FROM checked_link WHERE url = %s RETURNING url"

ODD_TEXTS = (
    "",
    " \n",
    "OZB en WOZ. Mail naar a@b.nl of kijk op https://x.nl/y.",
    "’s Avonds om 20.00 uur: “Dag.” Goed!",
    "- a\n- ë",
)


@pytest.fixture
async def broken_link(instance: Instance) -> AsyncIterator[str]:
    """The first source of the topic does not work."""
    url = content.answers()[TOPIC].sources[0].url
    await instance.rows(BROKEN, url)
    yield url
    await instance.rows(FORGET, url)


def only_refused_forms(noise: Noise) -> None:
    """The browser itself reports that a form came back with something to mend; nothing else went wrong."""
    assert [error for error in noise.errors if "422" not in error] == []
    noise.errors.clear()


@pytest.mark.parametrize(
    "path",
    [
        "antwoorden",
        "antwoorden?status=landelijk&groep=rechten",
        "antwoorden?status=concept",
        f"antwoorden/{TOPIC}",
        "antwoorden/noodgeval",
        "feiten",
        f"feiten/{FACT}",
        "feiten/griffie_email",
        "eigen-vragen",
        "eigen-vragen/nieuw",
        "vergaderingen",
        "beter",
    ],
)
async def test_a_page_has_no_barriers(desk: Desk, path: str) -> None:
    page = await desk.goes(path)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await barriers(page) == []


async def test_a_broken_link_is_told_without_barriers(desk: Desk, broken_link: str) -> None:
    page = await desk.goes("antwoorden?status=link")
    await expect(page.get_by_role("heading", level=3)).not_to_have_count(0)
    assert await barriers(page) == []
    page = await desk.goes(f"antwoorden/{TOPIC}")
    await expect(
        page.get_by_text("Deze link werkt niet sinds 20 november 2026. De pagina bestaat niet meer.")
    ).to_be_visible()
    assert await barriers(page) == []


async def test_an_own_answer_has_no_barriers_at_any_step(visits: Visits, instance: Instance, noise: Noise) -> None:
    """Amersfoort has one griffier in the demonstration, who may publish alone."""
    page = await (await Desk.signed_in(await visits("/griffie/"), instance, "GM0307")).goes("antwoorden/petitie")
    await page.get_by_label("Kort antwoord").fill("Middels een petitie vraagt u iets {onbekend}.")
    await page.get_by_role("button", name="Opslaan en laten controleren").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_label("Kort antwoord").fill("Middels een petitie vraagt u iets aan de raad.")
    await page.get_by_label("Waar staat dit?").fill("Grondwet")
    await page.get_by_label("Adres van de bron").fill("https://wetten.overheid.nl/BWBR0001840")
    await page.get_by_role("button", name="Opslaan en laten controleren").click()
    await expect(page.get_by_text("“middels” is een lastig woord.")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_label("Hoe keek u de tekst na?").fill("Ik las de wet.")
    await page.get_by_role("button", name="Publiceren").click()
    await expect(page.get_by_role("status")).to_have_text("De tekst staat nu in de chat.")
    await page.get_by_text("Lees versie 1").click()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Terug naar de landelijke tekst").click()
    await expect(page.get_by_role("status")).to_have_text("De gekozen tekst staat weer in de chat.")
    assert await barriers(page) == []
    only_refused_forms(noise)


async def test_forms_that_come_back_have_no_barriers(desk: Desk, noise: Noise) -> None:
    page = await desk.goes(f"feiten/{FACT}")
    await page.get_by_label("Geldig tot en met").fill("2020-01-01")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await barriers(page) == []
    page = await desk.goes("feiten")
    await page.get_by_role("button", name="Bekijk wat er verandert").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await barriers(page) == []
    table = f"feit;waarde;bron\n{FACT};https://utrecht.example/begroting;Site\n".encode()
    await page.get_by_label("CSV-bestand").set_input_files({"name": "f.csv", "mimeType": "text/csv", "buffer": table})
    await page.get_by_role("button", name="Bekijk wat er verandert").click()
    await expect(page.get_by_text("https://utrecht.example/begroting", exact=True)).to_be_visible()
    assert await barriers(page) == []
    page = await desk.goes("eigen-vragen/nieuw")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_label("Vraag", exact=True).fill("Wat doet de gemeenteraad?")
    await page.get_by_label("Andere manieren om dit te vragen").fill(
        "Wat doet de raad?\nTaken van de raad?\nDe raad, wat is dat?"
    )
    await page.get_by_label("Kort antwoord").fill("Veel.")
    await page.get_by_label("Naam van de bron").fill("Site")
    await page.get_by_label("Adres van de bron").fill("https://utrecht.example/raad")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Deze vraag lijkt op wat de chat al kent.")
    assert await barriers(page) == []
    page = await desk.goes("vergaderingen")
    await page.get_by_role("button", name="Inlezen", exact=True).click()
    await expect(page.get_by_text("Kies eerst een bestand.").first).to_be_visible()
    assert await barriers(page) == []
    only_refused_forms(noise)


async def test_the_script_that_counts_while_one_writes_counts_like_the_server(visits: Visits) -> None:
    page = await visits("/griffie/aanmelden")
    texts = [*ODD_TEXTS, *(f"{answer.short}\n{answer.more or ''}" for answer in content.answers().values())]
    told = await page.evaluate(
        "async (texts) => { const {measure} = await import('/griffie/static/answer.js'); return texts.map(measure); }",
        texts,
    )
    here = [measure(text) for text in texts]
    assert told == [{"words": one.words, "longest": one.longest_sentence, "ease": one.ease} for one in here]
