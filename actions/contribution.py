"""The contribution form: free text first, then only what is missing, then read back and confirm."""

import re
import uuid
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import kind_and_theme
from actions.first_help import help_first, refer_first
from actions.guarded import GuardedAction
from actions.interruption import ANNOUNCEMENT_WORDS, ANSWERED, agrees, denies, interrupts, vents
from actions.referral import REFERRED
from actions.turn import ActionTurn, Event, slot_set
from actions.unfinished import Unfinished, kept
from participation import content
from participation.language import agreement
from participation.language.places import alleen_plaats, vind_gemeente
from participation.language.reference_words import only_names
from participation.reply import Reply
from participation.services import municipalities
from participation.shortening import SHOWN_CHARACTERS, shortened

MAX_CHARACTERS = 10_000
CORRECTION_WORDS = 20
"""Of at most so many words, "nee, het is in Wageningen" puts the place right and is no part of the story."""

SENTENCE_WORDS = 4
"""Of a correction, a shorter sentence ("dank u wel") tells nothing that has to be kept."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

WORDS = "woorden"
"""Marks a choice whose meaning was given by what somebody typed."""


class ValidateInbrengForm(GuardedAction):
    """Read one message inside the form. Filling no slot at all hands the turn to the interruption rules."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_inbreng_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Called by rasa-sdk. What is no answer and has no rule, or fails, has the form ask again.

        Rasa would otherwise offer topics ten times over, and then be silent for as long as it remembers the form.
        """
        events = await super().run(dispatcher, tracker, domain)
        requested, intent = tracker.get_slot("requested_slot"), (tracker.latest_message or {}).get("intent") or {}
        if events or requested is None or intent.get("name") in ANSWERED:
            return events
        return [slot_set(requested, None)]

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Fill the slots that this message answers."""
        requested = turn.slots.get("requested_slot")
        if turn.slots.get("inbreng_concept") is None:
            return await self._begin(turn)
        if turn.choice is not None:
            return self._pressed(turn)
        await help_first(turn)
        if requested == "inbreng_tekst":
            return await self._text(turn)
        if requested == "inbreng_gemeente":
            return self._municipality(turn)
        if requested == "inbreng_akkoord":
            return self._agreement(turn)
        return []

    async def _begin(self, turn: ActionTurn) -> list[Event]:
        choice, before = turn.choice or {}, kept(turn)
        given = choice.get("tekst") or (turn.text if turn.choice is None or WORDS in choice else "")
        answered = WORDS in choice and not agreement.tells_nothing(turn.text)
        told = bool(choice.get("tekst")) or answered or len(given.split()) >= ANNOUNCEMENT_WORDS
        if before and before.text:
            if choice.get("concept") == before.concept or not told or _same(given, before.text):
                return self._resumed(turn, before)
            # What waited is not thrown away: it comes after this one (see `running`).
            turn.say(Reply(content.text("inbreng_vorige_wacht", tekst=shortened(before.text, SHOWN_CHARACTERS))))
        if told and not choice.get(REFERRED):
            await refer_first(turn, given)
        return [
            slot_set("inbreng_concept", str(uuid.uuid4())),
            slot_set("inbreng_tekst", _taken_down(turn, given) if told else None),
            *self._known_municipality(turn, given),
        ]

    def _resumed(self, turn: ActionTurn, before: Unfinished) -> list[Event]:
        """Take up what Rasa has forgotten. A button of then does what it did then, but a yes is asked for again."""
        choice = turn.choice or {}
        pressed, text = choice.get("inbreng"), before.text
        if pressed not in ("tekst", "gemeente"):
            turn.say(Reply(content.text("inbreng_verder")))
        if pressed == "splitsen" and _parts_of(choice, text):
            text = choice["tekst"]
        return [
            slot_set("inbreng_concept", before.concept),
            slot_set("inbreng_tekst", None if pressed == "tekst" else text),
            slot_set("inbreng_gemeente", None if pressed == "gemeente" else before.municipality),
        ]

    def _known_municipality(self, turn: ActionTurn, given: str) -> list[Event]:
        if turn.municipality_code:
            return [slot_set("inbreng_gemeente", turn.municipality_code)]
        found = {match.gm_code for match in vind_gemeente(given)}
        return [slot_set("inbreng_gemeente", found.pop())] if len(found) == 1 else []

    async def _text(self, turn: ActionTurn) -> list[Event]:
        if interrupts(turn) or agreement.tells_nothing(turn.text):
            return []
        if vents(turn):
            return [slot_set("inbreng_tekst", None)]
        await refer_first(turn, turn.text)
        return self._told(turn, turn.text)

    def _told(self, turn: ActionTurn, words: str) -> list[Event]:
        """The story, or more of it; it may also tell which municipality it is about."""
        told = turn.slots.get("inbreng_tekst")
        events = self._added(turn, words) if told else [slot_set("inbreng_tekst", _taken_down(turn, words))]
        if turn.slots.get("inbreng_gemeente") is None:
            events += self._known_municipality(turn, words)
        return events

    def _municipality(self, turn: ActionTurn) -> list[Event]:
        if agreement.goes_back(turn.text):
            return [slot_set("inbreng_tekst", None)]
        if only_names(turn.text):
            return []
        codes = [match.gm_code for match in vind_gemeente(turn.text, gevraagd=True)]
        if not codes and interrupts(turn):
            return []
        return [slot_set("inbreng_gemeente", codes[0] if len(codes) == 1 else None)]

    def _agreement(self, turn: ActionTurn) -> list[Event]:
        if agrees(turn):  # perhaps to something else that was said since: then it is read back once more
            return [slot_set("inbreng_akkoord", True if turn.asked else None)]
        moved, words = self._moved(turn), len(turn.text.split())
        if moved and turn.intent == "ontkennen":
            return self._with_more(turn, moved)
        if denies(turn):
            return [slot_set("inbreng_akkoord", None)]
        if interrupts(turn):
            return []
        if moved and (turn.intent == "gemeente_kiezen" or words <= ANNOUNCEMENT_WORDS or _puts_right(turn.text)):
            return self._with_more(turn, moved)
        if alleen_plaats(turn.text) or agreement.tells_nothing(turn.text):
            return [slot_set("inbreng_akkoord", None)]  # a place within the municipality is kept when it is read back
        return self._added(turn, turn.text)

    def _added(self, turn: ActionTurn, more: str) -> list[Event]:
        """More of the story: keep it all and read back once more. After a fault the same words may come twice."""
        told, more = turn.slots["inbreng_tekst"], more.strip()
        return [slot_set("inbreng_tekst", told if told.endswith(more) else _taken_down(turn, f"{told}\n\n{more}"))]

    def _with_more(self, turn: ActionTurn, moved: list[Event]) -> list[Event]:
        """Put the place right, and keep what was told beside it."""
        more = _beside_place(turn.text, moved[0]["value"])
        return [*moved, *self._added(turn, more)] if more else moved

    def _moved(self, turn: ActionTurn) -> list[Event]:
        codes = {match.gm_code for match in vind_gemeente(turn.text)}
        if len(codes) == 1 and codes != {turn.slots.get("inbreng_gemeente")}:
            return [slot_set("inbreng_gemeente", codes.pop())]
        return []

    def _pressed(self, turn: ActionTurn) -> list[Event]:
        pressed = turn.choice or {}
        # A button of an earlier contribution in this chat must not confirm the present one.
        if pressed.get("concept") not in (None, turn.slots["inbreng_concept"]):
            return [slot_set("inbreng_akkoord", None)]
        if pressed.get("inbreng") == "ja":
            ready = turn.slots.get("inbreng_tekst") and turn.slots.get("inbreng_gemeente")
            return [slot_set("inbreng_akkoord", True if ready else None)]
        if pressed.get("inbreng") == "tekst":
            return [slot_set("inbreng_tekst", None)]
        if pressed.get("inbreng") == "gemeente":
            return [slot_set("inbreng_gemeente", None)]
        if pressed.get("inbreng") == "splitsen":
            if not _parts_of(pressed, turn.slots.get("inbreng_tekst")):  # more was told since
                return [slot_set("inbreng_akkoord", None)]
            return [slot_set("inbreng_tekst", pressed["tekst"])]
        if pressed.get("inbreng") == "plek_gegeven":
            return self._elsewhere(turn) or [slot_set("inbreng_akkoord", None)]
        if pressed.get("inbreng") in ("plek", "hervat", kind_and_theme.BOTH, kind_and_theme.KIND, kind_and_theme.THEME):
            return [slot_set("inbreng_akkoord", None)]
        if pressed.get("gemeente") in municipalities.names():
            return [slot_set("inbreng_gemeente", pressed["gemeente"])]
        return self._told(turn, pressed["tekst"]) if pressed.get("tekst") else []

    def _elsewhere(self, turn: ActionTurn) -> list[Event]:
        """The place that was asked for may be another municipality."""
        return self._moved(turn) if alleen_plaats(turn.text) else []


