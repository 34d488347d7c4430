"""Withdrawing what one passed on, and adding to it: choose which, read back, a yes, and then it is done.

What the yes means goes along with the question (see `expects`), so that none of this needs a form.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from actions.guarded import GuardedAction
from actions.turn import ActionTurn, Event
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import ContributionUnknown, TransitionNotAllowed
from participation.models import Contribution
from participation.reply import LEAVE, Button, Reply
from participation.services import municipalities, own_contributions
from participation.services.contributions import ContributionRow
from participation.services.lifecycle import CLOSING

CHOICES = 5
NO = {"intent": "ontkennen"}
ADD, REACT = "aanvullen", "reactie"


class ActionInbrengIntrekken(GuardedAction):
    """Withdraw a contribution."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_intrekken"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask which and whether it is sure; withdraw after the yes."""
        choice = turn.choice or {}
        if choice.get("akkoord"):
            turn.say(await self._withdrawn(turn, uuid.UUID(choice["over"])))
            return []
        rows = await _rows(turn)
        row = _chosen(turn, rows, own_contributions.can_withdraw, "intrekken")
        if row is None:
            return []
        contribution = row.contribution
        yes = {"intent": "inbreng_intrekken", "over": str(contribution.id), "akkoord": True}
        turn.say(
            Reply(
                content.text(
                    "intrekken_vraag",
                    nummer=contribution.reference,
                    gemeente=municipalities.names()[contribution.municipality_code],
                    tekst=contribution.text,
                ),
                kind="bevestiging",
                buttons=(Button(content.text("knop_intrekken_ja"), yes), Button(content.text("knop_toch_niet"), NO)),
                expects={"ja": yes},
            )
        )
        return []

    async def _withdrawn(self, turn: ActionTurn, contribution_id: uuid.UUID) -> Reply:
        try:
            async with turn.database.session(EVERY_MUNICIPALITY) as session:
                contribution = await own_contributions.withdraw(
                    session, resident_id=turn.resident_id, contribution_id=contribution_id, now=turn.now
                )
        except (ContributionUnknown, TransitionNotAllowed):
            return await _too_late(turn, contribution_id, "intrekken")
        return Reply(content.text("ingetrokken", nummer=contribution.reference), kind="bevestiging")


class ActionInbrengAanvullen(GuardedAction):
    """Add something to a contribution, or react to what the griffie wrote about it."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_aanvullen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask to which, then for the words; read them back, and keep them after the yes."""
        choice = turn.choice or {}
        if choice.get("akkoord"):
            turn.say(await self._added(turn, choice))
            return []
        what, possible = _adding(choice)
        row = _chosen(turn, await _rows(turn), possible, what)
        if row is None:
            return []
        number = row.contribution.reference
        about = {"intent": "inbreng_aanvullen", "over": str(row.contribution.id), **_marked(choice)}
        if not choice.get("woorden"):
            stop = Button(content.text("knop_stoppen"), LEAVE)
            text = content.text(f"{what}_vraag", nummer=number)
            turn.say(Reply(text, kind="vraag", buttons=(stop,), expects={"woorden": about}))
            return []
        yes = {**about, "akkoord": True, "tekst": turn.text, "verzending": str(uuid.uuid4())}
        text = content.text(f"{what}_akkoord_vraag", nummer=number, tekst=turn.text)
        if row.status in CLOSING:
            text = f"{text}\n\n{content.text('reactie_heropent')}"
        turn.say(
            Reply(
                text,
                kind="bevestiging",
                buttons=(
                    Button(content.text(f"knop_{what}_ja"), yes),
                    Button(content.text("knop_andere_woorden"), about),
                    Button(content.text("knop_toch_niet"), NO),
                ),
                expects={"ja": yes},
            )
        )
        return []

    async def _added(self, turn: ActionTurn, agreed: dict[str, Any]) -> Reply:
        contribution_id = uuid.UUID(agreed["over"])
        what, _ = _adding(agreed)
        try:
            async with turn.database.session(EVERY_MUNICIPALITY) as session:
                contribution = await own_contributions.add(
                    session,
                    resident_id=turn.resident_id,
                    contribution_id=contribution_id,
                    text=agreed["tekst"],
                    submission=uuid.UUID(agreed["verzending"]),
                    now=turn.now,
                    answering=what == REACT,
                )
        except (ContributionUnknown, TransitionNotAllowed):
            return await _too_late(turn, contribution_id, what)
        done = "reactie_gegeven" if what == REACT else "aangevuld"
        return Reply(content.text(done, nummer=contribution.reference), kind="bevestiging")


def _adding(choice: dict[str, Any]) -> tuple[str, Callable[[str], bool]]:
    """Return by which name the texts of this go, and for which statuses it can be done."""
    return (REACT, own_contributions.can_answer) if choice.get(REACT) else (ADD, own_contributions.can_add)


def _marked(choice: dict[str, Any]) -> dict[str, Any]:
    return {REACT: True} if choice.get(REACT) else {}


async def _rows(turn: ActionTurn) -> Sequence[ContributionRow]:
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        return await own_contributions.all_of(session, resident_id=turn.resident_id)


def _chosen(
    turn: ActionTurn, rows: Sequence[ContributionRow], possible: Callable[[str], bool], what: str
) -> ContributionRow | None:
    """Return the one that it is about; with none or several, say so or ask, and return none.

    A number that stands in what the resident typed counts as a choice.
    """
    wanted = (turn.choice or {}).get("over")
    named = [row for row in rows if wanted is None and row.contribution.reference in turn.text.upper()]
    about = named or [row for row in rows if wanted in (None, str(row.contribution.id))]
    fit = [row for row in about if possible(row.status)]
    if len(fit) == 1:
        return fit[0]
    if fit:
        buttons = (_button(row.contribution, f"inbreng_{what}") for row in fit[:CHOICES])
        turn.say(Reply(content.text(f"{what}_keuze"), kind="keuze", buttons=tuple(buttons)))
    elif about:
        turn.say(_refusal([row.contribution for row in about[:CHOICES]], what))
    else:
        turn.say(Reply(content.text("inbreng_status_geen"), kind="antwoord"))
    return None


async def _too_late(turn: ActionTurn, contribution_id: uuid.UUID, what: str) -> Reply:
    """The desk was first, between the question and the yes."""
    theirs = [row.contribution for row in await _rows(turn) if row.contribution.id == contribution_id]
    return _refusal(theirs, what) if theirs else Reply(content.text("inbreng_status_geen"), kind="antwoord")


def _refusal(contributions: Sequence[Contribution], what: str) -> Reply:
    numbers = ", ".join(contribution.reference for contribution in contributions)
    offer = Button(content.text("knop_bericht"), {"intent": "inbreng_doen"})
    return Reply(content.text(f"{what}_te_laat", nummers=numbers), buttons=(offer,))


def _button(contribution: Contribution, intent: str) -> Button:
    day = dutch_date(contribution.created_at.astimezone(AMSTERDAM).date())
    title = content.text("knop_nummer", nummer=contribution.reference, datum=day)
    return Button(title, {"intent": intent, "over": str(contribution.id)})
