"""Every answer as residents read it: with all facts, with none, and where the municipality is not known.

A test can not tell whether a text reads naturally. So what residents read is kept in tests/snapshots/, to be read by
people, and this test says when it changes. Run with WRITE_SNAPSHOTS=1 to write the files anew; then read them.
"""

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.known_facts import known_facts
from participation.models import LocalFact
from participation.reply import Reply
from participation.services import answers

FOLDER = Path(__file__).parents[2] / "snapshots" / "antwoorden"
UTRECHT, DEN_BOSCH = "GM0344", "GM0796"
CASES = {"alle-feiten": UTRECHT, "geen-feiten": DEN_BOSCH, "gemeente-onbekend": None}


@pytest.fixture(scope="module", autouse=True)
async def _utrecht_knows_everything(database: Database) -> None:
    """Each fact has the example that griffiers see at its field."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(LocalFact))
        for fact in known_facts().values():
            session.add(
                LocalFact(
                    municipality_code=UTRECHT,
                    name=fact.name,
                    value=fact.example,
                    source="proef",
                    checked_on=date(2026, 11, 1),
                )
            )


def written(topic: str, reply: Reply) -> str:
    """A message as a person would copy it from the chat."""
    parts = [f"## {content.answers()[topic].question}\n\n`{topic}`", reply.text]
    if reply.more:
        parts.append(f"**Lees meer**\n\n{reply.more}")
    if reply.links:
        parts.append("\n".join(f"* Bron: {link.title} <{link.url}>" for link in reply.links))
    if reply.buttons:
        parts.append("\n".join(f"* Knop: {button.title}" for button in reply.buttons))
    return "\n\n".join(parts)


@pytest.mark.parametrize("group", content.GROUPS)
@pytest.mark.parametrize("case", CASES)
async def test_answers_read_as_they_were_read(database: Database, now: datetime, case: str, group: str) -> None:
    topics = [topic for topic, answer in content.answers().items() if answer.group == group]
    async with database.session(EVERY_MUNICIPALITY) as session:
        replies = {
            topic: await answers.find(session, topic=topic, municipality_code=CASES[case], today=now.date(), now=now)
            for topic in topics
        }
    text = "\n\n".join(written(topic, reply) for topic, reply in replies.items()) + "\n"
    file = FOLDER / case / f"{group}.md"
    if os.environ.get("WRITE_SNAPSHOTS") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_snapshot_is_left_of_what_is_gone() -> None:
    kept = {(file.parent.name, file.stem) for file in FOLDER.rglob("*.md")}
    assert kept == {(case, group) for case in CASES for group in content.GROUPS}
