"""How long opinion groups take for 10,000 people and 60 statements, and whether they are the ones that were planted.

Part of `./samenspel bench campaign`. No database: reading the votes is not in the figure.
"""

import time
from typing import Any

import numpy as np

from bench.campaign.residents import imagine
from participation.campaigns import consensus, groups
from participation.campaigns.matrix import collect

PEOPLE, STATEMENTS, PLANTED, SEED = 10_000, 60, 3, 1


def figures(people: int = PEOPLE, statements: int = STATEMENTS) -> dict[str, Any]:
    """Make residents up, find their groups and what these think, and compare the groups with the planted ones."""
    from sklearn.metrics import adjusted_rand_score

    _warm_up()
    opinions = imagine(people=people, statements=statements, groups=PLANTED, rng=np.random.default_rng(SEED))
    rows = [(f"{person:06}", statement, value) for person, statement, value in opinions.final()]
    began, worked = time.perf_counter(), time.process_time()
    votes, order = collect(rows)
    found = groups.find(votes)
    if found is None:
        raise SystemExit("no groups were found")
    tally = votes.tally(found.labels, len(found.letters))
    consensus.stands_for(tally)
    consensus.shared_by_all(tally)
    consensus.what_divides(tally)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    planted = np.array([opinions.group[int(person)] for person in order])
    inside = found.labels >= 0
    return {
        "people": people,
        "statements": statements,
        "votes": len(rows),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "groups": len(found.letters),
        "adjusted_rand": round(float(adjusted_rand_score(planted[inside], found.labels[inside])), 3),
    }


def _warm_up() -> None:
    """Load the libraries: the worker does so once, and not for each count."""
    opinions = imagine(people=60, statements=12, groups=2, rng=np.random.default_rng(SEED))
    found = groups.find(collect(opinions.final())[0])
    if found is not None:
        consensus.stands_for(collect(opinions.final())[0].tally(found.labels, len(found.letters)))
