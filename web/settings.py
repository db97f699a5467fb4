"""Every setting, read once from the command line and the environment (``RELATO_…``)."""

import argparse
import os
import socket
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psutil
from pydantic import Field, field_validator

from web.values import Value

EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that listen on every network card."""


class Settings(Value):
    """Settings of one running Relato; each field is also the variable ``RELATO_<FIELD>``."""

    data: Path = Path("data")
    address: str = "127.0.0.1"
    port: int = 5006
    public_url: str = Field(
        "", description="Address readers use, without a final slash; empty means http://address:port"
    )
    portals: tuple[str, ...] = Field(
        (), description="CKAN addresses or ckanapi dumps; none means the demo portal"
    )
    role: Literal["all", "public", "studio"] = "all"
    behind_proxy: bool = Field(
        False, description="Believe the reader's address as the proxy in front states it (X-Real-Ip)"
    )
    language: str = Field("es", description="Language when the reader states none")
    title: str = "Relato"
    engine: str = Field("duckdb://", description="Ibis backend that counts the rows")
    read_memory_mb: int = 2048
    read_seconds: int = 300
    fetch_mb: int = 500
    fetch_seconds: int = 300
    query_seconds: int = 20
    sessions: int = Field(60, description="Open builder sessions in all")
    sessions_per_address: int = 8
    session_memory_mb: int = Field(3000, description="Resident memory above which no new session is opened")
    sync_minutes: int = Field(
        0, description="Minutes between synchronisations while serving; 0 means only at start"
    )
    authors_publish: bool | None = Field(
        None, description="Authors publish without a curator's approval; unset means only on this machine"
    )
    destination: str = Field(
        "", description="Folder or fsspec URL (s3://…) that published stories are also copied to"
    )
    registration: Literal["open", "invitation", "off"] = Field(
        "invitation", description="Who makes accounts: anybody, people with an invitation, or the operator"
    )
    oidc_issuer: str = Field("", description="Address of the OpenID Connect provider people may sign in with")
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = Field("", description="Name of that provider on the button")
    embeds: tuple[str, ...] = Field(
        ("www.youtube-nocookie.com", "player.vimeo.com"),
        description="Hosts whose videos and pages stories may show once a reader asks",
    )
    prefetch_mb: int = Field(20, description="Files up to this size are read right after a synchronisation")

    @field_validator("data")
    @classmethod
    def absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @property
    def is_demo(self) -> bool:
        return not self.portals

    @property
    def is_local(self) -> bool:
        return self.address in ("127.0.0.1", "localhost", "::1")

    @property
    def open_publishing(self) -> bool:
        """Whether authors publish their own stories."""
        return self.is_local if self.authors_publish is None else self.authors_publish

    @property
    def origin(self) -> str:
        """Scheme, host and port under which readers reach us; any of several when none is stated."""
        host = "localhost" if self.address in (*EVERYWHERE, "::1") else self.address
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """Hosts whose pages may open our websockets: the public one, else those of this machine."""
        if self.public_url:
            return [urlsplit(self.origin).netloc]
        names = {self.address, "localhost"} if self.is_local else {self.address}
        if self.address in EVERYWHERE:
            cards = chain.from_iterable(psutil.net_if_addrs().values())
            own = (card.address for card in cards if card.family == socket.AF_INET)
            names = {"localhost", socket.gethostname(), *own}
        return sorted(f"{name}:{self.port}" for name in names if ":" not in name)  # Bokeh knows no IPv6 hosts


def from_environment(environment: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """Return settings from ``RELATO_…`` variables, overridden by the values given (None is ignored).

    Raises pydantic.ValidationError naming the field that does not fit.
    """
    read: dict[str, object] = {}
    for name in Settings.model_fields:
        text = environment.get(f"RELATO_{name.upper()}")
        if text is not None:
            read[name] = tuple(text.split()) if name in ("portals", "embeds") else text
    read.update({name: value for name, value in given.items() if value is not None})
    return Settings.model_validate(read)


def from_command_line(arguments: Sequence[str]) -> Settings:
    """Return the settings of a command line, over those of the environment; exits with the usage if asked.

    Raises pydantic.ValidationError naming the setting that does not fit.
    """
    parser = argparse.ArgumentParser(
        "serve.py", description="Turn a city's open data into charts and stories."
    )
    parser.add_argument("--port", type=int, help="port to listen on (5006)")
    parser.add_argument("--address", help="address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where everything is kept (data)")
    portal = parser.add_argument("--portal", action="append", dest="portals", metavar="URL|DUMP")
    portal.help = "CKAN address or ckanapi dump; repeatable; none is the demo portal"
    role = parser.add_argument("--role", choices=("all", "public", "studio"))
    role.help = "which pages this process serves (all)"
    return from_environment(**vars(parser.parse_args(arguments)))
