"""What a resident gets in answer to a turn: from the gateway itself where it can tell, and from Rasa for all else."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaigns, consent, farewell, helped, located, not_here, timing, unfinished, verdict, withdrawal
from bot import expected as expectation
from bot.handover import MEANING, Said, already_logged, hand_over, said_before
from bot.language import answer_in
from bot.metrics import Metrics
from bot.rasa import RasaClient, RasaUnavailable
from bot.replies import AGAIN, apology, which_municipality
from bot.turn import Turn
from bot.visits import Visits
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM
from participation.language import agreement
from participation.language.places import alleen_plaats, vind_gemeente
from participation.language.reference_words import only_names
from participation.models import Choice, Conversation, Message
from participation.reply import Button, Reply
from participation.services import answers
from participation.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Situation:
    """How a conversation stands when a turn in it is answered.

    Args:
        message: what the resident said or pressed, as it is kept.
        choice: the button that was pressed, or whose title was typed.
        expected: what the last message asked, as far as these words can answer it.
        open: what the last message asked, which stays open when something else is answered.
        offered: the buttons of that message, by id.
        draft: the contribution that the resident is busy with.
        crowded: there is no place to ask Rasa.
        again: it came in before, and the process that took it ended without an answer.
        until: nobody waits for an answer after that, on the monotonic clock.
    """

    conversation: Conversation
    message: Message
    choice: Choice | None
    expected: dict[str, Any]
    open: dict[str, Any]
    offered: frozenset[str]
    draft: dict[str, Any] | None
    crowded: bool
    again: bool
    until: float


class Answering:
    """Finds the answer to one turn. Storing it is the gateway's."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        rasa: RasaClient,
        visits: Visits,
        *,
        clock: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._settings = settings
        self._rasa = rasa
        self._visits = visits
        self._clock = clock
        self._metrics = metrics

    async def answer(self, turn: Turn, at: Situation) -> list[dict[str, Any]]:
        """Return the notices of the channel, and after them what the resident gets in answer."""
        area = None if turn.text else located.area_of(turn.areas, at.expected)
        notices = [notice.to_json() for notice in ((located.notice(area),) if area else turn.notices)]
        if turn.start:
            return [*notices, *await self._greeting(at.conversation)]
        if turn.choice is not None and at.choice is None:
            return [*notices, Reply(content.text("knop_verlopen"), kind="fout").to_json()]
        meaning = meaning_of(turn, at.choice) or at.message.body.get(MEANING)
        if notices and meaning is None and not at.message.body["tekst"]:
            asks = {} if at.conversation.municipality_code else notices[-1]["verwacht"]
            notices[-1]["verwacht"] = at.expected or asks  # what was asked before stays open
            return notices
        said = Said(at.message.id, at.message.body, meaning, at.expected)
        if meaning and meaning.get("poort") == AGAIN:
            said = await said_before(self._database, meaning["bericht"])
            # Words answer what was asked when they were said, as long as nothing came after the apology. Later they are
            # words and no more: an old yes is none to the question of now.
            still = at.choice is not None and at.choice.id in at.offered
            at = replace(at, expected=said.asked if still else {}, open=said.asked if still else at.open)
            if not still and (MEANING in said.body or (said.meaning is None and agreement.tells_nothing(said.text))):
                return [Reply(content.text("knop_verlopen"), kind="fout", expects=at.open).to_json()]
        replies = await self._replies(at, said)
        in_danger = any(reply["soort"] == "nood" for reply in replies)
        failed = area is not None and any(reply["soort"] == "fout" for reply in replies)
        return replies if in_danger or failed else [*notices, *replies]

    async def in_danger(
        self, session: AsyncSession, conversation: Conversation, topic: str, text: str
    ) -> dict[str, Any]:
        """Return who can help now, and the offer to tell the griffie."""
        reply = await answers.find(
            session,
            topic=topic,
            municipality_code=conversation.municipality_code,
            today=self._clock().astimezone(AMSTERDAM).date(),
        )
        offer = Button(content.text("knop_inbreng"), {"intent": "inbreng_doen", "tekst": text})
        return Reply(reply.text, kind="nood", buttons=(offer,), links=reply.links, more=reply.more).to_json()

    async def _greeting(self, conversation: Conversation) -> list[dict[str, Any]]:
        url = self._settings.public_url
        if elsewhere := await not_here.welcome(self._database, conversation, public_url=url):
            return [elsewhere]
        code = conversation.municipality_code
        asked = [] if code else [which_municipality().to_json()]
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            offered = await campaigns.offered(session, conversation, now=self._clock())
            return [await self._visits.welcome(session, code), *(offered or asked)]

    async def _replies(self, at: Situation, said: Said) -> list[dict[str, Any]]:
        """Look in a fixed order for who answers: what may never be missed first, Rasa last."""
        conversation, text, expected, now = at.conversation, said.text, at.expected, self._clock()
        meaning = said.meaning
        if meaning is None and not text:
            return [Reply(content.text("leeg")).to_json()]
        if meaning is None and (how := withdrawal.meant(text, expected, at.draft)):
            return [(await withdrawal.handle(self._database, conversation, how, now=now, expected=expected)).to_json()]
        meaning = campaigns.of_command(said.body, meaning, expected) or meaning
        if meaning is None:
            meaning = campaigns.meant(text, expected)
        if meaning and meaning.get("poort") == campaigns.GATE:
            return await campaigns.handle(self._database, conversation, meaning, text=text, now=now, expected=expected)
        if meaning is None:
            meaning = expectation.meaning_of(text, expected)
        if expectation.leaves(said.body, meaning, expected):
            left = [Reply(content.text("stoppen")).to_json()]
            return [*left, *unfinished.reminder(left, at.draft)]
        if elsewhere := await not_here.before(
            self._database, conversation, meaning, text, expected, at.draft, public_url=self._settings.public_url
        ):
            return [elsewhere]
        if meaning:
            if answered := await self._to_button(at, meaning, text):
                return answered
            if meaning.get("poort") == consent.GATE:
                meaning = None  # words that did not answer its question
        return await self._beyond(at, replace(said, meaning=meaning))

    async def _to_button(self, at: Situation, meaning: dict[str, Any], text: str) -> list[dict[str, Any]]:
        """What the gateway itself does for a button or for words that mean the same; nothing when Rasa has to."""
        conversation, expected, now = at.conversation, at.expected, self._clock()
        match meaning.get("poort"):
            case farewell.GATE:
                return [farewell.farewell()]
            case "griffie":
                return await self._hand_over(conversation, meaning["bericht"], chosen=meaning.get("gemeente"))
            case verdict.GATE:
                return [await verdict.given(self._database, conversation, meaning, now=now, expected=at.open)]
            case consent.GATE:
                return await consent.handle(
                    self._database, conversation, meaning, text=text, now=now, expected=expected
                )
        if over := await self._over(conversation, meaning, at.draft):
            return over
        if meaning.get("poort") == helped.GATE:
            return [await helped.given(self._database, conversation, meaning, now=now, expected=at.open)]
        return []

    async def _beyond(self, at: Situation, said: Said) -> list[dict[str, Any]]:
        """Ask Rasa, unless the words hand over an earlier message or are in a language that it does not know."""
        conversation, expected, text, meaning = at.conversation, at.expected, said.text, said.meaning
        if meaning is None and "overdragen" in expected:
            return await self._hand_over(conversation, expected["overdragen"], place=text)
        if meaning and meaning.get("intent") == "gemeente_kiezen" and "overdragen" in expected:
            return await self._hand_over(conversation, expected["overdragen"], chosen=meaning.get("gemeente"))
        if meaning is None and (
            alleen_plaats(text) or (expected.get("gemeente") and vind_gemeente(text, gevraagd=True))
        ):
            meaning = {"intent": "gemeente_kiezen", "getypt": True}
        elif meaning is None and only_names(text):
            meaning = {"intent": "inbreng_status", "getypt": True}
        elif meaning is None and at.draft is None and (foreign := answer_in(text)):
            return [foreign]
        said = replace(said, meaning=meaning)
        if at.crowded:
            return [_sorry(said, crowded=True)]
        replies = await self._ask_rasa(at, said)
        replies = await not_here.after(self._database, conversation, replies, public_url=self._settings.public_url)
        replies = verdict.with_question(replies, conversation, at.message.id)
        if meaning is None and not any(reply["soort"] == "fout" for reply in replies):
            replies = [*replies, *expectation.still_open(text, at.open)]
        reminded = unfinished.reminder(replies, at.draft)
        if not reminded:
            reminded = await campaigns.reminder(self._database, at.open, replies, conversation, now=self._clock())
        return [*replies, *reminded]

    async def _hand_over(
        self, conversation: Conversation, message_id: int, *, place: str | None = None, chosen: str | None = None
    ) -> list[dict[str, Any]]:
        key, now = self._settings.pseudonym_key, self._clock()
        return await hand_over(self._database, conversation, message_id, key=key, now=now, place=place, chosen=chosen)

    async def _over(
        self, conversation: Conversation, meaning: dict[str, Any], draft: dict[str, Any] | None
    ) -> list[dict[str, Any]]:
        """Answer a button of a contribution that is over, also when nobody could tell the resident that it is.

        Nothing where a second one was to follow it: that is Rasa's to begin, which logs nothing twice.
        """
        stale = unfinished.is_stale(meaning, draft)
        if not stale and (meaning.get("inbreng") != "ja" or (draft or {}).get("rest")):
            return []
        key, concept = self._settings.pseudonym_key, uuid.UUID(meaning["concept"])
        logged = await already_logged(self._database, conversation, concept, key=key, now=self._clock())
        return logged or ([Reply(content.text("knop_verlopen"), kind="fout").to_json()] if stale else [])

    async def _ask_rasa(self, at: Situation, said: Said) -> list[dict[str, Any]]:
        """Ask Rasa, or say sorry and offer to hand over the words."""
        conversation, text, meaning = at.conversation, said.text, said.meaning
        typed = meaning is None or bool(meaning.get("getypt"))
        metadata = {
            "gesprek": str(conversation.id),
            "inwoner": str(conversation.resident_id),
            "kanaal": conversation.channel,
            "gemeente": conversation.municipality_code,
            "tekst": text,
            "keuze": None if typed else meaning,
            "concept": at.draft,
            "gevraagd": bool(at.expected.get(unfinished.KEY)),
        }
        try:
            with timing.stage(timing.RASA):
                replies = await self._rasa.turn(
                    conversation_id=conversation.id,
                    turn_id=str(at.message.id),
                    again=at.again,
                    text=text,
                    choice=meaning,
                    metadata=metadata,
                    until=at.until,
                )
        except RasaUnavailable as error:
            logger.warning("Rasa did not answer a turn: %s", error)
            fault = str(error)
        else:
            if not any(reply["soort"] == "fout" for reply in replies):
                return replies
            fault = "action"
        self._metrics.fell_back(fault)
        return [_sorry(said)]


