"""Fixed texts, the municipality, and the way to a human."""

from typing import Any

from actions.contribution_end import say_stopped
from actions.guarded import GuardedAction
from actions.kept_days import kept_days
from actions.turn import ActionTurn, Event
from actions.unfinished import kept
from participation import content
from participation.campaigns import offering, subscriptions
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM
from participation.language.places import naam_met_provincie, vind_gemeente
from participation.reply import Button, Reply
from participation.services import answers, conversations, municipality_settings

START = ("groet", "bevestigen", "wat_kun_je", "bedankt", "overslaan")
PASS_ON = ("frustratie", "lof")


class ActionTekst(GuardedAction):
    """Say the fixed text that bears the name of the intent."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_tekst"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say it, with buttons where somebody may not know how to go on."""
        buttons: tuple[Button, ...] = ()
        expects: dict[str, Any] = {}
        if turn.intent in offering.INTENTS:
            turn.say(await campaign_reply(turn))
            return []
        if turn.intent == "stoppen" and kept(turn):  # Rasa has forgotten the form, the resident has not
            say_stopped(turn)
            return []
        if turn.intent in START:
            buttons = start_buttons()
        elif turn.intent in PASS_ON:
            buttons = (Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),)
        if turn.intent == "frustratie":  # whoever is listened to tells what happened in the next message
            tells = {"intent": "inbreng_doen", "verder": "inbreng_vertel_verder"}
            expects = {"woorden": tells, "ja": {"intent": "inbreng_doen"}, "nee": {"intent": "ontkennen"}}
        days = await kept_days(turn) if "{dagen}" in content.texts()[turn.intent] else ""
        text = content.text(turn.intent, dagen=days)
        turn.say(Reply(text, buttons=buttons, expects=expects))
        return []


class ActionGemeente(GuardedAction):
    """Remember which municipality somebody lives in, asking back where a name is not enough."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_gemeente"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Read the municipality from the button or the text."""
        chosen = (turn.choice or {}).get("gemeente")
        if turn.choice and not chosen:
            turn.say(Reply(content.text("gemeente_vraag"), kind="vraag", expects={"gemeente": True}))
            return []
        codes = [chosen] if chosen else [match.gm_code for match in vind_gemeente(turn.text, gevraagd=True)]
        if len(codes) == 1:
            async with turn.database.session(EVERY_MUNICIPALITY) as session:
                name = await municipality_settings.shown_name(session, codes[0])
                await conversations.set_municipality(session, conversation_id=turn.conversation_id, code=codes[0])
            turn.say(Reply(content.text("gemeente_gekozen", gemeente=name), buttons=start_buttons()))
        elif codes:
            turn.say(which_municipality(codes))
        else:
            turn.say(Reply(content.text("gemeente_onbekend"), kind="vraag", expects={"gemeente": True}))
        return []


class ActionMens(GuardedAction):
    """Tell how to reach a human at the griffie, and offer to leave a message."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_mens"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say the griffie's own contact data where they are known."""
        name = content.text("welkom_zonder_gemeente")
        contact, hours = content.text("mens_contact_onbekend"), ""
        if turn.municipality_code:
            async with turn.database.session(EVERY_MUNICIPALITY) as session:
                name = await municipality_settings.shown_name(session, turn.municipality_code)
                hours = (await municipality_settings.of(session, turn.municipality_code)).office_hours
                facts = await answers.facts_of(
                    session, turn.municipality_code, today=turn.now.astimezone(AMSTERDAM).date()
                )
            if {"griffie_email", "griffie_telefoon"} <= facts.keys():
                contact = content.text(
                    "mens_contact",
                    griffie_email=facts["griffie_email"],
                    griffie_telefoon=facts["griffie_telefoon"],
                )
        turn.say(
            Reply(
                f"{content.text('mens_spreken', gemeente=name, contact=contact)} {hours}".strip(),
                buttons=(Button(content.text("knop_bericht"), {"intent": "inbreng_doen"}),),
            )
        )
        return []


async def campaign_reply(turn: ActionTurn) -> Reply:
    """What is said about campaigns: those that run, and messages about those to come. The gateway does the rest."""
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        if turn.intent == "campagne_meedoen":
            return await offering.running(session, municipality_code=turn.municipality_code, now=turn.now)
        if turn.intent == "afmelden":
            ended = await subscriptions.end(session, resident_id=turn.resident_id, channel=turn.channel, now=turn.now)
            return offering.ended(there_were=ended)
        return await offering.messages(session, resident_id=turn.resident_id, municipality_code=turn.municipality_code)


def which_municipality(codes: list[str], **expects: Any) -> Reply:
    """Ask which of several municipalities is meant; the question may also carry what else it is about."""
    return Reply(
        content.text("gemeente_kies"),
        kind="keuze",
        buttons=tuple(
            Button(naam_met_provincie(code), {"intent": "gemeente_kiezen", "gemeente": code}) for code in codes[:6]
        ),
        expects={"gemeente": True, **expects},
    )


def start_buttons() -> tuple[Button, ...]:
    """Where to begin."""
    return (
        Button(content.text("knop_raad"), {"intent": "vraag/raad_wat_is"}),
        Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),
    )
