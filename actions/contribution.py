"""The contribution form: free text first, then only what is missing, then read back and confirm."""

import re
import uuid

from actions.answers import find_answer
from actions.conversation import which_municipality
from actions.guarded import GuardedAction
from actions.turn import ActionTurn, Event, leave_loop, slot_set
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM, dutch_date
from participation.language.places import vind_gemeente
from participation.reply import Button, Reply
from participation.services import contributions, municipalities
from participation.services.contributions import Draft
from participation.services.lifecycle import LABELS

MAX_CHARACTERS = 10_000
ANNOUNCEMENT_WORDS = 9
"""Shorter than this, an opening such as "ik wil een idee doorgeven" announces a contribution and is not one."""
INTERRUPTION_WORDS = 25
"""A recognised question longer than this, while the bot waits for the story, is the story."""

REQUEST_WORDS = 8
"""A recognised request such as "ik wil een mens spreken" longer than this is part of the story too."""

REQUESTS = frozenset(
    {
        *("stoppen", "afscheid", "mens_spreken", "herhalen"),
        *("ben_je_robot", "privacy_bot", "wat_kun_je", "andere_taal", "stemadvies"),
        *("mijn_gegevens", "verwijder_gegevens"),
    }
)
"""Intents besides `vraag` that the rules for a running form in stories/ answer before the form goes on."""

DANGER_CONFIDENCE = 0.8
"""From this confidence on, a story gets the numbers to call first. The gateway's own danger check goes before this."""

_QUESTION = re.compile(
    r"\s*(en|maar|eh|uhm|oh?|ja|nee|ok[eé]?|even|ff|trouwens|wacht)?[\s,.]*"
    r"(wat|hoe\w*|wie|waar\w*|wanneer|waarom|wrm|welke?|mag|mogen|kan|kunnen|kun|is|zijn|moet|moeten|heeft|hebben|"
    r"krijgt?|gaat|gaan|bestaat|wordt|worden|zit|zitten|doet|weet|weten)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\s*(ja+|jawel|jep|yes|ok(e|é|ay)?|klopt( helemaal)?|prima|goed( zo)?|akkoord|doe maar|graag|zeker)\b[\s,.!]*"
    r"(hoor|dat klopt|klopt|doe maar|graag|prima|goed( zo)?|verstuur( maar)?|geef( het)? door)?[\s.!]*",
    re.IGNORECASE,
)
_NO = re.compile(r"\s*(nee+|neen|neuh|nope|klopt niet|niet goed|fout)[\s.!]*", re.IGNORECASE)