def _sorry(said: Said, *, crowded: bool = False) -> dict[str, Any]:
    """Say that there is no answer now, and offer to try again and to hand over the words."""
    with_words = are_words(said.meaning, said.body)
    return apology(said.message_id, with_words=with_words, crowded=crowded).to_json()


def meaning_of(turn: Turn, choice: Choice | None) -> dict[str, Any] | None:
    """What a button or a command of the menu says; None for words."""
    return choice.meaning if choice else turn.command.meaning if turn.command else None


def are_words(meaning: dict[str, Any] | None, body: dict[str, Any]) -> bool:
    """Whether a resident said something of their own: typed, if only the title of a button, and not just pressed."""
    typed = meaning is None or bool(meaning.get("getypt")) or expectation.WORDS in meaning
    return typed or bool(body.get("getypt"))


def sorry(turn: Turn, message: Message, choice: Choice | None, *, crowded: bool = False) -> dict[str, Any]:
    """Say that there is no answer now, and offer to try again and to hand over what the resident said."""
    meaning = meaning_of(turn, choice) or message.body.get(MEANING)
    if meaning and meaning.get("poort") == AGAIN:
        return apology(meaning["bericht"], with_words=bool(meaning.get("woorden")), crowded=crowded).to_json()
    if meaning is None and not message.body["tekst"]:  # who came in: there is nothing to try again
        return Reply(content.text("druk_zonder_tekst" if crowded else "fout_zonder_tekst"), kind="fout").to_json()
    return apology(message.id, with_words=are_words(meaning, message.body), crowded=crowded).to_json()
