"""The parts that run inside Rasa."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sanic import Sanic
from scipy.sparse import csr_matrix

from nlu.components import spacy_model, trace
from nlu.components.action_response import check_schema_once, validator
from nlu.components.channel import SECRET_HEADER, SamenspelChannel, fail_aloud
from nlu.components.encoder_featurizer import SentenceEncoderFeaturizer, spread
from nlu.components.fused_classifier import FusedIntentClassifier
from participation.language import encoder, unsure
from participation.language.text import for_understanding

CONFIG = {**FusedIntentClassifier.get_default_config(), "ngrams": {"letters": 0.1}, "features": {"woorden": 1.0}}
CONTEXT = ExecutionContext(GraphSchema({}), "test")


def message(label: str, counts: Any, meaning: Any = None, text: str = "tekst") -> Message:
    made = Message.build(text, label)
    made.add_features(Features(csr_matrix([counts]), FEATURE_TYPE_SENTENCE, TEXT, "woorden"))
    if meaning is not None:
        whole = np.zeros((1, encoder.DIMENSIONS), dtype=np.float32)
        whole[0, : len(meaning)] = meaning
        made.add_features(Features(whole, FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return made


def trained(folder: Path, *, dense: bool, sure_by_spelling: float = 1.0) -> FusedIntentClassifier:
    config = {**CONFIG, "sure_by_spelling": sure_by_spelling}
    folder.mkdir(exist_ok=True)
    storage, resource = LocalModelStorage(folder), Resource("fused")
    component = FusedIntentClassifier.create(CONFIG, storage, resource, CONTEXT)
    rows = [
        ("groet", [3, 0, 1], [1.0, 0.0]),
        ("vraag/griffie", [0, 3, 1], [0.0, 1.0]),
        ("lof", [1, 1, 3], [-1.0, -1.0]),
    ] * 4
    examples = [
        message(label, counts, meaning if dense else None, text=f"voorbeeld {number}")
        for number, (label, counts, meaning) in enumerate(rows)
    ]
    component.train(TrainingData(examples))
    return FusedIntentClassifier.load(config, storage, resource, CONTEXT)


@pytest.mark.parametrize("dense", [True, False])
def test_the_classifier_survives_saving_with_and_without_an_encoder(tmp_path: Path, dense: bool) -> None:
    component = trained(tmp_path, dense=dense)
    asked = message("griffie", [0, 2, 1], [0.1, 0.9] if dense else None)
    component.process([asked])
    intent = asked.get(INTENT)
    assert (intent["name"], intent["full_retrieval_intent_name"]) == ("vraag", "vraag/griffie")
    assert [ranked["name"] for ranked in asked.get("intent_ranking")] == ["vraag/griffie", "lof", "groet"]
    assert sum(ranked["confidence"] for ranked in asked.get("intent_ranking")) == pytest.approx(1)


def test_what_the_classifier_is_not_sure_of_carries_its_embedding_along(tmp_path: Path) -> None:
    component = trained(tmp_path, dense=True)
    asked = message("lof", [1, 1, 1], [0.25, -0.5])
    component.process([asked])
    assert asked.get(INTENT)["confidence"] < unsure.SURE
    told = asked.as_dict(only_output_properties=True)[unsure.KEY]
    assert np.frombuffer(base64.b64decode(told), dtype="<f2").tolist() == [0.25, -0.5] + [0] * 382


def test_a_message_in_doubt_is_encoded_when_no_featurizer_did(tmp_path: Path) -> None:
    component = trained(tmp_path, dense=True)
    asked = message("lof", [1, 1, 1], text="fijn dat jullie er zijn")
    component.process([asked])
    working = encoder.load()
    assert working
    told = unsure.from_text(asked.as_dict(only_output_properties=True)[unsure.KEY])
    assert told == pytest.approx(working.encode(["fijn dat jullie er zijn"])[0], abs=1e-3)


def test_what_spelling_settles_is_not_held_against_its_meaning(tmp_path: Path) -> None:
    words, meaning = [3, 0, 1], [0.0, 1.0]
    settled, doubted, spelled = (
        message("groet", words, meaning),
        message("groet", words, meaning),
        message("groet", words),
    )
    trained(tmp_path / "a", dense=True, sure_by_spelling=0.9).process([settled])
    trained(tmp_path / "b", dense=True).process([doubted])
    trained(tmp_path / "c", dense=False).process([spelled])
    sure = spelled.get(INTENT)["confidence"]
    assert sure > 0.9
    assert settled.get(INTENT)["confidence"] == pytest.approx(sure, abs=1e-5)
    assert doubted.get(INTENT)["confidence"] < sure


def test_the_featurizer_leaves_new_messages_to_the_classifier_when_told_so() -> None:
    trained_on, new = Message.build("dag allemaal", "groet"), Message.build("dag allemaal")
    featurizer = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "only_in_training": True}, "encoder"
    )
    featurizer.process_training_data(TrainingData([trained_on]))
    featurizer.process([new])
    assert [len(found.features) for found in (trained_on, new)] == [1, 0]


def test_what_the_classifier_is_sure_of_carries_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    component = trained(tmp_path, dense=True)
    monkeypatch.setattr(unsure, "SURE", 0.1)
    asked = message("lof", [1, 1, 1], [0.25, -0.5])
    component.process([asked])
    assert unsure.KEY not in asked.as_dict(only_output_properties=True)


def test_at_most_so_many_examples_of_a_label_are_encoded_evenly_over_the_file() -> None:
    many = [Message.build(f"voorbeeld {number}", "groet") for number in range(10)]
    encoded = spread([*many, Message.build("dag", "afscheid")], 3)
    assert [example.get(TEXT) for example in encoded] == ["voorbeeld 0", "voorbeeld 3", "voorbeeld 6", "dag"]


def test_examples_without_an_embedding_still_teach_their_words(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("fused")
    component = FusedIntentClassifier.create(CONFIG, storage, resource, CONTEXT)
    rows = [("groet", [3, 0, 1], [1.0, 0.0]), ("lof", [0, 3, 1], [0.0, 1.0]), ("dank", [0, 0, 3], [-1.0, -1.0])]
    examples = [message(label, counts, meaning, text=f"voorbeeld {label}") for label, counts, meaning in rows * 2]
    examples += [message("lof", [5, 0, 0], None, text="voorbeeld anders")] * 3
    component.train(TrainingData(examples))
    asked = message("lof", [5, 0, 0])
    component.process([asked])
    assert asked.get(INTENT)["name"] == "lof"


def test_the_dutch_pipeline_gives_lemmas_and_parts_of_speech() -> None:
    language, _ = spacy_model.load()
    words = {word.text: (word.lemma_, word.pos_) for word in language("de raadsleden hebben gisteren gestemd")}
    assert words["hebben"][0] == "hebben"
    assert words["raadsleden"][1] == "NOUN"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/restart", "restart"),
        ('/inbreng_doen{"gemeente":"x"}', 'inbreng_doen{"gemeente":"x"}'),
        ("  \u200b//session_start", "session_start"),
        ("waaaaaarom\n\nniet", "waaarom niet"),
        ("///", "."),
        ("", "."),
        ("leuk" + "👍🏽🎉" * 200, "leuk" + "👍🏽🎉" * 3 + "👍"),
        ("👏" * 3 + "x" + "👏" * 9 + "y", "👏👏👏x👏👏👏 y"),
    ],
)
def test_what_is_typed_can_never_be_a_command(typed: str, read: str) -> None:
    assert for_understanding(typed) == read


class Heard:
    """Stands in for Rasa's dialogue: says back what it was given."""

    def __init__(self) -> None:
        self.messages: list = []

    async def __call__(self, user_message: Any) -> None:
        if user_message.text == "kapot":
            raise RuntimeError("secret words of the resident")
        self.messages.append(user_message)
        await user_message.output_channel.send_custom_json("x", {"tekst": "dag"})


