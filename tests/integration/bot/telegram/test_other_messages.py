"""What is no plain text: changes, forwards, pictures, sound, groups. Everyone hears something, and only once."""

import uuid
from typing import Any

import pytest

from participation import content
from participation.database import Database
from participation.models import Incoming, Message
from participation.nearby import nearby
from tests.bot_api import BOT, Fault, Person, TelegramDouble
from tests.integration.bot.conftest import AMERSFOORT, UTRECHT, RasaDouble, always, echo, said
from tests.integration.bot.telegram.conftest import rows

PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
FILE = {"file_id": "a", "file_unique_id": "a"}
FORWARD = {"forward_origin": {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Een ander"}}
VLEUTEN = (52.106, 5.015)
IN_DANGER = "ik wil niet meer leven"


@pytest.fixture(autouse=True)
async def begun(process: None, person: Person) -> None:
    """They have started before."""
    await person.says("/start", 2)


@pytest.mark.parametrize(
    ("attachment", "name"),
    [
        (
            {
                "sticker": FILE
                | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular", "emoji": "👍"}
            },
            "telegram_sticker",
        ),
        (PHOTO, "telegram_foto"),
        ({"voice": FILE | {"duration": 1}}, "telegram_spraak"),
        ({"video_note": FILE | {"duration": 1, "length": 1}}, "telegram_spraak"),
        ({"location": {"latitude": 53.9, "longitude": 3.1}}, "telegram_locatie_onbekend"),
        ({"contact": {"phone_number": "0612345678", "first_name": "Piet"}}, "telegram_contact"),
        ({"document": FILE}, "telegram_bestand"),
        ({"video": FILE | {"duration": 1, "width": 1, "height": 1}}, "telegram_bestand"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "telegram_bestand"),
    ],
)
async def test_what_can_not_be_read_is_told_so_and_not_kept(
    person: Person, rasa: RasaDouble, database: Database, attachment: dict[str, Any], name: str
) -> None:
    await person.sends(**attachment)
    [answer] = await person.hears()
    assert (answer.text, rasa.turns) == (content.text(name), [])
    kept = [message.body["tekst"] for message in await rows(database, Message, Message.sender == "inwoner")]
    assert [text for text in kept if "0612345678" in text or "53.9" in text] == []


async def test_the_words_with_a_photo_are_answered(person: Person, rasa: RasaDouble) -> None:
    await person.sends(**PHOTO, caption="Deze stoep ligt los")
    notice, answer = await person.hears(2)
    assert (notice.text, answer.text) == (content.text("telegram_foto"), "Gehoord: Deze stoep ligt los")


async def test_of_an_album_only_one_picture_is_answered(person: Person) -> None:
    for _ in range(4):
        await person.sends(**PHOTO, media_group_id="77")
    [notice] = await person.hears()
    [after] = await person.says("Hallo")
    assert (notice.text, after.text) == (content.text("telegram_foto"), "Gehoord: Hallo")


async def test_a_change_is_told_to_change_nothing_once(
    person: Person, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    sent = person.message(text="Mijn verhaal")
    await telegram.add("message", sent)
    await person.hears()
    for text in ("Mijn verhaal!", "Mijn verhaal!!"):
        await telegram.add("edited_message", {**sent, "text": text, "edit_date": 1_700_000_100})
    [notice] = await person.hears()
    [after] = await person.says("Hallo")
    assert (notice.text, after.text) == (content.text("telegram_bewerkt"), "Gehoord: Hallo")
    assert [turn["tekst"] for turn in rasa.turns] == ["Mijn verhaal", "Hallo"]


async def test_a_notice_leaves_open_what_was_asked(person: Person, rasa: RasaDouble) -> None:
    """The bot asked for the municipality; a sticker in between does not make it forget so."""
    await person.sends(**PHOTO)
    await person.hears()
    await person.says("Utrecht")
    assert rasa.turns[-1]["keuze"] == {"intent": "gemeente_kiezen", "getypt": True}


@pytest.mark.parametrize("kind", ["location", "venue"])
async def test_a_place_on_the_map_gives_a_choice_of_municipalities_and_is_forgotten(
    person: Person, rasa: RasaDouble, database: Database, kind: str
) -> None:
    point = {"latitude": 52.0687, "longitude": 5.0891}  # Utrecht and Nieuwegein meet here
    venue = {"venue": {"location": point, "title": "Thuis", "address": "x"}} if kind == "venue" else {}
    await person.sends(location=point, **venue)
    [answer] = await person.hears()
    assert answer.text.startswith("Dat is bij ")
    assert {"Utrecht (Utrecht)", "Nieuwegein (Utrecht)"} <= set(answer.titles)
    await person.presses("Nieuwegein (Utrecht)")
    assert rasa.turns[-1]["keuze"] == {"intent": "gemeente_kiezen", "gemeente": "GM0356"}
    kept = await rows(database, Incoming, Incoming.handled_at.is_not(None))
    assert (len(kept) > 0, [one.body for one in kept if one.body is not None]) == (True, [])
    said = [str(message.body) for message in await rows(database, Message)]
    assert [text for text in said if "52.06" in text or "5.08" in text] == []


async def test_after_a_place_on_the_map_a_postcode_or_a_name_gives_the_municipality(
    person: Person, rasa: RasaDouble
) -> None:
    """Asked anew, also when what was asked before has been let go of."""
    await person.says("Hallo")
    await person.sends(location={"latitude": 52.1, "longitude": 5.1})
    await person.hears()
    await person.says("3511")
    assert rasa.turns[-1]["keuze"] == {"intent": "gemeente_kiezen", "getypt": True}


@pytest.mark.parametrize(
    ("where", "story", "name"),
    [
        (VLEUTEN, {"municipality": UTRECHT}, "plek_erbij"),
        ((52.091, 5.122), {"municipality": UTRECHT}, "plek_zegt_gemeente"),  # the town itself: that is known already
        (VLEUTEN, {"municipality": AMERSFOORT}, "telegram_locatie"),  # in another municipality than the story is about
        ((52.135, 5.03), {"municipality": UTRECHT}, "telegram_locatie"),  # Maarssen is nearer than what is of Utrecht
        (VLEUTEN, {"municipality": UTRECHT, "place": "hoek Dorpsstraat"}, "telegram_locatie"),  # better known already
        (VLEUTEN, {}, "telegram_locatie"),  # no story
    ],
)
async def test_a_place_on_the_map_goes_with_the_story_that_is_being_told(
    person: Person, rasa: RasaDouble, where: tuple[float, float], story: dict[str, str], name: str
) -> None:
    draft = {"concept": str(uuid.uuid4()), "text": "Er ligt glas.", "place": None, **story}
    open_question = {"inbreng": draft} if story else {}
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht=open_question))
    await person.says("Er ligt glas.")
    asked = len(rasa.turns)
    await person.sends(location={"latitude": where[0], "longitude": where[1]})
    notice, *answers = await person.hears(2 if name == "plek_erbij" else 1)
    near = nearby(*where)[0].name
    assert notice.text == content.text(name, plaats=near)
    assert [answer.text for answer in answers] == (["Klopt dit?"] if name == "plek_erbij" else [])
    given = [(turn["tekst"], turn["keuze"]["inbreng"], turn["keuze"]["concept"]) for turn in rasa.turns[asked:]]
    assert given == ([("bij Vleuten", "plek_gegeven", draft["concept"])] if name == "plek_erbij" else [])


async def test_a_place_that_failed_is_not_said_to_be_there_and_can_be_tried_again(
    person: Person, rasa: RasaDouble
) -> None:
    draft = {"concept": str(uuid.uuid4()), "text": "Er ligt glas.", "place": None, "municipality": UTRECHT}
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht={"inbreng": draft}))
    await person.says("Er ligt glas.")
    rasa.behaviour = always(500, b"")
    await person.sends(location={"latitude": VLEUTEN[0], "longitude": VLEUTEN[1]})
    [sorry] = await person.hears()
    assert (sorry.text, sorry.titles) == (content.text("fout_zonder_tekst"), [content.text("knop_opnieuw")])
    rasa.behaviour = echo
    [answer] = await person.presses(content.text("knop_opnieuw"))
    assert answer.text == "Gehoord: bij Vleuten"
    assert [turn["keuze"]["inbreng"] for turn in rasa.turns[-2:]] == ["plek_gegeven"] * 2


