"""What is kept of a resident: showing it, and asking whether it has to be erased."""

from actions.guarded import GuardedAction
from actions.kept_days import kept_days
from actions.turn import ActionTurn, Event
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.dates import AMSTERDAM, dutch_date
from participation.privacy import own_data
from participation.privacy.shredders import Subject
from participation.privacy.shredders.contributions import ERASABLE, contributions_of
from participation.privacy.shredders.reports import InReports
from participation.reply import Button, Link, Reply
from participation.services import municipalities
from participation.services.contributions import ContributionRow
from participation.services.lifecycle import FOR_RESIDENTS

DOWNLOAD = "/api/v1/mijn/gegevens"
SHOWN_CHARACTERS = 200
"""Of each text in the overview; the download has it whole."""


class ActionMijnGegevens(GuardedAction):
    """Show what is kept of this resident."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_mijn_gegevens"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Count each kind, list what was passed on, and in the web link to all of it."""
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            kept = await own_data.export(session, resident_id=turn.resident_id)
            subject = await own_data.subject_of(session, turn.resident_id)
            rows = await contributions_of(session, subject)
        lines = [
            content.texts()["gegevens_regels"][name].format(aantal=len(found)) for name, found in kept.items() if found
        ]
        links: tuple[Link, ...] = ()
        if turn.channel == "web":
            links = (Link(content.text("gegevens_bestand"), f"{turn.settings.public_url.rstrip('/')}{DOWNLOAD}"),)
        turn.say(
            Reply(
                "\n".join([content.text("mijn_gegevens", dagen=await kept_days(turn)), "", *lines]),
                kind="antwoord",
            )
        )
        told = [_line(ContributionRow(row, status)) for row, status in rows]
        heading = content.text("inbreng_status_kop") if told else content.text("inbreng_status_geen")
        erase = Button(content.text("knop_wissen_vraag"), {"intent": "verwijder_gegevens"})
        turn.say(Reply("\n".join([heading, *told]), kind="antwoord", buttons=(erase,), links=links))
        return []


class ActionGegevensWissen(GuardedAction):
    """Tell what goes, what stays and why, and ask for a yes. The gateway erases, since Rasa keeps what it does."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_gegevens_wissen"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Ask."""
        async with turn.database.session(EVERY_MUNICIPALITY) as session:
            subject: Subject = await own_data.subject_of(session, turn.resident_id)
            rows = await contributions_of(session, subject)
            in_papers = await InReports().export(session, subject)
        parts = [content.text("wissen_gesprek")]
        for name, erasable in (("wissen_inbreng", True), ("wissen_blijft", False)):
            numbers = [row.reference for row, status in rows if (status in ERASABLE) is erasable]
            if numbers:
                parts.append(content.text(name, nummers=", ".join(numbers)))
        if in_papers:
            named = any(one["met_naam"] for one in in_papers)
            parts.append(content.text("wissen_stukken_naam" if named else "wissen_stukken"))
        parts.append(content.text("wissen_vraag"))
        yes, no = {"poort": "wissen"}, {"intent": "ontkennen"}
        if turn.slots.get("requested_slot"):  # a no goes on with the form
            no = {"intent": "inbreng_doen", "inbreng": "hervat", "concept": turn.slots["inbreng_concept"]}
        buttons = (Button(content.text("knop_wissen_ja"), yes), Button(content.text("knop_wissen_nee"), no))
        turn.say(Reply("\n\n".join(parts), kind="bevestiging", buttons=buttons, expects={"ja": yes, "nee": no}))
        return []


def _line(row: ContributionRow) -> str:
    told = " ".join(row.contribution.text.split())
    shown = told if len(told) <= SHOWN_CHARACTERS else f"{told[:SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …"
    line = content.text(
        "inbreng_status_regel",
        nummer=row.contribution.reference,
        gemeente=municipalities.names()[row.contribution.municipality_code],
        datum=dutch_date(row.contribution.created_at.astimezone(AMSTERDAM).date()),
        status=FOR_RESIDENTS[row.status].lower(),
    )
    return f"{line} „{shown}”"