ANSWER = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "Dag"}]}


def test_what_the_action_server_answers_is_checked_with_a_schema_that_is_read_once() -> None:
    check_schema_once()
    action = RemoteAction("action_iets", None)  # type: ignore[arg-type]
    assert action._validate_action_result(ANSWER)
    for wrong in ({"events": [{"event": "verzonnen"}]}, {"responses": ["Dag"]}, []):
        with pytest.raises(ValidationError):
            action._validate_action_result(wrong)  # type: ignore[arg-type]
    assert validator() is validator()
    assert validator().schema == RemoteAction.action_response_format_spec()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def channel(heard: Heard) -> Any:
    Sanic.test_mode = True
    app = Sanic(f"proef{id(heard)}")
    app.blueprint(SamenspelChannel("geheim").blueprint(heard), url_prefix="/webhooks/samenspel")
    return app


BODY: dict[str, Any] = {"gesprek": "1", "tekst": "hoi", "keuze": None, "metadata": {"tekst": "hoi"}}


async def post(app: Any, body: Any, secret: str) -> Any:
    _, response = await app.asgi_client.post(
        "/webhooks/samenspel/beurt", content=json.dumps(body), headers={SECRET_HEADER: secret}
    )
    return response


async def test_the_channel_wants_its_secret(channel: Any, heard: Heard) -> None:
    assert (await post(channel, BODY, "fout")).status == 401
    assert heard.messages == []
    right = await post(channel, BODY, "geheim")
    assert (right.status, right.json) == (200, {"beurt": None, "berichten": [{"tekst": "dag"}]})


