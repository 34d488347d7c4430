"""One press on a button of a campaign, or one answer to it: what is kept, and what is asked next."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from bot import campaign_closing
from bot.campaign_at import At
from participation.campaigns import asking, own_statements, parts, taking_part
from participation.campaigns.asking import GATE, meaning
from participation.campaigns.own_statements import StatementsEnough, StatementTooLong
from participation.campaigns.texts import text
from participation.campaigns.walk import ASKED_OWN, Step
from participation.models import CampaignPart
from participation.reply import Button, Reply


async def _go_on(at: At) -> list[Reply]:
    """Ask what comes next, or close."""
    walk = await at.walk()
    if step := walk.next():
        return [asking.ask(walk, step)]
    is_first = await taking_part.finish(at.session, participant=at.participant, now=at.now)
    if not is_first and at.participant.wants_outcome is not None:
        return [campaign_closing.done(at, text("klaar"))]
    closing = await campaign_closing.questions(at, after=None)
    if not is_first:  # something came in between
        return closing
    thanks = text("dank", dank=at.campaign.thanks).strip()
    return [campaign_closing.done(at, thanks), *closing]


async def _vote(at: At) -> list[Reply]:
    statement_id, value = uuid.UUID(at.meaning["stelling"]), int(at.meaning["waarde"])
    await taking_part.vote(
        at.session, participant_id=at.participant.id, statement_id=statement_id, value=value, now=at.now
    )
    return await _behind(at, str(statement_id)) if at.meaning.get("opnieuw") else await _go_on(at)


async def _pass_statement(at: At) -> list[Reply]:
    """Pass over a statement; a vote that was given stays."""
    key = at.meaning["stelling"]
    if uuid.UUID(key) in (await at.walk()).votes:
        return await _behind(at, key)
    await taking_part.vote(
        at.session, participant_id=at.participant.id, statement_id=uuid.UUID(key), value=None, now=at.now
    )
    return await _go_on(at)


async def _behind(at: At, key: str) -> list[Reply]:
    """Ask the statement behind this one, also when they voted on it before."""
    walk = await at.walk()
    step = walk.find(key)
    behind = walk.after(step) if step else None
    return [asking.ask(walk, behind, again=True)] if behind else await _go_on(at)


async def _choose(at: At) -> list[Reply]:
    """A tap on an option: kept when it is the last one, otherwise the others are offered."""
    part, chosen = await at.part(), list(dict.fromkeys(at.meaning["gekozen"]))
    most = min(asking.most_of(part), len(part.options))
    if len(chosen) < most and not at.meaning.get("klaar"):
        walk = await at.walk()
        step = walk.find(f"deel-{part.id}")
        return [asking.ask(walk, step, chosen=chosen)] if step else await _go_on(at)
    if part.kind == "plaats":
        [name] = asking.titles(part, chosen[:1])
        value: dict[str, Any] = {"options": chosen[:1], "place": name}
    else:
        value = {"options": chosen[:most]}
    await taking_part.answer(at.session, participant=at.participant, part=part, value=value, now=at.now)
    if part.kind in ("keuze", "dilemma") and part.rules.get("words"):
        return [asking.why(at.campaign, part)]
    return await _go_on(at)


async def _score(at: At) -> list[Reply]:
    part, score = await at.part(), int(at.meaning["cijfer"])
    await taking_part.answer(at.session, participant=at.participant, part=part, value={"score": score}, now=at.now)
    return await _go_on(at)


async def _words(at: At) -> list[Reply]:
    """Words in answer to an open question or for a place."""
    part = await at.part()
    if too_long := _too_long(at, part):
        return [too_long]
    first = await taking_part.may_quote(at.session, participant_id=at.participant.id) is None
    words = at.text.strip()
    await taking_part.answer_in_words(at.session, participant=at.participant, part=part, words=words, now=at.now)
    return await _after_words(at, first=first and part.kind != "plaats")


async def _why(at: At) -> list[Reply]:
    part = await at.part()
    if too_long := _too_long(at, part):
        return [too_long]
    first = await taking_part.may_quote(at.session, participant_id=at.participant.id) is None
    await taking_part.add_words(at.session, participant=at.participant, part=part, words=at.text.strip(), now=at.now)
    return await _after_words(at, first=first)


async def _after_words(at: At, *, first: bool) -> list[Reply]:
    return [asking.yes_or_no(at.campaign, "citeren", "citeren")] if first else await _go_on(at)


def _too_long(at: At, part: CampaignPart) -> Reply | None:
    most, typed = int(part.rules.get("most_characters") or parts.MOST_CHARACTERS), len(at.text.strip())
    if typed <= most:
        return None
    told = text("open_te_lang", aantal=str(most), getypt=str(typed))
    why = at.meaning["stap"] == "waarom"
    words = meaning(at.campaign.id, at.meaning["stap"], deel=str(part.id))
    on = meaning(at.campaign.id, "verder") if why else meaning(at.campaign.id, "overslaan", deel=str(part.id))
    key = f"{'waarom' if why else 'deel'}-{part.id}"
    open_for = asking.expects(at.campaign.id, key, woorden=words)
    return Reply(told, kind="vraag", buttons=(Button(text("knop_overslaan"), on),), expects=open_for)


async def _quote(at: At) -> list[Reply]:
    await taking_part.let_quote(at.session, participant_id=at.participant.id, agreed=bool(at.meaning["antwoord"]))
    return await _go_on(at)


async def _skip(at: At) -> list[Reply]:
    await taking_part.skip(at.session, participant=at.participant, part=await at.part(), now=at.now)
    return await _go_on(at)


async def _ask_own(at: At) -> list[Reply]:
    return [asking.own_statement(at.campaign, await at.part())]


async def _own(at: At) -> list[Reply]:
    part, words = await at.part(), at.text
    try:
        await own_statements.add(at.session, participant=at.participant, part=part, words=words, now=at.now)
    except StatementTooLong:
        told = text("eigen_te_lang", getypt=str(len(" ".join(words.split()))))
        return [asking.own_statement(at.campaign, part, told)]
    except StatementsEnough:
        told = text("eigen_genoeg", aantal=str(own_statements.MOST))
    else:
        told = text("eigen_dank")
    await _own_asked(at, part)
    return [Reply(told, kind="bevestiging"), *await _go_on(at)]


async def _no_own(at: At) -> list[Reply]:
    await _own_asked(at, await at.part())
    return await _go_on(at)


async def _own_asked(at: At, part: CampaignPart) -> None:
    walk = await at.walk()
    if not walk.is_skipped(part):
        await taking_part.answer(at.session, participant=at.participant, part=part, value=ASKED_OWN, now=at.now)


async def _stop(at: At) -> list[Reply]:
    buttons = (
        asking.resume_button(at.campaign.id),
        Button(text("knop_veranderen"), meaning(at.campaign.id, "veranderen")),
    )
    left = {GATE: {"id": str(at.campaign.id), "bij": None, "herinnerd": True}}
    return [Reply(text("gestopt"), kind="bevestiging", buttons=buttons, expects=left)]


async def _back(at: At) -> list[Reply]:
    walk = await at.walk()
    step: Step | None = walk.before(at.meaning.get("bij"))
    if step is None:
        return [Reply(text("begin")), *await _go_on(at)]
    return [asking.ask(walk, step, again=True)]


async def _change(at: At) -> list[Reply]:
    return [asking.overview(await at.walk())]


async def _again(at: At) -> list[Reply]:
    """Ask a part once more; statements from the first on."""
    walk, part = await at.walk(), await at.part()
    step = next((one for one in walk.steps() if one.part.id == part.id and one.what != "eigen"), None)
    return [asking.ask(walk, step, again=True)] if step else await _go_on(at)


STEPS: dict[str, Callable[[At], Awaitable[list[Reply]]]] = {
    "begin": _go_on,
    "verder": _go_on,
    "stem": _vote,
    "stelling_over": _pass_statement,
    "kies": _choose,
    "cijfer": _score,
    "woorden": _words,
    "waarom": _why,
    "citeren": _quote,
    "overslaan": _skip,
    "eigen_vraag": _ask_own,
    "eigen": _own,
    "geen_eigen": _no_own,
    "stoppen": _stop,
    "terug": _back,
    "veranderen": _change,
    "opnieuw": _again,
    "leeftijd": campaign_closing.age_given,
    "gebied": campaign_closing.area_given,
    "gebied_getypt": campaign_closing.area_typed,
    "uitkomst": campaign_closing.outcome_wanted,
    "slot": campaign_closing.closing_skipped,
}
