"""What the contribution form asks: the story, the municipality, and whether what was understood is right."""

from actions import kind_and_theme
from actions.contribution import WORDS
from actions.conversation import which_municipality
from actions.guarded import GuardedAction
from actions.interruption import asks_to_erase, denies, interrupts, vents
from actions.readback import change_buttons, place_in, read_back, stop_button
from actions.turn import ActionTurn, Event
from actions.unfinished import running
from participation import content
from participation.foreign import beside
from participation.language import agreement
from participation.language.places import alleen_plaats, vind_gemeente
from participation.reply import Reply


class FormQuestion(GuardedAction):
    """A question of the form. Subclasses implement `ask`."""

    async def ask(self, turn: ActionTurn) -> None:
        """Ask what the form has to know."""
        raise NotImplementedError

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask, unless something graver was asked in this turn: the form then waits for the answer to that."""
        if not asks_to_erase(turn):
            await self.ask(turn)
        return []


class AskTekst(FormQuestion):
    """Ask for the story."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_tekst"

    async def ask(self, turn: ActionTurn) -> None:
        """Ask. Who is only angry is listened to, and asked once what happened."""
        again = (turn.choice or {}).get("inbreng") == "tekst" or agreement.goes_back(turn.text)
        angry = turn.slots.get("requested_slot") == "inbreng_tekst" and vents(turn)
        draft = running(turn, listened=True) if angry else running(turn)
        name = "frustratie" if angry else "inbreng_opnieuw" if again else "inbreng_tekst_vraag"
        turn.say(Reply(content.text(name), kind="vraag", buttons=(stop_button(),), expects=draft.expects()))


class AskGemeente(FormQuestion):
    """Ask for the municipality; after an unclear answer, ask back more precisely."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_gemeente"

    async def ask(self, turn: ActionTurn) -> None:
        """Ask."""
        draft = running(turn)
        answered = turn.slots.get("requested_slot") == "inbreng_gemeente" and turn.choice is None
        codes = [match.gm_code for match in vind_gemeente(turn.text, gevraagd=True)] if answered else []
        if codes:
            turn.say(which_municipality(codes, **draft.expects()))
            return
        unclear = answered and not interrupts(turn)
        text = content.text("gemeente_onbekend" if unclear else "inbreng_gemeente_vraag")
        text = beside(text, "gemeente", draft.text)
        turn.say(Reply(text, kind="vraag", buttons=(stop_button(),), expects=draft.expects()))


class AskAkkoord(FormQuestion):
    """Read back what was understood and ask whether it is right."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_akkoord"

    async def ask(self, turn: ActionTurn) -> None:
        """Read back; or ask what to change, or where it is."""
        draft = running(turn, **_told(turn))
        pressed = (turn.choice or {}).get("inbreng")
        answered = turn.slots.get("requested_slot") == "inbreng_akkoord" and turn.choice is None
        if pressed == "plek":
            about = {"intent": "inbreng_doen", "concept": draft.concept}
            given, left = {**about, "inbreng": "plek_gegeven"}, {**about, "inbreng": "hervat"}
            expects = draft.expects(**{WORDS: given, "nee": left})
            turn.say(Reply(content.text("inbreng_plek_vraag"), kind="vraag", buttons=(stop_button(),), expects=expects))
        elif kind_and_theme.is_asked_for(turn.choice or {}):
            turn.say(await kind_and_theme.question(turn, draft, stop_button()))
        elif answered and denies(turn):
            buttons = (*change_buttons(draft), stop_button())
            text = content.text("inbreng_wat_aanpassen")
            turn.say(Reply(text, kind="keuze", buttons=buttons, expects=draft.expects()))
        else:
            turn.say(await read_back(turn, draft))


def _told(turn: ActionTurn) -> dict[str, str]:
    """What this turn adds that no slot of the form holds: place, kind, theme, and what follows this contribution."""
    pressed = turn.choice or {}
    if pressed.get("inbreng") == "splitsen" and turn.slots.get("inbreng_tekst") == pressed["tekst"]:
        return {"rest": pressed["rest"]}
    if sorted_by_them := kind_and_theme.told(pressed):
        return sorted_by_them
    answered = turn.slots.get("requested_slot") == "inbreng_akkoord" and turn.choice is None
    told = pressed.get("inbreng") == "plek_gegeven"
    if alleen_plaats(turn.text):  # the name of a municipality says no more than that
        told = (told or answered) and place_in(turn.text, turn.slots.get("inbreng_gemeente")) is not None
    return {"place": " ".join(turn.text.split())} if told else {}
