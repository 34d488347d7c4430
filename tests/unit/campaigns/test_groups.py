import numpy as np
import pytest
from reddwarf.implementations.polis import run_pipeline
from reddwarf.utils.reducer.base import run_reducer
from sklearn.metrics import adjusted_rand_score

from bench.campaign.residents import imagine
from participation.campaigns import consensus, groups
from participation.campaigns.matrix import Votes, collect


def votes_of(opinions) -> tuple[Votes, np.ndarray]:
    votes, people = collect([(f"{one:05}", statement + 1, value) for one, statement, value in opinions.final()])
    return votes, np.array([opinions.group[int(one)] for one in people])


@pytest.mark.parametrize("number", [2, 3])
def test_planted_groups_are_found_among_people_who_stop_and_change_their_minds(number):
    opinions = imagine(people=400, statements=60, groups=number, rng=np.random.default_rng(number))
    votes, planted = votes_of(opinions)
    found = groups.find(votes)
    sure = (found.labels >= 0) & (votes.per_person >= 20)
    assert len(found.letters) == number
    assert adjusted_rand_score(planted[sure], found.labels[sure]) >= 0.95


@pytest.mark.filterwarnings("ignore:Passing a list to DataFrame.from_dict")
def test_the_division_is_that_of_red_dwarf():
    opinions = imagine(people=300, statements=30, groups=3, rng=np.random.default_rng(7))
    votes, _ = votes_of(opinions)
    theirs = run_pipeline(
        votes=[
            {"participant_id": int(person), "statement_id": votes.names[column], "vote": int(value), "modified": 0}
            for person, column, value in zip(votes.people, votes.statements, votes.values, strict=True)
        ],
        random_state=1,
    ).participants_df["cluster_id"]
    found = groups.find(votes)
    both = (found.labels >= 0) & theirs.notna().to_numpy()
    assert both.sum() == votes.enough.sum()
    assert adjusted_rand_score(theirs.to_numpy()[both].astype(int), found.labels[both]) >= 0.95


def test_people_stand_where_red_dwarf_puts_them_but_for_the_sides_of_the_map():
    opinions = imagine(people=120, statements=20, groups=2, rng=np.random.default_rng(5))
    votes, _ = votes_of(opinions)
    dense = np.full((votes.how_many_people, votes.how_many_statements), np.nan)
    dense[votes.people, votes.statements] = votes.values
    theirs, _, _ = run_reducer(dense)
    assert np.allclose(np.abs(groups.find(votes).points), np.abs(theirs), atol=1e-8)


def test_counting_again_gives_the_same_and_keeps_the_letters():
    opinions = imagine(people=400, statements=30, groups=3, rng=np.random.default_rng(3))
    votes, _ = votes_of(opinions)
    first, again = groups.find(votes), groups.find(votes)
    assert first.labels.tolist() == again.labels.tolist()
    fewer, _ = collect([(f"{one:05}", statement + 1, value) for one, statement, value in opinions.final() if one % 3])
    # The letters of the earlier count are given by size; turn them around, and the next count follows.
    turned = dict(zip("CAB", groups.find(fewer).model.centres.values(), strict=True))
    before = groups.Model(fewer.names, groups.find(fewer).model.means, groups.find(fewer).model.components, turned)
    later = groups.find(votes, before=groups.Model.read(before.as_json()))
    same = [a == later.letters[b] for a, b in zip(before.nearest(votes), later.labels, strict=True) if b >= 0]
    assert np.mean(same) > 0.95


def test_who_voted_less_than_seven_times_is_in_no_group():
    opinions = imagine(people=200, statements=30, groups=2, rng=np.random.default_rng(2), stop=0.6)
    votes, _ = votes_of(opinions)
    found = groups.find(votes)
    assert ((found.labels < 0) == (votes.per_person < 7)).all()
    assert 0 < (found.labels < 0).sum() < 100


@pytest.mark.parametrize("people", [0, 1, 19])
def test_of_few_people_no_groups_are_made(people):
    opinions = imagine(people=people, statements=10, groups=2, rng=np.random.default_rng(2), stop=0)
    assert groups.find(votes_of(opinions)[0]) is None


def test_people_who_all_vote_the_same_are_no_groups():
    votes, _ = collect([(person, statement, 1) for person in range(50) for statement in range(10)])
    assert groups.find(votes) is None


def test_a_group_has_at_least_ten_people(monkeypatch):
    """Two large sides, and four people who think of other things: three groups would be clearer."""

    def vote(person, statement):
        if (person * 7 + statement * 5) % 23 == 0:
            return 0
        if person < 4:
            return 1 if statement >= 6 else 0
        return 1 if person < 44 and statement < 6 else -1

    votes, _ = collect([(f"{person:02}", one, vote(person, one)) for person in range(84) for one in range(12)])
    assert groups.find(votes).sizes == {"A": 44, "B": 40}
    monkeypatch.setattr(groups, "FEWEST_IN_GROUP", 1)
    assert groups.find(votes).sizes == {"A": 40, "B": 40, "C": 4}


def planted_tally():
    """Two groups of 40: they agree on 1, are opposed on 2, and are both unsure of 3."""
    rows = []
    for person in range(80):
        side = 1 if person < 40 else -1
        noise = -1 if person % 10 == 0 else 1
        rows += [(f"{person:02}", 1, noise), (f"{person:02}", 2, side * noise), (f"{person:02}", 3, person % 2)]
    votes, _ = collect(rows)
    return votes.tally(np.repeat([0, 1], 40), 2)


def test_what_a_group_stands_for_is_what_the_other_does_not():
    stands = consensus.stands_for(planted_tally())
    assert [[(one.statement, one.agrees, one.share) for one in group] for group in stands] == [
        [(1, True, 0.9)],
        [(1, False, 0.9)],
    ]


def test_all_agree_where_each_group_does():
    assert [(one.statement, one.agrees, one.least) for one in consensus.shared_by_all(planted_tally())] == [
        (0, True, 0.9)
    ]


def test_what_divides_names_both_sides():
    (one,) = consensus.what_divides(planted_tally())
    assert (one.statement, one.most_in, one.least_in, one.most, one.least) == (1, 0, 1, 0.9, 0.1)
