"""Where things stand with what somebody passed on: for the resident themselves, or with the secret code."""

from collections.abc import Sequence

from actions.guarded import GuardedAction
from actions.own_choices import CHANGE, POSSIBLE, REACT, meaning
from actions.turn import ActionTurn, Event
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import TooManyAttempts
from participation.models import Contribution, ContributionEntry, ContributionStatus
from participation.reply import LEAVE, Button, Reply
from participation.services import contributions, municipalities, own_contributions, rewording, secret_codes
from participation.services.contributions import ContributionDetail, ContributionRow
from participation.services.lifecycle import FOR_RESIDENTS
from participation.services.statuses import Destination
from participation.shortening import shortened

LISTED = 5
TEXTS_SHOWN = 3
"""Of the texts of the griffie the newest; all of them may not fit in one message."""

SHOWN_CHARACTERS = 900
"""Of each such text: with the rest it stays within a message of Telegram (4096)."""

INTENT = "inbreng_status"


class ActionInbrengOverzicht(GuardedAction):
    """Tell where it stands, what happened and what comes next."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_inbreng_overzicht"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Tell of the one that is named or the only one, or list the last five; with a code also of another's.

        A reference that is not theirs gets the same answer whether it exists or not.
        """
        choice = turn.choice or {}
        if choice.get("woorden"):
            turn.say(await _with_code(turn, choice["nummer"], turn.text))
            return []
        named = secret_codes.read(turn.text) if turn.choice is None else secret_codes.Named(None, None)
        if named.misspelt:
            turn.say(Reply(content.text("nummer_klopt_niet"), kind="antwoord"))
            return []
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            rows = await own_contributions.all_of(session, resident_id=turn.resident_id)
        about = [
            row
            for row in rows
            if named.reference == row.contribution.reference or choice.get("over") == str(row.contribution.id)
        ]
        if about:
            turn.say(await _of(turn, about[0]))
        elif named.reference:
            turn.say(await elsewhere(turn, named.reference, named.code))
        elif len(rows) == 1:
            turn.say(await _of(turn, rows[0]))
        elif rows:
            turn.say(_list(rows))
        else:
            texts = (content.text("inbreng_status_geen"), content.text("inbreng_status_ander_apparaat"))
            turn.say(Reply("\n\n".join(texts), kind="antwoord"))
        return []


async def elsewhere(turn: ActionTurn, reference: str, code: str | None) -> Reply:
    """Answer about a reference that is not theirs: the same whether it exists or not, unless its code comes along."""
    if code:
        return await _with_code(turn, reference, code)
    return _ask_code(reference, in_form=turn.slots.get("inbreng_concept") is not None)


def _ask_code(reference: str, *, in_form: bool) -> Reply:
    """Ask for the code; in the middle of a contribution, whose question comes next, for both in one message."""
    if in_form:
        return Reply(content.text("code_met_nummer", nummer=reference), kind="antwoord")
    return Reply(
        content.text("code_vraag", nummer=reference),
        kind="vraag",
        buttons=(Button(content.text("knop_stoppen"), LEAVE),),
        expects={"woorden": {"intent": INTENT, "nummer": reference, "verder": "code_verder"}},
    )


async def _with_code(turn: ActionTurn, reference: str, typed: str) -> Reply:
    """Tell where it stands when the code belongs to the reference; a wrong guess is kept."""
    code = secret_codes.read(typed).code or typed
    try:
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            found = await secret_codes.open_with(
                session,
                reference=reference,
                code=code,
                resident_id=turn.resident_id,
                key=turn.settings.pseudonym_key,
                now=turn.now,
            )
            detail = None
            if found is not None:
                detail = await contributions.find_contribution(
                    session, municipality_code=found.municipality_code, contribution_id=found.id
                )
    except TooManyAttempts:
        return Reply(content.text("code_te_vaak"), kind="antwoord")
    if detail is None:
        again = {"woorden": {"intent": INTENT, "nummer": reference, "verder": "code_verder"}}
        return Reply(content.text("code_fout"), kind="vraag", expects=again)
    follows = "" if detail.status == "geannuleerd" else content.text("status_elders")
    return Reply(_story(detail, follows), kind="antwoord")


async def _of(turn: ActionTurn, row: ContributionRow) -> Reply:
    contribution = row.contribution
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        detail = await contributions.find_contribution(
            session, municipality_code=contribution.municipality_code, contribution_id=contribution.id
        )
        council_has = await rewording.in_papers(session, contribution_ids=[contribution.id])
    buttons = tuple(
        Button(content.text(title), meaning(what, contribution.id))
        for what, title in ((REACT, "knop_reageren"), (CHANGE, "knop_wijzigen"))
        if POSSIBLE[what](detail.status) and not (what == CHANGE and council_has)
    )
    follows = content.texts()["status_vervolg"].get(detail.status, "")
    return Reply(_story(detail, follows), kind="antwoord", buttons=buttons)


def _list(rows: Sequence[ContributionRow]) -> Reply:
    shown = rows[:LISTED]
    lines = [
        content.text(
            "inbreng_status_regel",
            nummer=row.contribution.reference,
            gemeente=municipalities.names()[row.contribution.municipality_code],
            datum=_day(row.contribution),
            status=FOR_RESIDENTS[row.status].lower(),
        )
        for row in shown
    ]
    buttons = tuple(
        Button(row.contribution.reference, {"intent": INTENT, "over": str(row.contribution.id)}) for row in shown
    )
    return Reply("\n".join([content.text("inbreng_status_kop"), *lines]), kind="antwoord", buttons=buttons)


def _story(detail: ContributionDetail, follows: str) -> str:
    """What happened on which day, what the griffie wrote, and what comes next; nothing of the resident's own words.

    Args:
        follows: what the resident can expect or do here.
    """
    happened = [f"- {_day(row)}: {FOR_RESIDENTS[row.status].lower()}" for row in detail.statuses]
    written = [row for row in detail.entries if row.kind in ("antwoord", "vraag")][-TEXTS_SHOWN:]
    texts = [
        content.text("status_tekst", datum=_day(row), tekst=shortened(row.text, SHOWN_CHARACTERS)) for row in written
    ]
    head = content.text(
        "status_kop",
        nummer=detail.contribution.reference,
        gemeente=municipalities.names()[detail.contribution.municipality_code],
        uitleg=f"{_explained(detail.statuses[-1])} {follows}".strip(),
    )
    return "\n\n".join([head, "\n".join([content.text("status_verloop"), *happened]), *texts])


def _explained(last: ContributionStatus) -> str:
    """What the status in force means; of what was passed on also to whom, or for which meeting."""
    if (to := Destination.of(last)) is not None:
        return str(content.texts()["status_waarheen"][last.status]).format(**to.said)
    return str(content.texts()["status_uitleg"][last.status])


def _day(row: Contribution | ContributionStatus | ContributionEntry) -> str:
    return dutch_date(row.created_at.astimezone(AMSTERDAM).date())