async def test_a_pressed_button_needs_no_understanding(channel: Any, heard: Heard) -> None:
    await post(channel, {**BODY, "keuze": {"intent": "vraag/griffie"}}, "geheim")
    assert heard.messages[0].parse_data["intent"] == {
        "name": "vraag",
        "confidence": 1.0,
        "full_retrieval_intent_name": "vraag/griffie",
    }


async def test_a_fault_is_said_aloud_and_never_quoted(channel: Any, caplog: pytest.LogCaptureFixture) -> None:
    failed = await post(channel, {**BODY, "tekst": "kapot"}, "geheim")
    assert (failed.status, failed.json) == (500, {"fout": "rasa"})
    assert "secret words" not in caplog.text
    assert (await post(channel, {"gesprek": "1"}, "geheim")).status == 400


class Parser:
    """Stands in for the trained model; the dialogue has no part in it."""

    parsed = 0

    async def parse_message(self, text: str) -> dict[str, Any]:
        self.parsed += 1
        if text == "kapot":
            raise RuntimeError("secret words")
        if text == "Wat doet de raad?":
            return {"intent": {"name": "vraag", "full_retrieval_intent_name": "vraag/raad_wat_is", "confidence": 0.97}}
        return {"intent": {"name": "nlu_fallback", "confidence": 0.4}}


async def taken_for(app: Any, body: Any, secret: str = "geheim") -> tuple[int, Any]:
    _, answer = await app.asgi_client.post(
        "/webhooks/samenspel/begrip", content=json.dumps(body), headers={SECRET_HEADER: secret}
    )
    return answer.status, answer.json


async def test_what_a_text_is_taken_for_is_told_outside_any_conversation(channel: Any, heard: Heard) -> None:
    channel.ctx.agent = Parser()
    texts = {"teksten": ["/Wat doet  de raad?", "kermis"]}
    found = {"begrepen": [["vraag/raad_wat_is", 0.97], ["nlu_fallback", 0.4]]}
    assert await taken_for(channel, texts) == (200, found)
    assert await taken_for(channel, texts, "fout") == (401, {"fout": "secret"})
    assert heard.messages == []


@pytest.mark.parametrize(
    "body", [{}, None, [], {"teksten": "kermis"}, {"teksten": [1]}, {"teksten": [None]}, {"teksten": ["x"] * 51}]
)
async def test_what_is_no_list_of_texts_or_too_long_a_one_is_refused(channel: Any, body: Any) -> None:
    channel.ctx.agent = Parser()
    assert await taken_for(channel, body) == (400, {"fout": "body"})


