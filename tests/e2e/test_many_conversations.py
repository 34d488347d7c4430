"""Conversations side by side stay apart."""

import asyncio
import csv
from pathlib import Path

import pytest

from tests.e2e.resident import Resident, kinds, logged, plain, reading_back, reference_in

HOW_MANY = 200
AT_ONCE = 8
TRIES = 5
OWNERS = """
    SELECT contribution.municipality_code AS code, conversation.municipality_code AS of_chat,
           contribution.resident_id = conversation.resident_id AS is_owner
    FROM contribution JOIN conversation ON conversation.id = contribution.conversation_id
    WHERE conversation.id = ANY(%s::uuid[])
"""
WITH_IT = """
    WITH own AS (
        SELECT conversation.id, conversation.resident_id, conversation.municipality_code AS code,
               contribution.id AS contribution_id, contribution.draft
        FROM conversation JOIN contribution ON contribution.conversation_id = conversation.id
        WHERE conversation.id = ANY(%s::uuid[])
    )
    SELECT 'consent' AS what, count(*) AS found, count(*) FILTER (
        WHERE it.resident_id = own.resident_id AND it.municipality_code = own.code
    ) AS own
    FROM consent AS it JOIN own ON own.contribution_id = it.contribution_id
    UNION ALL
    SELECT 'status', count(*), count(*) FILTER (WHERE it.municipality_code = own.code)
    FROM contribution_status AS it JOIN own ON own.contribution_id = it.contribution_id
    UNION ALL
    SELECT 'choice', count(*), count(*) FILTER (WHERE it.meaning->>'concept' = own.draft::text)
    FROM choice AS it JOIN own ON own.id = it.conversation_id WHERE it.meaning->>'inbreng' = 'ja'
    UNION ALL
    SELECT 'message', count(DISTINCT (own.id, house[1])), count(DISTINCT own.id)
    FROM message JOIN own ON own.id = message.conversation_id,
         regexp_matches(message.body->>'tekst', 'Huis [0-9]+:', 'g') AS house
"""
"""How many rows of each kind go with these contributions, and how many of those are of the same person and place."""
REFERENCE_DATA = Path(__file__).parents[2] / "participation" / "reference" / "gemeenten.csv"


def some_municipalities() -> dict[str, str]:
    """Spread over the whole list."""
    with REFERENCE_DATA.open(encoding="utf-8") as file:
        rows = [(row["code"], row["naam"]) for row in csv.DictReader(file, delimiter=";")]
    return dict(rows[:: len(rows) // HOW_MANY][:HOW_MANY])


def text_for(name: str, number: int) -> str:
    return f"Huis {number}: de stoep voor onze deur is kapot, dat willen wij de raad van {name} laten weten."


@pytest.mark.timeout(600)
async def test_interleaved_conversations_each_end_with_their_own_contribution(opens, instance):
    """Turn by turn: nobody's second turn comes before everybody's first."""
    names = some_municipalities()
    residents: dict[str, Resident] = {code: await opens(code) for code in names}
    texts = {code: text_for(name, number) for number, (code, name) in enumerate(names.items())}
    room = asyncio.Semaphore(AT_ONCE)

    async def everybody(turn) -> dict:
        async def one(code: str):
            async with room:
                messages = await turn(code)
                for _ in range(TRIES):  # on a busy machine Rasa may be too late; then residents try again
                    if kinds(messages) != ["fout"]:
                        break
                    messages = await residents[code].presses("Probeer het opnieuw")
                return messages

        return dict(zip(names, await asyncio.gather(*(one(code) for code in names)), strict=True))

    await everybody(lambda code: residents[code].presses("Ik wil iets doorgeven"))
    heard = await everybody(lambda code: residents[code].says(texts[code]))
    confirmed = await everybody(lambda code: residents[code].presses("Ja, geef dit door"))
    references = {code: reference_in(messages) for code, messages in confirmed.items()}
    await everybody(lambda code: residents[code].presses("Ja, naar de raad"))

    expected = {code: reading_back(name, texts[code]) for code, name in names.items()}
    assert {code: plain(messages[-1]) for code, messages in heard.items()} == expected
    assert len(names) == len(set(references.values())) == HOW_MANY
    assert {code: await residents[code].contributions() for code in names} == {
        code: logged(code, texts[code], references[code]) for code in names
    }
    conversations = [resident.conversation for resident in residents.values()]
    rows = await instance.rows(OWNERS, conversations)
    assert sorted((row["code"], row["of_chat"], row["is_owner"]) for row in rows) == [
        (code, code, True) for code in sorted(names)
    ]
    beside = {row["what"]: (row["found"], row["own"]) for row in await instance.rows(WITH_IT, conversations)}
    assert {what: found == own >= HOW_MANY for what, (found, own) in beside.items()} == dict.fromkeys(
        ("consent", "status", "choice", "message"), True
    ), beside