@pytest.mark.parametrize("how", ["edited_message", "caption", "forward"])
async def test_somebody_in_danger_is_heard_in_whatever_way_they_say_so(
    person: Person, telegram: TelegramDouble, rasa: RasaDouble, how: str
) -> None:
    if how == "edited_message":
        await telegram.add("edited_message", {**person.message(text=IN_DANGER), "edit_date": 1_700_000_100})
    elif how == "caption":
        await person.sends(**PHOTO, caption=IN_DANGER)
    else:
        await person.sends(**FORWARD, text=IN_DANGER)
    [answer] = await person.hears()
    assert ("113" in answer.text, rasa.turns) == (True, [])


async def test_a_forward_is_read_as_their_own_words_and_told_so(person: Person) -> None:
    await person.sends(**FORWARD, text="De buslijn verdwijnt")
    notice, answer = await person.hears(2)
    assert (notice.text, answer.text) == (content.text("telegram_doorgestuurd"), "Gehoord: De buslijn verdwijnt")


async def test_a_reply_to_an_older_message_is_just_what_it_says(person: Person, rasa: RasaDouble) -> None:
    older = person.message(text="Dit is ouder")
    await person.sends(text="Ja, dat klopt", reply_to_message=older)
    [answer] = await person.hears()
    assert (answer.text, len(rasa.turns)) == ("Gehoord: Ja, dat klopt", 1)


