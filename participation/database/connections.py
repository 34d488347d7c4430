"""How many connections each process opens at most: all together must fit in max_connections of PostgreSQL.

What does the work of residents holds one for a turn, with the lock on the conversation, and at times a second for what
the turn does. The web process has room for twelve turns, and for the desk beside them; in `telegram` nine hands hold up
to three each, and four send. What needs more than there is waits for a moment.
"""

POOL = {"web": 32, "actions": 20, "worker": 12, "telegram": 32, "koppeling": 8}
"""Of a process, for its transactions."""
JOBS = 5
"""Beside those, of who has to do with the queue of jobs."""
LISTENING = 1
"""Beside those, of who hears at once what is new."""

MOST = {
    "web": POOL["web"] + JOBS + LISTENING,
    "actions": POOL["actions"],
    "worker": POOL["worker"] + JOBS + LISTENING,
    "telegram": POOL["telegram"] + LISTENING,
    "koppeling": POOL["koppeling"] + LISTENING,
    "rasa": 2,
    "prepare": 3,
    "backup": 3,
}
"""All that a process opens at one moment, by the name of its service."""