async def test_a_fault_in_understanding_is_said_aloud_and_never_quoted(
    channel: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """While the model is being loaded too."""
    refused = (500, {"fout": "rasa"})
    assert await taken_for(channel, {"teksten": ["kermis"]}) == refused
    channel.ctx.agent = Parser()
    assert await taken_for(channel, {"teksten": ["kermis", "kapot"]}) == refused
    assert "secret words" not in caplog.text


async def test_others_come_in_between_the_texts_of_one_request(channel: Any) -> None:
    channel.ctx.agent = parser = Parser()
    asking = asyncio.create_task(taken_for(channel, {"teksten": ["kermis"] * 50}))
    seen = set()
    while not asking.done():
        seen.add(parser.parsed)
        await asyncio.sleep(0)
    assert ((await asking)[0], seen) == (200, set(range(51)))


TRACE, ABOVE = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def test_a_trace_of_the_gateway_goes_on_to_the_actions_and_our_part_of_it_is_told(
    channel: Any, heard: Heard
) -> None:
    headers = {SECRET_HEADER: "geheim", "traceparent": f"00-{TRACE}-{ABOVE}-01"}
    _, answer = await channel.asgi_client.post("/webhooks/samenspel/beurt", content=json.dumps(BODY), headers=headers)
    part = answer.json["spoor"]
    assert heard.messages[0].metadata == {"tekst": "hoi", "traceparent": f"00-{TRACE}-{part['deel']}-01"}
    assert (len(part["deel"]), part["deel"] != ABOVE, part["begin"] <= part["eind"]) == (16, True, True)


@pytest.mark.parametrize("header", ["", "00-x-y-01", f'00-{TRACE}-{ABOVE}-01\n"', f"01-{TRACE}-{ABOVE}-01"])
def test_what_is_no_trace_is_not_passed_on(header: str) -> None:
    assert trace.read(header) is None


class Agent:
    """What the channel needs of Rasa's: its record of conversations and its locks."""

    def __init__(self, folder: Path) -> None:
        self.tracker_store = SQLTrackerStore(Domain.empty(), db=str(folder / "rasa.db"))
        self.lock_store = InMemoryLockStore()

    async def did(self, turn: str, *answers: str) -> None:
        tracker = await self.tracker_store.get_or_create_tracker("1")
        tracker.update(UserUttered("hoi", message_id=turn))
        for answer in answers:
            tracker.update(BotUttered(None, {"custom": {"tekst": answer}, "buttons": None}))
        await self.tracker_store.save(tracker)


@pytest.fixture
def agent(channel: Any, tmp_path: Path) -> Agent:
    channel.ctx.agent = Agent(tmp_path)
    return channel.ctx.agent


async def test_a_turn_that_was_done_is_not_done_again(channel: Any, heard: Heard, agent: Agent) -> None:
    await agent.did("eerder", "lang geleden")
    await agent.did("een", "eerst dit", "dan dat")
    again = await post(channel, {**BODY, "beurt": "een", "herhaald": True}, "geheim")
    said = [{"tekst": "eerst dit"}, {"tekst": "dan dat"}]
    assert (again.json, heard.messages) == ({"beurt": "een", "berichten": said}, [])


@pytest.mark.parametrize(
    "body",
    [{"beurt": "twee", "herhaald": True}, {"beurt": "eerder", "herhaald": True}, {"beurt": "een", "herhaald": False}],
    ids=["never done", "not the last", "not a second time"],
)
async def test_any_other_turn_is_done(channel: Any, heard: Heard, agent: Agent, body: dict[str, Any]) -> None:
    await agent.did("eerder", "lang geleden")
    await agent.did("een", "eerst dit")
    assert (await post(channel, {**BODY, **body}, "geheim")).json == {
        "beurt": body["beurt"],
        "berichten": [{"tekst": "dag"}],
    }
    assert [message.message_id for message in heard.messages] == [body["beurt"]]


class Unwritable(SQLTrackerStore):
    """Can be read, and not be written: the disk is full."""

    async def save(self, tracker: Any) -> None:
        raise OSError(f"INSERT with {tracker.latest_message.text}")


class Unreachable(SQLTrackerStore):
    """Is not there."""

    async def retrieve(self, sender_id: str) -> Any:
        raise OSError(f"SELECT of {sender_id}")


async def test_a_record_that_can_not_be_read_fails_the_turn(
    channel: Any, heard: Heard, agent: Agent, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    agent.tracker_store = FailSafeTrackerStore(Unreachable(Domain.empty(), db=str(tmp_path / "rasa.db")))
    failed = await post(channel, {**BODY, "beurt": "een", "herhaald": True}, "geheim")
    assert (failed.status, failed.json, heard.messages) == (500, {"fout": "rasa"}, [])
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "A turn failed: OSError"
    ]


async def test_a_record_that_can_not_be_kept_is_kept_nowhere_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise Rasa answers as if all is well, and knows nothing of it in the next turn."""
    store = FailSafeTrackerStore(Unwritable(Domain.empty(), db=str(tmp_path / "rasa.db")))
    fail_aloud(store)
    tracker = DialogueStateTracker.from_events("1", [UserUttered("geheime woorden")])
    with pytest.raises(OSError, match="INSERT"):
        await store.save(tracker)
    assert await store.fallback_tracker_store.retrieve("1") is None
    assert "geheime woorden" not in caplog.text


@pytest.mark.usefixtures("agent")
async def test_the_first_turn_of_a_conversation_may_be_a_second_time(channel: Any, heard: Heard) -> None:
    assert (await post(channel, {**BODY, "beurt": "een", "herhaald": True}, "geheim")).status == 200
    assert len(heard.messages) == 1
