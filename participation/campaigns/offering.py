"""What residents are offered: campaigns that run in their municipality, and messages about those to come."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.campaigns import states, subscriptions, taking_part
from participation.campaigns.asking import GATE, expects, meaning
from participation.campaigns.texts import text
from participation.campaigns.walk import Walk
from participation.consent_texts import question
from participation.language.themes import themes
from participation.models import Campaign
from participation.models.consent import CAMPAIGN
from participation.reply import Button, Reply

INTENTS = frozenset({"campagne_meedoen", "op_de_hoogte_blijven", "afmelden"})
"""What residents say about campaigns without a button."""

MOST_OFFERED = 6


async def invitation(session: AsyncSession, campaign: Campaign) -> Reply:
    """Say what is asked and why, and offer to begin."""
    nobody = taking_part.somebody_new(campaign)
    walk = await taking_part.walk_of(session, campaign=campaign, participant=nobody)
    told = [text("aanbod", titel=campaign.title, intro=campaign.intro, aantal=str(_count(walk)))]
    if many := await taking_part.how_many(session, campaign.id):
        told.append(text("mensen", aantal=str(many)))
    buttons = (
        Button(text("knop_meedoen"), meaning(campaign.id, "begin")),
        Button(text("knop_niet_nu"), meaning(campaign.id, "niet_nu")),
    )
    begin = meaning(campaign.id, "begin")
    return Reply(
        "\n\n".join(told),
        kind="keuze",
        buttons=buttons,
        expects=expects(campaign.id, "aanbod", ja=begin, nee=meaning(campaign.id, "niet_nu")),
    )


async def running(session: AsyncSession, *, municipality_code: str | None, now: datetime) -> Reply:
    """Offer what runs now: the one, or a choice."""
    if municipality_code is None:
        return Reply(text("welke_gemeente"), kind="vraag", expects={"gemeente": True})
    found = await states.running(session, municipality_code, now)
    if not found:
        return Reply(text("geen"), buttons=(Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),))
    if len(found) == 1:
        return await invitation(session, found[0])
    buttons = tuple(Button(one.title, meaning(one.id, "tonen")) for one in found[:MOST_OFFERED])
    return Reply(text("keuze"), kind="keuze", buttons=buttons)


async def not_open(session: AsyncSession, campaign: Campaign, municipality_code: str | None, now: datetime) -> Reply:
    """Say why somebody can not take part."""
    if municipality_code and municipality_code not in await states.agreed_codes(session, campaign.id):
        name = "andere_gemeente"
    elif states.has_ended(campaign, now):
        name = "gesloten"
    elif campaign.state == "pauze":
        name = "pauze"
    elif campaign.state in ("klaar", "loopt"):
        name = "nog_niet"
    else:
        return Reply(text("onbekend"))
    return Reply(text(name, titel=campaign.title))


async def came_for(
    session: AsyncSession, *, public_id: str, municipality_code: str | None, now: datetime
) -> Reply | None:
    """What somebody gets who came by the link of a campaign; none when the link names none."""
    campaign = await states.by_public_id(session, public_id)
    if campaign is None:
        return None
    codes = await states.agreed_codes(session, campaign.id)
    if states.is_open(campaign, now) and (municipality_code is None or municipality_code in codes):
        return await invitation(session, campaign)
    return await not_open(session, campaign, municipality_code, now)


async def messages(session: AsyncSession, *, resident_id: uuid.UUID, municipality_code: str | None) -> Reply:
    """Offer messages about campaigns to come, or say that somebody gets them."""
    if municipality_code is None:
        return Reply(text("welke_gemeente"), kind="vraag", expects={"gemeente": True})
    if await subscriptions.is_wanted(session, resident_id=resident_id, municipality_code=municipality_code):
        buttons = (
            Button(text("knop_hoogte_anders"), about_messages("waarover")),
            Button(text("knop_afmelden"), about_messages("afmelden")),
        )
        return Reply(text("hoogte_al"), kind="keuze", buttons=buttons)
    return consent_question()


def consent_question(campaign_id: uuid.UUID | None = None) -> Reply:
    """Ask, in the words that are kept with the consent; after which campaign, when after one."""
    after = {"peiling": str(campaign_id)} if campaign_id else {}
    yes, no = (about_messages("hoogte", antwoord=answer, **after) for answer in (True, False))
    buttons = (Button(text("knop_hoogte_ja"), yes), Button(text("knop_hoogte_nee"), no))
    return Reply(question(CAMPAIGN), kind="vraag", buttons=buttons, expects={"ja": yes, "nee": no})


def about_what(theme: str | None = None, area: str | None = None, *, told: str = "") -> Reply:
    """Ask about what somebody wants messages; the campaign's own theme and the resident's own area stand in front."""
    buttons = [Button(text("knop_hoogte_alles"), about_messages("alles"))]
    if theme in themes():
        buttons.append(Button(themes()[theme].name, about_messages("thema", thema=theme)))
    if area:
        buttons.append(Button(area, about_messages("gebied", gebied=area)))
    buttons.append(Button(text("knop_hoogte_thema"), about_messages("welk_thema")))
    buttons.append(Button(text("knop_hoogte_gebied"), about_messages("welk_gebied")))
    return Reply(f"{told} {text('hoogte_waarover')}".strip(), kind="keuze", buttons=tuple(buttons))


def which_theme() -> Reply:
    """Let somebody choose a theme."""
    buttons = tuple(Button(theme.name, about_messages("thema", thema=theme.id)) for theme in themes().values())
    return Reply(text("hoogte_thema"), kind="keuze", buttons=buttons)


def which_area(places: list[str], *, again: bool = False) -> Reply:
    """Ask for an area by its name; few enough are buttons."""
    buttons = tuple(Button(place, about_messages("gebied", gebied=place)) for place in places[:12] if len(places) <= 12)
    stop = Button(text("knop_overslaan"), about_messages("laat_zo"))
    told = text("gebied_onbekend" if again else "hoogte_gebied")
    return Reply(told, kind="vraag", buttons=(*buttons, stop), expects={"woorden": about_messages("gebied_getypt")})


def ended(*, there_were: bool) -> Reply:
    """Say that no message will come any more."""
    if not there_were:
        return Reply(text("afgemeld_niets"))
    again = Button(text("knop_toch_wel"), about_messages("hoogte", antwoord=True))
    return Reply(text("afgemeld"), kind="bevestiging", buttons=(again,))


def about_messages(step: str, **more: Any) -> dict[str, Any]:
    """What a button about messages stands for."""
    return {"poort": GATE, "stap": f"berichten_{step}", **more}


def _count(walk: Walk) -> int:
    steps = walk.steps()
    return steps[-1].total if steps else 0
