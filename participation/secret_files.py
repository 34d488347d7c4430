"""Settings from files: SAMENSPEL_X_FILE names a file with the value of SAMENSPEL_X, as containers give secrets."""

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

SUFFIX = "_FILE"


class SecretFiles(PydanticBaseSettingsSource):
    """Reads each setting from the file that is named for it; an empty file counts as not set."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the text in the file, or None.

        Raises:
            ValueError: the file can not be read, or the setting has a value of its own as well. No value is shown.
        """
        name = f"{self.config['env_prefix']}{field_name}".upper()
        path = os.environ.get(name + SUFFIX)
        if not path:
            return None, field_name, False
        if os.environ.get(name):
            raise ValueError(f"{name} and {name}{SUFFIX} are both set")
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"the file that {name}{SUFFIX} names can not be read: {type(error).__name__}") from None
        return text or None, field_name, self.field_is_complex(field)

    def __call__(self) -> dict[str, Any]:
        """All settings that come from a file."""
        found: dict[str, Any] = {}
        for name, field in self.settings_cls.model_fields.items():
            text, key, is_complex = self.get_field_value(field, name)
            if text is not None:
                found[key] = self.prepare_field_value(name, field, text, is_complex)
        return found
