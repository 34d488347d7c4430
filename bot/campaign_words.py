"""What residents type while they take part in a campaign, and to begin or go on with one."""

import re
import uuid
from typing import Any

from bot import campaign_messages
from bot import expected as expectation
from participation.campaigns import offering
from participation.campaigns.asking import GATE, meaning
from participation.campaigns.trials import MARK
from participation.language.agreement import agrees, denies, goes_back, plain, refuses, skips
from participation.models.taking_part import AGREE, DISAGREE, PASS

CLOSING = ("leeftijd", "gebied", "uitkomst", "berichten")
"""What is asked once, after everything else, in this order; each only when it is needed and not known."""

_INTENTS: dict[Any, dict[str, str]] = {
    "campagne_meedoen": {"stap": "meedoen"},
    "op_de_hoogte_blijven": {"stap": "berichten_aanbod"},
    "afmelden": {"stap": "berichten_afmelden"},
}
"""The buttons with which the bot asks what somebody means."""

_STOP = frozenset({"stop", "stoppen", "stop maar", "ik stop", "ik wil stoppen", "nu stoppen", "later", "later verder"})
_ON = frozenset({"verder", "ga verder", "doorgaan", "ga door", "verder gaan", "ik wil verder"})
_VOTES = {
    AGREE: frozenset({"eens", "mee eens", "ja", "ja eens", "helemaal eens", "helemaal mee eens", "ik ben het eens"}),
    DISAGREE: frozenset({"oneens", "mee oneens", "niet eens", "niet mee eens", "nee", "nee oneens", "helemaal oneens"}),
    PASS: frozenset({"weet ik niet", "ik weet het niet", "weet niet", "geen idee", "geen mening", "neutraal"}),
}
_CAMPAIGN = r"(?:de |deze |een |mijn |die )?(?:peiling|enquete|enquête|stellingen)"
_RESUME = re.compile(
    rf"(?:ik wil )?(?:graag )?(?:ga |terug |door |weer )?(?:verder|door|doorgaan|terug) (?:met|naar) {_CAMPAIGN}"
)
_JOIN = re.compile(rf"(?:ik wil )?(?:graag )?(?:meedoen (?:aan|met) {_CAMPAIGN}|peiling|peilingen|de peiling)")
_CHANGE = re.compile(r"(?:ik wil )?(?:mijn )?antwoord(?:en)? (?:veranderen|wijzigen|aanpassen)")
_HOW_MANY = re.compile(
    r"hoeveel (?:mensen|inwoners|anderen) (?:doen|deden|hebben) (?:er )?(?:al )?(?:mee|meegedaan)\b.*"
)


def meant(said: str, expected: dict[str, Any]) -> dict[str, Any] | None:
    """Return what typed words mean to a campaign; none when they are about something else."""
    return _where_they_are(_meant(said, expected), expected)


def _where_they_are(found: dict[str, Any] | None, expected: dict[str, Any]) -> dict[str, Any] | None:
    """In the middle of a trial words are about that trial. Not what is about all campaigns, nor about messages."""
    at = expected.get(GATE) or {}
    if found is None or MARK not in at or found["stap"] == "meedoen" or found["stap"].startswith("berichten_"):
        return found
    return {**found, "peiling": at["id"], MARK: at[MARK]}


def _meant(said: str, expected: dict[str, Any]) -> dict[str, Any] | None:
    words, at = plain(said), expected.get(GATE) or {}
    if at:
        campaign_id, key = uuid.UUID(at["id"]), str(at.get("bij") or "")
        if words in _STOP:
            return meaning(campaign_id, "stoppen")
        if goes_back(said):
            return meaning(campaign_id, "terug", bij=key)
        if words in _ON:
            return meaning(campaign_id, "verder")
        if _HOW_MANY.fullmatch(words):
            return meaning(campaign_id, "hoeveel")
        if at.get("herinnerd") and "ja" in expected:  # asked whether to go on: not yet about the statement itself
            if agrees(said):
                return dict(expected["ja"])
            if denies(said):
                return meaning(campaign_id, "niet_nu")
        if found := _at_step(said, words, campaign_id, key):
            return found
    if _RESUME.fullmatch(words):
        return {"poort": GATE, "stap": "verder"}
    if _CHANGE.fullmatch(words):
        return {"poort": GATE, "stap": "veranderen"}
    if _JOIN.fullmatch(words):
        return {"poort": GATE, "stap": "meedoen"}
    if campaign_messages.ends(words):
        return offering.about_messages("afmelden")
    found = expectation.meaning_of(said, expected)
    return found if found and found.get("poort") == GATE else None


def _at_step(said: str, words: str, campaign_id: uuid.UUID, key: str) -> dict[str, Any] | None:
    """What an answer means to the question that stands open."""
    what, _, part = key.partition("-")
    if _is_id(key):
        if skips(said):
            return meaning(campaign_id, "stelling_over", stelling=key)
        voted = next((value for value, wordings in _VOTES.items() if words in wordings), None)
        return None if voted is None else meaning(campaign_id, "stem", waarde=voted, stelling=key)
    if not skips(said) and not (what in ("deel", "waarom") and refuses(said)):
        return None
    if what == "deel":
        return meaning(campaign_id, "overslaan", deel=part)
    if what == "eigen":
        return meaning(campaign_id, "geen_eigen", deel=part)
    return meaning(campaign_id, "slot", na=key) if key in CLOSING else meaning(campaign_id, "verder")


def _is_id(key: str) -> bool:
    try:
        return str(uuid.UUID(key)) == key
    except ValueError:
        return False


def of_command(body: dict[str, Any], chosen: dict[str, Any] | None, expected: dict[str, Any]) -> dict[str, Any] | None:
    """What a choice from the menu or a general button means here, such as stopping in the middle of a campaign."""
    intent = (chosen or {}).get("intent")
    if intent == "stoppen" and "opdracht" in body and expected.get(GATE):
        return _where_they_are(meaning(uuid.UUID(expected[GATE]["id"]), "stoppen"), expected)
    return {"poort": GATE, **_INTENTS[intent]} if intent in _INTENTS else None
