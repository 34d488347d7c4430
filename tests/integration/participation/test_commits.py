"""What is on disk when: a resident is told nothing before it is, and waits for the disk once."""

from sqlalchemy import text

from participation.database import EVERY_MUNICIPALITY, Database


async def setting(database: Database, **how: bool) -> tuple[str, str]:
    """How a commit waits for the disk, and who said so: 'session' is the transaction itself."""
    async with database.session(EVERY_MUNICIPALITY, **how) as session:
        asked = "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'"
        found, source = (await session.execute(text(asked))).one()
        return str(found), str(source)


async def test_a_commit_is_waited_for_as_the_server_is_set_unless_a_later_one_takes_it_along(
    database: Database,
) -> None:
    as_the_server = await setting(database)
    assert as_the_server[1] != "session"
    assert await setting(database, flushed=False) == ("off", "session")
    assert await setting(database) == as_the_server, "the connection is the same one"
