"""What makes the work list fast stays so: at 100,000 contributions a row that is looked at for nothing is dear."""

import pytest
from sqlalchemy import text

from participation.database import Database
from participation.services import worklist
from tests.integration.participation.conftest import UTRECHT, Contribute


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT count(*) FROM worklist_item WHERE municipality_code = :code", "ix_worklist_item_"),
        (
            "SELECT contribution_id, status_at, reacted_at, assignee_id FROM worklist_item "
            "WHERE municipality_code = :code AND kind = 'zorg' AND channel = 'web' AND status = 'afgehandeld' "
            "ORDER BY created_at DESC, contribution_id DESC LIMIT 26",
            "ix_worklist_item_newest",
        ),
        (
            "SELECT count(*) FILTER (WHERE reacted_at IS NOT NULL) FROM worklist_item "
            "WHERE municipality_code = :code AND campaign = 'autoluw' AND kind = 'zorg'",
            "ix_worklist_item_campaign",
        ),
        (
            "SELECT contribution_id FROM worklist_word WHERE municipality_code = :code AND word = 'lantaarn'",
            "pk_worklist_word",
        ),
    ],
)
async def test_the_index_answers_alone_and_is_asked_for_the_municipality_once(
    database: Database, contribute: Contribute, question: str, index: str
) -> None:
    await contribute(UTRECHT)
    async with database.session(UTRECHT) as session:
        await worklist.plan_for_memory(session)
        for way in ("enable_seqscan", "enable_bitmapscan"):  # one row is read in any way
            await session.execute(text(f"SET LOCAL {way} = off"))
        plan = (await session.scalars(text(f"EXPLAIN {question}"), {"code": UTRECHT})).all()
    checked = [line for line in plan if "Filter:" in line and "current_setting" in line]
    assert (any("Index Only Scan" in line and f"using {index}" in line for line in plan), checked) == (True, []), (
        "\n".join(plan)
    )
