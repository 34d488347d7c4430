"""An OpenID provider on loopback that keeps the rules (OpenID Connect Core, PKCE), and can be told to break one.

Who it lets in is who `says` names: its page to log in is left out. For what an independent provider does, see the test
with `oidc-provider-mock`, which does not check PKCE.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@dataclass
class Provider:
    """What it says about who logs in, and what it was asked.

    Attributes:
        says: claims of the token, over the right ones; None leaves one out.
        apart: what the userinfo address says; claims that the token leaves to it.
        in_answer: more in the address that the browser is sent back to.
        metadata: more in what it says about itself.
        signs_with: another key than the one that it publishes.
        header: of the token, over the right one.
    """

    url: str = ""
    client_id: str = "samenspel"
    client_secret: str = "geheim van de dienst/+"
    says: dict[str, Any] = field(default_factory=dict)
    apart: dict[str, Any] = field(default_factory=dict)
    in_answer: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "een"}))
    signs_with: RSAKey | None = None
    header: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_down: bool = False

    def about_itself(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
        } | self.metadata

    def authorize(self, asked: dict[str, str]) -> str:
        """Let somebody in; returns where the browser goes."""
        assert (asked["response_type"], asked["client_id"]) == ("code", self.client_id)
        assert (asked["code_challenge_method"], "openid" in asked["scope"].split()) == ("S256", True)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]} | self.in_answer)

    def token(self, form: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        """Give the token for a code, once, to who asked for the code."""
        client = tuple(unquote(part) for part in base64.b64decode(credentials).decode().split(":"))
        if client != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        shown = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or form["redirect_uri"] != asked["redirect_uri"] or shown != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        usual = {"iss": self.url, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (usual | self.says).items() if value is not None}
        header = {"alg": "RS256", "kid": "een"} | self.header
        signed = jwt.encode(header, claims, self.signs_with or self.key)
        return 200, {"id_token": signed, "access_token": "toegang", "token_type": "Bearer"}


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        provider, parts = self.server.provider, urlsplit(self.path)
        provider.asked.append(parts.path)
        if provider.is_down:
            return self._json(503, {})
        if parts.path == "/authorize":
            where = provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
            self.send_response(302)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        pages = {
            "/.well-known/openid-configuration": provider.about_itself(),
            "/jwks": {"keys": [provider.key.as_dict(private=False)]},
            "/userinfo": provider.apart,
        }
        return self._json(200, pages[parts.path])

    def do_POST(self) -> None:
        self.server.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._json(*self.server.provider.token(form, self.headers["authorization"].removeprefix("Basic ")))

    def _json(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


class _Server(ThreadingHTTPServer):
    provider: Provider


@contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider until the end."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = Provider(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
