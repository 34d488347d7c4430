"""How the contribution form ends: what was confirmed is logged, or all of it is left."""

import uuid

from actions.guarded import GuardedAction
from actions.own_choices import CHANGE, meaning
from actions.turn import ActionTurn, Event, leave_loop, slot_set
from actions.unfinished import ENDED, Unfinished, kept, running
from participation import consent_questions, content
from participation.database import EVERY_MUNICIPALITY
from participation.models import Contribution
from participation.reply import Button, Reply
from participation.services import contributions, municipality_settings, receipts
from participation.services.contributions import Draft

FORM = "inbreng_form"


class ActionInbrengVastleggen(GuardedAction):
    """Commit the confirmed contribution; only then tell the resident."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_vastleggen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Log it and give the reference.

        A second concern follows at once. Only after the last one the questions about consent come, for all of them.
        """
        draft = running(turn)
        logged = await _logged(turn, draft)
        text = await receipts.receipt(turn.database, logged, key=turn.settings.pseudonym_key, now=turn.now)
        change = Button(content.text("knop_wijzigen"), meaning(CHANGE, logged.id))
        turn.say(Reply(text, kind="bevestiging", buttons=(change,), expects=ENDED))
        if draft.rest is None:
            turn.say(consent_questions.share([*draft.earlier, draft.concept], draft.text or ""))
            return _emptied()
        following = Unfinished(str(uuid.uuid4()), draft.rest, draft.municipality)
        return [*_filled(following), {"event": "followup", "timestamp": None, "name": FORM}]


async def _logged(turn: ActionTurn, draft: Unfinished) -> Contribution:
    told = draft.text or ""
    if draft.place and draft.place.casefold() not in told.casefold():
        told = f"{told}\n\n{content.text('begrepen_plek')} {draft.place}"
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        logged = await contributions.log_contribution(
            session,
            municipality_code=draft.municipality,
            draft=Draft(
                id=uuid.UUID(draft.concept),
                text=told,
                resident_id=turn.resident_id,
                conversation_id=turn.conversation_id,
                channel=turn.channel,
            ),
            now=turn.now,
        )
        choices = await municipality_settings.of(session, logged.municipality_code)
        theme = choices.theme_shown(draft.theme) if draft.theme else None
        logged.kind, logged.theme = logged.kind or draft.kind, logged.theme or theme
    return logged


class ActionInbrengStoppen(GuardedAction):
    """Leave the form without passing anything on."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_stoppen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Say so."""
        say_stopped(turn)
        return [*_emptied(), *leave_loop()]


def say_stopped(turn: ActionTurn) -> None:
    """Say that this one goes nowhere, and ask what has to be asked about those that were passed on before it."""
    before = kept(turn)
    turn.say(Reply(content.text("inbreng_gestopt"), expects=ENDED))
    if before and before.earlier:
        turn.say(consent_questions.share(before.earlier, ""))


def _filled(draft: Unfinished) -> list[Event]:
    return [
        slot_set("inbreng_concept", draft.concept),
        slot_set("inbreng_tekst", draft.text),
        slot_set("inbreng_gemeente", draft.municipality),
        slot_set("inbreng_akkoord", None),
    ]


def _emptied() -> list[Event]:
    names = ("inbreng_concept", "inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord")
    return [slot_set(name, None) for name in names]
