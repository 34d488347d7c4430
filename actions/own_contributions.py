"""Withdrawing what one passed on, adding to it and changing it: choose which, read back, a yes, and then it is done.

What the yes means goes along with the question (see `expects`), so that none of this needs a form.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from actions import contribution_status
from actions.guarded import GuardedAction
from actions.own_choices import ADD, CHANGE, POSSIBLE, REACT, WITHDRAW, meaning
from actions.turn import ActionTurn, Event
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import ChangedMeanwhile, ContributionUnknown, TransitionNotAllowed
from participation.language import rewording as language
from participation.language.children import says_to_be_a_child
from participation.models import Contribution
from participation.reply import LEAVE, Button, Reply
from participation.services import municipalities, own_contributions, rewording, secret_codes
from participation.services.contributions import ContributionRow
from participation.services.lifecycle import CLOSING

CHOICES = 5
NO = {"intent": "ontkennen"}
DONE = {ADD: "aangevuld", REACT: "reactie_gegeven", CHANGE: "gewijzigd"}
TELEGRAM = "telegram"


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
        row = await _chosen(turn, WITHDRAW)
        if row is None:
            return []
        contribution = row.contribution
        yes = {**meaning(WITHDRAW, contribution.id), "akkoord": True}
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
            return await _too_late(turn, contribution_id, WITHDRAW)
        told = [content.text("ingetrokken", nummer=contribution.reference), *_still_in(turn.channel)]
        return Reply("\n\n".join(told), kind="bevestiging")


class ActionInbrengAanvullen(GuardedAction):
    """Add something to a contribution, change its words, or react to what the griffie wrote about it."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_aanvullen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask to which, then for the words; read them back, and keep them after the yes."""
        choice = turn.choice or {}
        if choice.get("akkoord"):
            turn.say(await self._done(turn, choice))
            return []
        what = _what(turn)
        row = await _chosen(turn, what)
        if row is None:
            return []
        if not choice.get("woorden"):
            turn.say(_ask_words(what, row))
            return []
        about = meaning(what, row.contribution.id)
        once = {"gezien": _seen(row.contribution)} if what == CHANGE else {"verzending": str(uuid.uuid4())}
        yes = {**about, "akkoord": True, "tekst": turn.text, **once}
        text = content.text(f"{what}_akkoord_vraag", nummer=row.contribution.reference, tekst=turn.text)
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

    async def _done(self, turn: ActionTurn, agreed: dict[str, Any]) -> Reply:
        what, contribution_id = _what(turn), uuid.UUID(agreed["over"])
        about: dict[str, Any] = {
            "resident_id": turn.resident_id,
            "contribution_id": contribution_id,
            "text": agreed["tekst"],
            "now": turn.now,
        }
        try:
            async with turn.database.session(EVERY_MUNICIPALITY) as session:
                if what == CHANGE:
                    seen = datetime.fromisoformat(agreed["gezien"]) if agreed["gezien"] else None
                    contribution = await rewording.reword(session, seen=seen, **about)
                else:
                    submission = uuid.UUID(agreed["verzending"])
                    contribution = await own_contributions.add(
                        session, submission=submission, answering=what == REACT, **about
                    )
        except (ContributionUnknown, TransitionNotAllowed):
            return await _too_late(turn, contribution_id, what)
        except ChangedMeanwhile:
            again = Button(content.text("knop_wijzigen"), meaning(CHANGE, contribution_id))
            return Reply(content.text("wijzigen_intussen"), kind="antwoord", buttons=(again,))
        told = [content.text(DONE[what], nummer=contribution.reference)]
        if what == CHANGE:
            told += _still_in(turn.channel)
            if says_to_be_a_child(contribution.text):
                told.append(content.text("inbreng_kind"))
        return Reply("\n\n".join(told), kind="bevestiging")


def _what(turn: ActionTurn) -> str:
    """Return what a resident wants to do with it; who only says that there is more, adds."""
    if turn.choice is None:
        return CHANGE if language.corrects(turn.text) else ADD
    return next((what for what in (REACT, CHANGE) if turn.choice.get(what)), ADD)


def _still_in(channel: str) -> list[str]:
    """Say where words that are gone here can still be read: nobody but the resident can take them out of Telegram."""
    return [content.text("telegram_tekst_blijft")] if channel == TELEGRAM else []