async def test_news_about_the_chat_itself_is_left_alone(person: Person, rasa: RasaDouble) -> None:
    await person.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86_400})
    [after] = await person.says("Hallo")
    assert (after.text, len(rasa.turns)) == ("Gehoord: Hallo", 1)


async def test_a_group_is_told_once_and_left(person: Person, telegram: TelegramDouble, rasa: RasaDouble) -> None:
    group = {"id": -100_200, "type": "supergroup", "title": "Buurt"}
    membership = {"chat": group, "from": person.user, "date": 1_700_000_000}
    left, member = {"user": BOT, "status": "left"}, {"user": BOT, "status": "member"}
    for kind, update in (
        ("my_chat_member", {**membership, "old_chat_member": left, "new_chat_member": member}),
        ("message", {**person.message(text="/start@samenspel_proefbot"), "chat": group}),
        ("message", {**person.message(text="Wat vinden jullie van de wethouder?"), "chat": group}),
        ("my_chat_member", {**membership, "old_chat_member": member, "new_chat_member": left}),
    ):
        await telegram.add(kind, update)
    await telegram.until(lambda: telegram.asked("leaveChat"))
    await person.says("Hallo")
    told = [message.text for message in telegram.sent if message.chat_id == group["id"]]
    assert told == [content.text("telegram_groep")]
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo"]


async def test_a_group_that_got_another_id_is_told_and_left_under_that(
    person: Person, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    """An ordinary group that becomes a supergroup: Telegram refuses the old id, and says which one it is now."""
    old, new = -100_400, -1_000_000_100_400
    telegram.faults["sendMessage"] = [Fault(400, {"migrate_to_chat_id": new})]
    group = {"id": old, "type": "group", "title": "Buurt"}
    await telegram.add("message", {**person.message(text="Wat vinden jullie?"), "chat": group})
    await telegram.until(lambda: telegram.asked("leaveChat"))
    await person.says("Hallo")
    assert [message.chat_id for message in telegram.sent if message.text == content.text("telegram_groep")] == [new]
    assert [asked["chat_id"] for asked in telegram.asked("leaveChat")] == [new]
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo"]


async def test_a_channel_is_left_without_a_word(person: Person, telegram: TelegramDouble) -> None:
    channel = {"id": -100_300, "type": "channel", "title": "Nieuws"}
    rights = dict.fromkeys(
        (
            *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
            *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
            *("can_post_stories", "can_edit_stories", "can_delete_stories"),
        ),
        False,
    )
    await telegram.add(
        "my_chat_member",
        {
            "chat": channel,
            "from": person.user,
            "date": 1_700_000_000,
            "old_chat_member": {"user": BOT, "status": "left"},
            "new_chat_member": {"user": BOT, "status": "administrator", **rights},
        },
    )
    await telegram.until(lambda: telegram.asked("leaveChat"))
    assert [message for message in telegram.sent if message.chat_id == channel["id"]] == []


async def test_a_very_long_text_is_kept_and_the_answer_comes_in_pieces(person: Person, rasa: RasaDouble) -> None:
    story = "De weg is al jaren slecht & de gemeente doet niets. " * 180
    await person.sends(text=story)
    heard = await person.hears(3)
    assert rasa.turns[-1]["tekst"] == story.strip()
    assert " ".join(message.text for message in heard) == f"Gehoord: {story.strip()}"


async def test_text_that_looks_like_markup_is_shown_as_it_is(person: Person) -> None:
    odd = "<b>vet</b> & <script>1 < 2</script> \"aan\" 'het' _werk_ *ja* [x](y)"
    [answer] = await person.says(odd)
    assert answer.text == f"Gehoord: {odd}"
