"""Putting each thing that a campaign asks into a message, with what a press on its buttons means.

The gateway deals with these meanings (`GATE`): Rasa has no part in taking part.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from participation.campaigns.texts import text
from participation.campaigns.walk import Step, Walk
from participation.models import Campaign, CampaignPart, Statement
from participation.models.taking_part import AGREE, DISAGREE, PASS
from participation.reply import Button, Reply
from participation.shortening import shortened

GATE = "peiling"
"""What these meanings are marked with, and the key under which a message tells which campaign it is about."""

VALUES = {AGREE: "knop_eens", DISAGREE: "knop_oneens", PASS: "knop_weet_niet"}
LONGEST_TITLE = 60
"""Characters of a question on a button with which it is asked again."""


def meaning(campaign_id: uuid.UUID, step: str, **more: Any) -> dict[str, Any]:
    """What a button about a campaign stands for."""
    return {"poort": GATE, "stap": step, "peiling": str(campaign_id), **more}


def expects(campaign_id: uuid.UUID, key: str | None = None, **more: Any) -> dict[str, Any]:
    """What a message of a campaign waits for. `key` is that of the step, so that "terug" knows where this is."""
    return {GATE: {"id": str(campaign_id), "bij": key}, **more}


def ask(walk: Walk, step: Step, *, again: bool = False, chosen: Sequence[str] = ()) -> Reply:
    """Ask one thing.

    Args:
        again: it was answered before; say what, and go on behind it after statements.
        chosen: ids of options that were tapped already, in order.
    """
    if step.what == "eigen":
        return _own(walk, step)
    campaign_id, head = walk.campaign.id, text("stap", nummer=str(step.number), totaal=str(step.total))
    body = _statement(walk, step, step.statement) if step.statement else _question(step.part, chosen)
    before = given(walk, step) if again and not chosen else ""
    lines = [head, *body, *([text("eerder", antwoord=before)] if before else [])]
    buttons = [*_choices(walk, step, again, chosen), *_ways_out(walk, step)]
    open_for = expects(campaign_id, step.key)
    words = _typed(campaign_id, step.part)
    if words is not None and step.statement is None:
        open_for["woorden"] = words
    kind = "vraag" if words is not None else "keuze"
    return Reply("\n\n".join(lines), kind=kind, buttons=tuple(buttons), expects=open_for)


def why(campaign: Campaign, part: CampaignPart) -> Reply:
    """Offer to give words to a choice."""
    words = meaning(campaign.id, "waarom", deel=str(part.id))
    on = Button(text("knop_overslaan"), meaning(campaign.id, "verder"))
    key = f"waarom-{part.id}"
    return Reply(text("waarom"), kind="vraag", buttons=(on,), expects=expects(campaign.id, key, woorden=words))


def own_statement(campaign: Campaign, part: CampaignPart, notice: str | None = None) -> Reply:
    """Ask for a statement of their own, and say what happens with it."""
    words = meaning(campaign.id, "eigen", deel=str(part.id))
    no = Button(text("knop_eigen_nee"), meaning(campaign.id, "geen_eigen", deel=str(part.id)))
    told = notice or text("eigen_typ")
    return Reply(told, kind="vraag", buttons=(no,), expects=expects(campaign.id, f"eigen-{part.id}", woorden=words))


def yes_or_no(campaign: Campaign, name: str, step: str) -> Reply:
    """Ask something that is answered by yes or no."""
    yes, no = (meaning(campaign.id, step, antwoord=answer) for answer in (True, False))
    buttons = (Button(text(f"knop_{name}_ja"), yes), Button(text(f"knop_{name}_nee"), no))
    return Reply(text(name), kind="vraag", buttons=buttons, expects=expects(campaign.id, step, ja=yes, nee=no))


def overview(walk: Walk) -> Reply:
    """Let somebody choose which answer to change."""
    buttons = []
    for part in walk.asked():
        if part.kind == "stellingen":
            gave = any(statement.id in walk.votes for statement in walk.shown(part))
            title = text("knop_stellingen")
        else:
            gave, title = part.id in walk.answers, shortened(part.text, LONGEST_TITLE)
        if gave or walk.is_skipped(part):
            buttons.append(Button(title, meaning(walk.campaign.id, "opnieuw", deel=str(part.id))))
    if not buttons:
        return Reply(text("veranderen_niets"), buttons=(resume_button(walk.campaign.id),))
    buttons.append(Button(text("knop_stoppen"), meaning(walk.campaign.id, "stoppen")))
    return Reply(
        text("veranderen"), kind="keuze", buttons=tuple(buttons), expects=expects(walk.campaign.id, "overzicht")
    )


def resume_button(campaign_id: uuid.UUID) -> Button:
    """Go on where one was."""
    return Button(text("knop_verder"), meaning(campaign_id, "verder"))


def reminding(campaign: Campaign, step: Step | None, at: dict[str, Any]) -> Reply:
    """Say that somebody was taking part, and offer to go on; `at` is where they were, and is not said twice."""
    slots = {"nummer": str(step.number), "totaal": str(step.total)} if step else {}
    told = text("herinnering" if step else "herinnering_klaar", titel=campaign.title, **slots)
    on = resume_button(campaign.id)
    left = {GATE: {**at, "herinnerd": True}, "ja": on.meaning}
    return Reply(told, kind="keuze", buttons=(on,), expects=left)


def given(walk: Walk, step: Step) -> str:
    """What was answered before, in words; empty when nothing was."""
    if step.statement is not None:
        vote = walk.votes.get(step.statement.id)
        return text(VALUES[vote.value]).lower() if vote and vote.value is not None else ""
    answer = walk.answers.get(step.part.id)
    if answer is None:
        return ""
    if "score" in answer.value:
        return str(answer.value["score"])
    if "place" in answer.value:
        return str(answer.words or answer.value["place"])
    names = titles(step.part, answer.value.get("options", ()))
    return ", ".join(names) or (shortened(answer.words, 120) if answer.words else "")


def titles(part: CampaignPart, chosen: Sequence[str]) -> list[str]:
    """The words of options, in the order in which they were chosen."""
    words = {option["id"]: option["text"] for option in part.options}
    return [words[one] for one in chosen if one in words]


def _statement(walk: Walk, step: Step, statement: Statement) -> list[str]:
    shown = walk.shown(step.part)
    first = bool(shown) and shown[0].id == statement.id
    told = text("stelling", tekst=statement.masked_text or statement.text)
    return [*([step.part.text] if first else []), told]


def _question(part: CampaignPart, chosen: Sequence[str]) -> list[str]:
    lines, rules = [part.text], part.rules
    if part.kind == "keuze" and rules.get("most", 1) > 1:
        lines.append(text("keuze_meer", aantal=str(rules["most"])))
    elif part.kind == "rangorde":
        lines.append(text("rangorde"))
    elif part.kind == "schaal":
        ends = {"laag": rules["lowest"], "hoog": rules["highest"]}
        words = {"laag_tekst": rules["low_text"], "hoog_tekst": rules["high_text"]}
        lines.append(text("schaal", **{end: str(number) for end, number in ends.items()}, **words))
    elif part.kind == "dilemma":
        lines.append(text("dilemma"))
    elif part.kind == "open":
        lines.append(text("open"))
    elif part.kind == "plaats" and rules.get("words"):
        lines.append(text("plaats_typ"))
    if chosen:
        lines.append(text("gekozen", lijst=", ".join(titles(part, chosen))))
    return lines


def _choices(walk: Walk, step: Step, again: bool, chosen: Sequence[str]) -> list[Button]:
    campaign_id, part = walk.campaign.id, step.part
    if step.statement is not None:
        about = {"stelling": str(step.statement.id), **({"opnieuw": True} if again else {})}
        return [Button(text(title), meaning(campaign_id, "stem", waarde=one, **about)) for one, title in VALUES.items()]
    about = {"deel": str(part.id)}
    if part.kind == "schaal":
        numbers = range(part.rules["lowest"], part.rules["highest"] + 1)
        return [Button(str(number), meaning(campaign_id, "cijfer", cijfer=number, **about)) for number in numbers]
    if part.kind in ("open",):
        return []
    most = most_of(part)
    left = [option for option in part.options if option["id"] not in chosen]
    buttons = [
        Button(option["text"], meaning(campaign_id, "kies", gekozen=[*chosen, option["id"]], **about))
        for option in left
    ]
    if chosen and len(chosen) < most:
        buttons.append(Button(text("knop_klaar"), meaning(campaign_id, "kies", gekozen=[*chosen], klaar=True, **about)))
        buttons.append(Button(text("knop_opnieuw_kiezen"), meaning(campaign_id, "opnieuw", **about)))
    return buttons


def most_of(part: CampaignPart) -> int:
    """How many options may be chosen."""
    if part.kind == "rangorde":
        return int(part.rules.get("most") or len(part.options))
    return int(part.rules.get("most") or 1) if part.kind == "keuze" else 1


def _typed(campaign_id: uuid.UUID, part: CampaignPart) -> dict[str, Any] | None:
    """What words mean that are typed in answer; none where they are no answer."""
    if part.kind == "open" or (part.kind == "plaats" and part.rules.get("words")):
        return meaning(campaign_id, "woorden", deel=str(part.id))
    return None


def _ways_out(walk: Walk, step: Step) -> list[Button]:
    """Pass over or leave what was answered before, go back behind the first, and stop."""
    campaign_id = walk.campaign.id
    before = given(walk, step)
    if step.statement is not None:
        on = meaning(campaign_id, "stelling_over", stelling=str(step.statement.id))
    elif before:
        on = meaning(campaign_id, "verder")
    else:
        on = meaning(campaign_id, "overslaan", deel=str(step.part.id))
    buttons = [Button(text("knop_laat_zo" if before else "knop_overslaan"), on)]
    if walk.before(step.key):
        buttons.append(Button(text("knop_terug"), meaning(campaign_id, "terug", bij=step.key)))
    return [*buttons, Button(text("knop_stoppen"), meaning(campaign_id, "stoppen"))]


def _own(walk: Walk, step: Step) -> Reply:
    about = {"deel": str(step.part.id)}
    yes, no = meaning(walk.campaign.id, "eigen_vraag", **about), meaning(walk.campaign.id, "geen_eigen", **about)
    buttons = (Button(text("knop_eigen_ja"), yes), Button(text("knop_eigen_nee"), no))
    return Reply(
        text("eigen_vraag"),
        kind="keuze",
        buttons=buttons,
        expects=expects(walk.campaign.id, step.key, ja=yes, nee=no),
    )
