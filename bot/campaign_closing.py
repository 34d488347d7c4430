"""The end of a campaign in the chat: thanks, and the few questions that are asked once and can all be passed over."""

from bot import campaign_messages
from bot.campaign_at import At
from bot.campaign_words import CLOSING
from participation import dates
from participation.campaigns import asking
from participation.campaigns.asking import meaning
from participation.campaigns.texts import text, texts
from participation.models.taking_part import AGE_BANDS
from participation.own_areas import area_in
from participation.reply import Button, Reply
from participation.services import municipalities, municipality_settings
from participation.services.placing import known_places

MOST_BUTTONS = 12
"""Areas that are buttons; of more of them the name is typed."""


def done(at: At, told: str) -> Reply:
    """Say that this was all, with the way to change it."""
    if at.campaign.closes_at is not None:
        last = dates.dutch_date(at.campaign.closes_at.astimezone(dates.AMSTERDAM).date())
        until = text("klaar_tot", datum=last)
        told = until if told == text("klaar") else f"{told} {until}"
    change = Button(text("knop_veranderen"), meaning(at.campaign.id, "veranderen"))
    return Reply(told, kind="bevestiging", buttons=(change,), expects=asking.expects(at.campaign.id, "klaar"))


async def questions(at: At, *, after: str | None) -> list[Reply]:
    """The first of the last questions that is still needed; none when none is."""
    behind = CLOSING[CLOSING.index(after) + 1 :] if after else CLOSING
    person = at.participant
    for name in behind:
        if name == "leeftijd" and at.campaign.asks_age and person.age_band is None:
            return [_age(at)]
        if name == "gebied" and at.campaign.asks_area and person.area is None and (places := await _places(at)):
            return [_area(at, places)]
        if name == "uitkomst" and person.wants_outcome is None:
            return [asking.yes_or_no(at.campaign, "uitkomst", "uitkomst")]
        if name == "berichten" and (asked := await campaign_messages.question(at.session, person, at.campaign)):
            return [asked]
    return []


def _age(at: At) -> Reply:
    campaign_id = at.campaign.id
    titles = texts()["leeftijden"]
    buttons = [Button(titles[band], meaning(campaign_id, "leeftijd", leeftijd=band)) for band in AGE_BANDS]
    skip = Button(text("knop_overslaan"), meaning(campaign_id, "slot", na="leeftijd"))
    open_for = asking.expects(campaign_id, "leeftijd")
    return Reply(text("leeftijd"), kind="keuze", buttons=(*buttons, skip), expects=open_for)


def _area(at: At, places: list[str], *, again: bool = False) -> Reply:
    campaign_id = at.campaign.id
    shown = places if len(places) <= MOST_BUTTONS else []
    buttons = [Button(place, meaning(campaign_id, "gebied", gebied=place)) for place in shown]
    skip = Button(text("knop_overslaan"), meaning(campaign_id, "slot", na="gebied"))
    words = meaning(campaign_id, "gebied_getypt")
    open_for = asking.expects(campaign_id, "gebied", woorden=words)
    return Reply(
        text("gebied_onbekend" if again else "gebied"), kind="vraag", buttons=(*buttons, skip), expects=open_for
    )


async def _places(at: At) -> list[str]:
    code = at.participant.municipality_code
    choices = await municipality_settings.of(at.session, code)
    return known_places(municipality_code=code, municipality=municipalities.names()[code], areas=choices.areas)


async def age_given(at: At) -> list[Reply]:
    if at.meaning["leeftijd"] in AGE_BANDS:
        at.participant.age_band = at.meaning["leeftijd"]
        await at.session.flush()
    return await _closed_off(at, "leeftijd")


async def area_given(at: At) -> list[Reply]:
    at.participant.area = at.meaning["gebied"]
    await at.session.flush()
    return await _closed_off(at, "gebied")


async def area_typed(at: At) -> list[Reply]:
    places = await _places(at)
    areas = (await municipality_settings.of(at.session, at.participant.municipality_code)).areas
    found = area_in(at.text, areas or dict.fromkeys(places, ()))
    if found is None:
        return [_area(at, places, again=True)]
    at.participant.area = found
    await at.session.flush()
    return await _closed_off(at, "gebied")


async def outcome_wanted(at: At) -> list[Reply]:
    return await _outcome(at, wanted=bool(at.meaning["antwoord"]))


async def closing_skipped(at: At) -> list[Reply]:
    if at.meaning["na"] == "uitkomst":
        return await _outcome(at, wanted=False)
    return await _closed_off(at, at.meaning["na"])


async def _outcome(at: At, *, wanted: bool) -> list[Reply]:
    at.participant.wants_outcome = wanted
    await at.session.flush()
    told = [Reply(text("uitkomst_ja"))] if wanted else []
    return [*told, *await questions(at, after="uitkomst")] or [done(at, text("klaar"))]


async def _closed_off(at: At, name: str) -> list[Reply]:
    closing = await questions(at, after=name if name in CLOSING else CLOSING[-1])
    return closing or [done(at, text("klaar"))]
