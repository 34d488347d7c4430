"""A broken link shows at every page of the desk where somebody can mend it, and a link that failed once does not."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete

from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.models import AnswerOverride, CheckedLink, LocalFact, OwnQuestion

UTRECHT = "GM0344"
HERE = f"/griffie/{UTRECHT}"
TOPIC = "raad_samenstelling"
WARNING = "Deze link werkt niet sinds 19 november 2026. De pagina bestaat niet meer."
BADGE = ">Kapotte link<"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWN = "https://utrecht.example/weg"


@pytest.fixture(autouse=True)
async def _nothing_kept(database):
    yield
    async with database.session(EVERY_MUNICIPALITY) as session:
        for model in (CheckedLink, LocalFact, AnswerOverride, OwnQuestion):
            await session.execute(delete(model))


async def failed(database, url: str, days: int) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add(
            CheckedLink(
                url=url,
                outcome="foutmelding",
                status=404,
                failing_days=days,
                failing_since=date(2026, 11, 19),
                last_failed_on=date(2026, 11, 21),
                checked_at=NOW,
                again_at=NOW,
            )
        )


async def put_own_answer(database) -> None:
    async with database.session(UTRECHT) as session:
        session.add(
            AnswerOverride(
                municipality_code=UTRECHT,
                topic=TOPIC,
                short="Zo zit het.",
                source_name="Bron",
                source_url=OWN,
                checked_on=date(2026, 11, 1),
                published_at=NOW,
            )
        )


@pytest.mark.parametrize(("days", "shown"), [(2, 0), (3, 1)])
async def test_a_link_of_the_national_text_shows_at_the_answer_once_it_counts_as_broken(
    clerk_with, database, days, shown
):
    await failed(database, content.answers()[TOPIC].sources[0].url, days)
    browser = await clerk_with(GM0344="griffier")
    assert (await browser.get(f"{HERE}/antwoorden/{TOPIC}")).text.count(WARNING) == shown
    listed = (await browser.get(f"{HERE}/antwoorden?status=link")).text
    assert (f"/antwoorden/{TOPIC}" in listed) is bool(shown)


async def test_an_own_text_is_warned_of_its_own_link_and_not_of_the_national_one(clerk_with, database):
    await put_own_answer(database)
    await failed(database, content.answers()[TOPIC].sources[0].url, 3)
    browser = await clerk_with(GM0344="griffier")
    assert WARNING not in (await browser.get(f"{HERE}/antwoorden/{TOPIC}")).text
    await failed(database, OWN, 3)
    page = (await browser.get(f"{HERE}/antwoorden/{TOPIC}")).text
    assert (page.count(WARNING), f'href="{OWN}"' in page) == (1, True)
    other = await clerk_with(GM0307="griffier")
    assert OWN not in (await other.get(f"/griffie/GM0307/antwoorden/{TOPIC}")).text


async def test_a_fact_is_warned_of_its_value_and_of_its_source(clerk_with, database):
    async with database.session(UTRECHT) as session:
        for name, value, source in (
            ("raad_url", OWN, None),
            ("zetels", "45", OWN),
            ("griffie_email", "g@utrecht.example", "https://utrecht.example/goed"),
        ):
            session.add(
                LocalFact(
                    municipality_code=UTRECHT,
                    name=name,
                    value=value,
                    source="Site",
                    source_url=source,
                    checked_on=date(2026, 11, 1),
                )
            )
    await failed(database, OWN, 3)
    browser = await clerk_with(GM0344="griffier")
    assert (await browser.get(f"{HERE}/feiten")).text.count(BADGE) == 2
    names = ("raad_url", "zetels", "griffie_email")
    assert [(await browser.get(f"{HERE}/feiten/{name}")).text.count(WARNING) for name in names] == [1, 1, 0]


async def test_an_own_question_in_the_chat_is_warned(clerk_with, database):
    async with database.session(UTRECHT) as session:
        questions = [
            OwnQuestion(
                municipality_code=UTRECHT,
                ways=["Wanneer?"],
                embeddings=b"",
                short="Nu.",
                source_name="Site",
                source_url=OWN,
                checked_on=NOW.date(),
                is_published=published,
                revision=1,
                changed_at=NOW,
            )
            for published in (True, False)
        ]
        session.add_all(questions)
    await failed(database, OWN, 3)
    browser = await clerk_with(GM0344="griffier")
    assert (await browser.get(f"{HERE}/eigen-vragen")).text.count(BADGE) == 1
    shown = [(await browser.get(f"{HERE}/eigen-vragen/{one.id}")).text.count(WARNING) for one in questions]
    assert shown == [1, 0]
