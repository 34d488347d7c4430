"""What the action server answers is checked against Rasa's schema, as Rasa does, but without reading the schema anew.

Rasa 3.6 checks the schema itself against its meta-schema with every answer: 60 ms, more than all else in a turn. The
schema never changes, so that is done once.
"""

from functools import cache
from typing import Any, Dict

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction


@cache
def validator() -> Draft202012Validator:
    """The schema of an answer, checked and ready.

    Raises:
        jsonschema.SchemaError: the schema is not one.
    """
    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_schema_once() -> None:
    """Have Rasa check answers with the validator that is ready."""

    def valid(_action: RemoteAction, answer: Dict[str, Any]) -> bool:
        validator().validate(answer)
        return True

    setattr(RemoteAction, "_validate_action_result", valid)  # noqa: B010  (mypy lets no method be assigned)
