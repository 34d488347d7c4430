"""What a conversation takes of the disk, worked out from the sizes of tables."""

from bench.disk import grown


def test_growth_is_told_for_each_conversation_with_that_of_rasa_apart() -> None:
    before = {"public.message": 8192, "public.choice": 8192, "rasa.events": 8192}
    after = {"public.message": 8192 + 20_480, "public.choice": 8192, "rasa.events": 8192 + 40_960, "jobs.new": 10_240}
    assert grown(before, after, conversations=10) == {
        "conversations": 10,
        "kb": 7.0,
        "rasa_kb": 4.0,
        "most": {"message": 2.0, "jobs.new": 1.0, "choice": 0.0},
    }
