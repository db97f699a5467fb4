"""Signing in with an OpenID Connect provider: the code flow with PKCE, through Authlib."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from web.settings import Settings
from web.values import Refused

SECONDS = 10
SCOPE = "openid email profile"
LEEWAY_SECONDS = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for."""

    email: str
    name: str


@dataclass(frozen=True)
class Journey:
    """What a browser keeps between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str

    @staticmethod
    def new() -> "Journey":
        return Journey(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """The provider of the settings; its metadata are read when somebody signs in."""

    def __init__(self, settings: Settings, back: str):
        self.settings, self.back = settings, back

    @property
    def name(self) -> str:
        return self.settings.oidc_name or urlsplit(self.settings.oidc_issuer).netloc

    def leave(self, journey: Journey) -> str:
        """Return where to send the browser; raises Refused ``provider_failed`` when nobody answers."""
        with self._session() as session:
            address: str = session.create_authorization_url(
                self._metadata(session)["authorization_endpoint"],
                state=journey.state,
                code_verifier=journey.verifier,
                nonce=journey.nonce,
            )[0]
        return address

    def arrive(self, journey: Journey, state: str, code: str) -> Person:
        """Return whom the provider vouches for. Raises Refused ``provider_failed``, ``provider_email``."""
        if not code or not secrets.compare_digest(state, journey.state):
            raise Refused("provider_failed", self.name)
        with self._session() as session:
            metadata = self._metadata(session)
            try:
                token = session.fetch_token(
                    metadata["token_endpoint"], code=code, code_verifier=journey.verifier, timeout=SECONDS
                )
                claims = self._claims(
                    token["id_token"], self._get(session, metadata["jwks_uri"]), journey, metadata["issuer"]
                )
            except (OAuthError, JoseError, OSError, KeyError, ValueError) as error:
                raise Refused("provider_failed", self.name) from error
        if not claims.get("email") or claims.get("email_verified") is not True:
            raise Refused("provider_email", self.name)
        return Person(str(claims["email"]), str(claims.get("name") or claims["email"]))

    def _claims(self, id_token: str, keys: Any, journey: Journey, issuer: str) -> dict[str, Any]:
        """Return the claims of a token signed by the provider for us, for this journey, and still valid."""
        claims: dict[str, Any] = jwt.decode(
            id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS
        ).claims
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self.settings.oidc_client_id},
            nonce={"essential": True, "value": journey.nonce},
            exp={"essential": True},
        )
        rules.validate(claims)
        return claims

    def _session(self) -> Any:
        settings = self.settings
        return OAuth2Session(
            settings.oidc_client_id,
            settings.oidc_client_secret,
            scope=SCOPE,
            redirect_uri=self.back,
            code_challenge_method="S256",
        )

    def _metadata(self, session: Any) -> dict[str, str]:
        issuer = self.settings.oidc_issuer.rstrip("/")
        metadata: dict[str, str] = self._get(session, f"{issuer}/.well-known/openid-configuration")
        if metadata.get("issuer", "").rstrip("/") != issuer:
            raise Refused("provider_failed", self.name)
        return metadata

    def _get(self, session: Any, address: str) -> Any:
        try:
            answer = session.get(address, withhold_token=True, timeout=SECONDS)
            answer.raise_for_status()
            return answer.json()
        except (OSError, ValueError) as error:
            raise Refused("provider_failed", self.name) from error