class ValidateInbrengForm(GuardedAction):
    """Read one message inside the form. Filling no slot at all hands the turn to the interruption rules."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_inbreng_form"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Fill the slots that this message answers."""
        requested = turn.slots.get("requested_slot")
        if turn.slots.get("inbreng_concept") is None:
            return self._begin(turn)
        if turn.choice is None:
            await _help_first(turn)
        if requested == "inbreng_tekst":
            return self._text(turn)
        if requested == "inbreng_gemeente":
            return self._municipality(turn)
        if requested == "inbreng_akkoord":
            return self._agreement(turn)
        return []

    def _begin(self, turn: ActionTurn) -> list[Event]:
        given = (turn.choice or {}).get("tekst") or (turn.text if turn.choice is None else "")
        told = len(given.split()) >= ANNOUNCEMENT_WORDS or bool((turn.choice or {}).get("tekst"))
        return [
            slot_set("inbreng_concept", str(uuid.uuid4())),
            slot_set("inbreng_tekst", _cut(given) if told else None),
            *self._known_municipality(turn, given),
        ]

    def _known_municipality(self, turn: ActionTurn, given: str) -> list[Event]:
        if turn.municipality_code:
            return [slot_set("inbreng_gemeente", turn.municipality_code)]
        found = {match.gm_code for match in vind_gemeente(given)}
        return [slot_set("inbreng_gemeente", found.pop())] if len(found) == 1 else []

    def _text(self, turn: ActionTurn) -> list[Event]:
        if turn.choice is not None or _interrupts(turn):
            return []
        events = [slot_set("inbreng_tekst", _cut(turn.text))]
        if turn.slots.get("inbreng_gemeente") is None:
            events += self._known_municipality(turn, turn.text)
        return events

    def _municipality(self, turn: ActionTurn) -> list[Event]:
        if turn.choice is not None:
            code = turn.choice.get("gemeente")
            return [slot_set("inbreng_gemeente", code)] if code in municipalities.names() else []
        codes = [match.gm_code for match in vind_gemeente(turn.text, gevraagd=True)]
        if not codes and _interrupts(turn):
            return []
        return [slot_set("inbreng_gemeente", codes[0] if len(codes) == 1 else None)]

    def _agreement(self, turn: ActionTurn) -> list[Event]:
        if turn.choice is not None:
            return self._pressed(turn)
        if _YES.fullmatch(turn.text):
            return [slot_set("inbreng_akkoord", True)]
        if _denies(turn):
            return self._moved(turn) or [slot_set("inbreng_akkoord", None)]
        if turn.intent == "bevestigen":
            return [slot_set("inbreng_akkoord", True)]
        if _interrupts(turn):
            return []
        moved = self._moved(turn)
        if moved and (turn.intent == "gemeente_kiezen" or len(turn.text.split()) <= ANNOUNCEMENT_WORDS):
            return moved
        # More of the story: keep it all and read back once more. After a fault the same words may come twice.
        told = turn.slots["inbreng_tekst"]
        more = turn.text.strip()
        return [slot_set("inbreng_tekst", told if told.endswith(more) else _cut(f"{told}\n\n{more}"))]

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
            return [slot_set("inbreng_akkoord", True)]
        if pressed.get("inbreng") == "tekst":
            return [slot_set("inbreng_tekst", None)]
        if pressed.get("inbreng") == "gemeente":
            return [slot_set("inbreng_gemeente", None)]
        if pressed.get("gemeente") in municipalities.names():
            return [slot_set("inbreng_gemeente", pressed["gemeente"])]
        return []


class AskTekst(GuardedAction):
    """Ask for the story."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_tekst"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask."""
        again = turn.choice is not None and turn.choice.get("inbreng") == "tekst"
        turn.say(
            Reply(
                content.text("inbreng_opnieuw" if again else "inbreng_tekst_vraag"),
                kind="vraag",
                buttons=(_stop_button(),),
            )
        )
        return []


class AskGemeente(GuardedAction):
    """Ask for the municipality; after an unclear answer, ask back more precisely."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_gemeente"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask."""
        answered = turn.slots.get("requested_slot") == "inbreng_gemeente" and turn.choice is None
        codes = [match.gm_code for match in vind_gemeente(turn.text, gevraagd=True)] if answered else []
        if codes:
            turn.say(which_municipality(codes))
            return []
        unclear = answered and not _interrupts(turn)
        text = content.text("gemeente_onbekend" if unclear else "inbreng_gemeente_vraag")
        turn.say(Reply(text, kind="vraag", buttons=(_stop_button(),)))
        return []


class AskAkkoord(GuardedAction):
    """Read back what was understood and ask whether it is right."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_inbreng_akkoord"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Read back."""
        concept = turn.slots["inbreng_concept"]
        code = turn.slots["inbreng_gemeente"]
        answered = turn.slots.get("requested_slot") == "inbreng_akkoord" and turn.choice is None
        if answered and _denies(turn) and code not in {match.gm_code for match in vind_gemeente(turn.text)}:
            turn.say(
                Reply(content.text("inbreng_wat_aanpassen"), kind="keuze", buttons=(*_change_buttons(), _stop_button()))
            )
            return []
        name = municipalities.names()[code]
        text = content.texts()["inbreng_akkoord_vraag"].strip()
        text = text.replace("{gemeente}", name).replace("{tekst}", turn.slots["inbreng_tekst"])
        turn.say(
            Reply(
                text,
                kind="bevestiging",
                buttons=(
                    Button(content.text("knop_ja"), {"intent": "bevestigen", "inbreng": "ja", "concept": concept}),
                    *_change_buttons(),
                    _stop_button(),
                ),
            )
        )
        return []


