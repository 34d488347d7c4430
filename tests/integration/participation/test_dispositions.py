"""What was done with a contribution: chosen from a list, kept with the closing, told in plain words."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from participation import content
from participation.database import Database
from participation.errors import (
    DaysOutOfRange,
    DestinationMissing,
    DispositionMissing,
    DispositionUnknown,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.models import Clerk, Contribution
from participation.services import contributions, dispositions, handling_rules
from participation.services.contributions import ContributionDetail
from tests.integration.participation.conftest import AMERSFOORT, SOMEWHERE, UTRECHT, Contribute


async def close(
    database: Database, contribution: Contribution, clerk: Clerk, now: datetime, **changed: Any
) -> ContributionDetail:
    about = {
        "municipality_code": UTRECHT,
        "contribution_id": contribution.id,
        "status": "afgehandeld",
        "reason": "De lamp doet het weer.",
        "disposition": "naar_college",
        "clerk": clerk,
        "now": now,
    }
    async with database.session(UTRECHT) as session:
        await contributions.change_status(session, **(about | changed))
        return await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )


async def test_a_closing_keeps_what_was_done_and_tells_it_above_the_explanation(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    found = await close(database, await contribute(), clerk, now)
    last = found.statuses[-1]
    assert (last.status, last.disposition, last.reason) == ("afgehandeld", "naar_college", "De lamp doet het weer.")
    words = dispositions.usual()["naar_college"].words
    assert [(entry.kind, entry.text) for entry in found.entries] == [("antwoord", f"{words}\n\nDe lamp doet het weer.")]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"disposition": None}, DispositionMissing),
        ({"disposition": "bestaat-niet"}, DispositionUnknown),
        ({"reason": " "}, TransitionNotAllowed),
        ({"reason": "x" * 3990}, TextTooLong),
        ({"status": "reactie_gevraagd"}, TransitionNotAllowed),
        ({"status": "gebundeld"}, TransitionNotAllowed),
        ({"status": "doorgezonden"}, DestinationMissing),
        ({"status": "ingepland", "to": SOMEWHERE["doorgezonden"]}, DestinationMissing),
        ({"status": "doorgezonden", "to": SOMEWHERE["ingepland"]}, DestinationMissing),
    ],
)
async def test_an_incomplete_closing_changes_nothing(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    changed: dict[str, Any],
    error: type[Exception],
) -> None:
    contribution = await contribute()
    with pytest.raises(error):
        await close(database, contribution, clerk, now, **changed)
    async with database.session(UTRECHT) as session:
        found = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    assert (found.status, found.entries) == ("ontvangen", [])


async def test_passing_on_and_reopening_are_told_taking_up_is_not(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    for hour, status in enumerate(("in_behandeling", "doorgezonden", "ingepland", "afgehandeld", "heropend")):
        at, to = now + timedelta(hours=hour), SOMEWHERE.get(status)
        found = await close(database, contribution, clerk, at, status=status, to=to)
    assert [entry.text for entry in found.entries if entry.kind == "bericht"] == [
        "De griffie heeft uw inbreng doorgestuurd naar: Waterschap. U hoort hier wat eruit komt.",
        "Uw inbreng staat op de planning voor donderdag 3 december 2026: Commissie Ruimte. "
        "U hoort hier wat eruit komt.",
        content.text("bericht_heropend"),
    ]
    assert [row.disposition for row in found.statuses] == [None, None, None, None, "naar_college", None]


async def test_a_municipality_changes_hides_and_adds_for_itself_alone(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        await dispositions.change(session, key="naar_fractie", words="Nieuw.", is_offered=True, **about)
        await dispositions.change(session, key="naar_college", words="Oud.", is_offered=False, **about)
        own = await dispositions.add(session, name="Naar de  wijkraad", words="De wijkraad leest het.", **about)
        again = await dispositions.add(session, name="naar de wijkraad", words="De wijkraad kijkt.", **about)
        offered = {way.key: way.words for way in await dispositions.offered(session, municipality_code=UTRECHT)}
        names = {way.key: way.name for way in await dispositions.all_of(session, municipality_code=UTRECHT)}
    assert (own.key, own.name) == (again.key, "Naar de wijkraad")
    assert offered["naar_fractie"] == "Nieuw."
    assert offered[own.key] == "De wijkraad kijkt."
    assert offered.keys() == (dispositions.usual().keys() - {"naar_college"}) | {own.key}
    assert names["naar_college"] == "Naar het college"
    with pytest.raises(DispositionUnknown):
        await close(database, await contribute(), clerk, now)
    async with database.session(AMERSFOORT) as session:
        elsewhere = await dispositions.all_of(session, municipality_code=AMERSFOORT)
    assert elsewhere == list(dispositions.usual().values())
    async with database.session(UTRECHT) as session:
        await dispositions.change(
            session,
            key="naar_college",
            words=dispositions.usual()["naar_college"].words,
            is_offered=True,
            **about,
        )


@pytest.mark.parametrize(
    ("name", "words", "error"),
    [(" ", "x", TextMissing), ("x", " ", TextMissing), ("x" * 61, "x", TextTooLong), ("x", "y" * 401, TextTooLong)],
)
async def test_a_disposition_has_a_name_and_words_of_a_fitting_length(
    database: Database, clerk: Clerk, now: datetime, name: str, words: str, error: type[Exception]
) -> None:
    async with database.session(UTRECHT) as session:
        with pytest.raises(error):
            await dispositions.add(session, municipality_code=UTRECHT, name=name, words=words, clerk=clerk, now=now)


async def test_days_to_answer_are_between_one_and_ninety(database: Database, clerk: Clerk, now: datetime) -> None:
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        assert await handling_rules.answer_days(session, municipality_code=UTRECHT) == 14
        for days in (0, 91, -1):
            with pytest.raises(DaysOutOfRange):
                await handling_rules.set_answer_days(session, days=days, **about)
        await handling_rules.set_answer_days(session, days=90, **about)
        assert await handling_rules.answer_days(session, municipality_code=UTRECHT) == 90
        assert await handling_rules.answer_days(session, municipality_code=AMERSFOORT) == 14
