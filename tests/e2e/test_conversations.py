"""Telling the council something, in the ways in which people do: what is said back, and the rows that are left."""

from collections import Counter

import pytest

from tests.e2e.instance import Instance
from tests.e2e.resident import REFERENCE, Message, Resident, kinds, logged, plain, reading_back, reference_in, titles
from tests.e2e.time_passes import DAY, HOUR, pass_time

YES = "Ja, geef dit door"
CONCERN = "De bussen rijden 's avonds niet meer door onze wijk, dat is lastig voor ouderen."
FIRST = "Er wordt veel te hard gereden in onze straat en dat is gevaarlijk voor kinderen."
SECOND = "Daarnaast zijn er veel te weinig woningen voor jongeren in dit dorp."
LISTENS = "Dat is vervelend. Ik luister. Wat is er precies gebeurd? Ik kan het doorgeven aan de gemeenteraad."
REMINDS = f"Uw tekst voor de raad is nog niet doorgegeven: „{CONCERN}”. Wilt u hiermee verder?"


async def begins(resident: Resident, words: str) -> Message:
    """Tell something with the first button; returns how it is read back."""
    await resident.presses("Ik wil iets doorgeven")
    *_, read_back = await resident.says(words)
    assert read_back["soort"] == "bevestiging", read_back["tekst"]
    return read_back


async def test_what_was_understood_stands_in_the_read_back(resident: Resident):
    read_back = await begins(resident, "In Vleuten rijden 's avonds geen bussen meer en dat is lastig voor ouderen.")
    lines = read_back["tekst"].splitlines()
    assert [line for line in lines if line.startswith(("Soort:", "Het gaat over:", "Plek:"))] == [
        "Soort: zorg",
        "Het gaat over: Bus, trein en vervoer",
        "Plek: Vleuten",
    ]
    assert titles(read_back) == [
        YES,
        "Mijn tekst aanpassen",
        "Een andere plek",
        "Een andere gemeente",
        "Soort of onderwerp",
        "Stoppen",
    ]


async def test_kind_and_theme_are_put_right_and_kept(resident: Resident, instance: Instance):
    await begins(resident, CONCERN)
    await resident.presses("Soort of onderwerp")
    await resident.presses("Een andere soort")
    [read_back] = await resident.presses("Idee")
    assert "Soort: idee" in read_back["tekst"].splitlines()
    await resident.presses("Soort of onderwerp")
    [asked] = await resident.presses("Een ander onderwerp")
    theme = titles(asked)[0]
    [read_back] = await resident.presses(theme)
    assert f"Het gaat over: {theme}" in read_back["tekst"].splitlines()
    reference = reference_in(await resident.presses(YES))
    [kept] = await instance.rows("SELECT kind FROM contribution WHERE reference = %s", reference)
    assert kept == {"kind": "idee"}


async def test_a_correction_in_free_words_moves_it_to_the_other_municipality(opens):
    resident: Resident = await opens("GM0228")
    assert plain(await begins(resident, CONCERN)) == reading_back("Ede", CONCERN)
    [moved] = await resident.says("nee, het is in Wageningen, niet in Ede")
    assert plain(moved) == reading_back("Wageningen", CONCERN)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0289", CONCERN, reference)


async def test_text_place_and_municipality_are_put_right_one_by_one(resident: Resident):
    await begins(resident, "Dit is nog niet wat ik bedoelde te zeggen over de bus.")
    await resident.presses("Mijn tekst aanpassen")
    *_, read_back = await resident.says(CONCERN)
    assert plain(read_back) == reading_back("Utrecht", CONCERN)
    [asked] = await resident.presses("Een andere plek")
    assert asked["tekst"] == "Waar is dit? Typ de straat, de buurt of het dorp."
    [read_back] = await resident.says("bij de oude kerk")
    assert "Plek: bij de oude kerk" in read_back["tekst"].splitlines()
    await resident.presses("Een andere gemeente")
    [read_back] = await resident.says("Amersfoort")
    assert plain(read_back) == reading_back("Amersfoort", CONCERN)
    reference = reference_in(await resident.presses(YES))
    kept = f"{CONCERN}\n\nPlek: bij de oude kerk"
    assert await resident.contributions() == logged("GM0307", kept, reference)


