"""Asking an OpenID provider who somebody is: authorization code with PKCE.

OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` in the answer) and the advice of RFC 9700. What goes over the
wire is ours to send; what a token must hold is authlib's to check.
"""

import hashlib
import hmac
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from participation.settings import SignOnProvider

SECONDS = 8.0
"""That a provider may take for one answer; somebody looks at a page meanwhile."""

CLOCK_SKEW = 60
"""Seconds that the clock of a provider may differ from ours."""

KNOWN_FOR = 600.0
"""Seconds that we remember where a provider has what."""

ALGORITHMS = tuple(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512))
"""Signatures with a key that the provider alone has. Never `none`, and never one with the secret that we have too."""

SCOPE = "openid email profile"
_ENTRA = ("login.microsoftonline.com", "login.microsoftonline.us")
"""Entra ID says with a claim of its own, `xms_edov`, whether the owner of the domain vouches for an address."""


class ProviderUnreachable(Exception):
    """The provider did not answer, or not as OpenID Connect says. Tells the fault, and nothing of the person."""


class ProofRefused(Exception):
    """What came back does not prove who somebody is. Says which part, without its value."""


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is. `email` only when the provider checked it; `strong`: it asked a second factor."""

    issuer: str
    subject: str
    email: str | None
    strong: bool


@dataclass(frozen=True)
class Secret:
    """What only the browser of one log-in keeps. All that has to be the same at its begin and its end is made of it."""

    value: str
    key: str

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.key.encode(), f"{purpose}\0{self.value}".encode(), "sha256").hexdigest()

    @property
    def state(self) -> str:
        """Ties the answer to the browser that asked."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Ties the token to this log-in."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """Shows the provider that who brings the code is who asked for it (RFC 7636)."""
        return self._derived("verifier")


