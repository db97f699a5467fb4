"""A small OpenID Connect provider on this machine: it vouches for whomever a test says."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider:
    def __init__(self) -> None:
        self.key, self.forged = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
        self.url = ""
        self._codes: dict[str, tuple[dict, dict]] = {}

    def approve(self, asked: dict, claims: dict) -> str:
        """Return the code a browser would bring back after its person said yes."""
        code = f"code-{len(self._codes)}"
        self._codes[code] = (asked, claims)
        return code

    def answer(self, path: str, form: dict[str, str]) -> dict:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token"}
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"} | {
                f"{name}_endpoint": f"{self.url}/{end}" for name, end in ends.items()
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        asked, claims = self._codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        told = {
            "iss": self.url, "aud": "relato", "sub": "1", "exp": int(time.time()) + 60, "nonce": asked["nonce"],
            "email_verified": True, "name": "Alguien", **claims,
        }  # fmt: skip
        key = self.forged if told.pop("forged", False) else self.key
        token = jwt.encode({"alg": "RS256", "kid": "1"}, told, key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send({name: values[0] for name, values in parse_qs(sent).items()})

        def _send(self, form: dict[str, str]) -> None:
            body = json.dumps(provider.answer(self.path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