async def test_two_concerns_become_two_contributions(resident: Resident):
    read_back = await begins(resident, f"{FIRST} {SECOND}")
    assert read_back["tekst"].endswith("Ik lees misschien twee onderwerpen. Wilt u er twee van maken?")
    [first] = await resident.presses("Maak er twee van")
    assert plain(first) == f"Eerst dit. Daarna doen wij het tweede.\n\n{reading_back('Utrecht', FIRST)}"
    done, second = await resident.presses(YES)
    assert plain(second) == reading_back("Utrecht", SECOND)
    other, consent = await resident.presses(YES)
    assert consent["soort"] == "vraag"
    references = [reference_in([message]) for message in (done, other)]
    assert len(set(references)) == 2
    assert await resident.contributions() == [
        *logged("GM0344", FIRST, references[0]),
        *logged("GM0344", SECOND, references[1]),
    ]


async def test_who_wants_one_keeps_one(resident: Resident):
    whole = f"{FIRST} {SECOND}"
    await begins(resident, whole)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", whole, reference)


async def test_the_second_concern_can_be_left(resident: Resident):
    await begins(resident, f"{FIRST} {SECOND}")
    await resident.presses("Maak er twee van")
    done, _ = await resident.presses(YES)
    stopped, consent = await resident.says("stop")
    assert stopped["tekst"].startswith("Goed, ik geef dit niet door.")
    assert consent["soort"] == "vraag"
    assert await resident.contributions() == logged("GM0344", FIRST, reference_in([done]))


async def test_a_story_in_several_messages_is_one_contribution(resident: Resident):
    await begins(resident, CONCERN)
    more = ["Mijn moeder van tachtig kan nu niet meer naar haar zus.", "De taxi is veel te duur voor haar."]
    for told in more:
        *_, read_back = await resident.says(told)
    whole = "\n\n".join([CONCERN, *more])
    assert plain(read_back) == reading_back("Utrecht", whole)
    reference = reference_in(await resident.says("ja"))
    assert await resident.contributions() == logged("GM0344", whole, reference)


async def test_ten_thousand_characters_are_kept_whole(resident: Resident):
    whole = ("De stoep in onze straat is kapot en niemand doet er iets aan. " * 200)[:10_000].strip()
    await begins(resident, whole)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", whole, reference)


async def test_more_than_that_over_several_messages_is_told(resident: Resident):
    part = ("De stoep in onze straat is kapot en niemand doet er iets aan. " * 100).strip()
    await begins(resident, part)
    notice, _ = await resident.says(f"En verder nog dit over de straat. {part}")
    assert notice["tekst"].startswith("Uw tekst is erg lang. Ik kan tot 10.000 tekens bewaren.")
    await resident.presses(YES)
    [row] = await resident.contributions()
    assert (row["text"].startswith(part), len(row["text"])) == (True, 10_000)


async def test_a_repair_is_pointed_to_who_repairs_and_the_council_may_hear_it(resident: Resident):
    words = "de lantaarnpaal voor mijn huis is kapot"
    [answer] = await resident.says(words)
    assert answer["tekst"].startswith("Meld dit bij uw gemeente zelf, op de site of in de app van de gemeente.")
    [read_back] = await resident.presses("Ik wil iets doorgeven")
    assert plain(read_back) == reading_back("Utrecht", words)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", words, reference)


async def test_a_matter_of_another_authority_has_its_link_and_the_council_may_hear_it(resident: Resident):
    words = "De snelweg langs ons dorp maakt elke nacht meer lawaai en niemand doet er iets aan."
    await resident.presses("Ik wil iets doorgeven")
    whose, read_back = await resident.says(words)
    assert whose["tekst"] == (
        "Rijkswaterstaat gaat over snelwegen, grote rivieren en kanalen. Daar kunt u het dus ook zeggen. "
        "Wilt u dat de raad het weet? Dan geef ik het door."
    )
    assert [link["url"] for link in whose["links"]] == ["https://www.rijkswaterstaat.nl/contact"]
    assert plain(read_back) == reading_back("Utrecht", words)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", words, reference)


