"""Making a campaign at the desk, as people do."""

TEXTS = {
    "title": "Een autoluw centrum",
    "why": "De raad kiest in maart hoe het centrum eruit gaat zien.",
    "intro": "Wat vindt u van minder auto's in het centrum?",
    "thanks": "Dank u wel. In april hoort u wat de raad kiest.",
    "level": "raadplegen",
    "phase": "Alles kan nog anders.",
    "decides": "De gemeenteraad",
    "official": "Team Verkeer",
    "portfolio_holder": "De wethouder verkeer",
    "theme": "",
    "closes_at_dag": "2027-01-31",
}
STATEMENTS = "\n".join(f"Het centrum heeft {number} straten zonder auto's nodig." for number in range(1, 8))


async def begin(browser) -> str:
    """Make a draft with one part of statements; returns its address."""
    made = await browser.send_form("/griffie/GM0344/campagnes", "/campagnes", naam="Een autoluw centrum")
    where = made.headers["location"]
    assert (await browser.send_form(f"{where}/teksten", "/teksten", **TEXTS)).status_code == 303
    added = await browser.send_form(
        f"{where}/vragen/nieuw?soort=stellingen", "/nieuw", tekst="Bent u het eens?", eigen="ja"
    )
    added = await browser.send_form(added.headers["location"], "/stellingen", stellingen=STATEMENTS)
    assert added.status_code == 303
    return where


async def ready(maker, colleague) -> str:
    """Make a campaign that can start; returns its address."""
    where = await begin(maker)
    await maker.send_form(where, "/insturen", geen_partij="ja")
    await colleague.send_form(where, "/beoordelen", stap="goed")
    return where
