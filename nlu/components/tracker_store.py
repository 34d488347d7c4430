"""Rasa's record of conversations, shared by replicas that take over from one another.

Rasa adds the events of a turn behind as many as the database holds by then. When a replica hung, another took over,
and the first came to itself again, it would leave out as many of its own events as the other had added, and keep the
rest: a record of a conversation that nobody had. Here it keeps nothing then. The gateway gave up on that turn already.

Rasa waits for its own commits with everything that it does. These are not waited for until they are on disk: the
gateway commits the answer after them, in the same database, and that takes them along before a resident sees it.
"""

import itertools
from typing import Any, Iterator, Optional

import sqlalchemy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

KNOWN = "samenspel_known_events"
"""What a tracker carries along: how many events the database held of it when it was read, or kept last."""


class Overtaken(Exception):
    """The conversation went on elsewhere meanwhile."""


class SharedTrackerStore(SQLTrackerStore):
    """Keeps a turn only behind the events that it began with."""

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        tracker = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        if tracker is not None:
            setattr(tracker, KNOWN, len(tracker.events))
        return tracker

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        """Ask for the events of the latest session, in the order in which they were kept.

        Rasa looks for the session by the clock. When that was set back, it would leave out what came after.
        """
        mine = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            began = (
                session.query(sqlalchemy.func.max(self.SQLEvent.id).label("id"))
                .filter(self.SQLEvent.sender_id == sender_id, self.SQLEvent.type_name == SessionStarted.type_name)
                .subquery()
            )
            mine = mine.filter(sqlalchemy.or_(self.SQLEvent.id >= began.c.id, began.c.id.is_(None)))
        return mine.order_by(self.SQLEvent.id)

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Any]:
        """Return the events to add, in the transaction that adds them.

        Raises:
            Overtaken: others were added since this tracker was read.
        """
        if session.get_bind().dialect.name == "postgresql":  # held until the events are committed
            lock = sqlalchemy.text(
                "SELECT pg_advisory_xact_lock(hashtext(:conversation)), set_config('synchronous_commit', 'off', true)"
            )
            session.execute(lock, {"conversation": tracker.sender_id})
        kept = self._event_query(session, tracker.sender_id, fetch_events_from_all_sessions=False).count()
        if kept > getattr(tracker, KNOWN, 0):
            raise Overtaken
        setattr(tracker, KNOWN, len(tracker.events))
        return itertools.islice(tracker.events, kept, None)