async def test_anger_alone_gets_one_question_and_then_the_story_counts(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    [heard] = await resident.says("wat een stelletje prutsers zijn jullie")
    assert heard["tekst"].replace("\n", " ") == LISTENS
    *_, read_back = await resident.says(CONCERN)
    assert plain(read_back) == reading_back("Utrecht", CONCERN)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_anger_out_of_nowhere_is_listened_to_and_what_follows_is_the_story(resident: Resident):
    [heard] = await resident.says("wat een stelletje prutsers zijn jullie")
    assert heard["tekst"].replace("\n", " ") == LISTENS
    *_, read_back = await resident.says("de bus komt nooit")
    assert plain(read_back) == reading_back("Utrecht", "de bus komt nooit")


async def test_a_child_is_heard_like_anybody(resident: Resident):
    words = "ik zit in groep 6 en de glijbaan in ons park is weg, komt er een nieuwe"
    await begins(resident, words)
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", words, reference)


LANGUAGES = {
    "en": (
        "There are no buses in our street in the evening any more.",
        "I see that you write in English.",
        "Pass this on to the council",
        "Is this right? Then press „Ja, geef dit door”.",
    ),
    "tr": (
        "Okulun önünde trafik çok tehlikeli, çocuklar karşıya geçemiyor.",
        "Türkçe yazdığınızı görüyorum.",
        "Bunu belediye meclisine ilet",
        "Doğru mu? O zaman „Ja, geef dit door” düğmesine basın.",
    ),
    "ar": (
        "لا يوجد مكان آمن للعب الأطفال في حينا",
        "أرى أنك تكتب بالعربية.",
        "أرسل هذا إلى مجلس البلدية",
        "هل هذا صحيح؟ اضغط إذن على „Ja, geef dit door”.",
    ),
    "pl": (
        "Autobusy wieczorem już nie jeżdżą przez naszą dzielnicę.",
        "Widzę, że piszesz po polsku.",
        "Przekaż to radzie gminy",
        "Czy to się zgadza? Naciśnij „Ja, geef dit door”.",
    ),
    "uk": (
        "На нашій вулиці машини їздять надто швидко.",
        "Я бачу, що ви пишете українською.",
        "Передати це муніципальній раді",
        "Усе правильно? Тоді натисніть „Ja, geef dit door”.",
    ),
}


@pytest.mark.parametrize("code", LANGUAGES)
async def test_words_in_another_language_are_answered_in_it_and_kept_as_they_are(resident: Resident, code: str):
    words, answer, button, right = LANGUAGES[code]
    [told] = await resident.says(words)
    assert told["tekst"].startswith(answer)
    [read_back] = await resident.presses(button)
    assert plain(read_back).startswith(reading_back("Utrecht", words))
    assert right in read_back["tekst"]
    confirmed, asked = await resident.presses(YES)
    assert len(asked["tekst"].split("\n\n")) == 2  # in Dutch, and in their own language
    [done] = await resident.presses("Ja, naar de raad")
    assert done["knoppen"] == []  # no question about contact, which they can not read
    [(reference, times)] = Counter(REFERENCE.findall(confirmed["tekst"])).items()
    assert times == 2  # in Dutch, and in their own language
    assert await resident.contributions() == logged("GM0344", words, reference)


async def test_an_hour_later_the_form_goes_on(resident: Resident, instance: Instance):
    await begins(resident, CONCERN)
    await pass_time(instance, resident.conversation, HOUR)
    reference = reference_in(await resident.says("ja, klopt"))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_a_day_later_the_words_still_wait_and_are_told_once(resident: Resident, instance: Instance):
    await begins(resident, CONCERN)
    await pass_time(instance, resident.conversation, 2 * DAY)
    answer, reminder = await resident.says("Wat doet de gemeenteraad?")
    assert (answer["soort"], reminder["tekst"]) == ("antwoord", REMINDS)
    assert len(await resident.says("Wat doet de burgemeester?")) == 1
    on, read_back = await resident.presses("Ga hiermee verder")
    assert (on["tekst"], plain(read_back)) == (
        "Wij gaan verder waar u was gebleven.",
        reading_back("Utrecht", CONCERN),
    )
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "pressed"])
async def test_a_yes_a_day_later_is_asked_once_more(resident: Resident, instance: Instance, *, typed: bool):
    await begins(resident, CONCERN)
    await pass_time(instance, resident.conversation, 2 * DAY)
    _, read_back = await (resident.says("ja") if typed else resident.presses(YES))
    assert plain(read_back) == reading_back("Utrecht", CONCERN)
    assert await resident.contributions() == []
    reference = reference_in(await resident.presses(YES))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_a_stop_a_day_later_throws_it_away(resident: Resident, instance: Instance):
    await begins(resident, CONCERN)
    await pass_time(instance, resident.conversation, 2 * DAY)
    [stopped] = await resident.says("stop")
    assert stopped["tekst"].startswith("Goed, ik geef dit niet door.")
    [refused] = await resident.presses(YES)
    assert (refused["soort"], await resident.contributions()) == ("fout", [])


async def test_a_second_press_gives_the_same_number(resident: Resident):
    await begins(resident, CONCERN)
    reference = reference_in(await resident.presses(YES))
    again = await resident.presses(YES)
    assert (kinds(again), reference_in(again)) == (["bevestiging", "vraag"], reference)  # what was asked stays open
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)