def _ask_words(what: str, row: ContributionRow) -> Reply:
    """Ask for the words. Who changes sees what is there now, and may add or withdraw instead; who adds may change.

    What was passed on may be a question, and so may what comes in its place or what is said back to the griffie: they
    are read back before they are kept.
    """
    contribution = row.contribution
    told = [content.text(f"{what}_vraag", nummer=contribution.reference, tekst=contribution.text)]
    others = [one for one in {ADD: (CHANGE,), CHANGE: (ADD, WITHDRAW)}.get(what, ()) if POSSIBLE[one](row.status)]
    buttons = [Button(content.text(f"knop_{one}"), meaning(one, contribution.id)) for one in others]
    if WITHDRAW in others:
        told.append(content.text("wijzigen_gemeente"))
    return Reply(
        "\n\n".join(told),
        kind="vraag",
        buttons=(Button(content.text("knop_stoppen"), LEAVE), *buttons),
        expects={"woorden": meaning(what, contribution.id) | ({} if what == ADD else {"ook_vragen": True})},
    )


def _seen(contribution: Contribution) -> str | None:
    """Which words the new ones come in the place of."""
    return contribution.changed_at.isoformat() if contribution.changed_at else None


async def _rows(turn: ActionTurn) -> Sequence[ContributionRow]:
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        return await own_contributions.all_of(session, resident_id=turn.resident_id)


async def _fit(turn: ActionTurn, rows: Sequence[ContributionRow], what: str) -> list[ContributionRow]:
    """Return those with which this can be done."""
    fit = [row for row in rows if POSSIBLE[what](row.status)]
    if what != CHANGE:
        return fit
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        council_has = await rewording.in_papers(session, contribution_ids=[row.contribution.id for row in fit])
    return [row for row in fit if row.contribution.id not in council_has]


async def _chosen(turn: ActionTurn, what: str) -> ContributionRow | None:
    """Return the one that it is about; with none or several, say so or ask, and return none.

    A number that stands in what the resident typed counts as a choice. One that is not theirs is asked the code of, as
    when they ask where it stands; nothing can be done with it from here.
    """
    rows = await _rows(turn)
    wanted = (turn.choice or {}).get("over")
    named = secret_codes.read(turn.text) if turn.choice is None else secret_codes.Named(None, None)
    about = [
        row
        for row in rows
        if (str(row.contribution.id) == wanted if wanted else named.reference in (None, row.contribution.reference))
    ]
    fit = await _fit(turn, about, what)
    if named.misspelt:
        turn.say(Reply(content.text("nummer_klopt_niet"), kind="antwoord"))
    elif named.reference and not about:
        turn.say(await contribution_status.elsewhere(turn, named.reference, named.code))
    elif len(fit) == 1:
        return fit[0]
    elif fit:
        buttons = (_button(row.contribution, what) for row in fit[:CHOICES])
        turn.say(Reply(content.text(f"{what}_keuze"), kind="keuze", buttons=tuple(buttons)))
    elif about:
        turn.say(_refusal(about[:CHOICES], what))
    else:
        turn.say(Reply(content.text("inbreng_status_geen"), kind="antwoord"))
    return None


async def _too_late(turn: ActionTurn, contribution_id: uuid.UUID, what: str) -> Reply:
    """The desk was first, between the question and the yes."""
    theirs = [row for row in await _rows(turn) if row.contribution.id == contribution_id]
    return _refusal(theirs, what) if theirs else Reply(content.text("inbreng_status_geen"), kind="antwoord")


def _refusal(rows: Sequence[ContributionRow], what: str) -> Reply:
    """Say that it is too late, and offer what can still be done: after a change adding or reacting, else a message."""
    numbers = ", ".join(row.contribution.reference for row in rows)
    offers = [
        Button(content.text(title), meaning(other, row.contribution.id))
        for other, title in ((ADD, "knop_aanvullen"), (REACT, "knop_reageren"))
        for row in rows[:1]
        if what == CHANGE and POSSIBLE[other](row.status)
    ]
    message = Button(content.text("knop_bericht"), {"intent": "inbreng_doen"})
    return Reply(content.text(f"{what}_te_laat", nummers=numbers), buttons=tuple(offers[:1] or [message]))


def _button(contribution: Contribution, what: str) -> Button:
    day = dutch_date(contribution.created_at.astimezone(AMSTERDAM).date())
    title = content.text("knop_nummer", nummer=contribution.reference, datum=day)
    return Button(title, meaning(what, contribution.id))
