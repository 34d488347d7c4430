"""Letting time pass for a conversation, where Rasa looks at it: in its own record."""

from tests.e2e.instance import Instance

_EARLIER = (
    "UPDATE rasa.events SET timestamp = timestamp - %s, data = jsonb_set(data::jsonb, '{timestamp}', "
    "to_jsonb((data::jsonb->>'timestamp')::float - %s))::text WHERE sender_id = %s RETURNING id"
)
HOUR, DAY = 3_600, 86_400


async def pass_time(instance: Instance, conversation: str, seconds: int) -> None:
    """Make all that Rasa remembers of a conversation so many seconds older."""
    assert await instance.rows(_EARLIER, seconds, seconds, conversation), "nothing is remembered of it"