def _puts_right(text: str) -> bool:
    words = text.split()
    return bool(words) and words[0].strip(",.!").lower() in ("nee", "neen") and len(words) <= CORRECTION_WORDS


def _beside_place(text: str, code: str) -> str:
    """The sentences of a correction that neither are a plain no nor name the place."""
    sentences = _SENTENCE_END.split(text.strip())
    if len(sentences) == 1:
        return ""
    return " ".join(
        one
        for one in sentences
        if len(one.split()) >= SENTENCE_WORDS and code not in {match.gm_code for match in vind_gemeente(one)}
    )


def _same(text: str, other: str | None) -> bool:
    """Whether these are the same words, however they are laid out."""
    return "".join(text.split()) == "".join((other or "").split())


def _parts_of(pressed: dict[str, Any], told: str | None) -> bool:
    """Whether the two halves of a button still are all that was told."""
    return _same(pressed["tekst"] + pressed["rest"], told)


def _taken_down(turn: ActionTurn, text: str) -> str:
    """Return what is kept of the words, and say so when that is not all of them."""
    whole = text.strip()
    if len(whole) > MAX_CHARACTERS:
        turn.say(Reply(content.text("inbreng_te_lang", aantal=f"{MAX_CHARACTERS:,}".replace(",", "."))))
    return whole[:MAX_CHARACTERS].strip()