@dataclass
class Client:
    """One provider, as we speak to it."""

    provider: SignOnProvider
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, Any] = field(default_factory=dict)
    _known_at: float = 0.0

    async def address(self, *, secret: Secret, back_to: str) -> str:
        """Return where to send the browser.

        Raises:
            ProviderUnreachable
        """
        known = await self._metadata()
        uri: str = prepare_grant_uri(
            self._endpoint(known, "authorization_endpoint"),
            client_id=self.provider.client_id,
            response_type="code",
            redirect_uri=back_to,
            scope=SCOPE,
            state=secret.state,
            nonce=secret.nonce,
            code_challenge=create_s256_code_challenge(secret.verifier),
            code_challenge_method="S256",
        )
        return uri

    async def identify(self, answer: Mapping[str, str], *, secret: Secret, back_to: str, now: datetime) -> Identity:
        """Turn the answer that the browser brought into who it is. The caller has compared the `state`.

        Raises:
            ProofRefused: a token or an answer that is not for us, for this log-in, from this provider, or of now.
            ProviderUnreachable
        """
        known = await self._metadata()
        self._check_where_from(answer, known)
        token = await self._exchange(known, code=answer.get("code", ""), secret=secret, back_to=back_to)
        claims = await self._claims(known, token, nonce=secret.nonce, now=now)
        about = dict(claims)
        if "email" not in about and known.get("userinfo_endpoint"):
            about |= await self._asked_apart(known, token, subject=str(claims["sub"]))
        email = about.get("email")
        return Identity(
            issuer=self.provider.issuer,
            subject=str(claims["sub"]),
            email=email.strip().lower() if isinstance(email, str) and self._vouches_for(about) else None,
            strong=self._asked_a_second_factor(claims),
        )

    def _check_where_from(self, answer: Mapping[str, str], known: Mapping[str, Any]) -> None:
        """Against mixed-up providers: an answer of another one must not be taken here (RFC 9207)."""
        said = answer.get("iss")
        must_say = known.get("authorization_response_iss_parameter_supported") is True
        if (said is None and must_say) or (said is not None and said != self.provider.issuer):
            raise ProofRefused("issuer of the answer")

    async def _exchange(self, known: Mapping[str, Any], *, code: str, secret: Secret, back_to: str) -> dict[str, Any]:
        client_id, client_secret = self.provider.client_id, self.provider.client_secret.get_secret_value()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to,
            "code_verifier": secret.verifier,
        }
        basic: tuple[str, str] | None = (quote(client_id, safe=""), quote(client_secret, safe=""))
        if "client_secret_basic" not in known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            form |= {"client_id": client_id, "client_secret": client_secret}
            basic = None
        return await self._json("POST", self._endpoint(known, "token_endpoint"), form=form, basic=basic, code=True)

    async def _claims(
        self, known: Mapping[str, Any], token: Mapping[str, Any], *, nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        keys = await self._json("GET", self._endpoint(known, "jwks_uri"))
        try:
            read = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            claims = CodeIDToken(
                read.claims,
                read.header,
                {"iss": {"essential": True, "value": self.provider.issuer}},
                {"nonce": nonce, "client_id": self.provider.client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProofRefused(f"token: {getattr(error, 'error', type(error).__name__)}") from None
        # Core, 3.1.3.7: for us, and for nobody whom we do not know.
        if claims["aud"] not in (self.provider.client_id, [self.provider.client_id]) or not claims["sub"]:
            raise ProofRefused("token: audience")
        found: Mapping[str, Any] = claims
        return found

    async def _asked_apart(self, known: Mapping[str, Any], token: Mapping[str, Any], *, subject: str) -> dict[str, Any]:
        """What the provider tells only at another address; about the same person, or it does not count."""
        where = self._endpoint(known, "userinfo_endpoint")
        told = await self._json("GET", where, bearer=str(token.get("access_token", "")))
        if told.get("sub") != subject:
            raise ProofRefused("userinfo: another person")
        return {name: told[name] for name in ("email", "email_verified") if name in told}

    def _vouches_for(self, about: Mapping[str, Any]) -> bool:
        if urlsplit(self.provider.issuer).hostname in _ENTRA and "email_verified" not in about:
            return about.get("xms_edov") in (True, 1, "1", "true")
        return about.get("email_verified") is True

    def _asked_a_second_factor(self, claims: Mapping[str, Any]) -> bool:
        methods = claims.get("amr")
        said = {claims.get("acr"), *(methods if isinstance(methods, list) else ())}
        return any(one in said for one in self.provider.second_factor)

    async def _metadata(self) -> dict[str, Any]:
        if not self._known or self.clock() - self._known_at > KNOWN_FOR:
            found = await self._json("GET", get_well_known_url(self.provider.issuer, external=True))
            if found.get("issuer") != self.provider.issuer:
                raise ProviderUnreachable("it calls itself otherwise")
            self._known, self._known_at = found, self.clock()
        return self._known

    def _endpoint(self, known: Mapping[str, Any], name: str) -> str:
        where = known.get(name)
        if not isinstance(where, str) or urlsplit(where).scheme not in ("https", urlsplit(self.provider.issuer).scheme):
            raise ProviderUnreachable(f"no {name}")
        return where

    async def _json(
        self,
        method: str,
        where: str,
        *,
        form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        bearer: str = "",
        code: bool = False,
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        try:
            async with httpx.AsyncClient(timeout=SECONDS, verify=_trusted()) as client:
                answer = await client.request(
                    method, where, data=form, headers=headers, auth=basic or httpx.USE_CLIENT_DEFAULT
                )
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderUnreachable(type(error).__name__) from None
        if code and answer.status_code in (400, 401) and isinstance(found, dict):
            if found.get("error") == "invalid_grant":
                raise ProofRefused("code")
            raise ProviderUnreachable("it does not know us")
        if answer.status_code != httpx.codes.OK or not isinstance(found, dict):
            raise ProviderUnreachable(f"it answered {answer.status_code}")
        return found


@lru_cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; reading them takes as long as a log-in."""
    return httpx.create_ssl_context()


def state_hash(state: str) -> bytes:
    """What is kept of the `state` of an answer that was taken."""
    return hashlib.sha256(state.encode()).digest()