class ActionInbrengVastleggen(GuardedAction):
    """Commit the confirmed contribution; only then tell the resident."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_vastleggen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Log it and give the reference."""
        draft = Draft(
            id=uuid.UUID(turn.slots["inbreng_concept"]),
            text=turn.slots["inbreng_tekst"],
            resident_id=turn.resident_id,
            conversation_id=turn.conversation_id,
            channel=turn.channel,
        )
        code = turn.slots["inbreng_gemeente"]
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            logged = await contributions.log_contribution(session, municipality_code=code, draft=draft, now=turn.now)
        turn.say(
            Reply(
                content.text("inbreng_vastgelegd", gemeente=municipalities.names()[code], nummer=logged.reference),
                kind="bevestiging",
            )
        )
        return _emptied()


class ActionInbrengStoppen(GuardedAction):
    """Leave the form without passing anything on."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_stoppen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say so."""
        turn.say(Reply(content.text("inbreng_gestopt")))
        return [*_emptied(), *leave_loop()]


class ActionInbrengOverzicht(GuardedAction):
    """List what this resident passed on, with where it stands."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_overzicht"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """List the last five; only ever of this pseudonymous resident."""
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            rows = await contributions.of_resident(session, resident_id=turn.resident_id)
        if not rows:
            turn.say(Reply(content.text("inbreng_status_geen"), kind="antwoord"))
            return []
        lines = [
            content.text(
                "inbreng_status_regel",
                nummer=row.contribution.reference,
                gemeente=municipalities.names()[row.contribution.municipality_code],
                datum=dutch_date(row.contribution.created_at.astimezone(AMSTERDAM).date()),
                status=LABELS[row.status].lower(),
            )
            for row in rows
        ]
        turn.say(Reply("\n".join([content.text("inbreng_status_kop"), *lines]), kind="antwoord"))
        return []


def _interrupts(turn: ActionTurn) -> bool:
    """Whether this message asks for something else than the form does. When in doubt it is part of the story.

    A leading slash is how programs, not people, talk: such a text is taken down and never interpreted.
    """
    words = len(turn.text.split())
    if turn.text.lstrip().startswith("/"):
        return False
    asks = "?" in turn.text or _QUESTION.match(turn.text) is not None
    if turn.intent == "vraag":
        return asks and words <= INTERRUPTION_WORDS
    return turn.intent in REQUESTS and words <= (INTERRUPTION_WORDS if asks else REQUEST_WORDS)


def _denies(turn: ActionTurn) -> bool:
    return bool(_NO.fullmatch(turn.text)) or turn.intent == "ontkennen"


async def _help_first(turn: ActionTurn) -> None:
    """Say whom to call when the words sound like danger, and still take them down."""
    sure = bool(turn.ranking) and turn.ranking[0][1] >= DANGER_CONFIDENCE
    if sure and turn.intent in ("noodgeval", "persoonlijke_nood"):
        turn.say(await find_answer(turn, turn.intent))


def _cut(text: str) -> str:
    return text.strip()[:MAX_CHARACTERS]


def _emptied() -> list[Event]:
    names = ("inbreng_concept", "inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord")
    return [slot_set(name, None) for name in names]


def _stop_button() -> Button:
    return Button(content.text("knop_stoppen"), {"intent": "stoppen"})


def _change_buttons() -> tuple[Button, ...]:
    return (
        Button(content.text("knop_tekst"), {"intent": "ontkennen", "inbreng": "tekst"}),
        Button(content.text("knop_gemeente"), {"intent": "ontkennen", "inbreng": "gemeente"}),
    )
