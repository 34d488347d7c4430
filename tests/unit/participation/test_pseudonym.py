"""A channel's user is known by something that can not be turned back."""

from participation.privacy.pseudonym import pseudonym


def test_one_user_of_one_channel_always_has_one_pseudonym() -> None:
    made = pseudonym("sleutel", channel="telegram", channel_user="12345")
    assert (len(made), made) == (32, pseudonym("sleutel", channel="telegram", channel_user="12345"))
    assert b"12345" not in made


def test_another_user_channel_or_key_gives_another_pseudonym() -> None:
    known = {
        pseudonym(key, channel=channel, channel_user=user)
        for key in ("sleutel", "andere sleutel")
        for channel, user in (("telegram", "12345"), ("telegram", "12346"), ("web", "12345"), ("telegram1", "2345"))
    }
    assert len(known) == 8
