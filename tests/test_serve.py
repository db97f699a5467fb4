"""Starting and stopping: one clear line when it cannot start as asked, a clean end."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from serve import main
from tests.conftest import ROOT, Served


def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "serve.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--port", "x"], {}, "invalid int value"),
        (["--role", "both"], {}, "invalid choice"),
        ([], {"RELATO_SESSIONS": "many"}, "sessions: "),
        ([], {"RELATO_ROLE": "both"}, "role: "),
    ],
)
def test_settings_that_do_not_fit_stop_the_start(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    environment: dict[str, str],
    said: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match="2"):
        sys.exit(main(["--data", str(tmp_path), *arguments]))
    assert said in capsys.readouterr().err


def test_a_weak_secret_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("changeme")
    (tmp_path / "secret").chmod(0o600)
    ended = start("--data", tmp_path, "--port", "0")
    assert ended.returncode == 2
    assert "too easy to guess" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_port_that_is_taken_stops_the_start(served: Served, tmp_path: Path) -> None:
    ended = start("--data", tmp_path, "--port", served.url.rsplit(":", 1)[1])
    assert ended.returncode == 2
    assert "Address already in use" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_serves_the_demo_portal_and_says_who_may_try_it(served: Served) -> None:
    said = served.log.read_text()
    assert served.url in said
    assert len(re.findall(r"(author|curator)@demo\.local .*\w{12}$", said, re.M)) == 2
    with urlopen(f"{served.url}/api/datasets?q=") as answer:
        assert json.load(answer)["total"] >= 10
    with urlopen(f"{served.url}/stories") as answer:
        assert b'href="/stories/' in answer.read()


def test_every_operation_of_the_api_is_described_and_answers(served: Served) -> None:
    with urlopen(f"{served.url}/api/openapi.json") as answer:
        document = json.load(answer)
    assert document["openapi"] == "3.1.0"
    paths = document["paths"]
    assert {"/api/datasets", "/api/datasets/{name}", "/api/query"} <= set(paths)
    assert "post" in paths["/api/query"]
    references = set(re.findall(r"#/components/schemas/([\w-]+)", json.dumps(document)))
    assert references <= set(document["components"]["schemas"])


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told(serve, sent: signal.Signals) -> None:
    one = serve()
    began = time.monotonic()
    one.process.send_signal(sent)
    assert one.process.wait(20) == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in one.log.read_text()
    assert "leak" not in one.log.read_text()


def test_demo_accounts_exist_only_on_this_machine_with_the_demo_portal(serve, tmp_path: Path) -> None:
    first = serve(data=tmp_path)
    assert "author@demo.local" in first.log.read_text()
    first.process.terminate()
    first.process.wait(20)
    open_to_all = serve("--address", "0.0.0.0", data=tmp_path)
    assert "demo.local" not in open_to_all.log.read_text()
    from web import accounts
    from web.database import Database

    people = accounts.Accounts(Database(tmp_path / "stories.db", accounts.migrations))
    assert people.by_email("author@demo.local") is None
