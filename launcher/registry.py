"""The user's own package registry settings, which uv does not read from pip."""

import sys
from collections.abc import Mapping

from launcher.commands import ask

_UV_HAS_ITS_OWN = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE", "UV_OFFLINE")


def environment_for_uv(environ: Mapping[str, str]) -> dict[str, str]:
    """Hand pip's index, certificate and time-out to uv, for the machine that only reaches a mirror.

    Only the main index: an extra one would come first with uv and may hold other builds than the hashes name.
    """
    result = dict(environ)
    if not any(environ.get(name) for name in _UV_HAS_ITS_OWN):
        index = environ.get("PIP_INDEX_URL") or _from_pip_config("global.index-url")
        if index:
            result["UV_DEFAULT_INDEX"] = index
    if (certificate := environ.get("PIP_CERT")) and not environ.get("SSL_CERT_FILE"):
        result["SSL_CERT_FILE"] = certificate
    result.setdefault("UV_HTTP_TIMEOUT", environ.get("PIP_DEFAULT_TIMEOUT", "180"))
    return result


def _from_pip_config(key: str) -> str | None:
    code, value = ask([sys.executable, "-m", "pip", "config", "get", key])
    return value if code == 0 else None
