"""Withdrawing, adding and changing in the chat: which one, read back, a yes, and then it is so in the database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from actions.guarded import Surroundings
from actions.own_contributions import ActionInbrengAanvullen, ActionInbrengIntrekken
from actions.turn import ActionTurn
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution, Conversation
from participation.reply import Reply
from participation.services import contributions, secret_codes
from participation.services.references import format_reference
from participation.settings import Settings
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Converse, draft_of
from tests.integration.participation.test_own_contributions import give_status

TurnIn = Callable[..., ActionTurn]
WITHDRAW, ADD = "inbreng_intrekken", "inbreng_aanvullen"


@pytest.fixture
def surroundings(database: Database, now: datetime) -> Surroundings:
    return Surroundings(database, Settings(demo=True), lambda: now)


class Chat:
    """A resident whose turns are handed to the actions as the gateway and Rasa do."""

    def __init__(self, surroundings: Surroundings, conversation: Conversation) -> None:
        self.surroundings = surroundings
        self.conversation = conversation

    async def turn(
        self, intent: str, text: str = "", choice: dict[str, Any] | None = None, *, channel: str = "web"
    ) -> Reply:
        turn = ActionTurn(
            database=self.surroundings.database,
            settings=self.surroundings.settings,
            now=self.surroundings.clock(),
            conversation_id=self.conversation.id,
            resident_id=self.conversation.resident_id,
            channel=channel,
            municipality_code=UTRECHT,
            text=text,
            choice=choice,
            intent=intent,
            topic=None,
            ranking=[],
            slots={},
        )
        action = {WITHDRAW: ActionInbrengIntrekken, ADD: ActionInbrengAanvullen}[intent](self.surroundings)
        assert await action.handle(turn) == []
        [reply] = turn.replies
        return reply

    async def press(self, reply: Reply, title: str) -> Reply:
        [meaning] = [button.meaning for button in reply.buttons if button.title == title]
        return await self.turn(meaning["intent"], title, meaning)

    async def passes_on(self, text: str = "De lantaarn is kapot.") -> Contribution:
        around = self.surroundings
        async with around.database.session(EVERY_MUNICIPALITY) as session:
            return await contributions.log_contribution(
                session, municipality_code=UTRECHT, draft=draft_of(self.conversation, text), now=around.clock()
            )


@pytest.fixture
async def chat(surroundings: Surroundings, converse: Converse) -> Chat:
    return Chat(surroundings, await converse())


def change_question(contribution: Contribution, text: str) -> str:
    """As long as it may be withdrawn as well."""
    asked = content.text("wijzigen_vraag", nummer=contribution.reference, tekst=text)
    return f"{asked}\n\n{content.text('wijzigen_gemeente')}"


async def status_of(database: Database, contribution: Contribution) -> str:
    async with database.session(UTRECHT) as session:
        found = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    return found.status


async def schedule(database: Database, contribution: Contribution, clerk: Clerk, now: datetime, status: str) -> None:
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            status=status,
            clerk=clerk,
            now=now,
            reason="klaar",
            disposition="beantwoord",
            to=SOMEWHERE.get(status),
        )


async def test_the_only_contribution_is_read_back_and_withdrawn_after_a_yes(chat: Chat, database: Database) -> None:
    contribution = await chat.passes_on("{nummer} is kapot.")
    asked = await chat.turn(WITHDRAW, "trek mijn inbreng in")
    assert asked.text == content.text(
        "intrekken_vraag", nummer=contribution.reference, gemeente="Utrecht", tekst="{nummer} is kapot."
    )
    yes = {"intent": WITHDRAW, "over": str(contribution.id), "akkoord": True}
    assert asked.expects == {"ja": yes}
    assert [button.meaning for button in asked.buttons] == [yes, {"intent": "ontkennen"}]
    assert await status_of(database, contribution) == "ontvangen"
    done = await chat.press(asked, content.text("knop_intrekken_ja"))
    assert done.text == content.text("ingetrokken", nummer=contribution.reference, dagen="28")
    assert await status_of(database, contribution) == "geannuleerd"


@pytest.mark.parametrize("intent", [WITHDRAW, ADD])
async def test_of_several_one_is_chosen(chat: Chat, database: Database, intent: str) -> None:
    first, second = await chat.passes_on(), await chat.passes_on()
    asked = await chat.turn(intent)
    by_number = await chat.turn(intent, f"het gaat om {second.reference.lower()}")
    assert (second.reference in by_number.text, first.reference in by_number.text) == (True, False)
    titles = {content.text("knop_nummer", nummer=one.reference, datum="23 november 2026") for one in (first, second)}
    assert {button.title for button in asked.buttons} == titles
    chosen = await chat.press(asked, content.text("knop_nummer", nummer=first.reference, datum="23 november 2026"))
    assert first.reference in chosen.text
    assert second.reference not in chosen.text
    [meaning] = chosen.expects.values()
    assert meaning["over"] == str(first.id)


async def test_of_several_the_one_to_change_is_chosen(chat: Chat) -> None:
    first, _ = await chat.passes_on("De ene."), await chat.passes_on("De andere.")
    asked = await chat.turn(ADD, "kan ik mijn tekst nog aanpassen")
    assert asked.text == content.text("wijzigen_keuze")
    chosen = await chat.press(asked, content.text("knop_nummer", nummer=first.reference, datum="23 november 2026"))
    assert chosen.text == change_question(first, "De ene.")


@pytest.mark.parametrize(
    ("intent", "status", "said"),
    [(WITHDRAW, "ingepland", "intrekken_te_laat"), (ADD, "afgehandeld", "aanvullen_te_laat")],
)
async def test_what_is_too_late_is_explained(
    chat: Chat, database: Database, clerk: Clerk, now: datetime, intent: str, status: str, said: str
) -> None:
    """Also when the desk was first, between the question and the yes."""
    contribution = await chat.passes_on()
    asked = await chat.turn(intent)
    if intent == ADD:
        asked = await chat.turn(ADD, "Ook overdag.", {**asked.expects["woorden"], "woorden": True})
    await schedule(database, contribution, clerk, now, status)
    refusal = content.text(said, nummers=contribution.reference)
    assert (await chat.turn(intent)).text == refusal
    assert (await chat.turn(intent, "ja", asked.expects["ja"])).text == refusal
    assert await status_of(database, contribution) == status


@pytest.mark.parametrize("intent", [WITHDRAW, ADD])
async def test_who_passed_nothing_on_hears_that_here_too(chat: Chat, intent: str) -> None:
    assert (await chat.turn(intent)).text == content.text("inbreng_status_geen")


@pytest.mark.parametrize("intent", [WITHDRAW, ADD])
async def test_a_meaning_of_somebody_elses_contribution_changes_nothing(
    chat: Chat, surroundings: Surroundings, converse: Converse, database: Database, intent: str
) -> None:
    theirs = await Chat(surroundings, await converse()).passes_on()
    yes = {
        "intent": intent,
        "over": str(theirs.id),
        "akkoord": True,
        "tekst": "x",
        "verzending": "00000000-0000-4000-8000-000000000000",
        "gezien": None,
    }
    for meaning in (yes, {**yes, "wijzigen": True}):
        assert (await chat.turn(intent, "ja", meaning)).text == content.text("inbreng_status_geen")
    assert await status_of(database, theirs) == "ontvangen"


async def test_an_addition_is_asked_for_read_back_and_kept_after_a_yes(chat: Chat, database: Database) -> None:
    contribution = await chat.passes_on()
    asked = await chat.turn(ADD, "ik wil nog iets toevoegen")
    assert asked.text == content.text("aanvullen_vraag", nummer=contribution.reference)
    words = {**asked.expects["woorden"], "woorden": True}
    read_back = await chat.turn(ADD, "Ook {overdag}.", words)
    assert read_back.text == content.text(
        "aanvullen_akkoord_vraag", nummer=contribution.reference, tekst="Ook {overdag}."
    )
    again = await chat.press(read_back, content.text("knop_andere_woorden"))
    assert (again.text, again.expects) == (asked.text, asked.expects)
    for _ in range(2):
        done = await chat.turn(ADD, "ja", read_back.expects["ja"])
        assert done.text == content.text("aangevuld", nummer=contribution.reference)
    async with database.session(UTRECHT) as session:
        kept = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    assert [(entry.text, entry.from_resident) for entry in kept.entries] == [("Ook {overdag}.", True)]


async def test_new_words_are_asked_for_beside_the_old_read_back_and_kept_after_a_yes(
    chat: Chat, database: Database
) -> None:
    contribution = await chat.passes_on("De {lamp} is stuk.")
    number = contribution.reference
    asked = await chat.turn(ADD, "Ik wil mijn inbreng wijzigen")
    assert asked.text == change_question(contribution, "De {lamp} is stuk.")
    titles = [content.text(name) for name in ("knop_stoppen", "knop_aanvullen", "knop_intrekken")]
    assert [button.title for button in asked.buttons] == titles
    assert asked.expects["woorden"]["ook_vragen"], "what comes in the place of a text may be a question"
    words = {**asked.expects["woorden"], "woorden": True}
    read_back = await chat.turn(ADD, "De {brug} is stuk.", words)
    assert read_back.text == content.text("wijzigen_akkoord_vraag", nummer=number, tekst="De {brug} is stuk.")
    again = await chat.press(read_back, content.text("knop_andere_woorden"))
    assert (again.text, again.expects) == (asked.text, asked.expects)
    for _ in range(2):
        done = await chat.press(read_back, content.text("knop_wijzigen_ja"))
        assert done.text == content.text("gewijzigd", nummer=number)
    async with database.session(UTRECHT) as session:
        kept = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    assert (kept.contribution.text, kept.status, list(kept.entries)) == ("De {brug} is stuk.", "ontvangen", [])
    newer = await chat.turn(ADD, "Toch de lamp.", words)
    await chat.press(newer, content.text("knop_wijzigen_ja"))
    late = await chat.press(read_back, content.text("knop_wijzigen_ja"))
    assert late.text == content.text("wijzigen_intussen")
    assert [button.title for button in late.buttons] == [content.text("knop_wijzigen")]


async def test_withdrawing_is_offered_to_who_changes_as_long_as_it_can_be_done(
    chat: Chat, database: Database, clerk: Clerk, now: datetime
) -> None:
    """In a bundle the words may still be changed and not be withdrawn."""
    contribution = await chat.passes_on()
    change = {"intent": ADD, "over": str(contribution.id), "wijzigen": True}
    asked = await chat.turn(ADD, "", change)
    withdrawing = await chat.press(asked, content.text("knop_intrekken"))
    assert withdrawing.expects["ja"] == {"intent": WITHDRAW, "over": str(contribution.id), "akkoord": True}
    await give_status(database, contribution, clerk, now, "gebundeld")
    asked = await chat.turn(ADD, "", change)
    assert asked.text == content.text("wijzigen_vraag", nummer=contribution.reference, tekst=contribution.text)
    assert content.text("knop_intrekken") not in [button.title for button in asked.buttons]


async def test_on_telegram_who_changes_or_withdraws_hears_where_the_words_still_are(chat: Chat) -> None:
    contribution = await chat.passes_on()
    about = {"over": str(contribution.id), "akkoord": True}
    change = {**about, "intent": ADD, "wijzigen": True, "tekst": "Toch de brug.", "gezien": None}
    for intent, agreed, said in ((ADD, change, "gewijzigd"), (WITHDRAW, about, "ingetrokken")):
        done = await chat.turn(intent, "ja", agreed, channel="telegram")
        told = [content.text(said, nummer=contribution.reference), content.text("telegram_tekst_blijft")]
        assert done.text.split("\n\n") == told


async def test_a_child_who_changes_the_words_hears_who_reads_them(chat: Chat) -> None:
    contribution = await chat.passes_on()
    asked = await chat.turn(ADD, "ik wil mijn bericht verbeteren")
    words = {**asked.expects["woorden"], "woorden": True}
    done = await chat.press(await chat.turn(ADD, "Ik ben 9 jaar.", words), content.text("knop_wijzigen_ja"))
    assert done.text.split("\n\n")[1] == content.text("inbreng_kind")
    assert contribution.reference in done.text


async def test_who_adds_may_change_instead_and_the_other_way_round(chat: Chat) -> None:
    contribution = await chat.passes_on()
    adding = await chat.turn(ADD, "ik wil nog iets toevoegen")
    changing = await chat.press(adding, content.text("knop_wijzigen"))
    assert changing.text == change_question(contribution, contribution.text)
    back = await chat.press(changing, content.text("knop_aanvullen"))
    assert back.text == content.text("aanvullen_vraag", nummer=contribution.reference)


@pytest.mark.parametrize(("status", "offered"), [("ingepland", "aanvullen"), ("afgehandeld", "reactie")])
async def test_when_it_is_too_late_to_change_something_can_be_said_beside_it(
    chat: Chat, database: Database, clerk: Clerk, now: datetime, status: str, offered: str
) -> None:
    contribution = await chat.passes_on()
    asked = await chat.turn(ADD, "Ik wil mijn inbreng wijzigen")
    words = {**asked.expects["woorden"], "woorden": True}
    agreed = (await chat.turn(ADD, "Iets anders.", words)).expects["ja"]
    await schedule(database, contribution, clerk, now, status)
    for refused in (await chat.turn(ADD, "ja", agreed), await chat.turn(ADD, "Ik wil mijn inbreng wijzigen")):
        assert refused.text == content.text("wijzigen_te_laat", nummers=contribution.reference)
        [button] = refused.buttons
        assert (await chat.press(refused, button.title)).text == content.text(
            f"{offered}_vraag", nummer=contribution.reference
        )


@pytest.mark.parametrize(
    ("intent", "text"), [(WITHDRAW, "trek {} in"), (ADD, "ik wil {} wijzigen"), (ADD, "iets toevoegen aan {}")]
)
async def test_a_number_that_is_not_theirs_tells_nothing_and_changes_nothing(
    chat: Chat, surroundings: Surroundings, converse: Converse, intent: str, text: str
) -> None:
    """Also not about what they passed on themselves. With the code they hear where it stands, as anywhere else."""
    mine, theirs = await chat.passes_on(), await Chat(surroundings, await converse()).passes_on()
    for number in (theirs.reference, format_reference(2026, 999999)):
        asked = await chat.turn(intent, text.format(number))
        assert asked.text == content.text("code_vraag", nummer=number)
        assert asked.expects["woorden"]["intent"] == "inbreng_status"
    assert (await chat.turn(intent, text.format(f"{mine.reference[:-1]}A"))).text == content.text("nummer_klopt_niet")
    async with surroundings.database.session(EVERY_MUNICIPALITY) as session:
        kept = await session.get_one(Contribution, theirs.id)
        code = secret_codes.give(kept, key=surroundings.settings.pseudonym_key)
    told = await chat.turn(intent, f"{text.format(theirs.reference)} {code}")
    assert (theirs.reference in told.text, content.text("status_elders") in told.text) == (True, True)
    assert (theirs.text in told.text, told.buttons) == (False, ())


async def test_a_reaction_to_the_griffie_is_read_back_and_opens_what_was_handled(
    chat: Chat, database: Database, clerk: Clerk, now: datetime
) -> None:
    contribution = await chat.passes_on()
    await schedule(database, contribution, clerk, now, "afgehandeld")
    react = {"intent": ADD, "over": str(contribution.id), "reactie": True}
    asked = await chat.turn(ADD, content.text("knop_reageren"), react)
    assert asked.text == content.text("reactie_vraag", nummer=contribution.reference)
    read_back = await chat.turn(ADD, "Hij is weer stuk.", {**asked.expects["woorden"], "woorden": True})
    said = content.text("reactie_akkoord_vraag", nummer=contribution.reference, tekst="Hij is weer stuk.")
    assert read_back.text == f"{said}\n\n{content.text('reactie_heropent')}"
    assert await status_of(database, contribution) == "afgehandeld"
    done = await chat.press(read_back, content.text("knop_reactie_ja"))
    assert done.text == content.text("reactie_gegeven", nummer=contribution.reference)
    assert await status_of(database, contribution) == "heropend"


async def test_what_the_griffie_stopped_can_not_be_reacted_to(
    chat: Chat, database: Database, clerk: Clerk, now: datetime
) -> None:
    contribution = await chat.passes_on()
    await schedule(database, contribution, clerk, now, "geannuleerd")
    react = {"intent": ADD, "over": str(contribution.id), "reactie": True}
    refused = await chat.turn(ADD, content.text("knop_reageren"), react)
    assert refused.text == content.text("reactie_te_laat", nummers=contribution.reference)
    assert await status_of(database, contribution) == "geannuleerd"
