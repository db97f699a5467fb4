"""Settings from the environment and the command line."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from web.settings import Settings, from_command_line, from_environment


def test_the_environment_fills_what_is_not_given() -> None:
    environment = {
        "RELATO_PORT": "6000",
        "RELATO_PORTALS": "https://a.example dump.jsonl",
        "RELATO_SESSIONS": "7",
    }
    settings = from_environment(environment, port=7000, address=None)
    assert (settings.port, settings.address, settings.sessions) == (7000, "127.0.0.1", 7)
    assert settings.portals == ("https://a.example", "dump.jsonl")


def test_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELATO_PORT", "6000")
    settings = from_command_line(["--port", "7000", "--portal", "a", "--portal", "b", "--data", "x"])
    assert (settings.port, settings.portals) == (7000, ("a", "b"))
    assert settings.data == Path("x").absolute()


def test_unknown_and_unfit_settings_are_refused() -> None:
    with pytest.raises(ValidationError, match="port"):
        from_environment({"RELATO_PORT": "many"})
    with pytest.raises(ValidationError, match="prot"):
        from_environment({}, prot=1)


@pytest.mark.parametrize(
    ("given", "origin", "hosts"),
    [
        ({}, "http://127.0.0.1:5006", ["127.0.0.1:5006", "localhost:5006"]),
        ({"address": "::1"}, "http://localhost:5006", ["localhost:5006"]),
        ({"address": "10.0.0.7"}, "http://10.0.0.7:5006", ["10.0.0.7:5006"]),
        ({"public_url": "https://a.example/"}, "https://a.example", ["a.example"]),
        ({"public_url": "http://a.example:8080"}, "http://a.example:8080", ["a.example:8080"]),
    ],
)
def test_pages_of_our_own_host_may_open_websockets(
    given: dict[str, str], origin: str, hosts: list[str]
) -> None:
    settings = Settings(**given)
    assert (settings.origin, settings.hosts) == (origin, hosts)


def test_listening_everywhere_means_every_address_of_this_machine() -> None:
    hosts = Settings(address="0.0.0.0").hosts
    assert {"localhost:5006", "127.0.0.1:5006"} <= set(hosts)
    assert not [host for host in hosts if host.count(":") > 1 or "*" in host or not host.endswith(":5006")]
