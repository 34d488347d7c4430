"""Answering questions, referring on, asking what somebody means."""

from dataclasses import replace

from actions.guarded import GuardedAction
from actions.own_questions import gives_way, own_answer
from actions.referral import REFERRED, referral
from actions.turn import ActionTurn, Event, slot_set
from participation import authorities, content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM
from participation.language.unsure import NOT_FOR_US
from participation.reply import Button, Reply
from participation.services import answers, own_questions, unsure

CHOICES = 3
ALSO_FOR_THE_COUNCIL = ("melding_openbare_ruimte", "noodgeval", "andere_overheid")
"""Not for the council, but who wants may tell it all the same."""
CONCERN_WORDS = 8
"""A message of this many words that nobody understood may well be meant for the council: offer to pass it on."""


class ActionAntwoord(GuardedAction):
    """Answer the question that the intent names, for the municipality of this conversation."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_antwoord"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say the answer and remember the topic."""
        topic = turn.topic or turn.intent
        if gives_way(turn, topic) and (own := await own_answer(turn)):
            turn.say(own)
            return [slot_set("laatste_onderwerp", own.topic)]
        if topic == NOT_FOR_US:
            await _remember(turn)
        await _say_answer(turn, topic)
        return [slot_set("laatste_onderwerp", topic)]


class ActionHerhalen(GuardedAction):
    """Explain the last topic once more."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_herhalen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say the last answer again, with the details that were folded away."""
        topic = turn.slots.get("laatste_onderwerp")
        reply = await _said_before(turn, topic) if isinstance(topic, str) else None
        if reply is None:
            turn.say(Reply(content.text("niets_te_herhalen")))
            return []
        text = content.text("herhaling", tekst=reply.more or reply.text)
        turn.say(Reply(text, kind="antwoord", buttons=reply.buttons, links=reply.links))
        return []


class ActionKeuze(GuardedAction):
    """Not sure what is meant: answer an own question that is like it, or offer the likeliest topics."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_keuze"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Offer up to three topics, a way to pass the words on, and "iets anders"."""
        if turn.choice and turn.choice.get("anders"):
            turn.say(
                Reply(
                    content.text("anders"),
                    kind="keuze",
                    buttons=(Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),),
                )
            )
            return []
        if own := await own_answer(turn):
            turn.say(own)
            return [slot_set("laatste_onderwerp", own.topic)]
        await _remember(turn)
        buttons = [button for label, _ in turn.ranking if (button := topic_button(label))][:CHOICES]
        if len(turn.text.split()) >= CONCERN_WORDS and not any(
            button.meaning["intent"] == "inbreng_doen" for button in buttons
        ):
            buttons.append(topic_button("inbreng_doen") or buttons[0])
        buttons = [
            Button(button.title, {**button.meaning, "tekst": turn.text})
            if button.meaning["intent"] == "inbreng_doen"
            else button
            for button in buttons
        ]
        buttons.append(Button(content.text("knop_anders"), {"intent": "nlu_fallback", "anders": True}))
        turn.say(Reply(content.text("kies_onderwerp"), kind="keuze", buttons=tuple(buttons)))
        return []


def topic_button(label: str) -> Button | None:
    """A button for a label of the intent model, or None where a choice would make no sense (such as a greeting)."""
    title = content.choice(label)
    return Button(title, {"intent": label}) if title else None


async def find_answer(turn: ActionTurn, topic: str) -> Reply:
    """Find the answer to a topic for the municipality of this conversation."""
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        return await answers.find(
            session,
            topic=topic,
            municipality_code=turn.municipality_code,
            today=turn.now.astimezone(AMSTERDAM).date(),
            now=turn.now,
            question=turn.text,
        )


async def _remember(turn: ActionTurn) -> None:
    """Keep for the griffie what somebody typed and got no answer to."""
    if turn.municipality_code and turn.text and turn.choice is None:
        await unsure.remember(
            turn.database,
            conversation_id=turn.conversation_id,
            municipality_code=turn.municipality_code,
            text=turn.text,
            embedding=turn.embedding,
            now=turn.now,
        )


async def _said_before(turn: ActionTurn, topic: str) -> Reply | None:
    if topic.startswith(own_questions.TOPIC):
        today = turn.now.astimezone(AMSTERDAM).date()
        return await own_questions.repeat(
            turn.database, municipality_code=turn.municipality_code, topic=topic, today=today
        )
    return await find_answer(turn, topic) if topic in content.answers() else None


async def _say_answer(turn: ActionTurn, topic: str) -> None:
    offer = Button(content.text("knop_inbreng"), {"intent": "inbreng_doen", "tekst": turn.text, REFERRED: True})
    if topic == "andere_overheid" and turn.choice is None and (authority := authorities.whose(turn.text)):
        turn.say(replace(referral(authority, offer), topic=topic))
        return
    reply = await find_answer(turn, topic)
    if topic in ALSO_FOR_THE_COUNCIL and turn.choice is None:
        reply = Reply(reply.text, kind=reply.kind, buttons=(*reply.buttons, offer), links=reply.links, more=reply.more)
    turn.say(replace(reply, topic=topic))
