"""What the bot's last message was waiting for, and whether what a resident typed is that.

A message that asks for a yes, or for words, carries what the answer will mean. So the answer needs no understanding,
and Rasa no form; a resident can not type a meaning, only agree with the one that was offered.
"""

from typing import Any

from bot import unfinished
from participation import content
from participation.language import agreement
from participation.language.asking import asks
from participation.language.own_details import contact_of
from participation.models.consent import CONTACT
from participation.reply import LEAVE, Reply

YES, NO, WORDS = "ja", "nee", "woorden"
"""Keys in what a reply expects: what a typed yes or no means, and what any other words mean."""

QUESTIONS_TOO = "ook_vragen"
"""Key in what words mean: a question is the words as well, and no question in between."""

YES_TOO: dict[str, frozenset[str]] = {
    "wissen": frozenset({"wis alles", "wis maar", "wis maar alles", "verwijder alles", "verwijder maar alles"}),
    "inbreng_intrekken": frozenset({"trek in", "trek maar in", "trek dit in", "trek dit maar in"}),
    "inbreng_aanvullen": frozenset(
        {
            *("voeg toe", "voeg maar toe", "voeg dit toe", "voeg dit maar toe"),
            *("wijzig", "wijzig maar", "wijzig dit", "wijzig dit maar", "pas aan", "pas maar aan", "pas dit maar aan"),
        }
    ),
    "toestemming": frozenset({"trek in", "trek maar in", "trek mijn toestemming in"}),
}
"""What else is a yes to one question and would be something else after another, by gate or intent of that yes."""

STORY = "inbreng_doen"
"""The intent for which words are the story of a contribution, or a piece of it: "dank u" is no such thing."""

CAMPAIGN = "peiling"
"""The gate whose own reminder comes in place of ours (`bot.campaigns`)."""


def meaning_of(text: str, expected: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a typed text means as an answer to what was asked; none when it is something else."""
    if YES in expected and _agrees(text, expected[YES]):
        return dict(expected[YES])
    if NO in expected and (agreement.refuses(text) or agreement.skips(text) or agreement.goes_back(text)):
        return dict(expected[NO])
    if WORDS in expected and not agreement.ends(text) and _answers(text, expected[WORDS]):
        if expected[WORDS].get("intent") == STORY and agreement.tells_nothing(text):
            return None
        return {**expected[WORDS], WORDS: True}
    return None


def _agrees(text: str, yes: dict[str, Any]) -> bool:
    more = YES_TOO.get(yes.get("poort") or yes.get("intent") or "", frozenset())
    said = agreement.plain(text)
    return agreement.agrees(text) or (said.removeprefix("ja ") in more and not asks(text))


def _answers(text: str, asked: dict[str, Any]) -> bool:
    """Whether these are the words that were asked for, and not a question in between."""
    return not asks(text) or QUESTIONS_TOO in asked or _gives_contact(text, asked)


def _gives_contact(text: str, asked: dict[str, Any]) -> bool:
    """ "Kunt u mij bellen op 06-12345678": asked for a number or address, this is one."""
    return asked.get("stap") == f"{CONTACT}_gegeven" and contact_of(text) is not None


def leaves(message: dict[str, Any], meaning: dict[str, Any] | None, expected: dict[str, Any]) -> bool:
    """Whether somebody leaves a question for words unanswered, by its button, by typing so or from the menu.

    Not the questions of the contribution form: leaving those leaves the contribution.
    """
    asked = (WORDS in expected or "overdragen" in expected) and unfinished.KEY not in expected
    said = meaning is None and agreement.ends(message["tekst"])
    in_menu = meaning == {"intent": "stoppen"} and "opdracht" in message
    return meaning == LEAVE or (asked and (said or in_menu))


def still_open(text: str, expected: dict[str, Any]) -> list[dict[str, Any]]:
    """After a question in between: say that the words that were asked for can still come."""
    if WORDS in expected and expected[WORDS].get("poort") != CAMPAIGN and asks(text):
        text = content.text(expected[WORDS].get("verder", "aanvullen_verder"))
        return [Reply(text, kind="vraag", expects=expected).to_json()]
    return []
