"""The frame of the project: direction of imports, documents in step with the code, nothing that leaks."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from web import VERSION
from web.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ("web", "catalog", "builder", "stories")
SOURCES = sorted([ROOT / "serve.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
PANEL_MAY_BE_IN = re.compile(
    r"(serve|web/session|(builder|stories)/(state|screens/\w+|marks/\w+|interactive))\.py"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_rooms_look_down_never_up() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([command], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_stay_where_they_belong(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    modules = {module.split(".")[0] for module in imported(path)}
    if not PANEL_MAY_BE_IN.fullmatch(name):
        assert not modules & {"panel", "param", "panel_material_ui"}
    if not name.startswith("builder/marks/") and name != "builder/interactive.py":
        assert not modules & {"holoviews", "hvplot", "geoviews"}
    assert not modules & {"pickle", "shelve", "marshal", "dill", "cloudpickle"}
    assert "yaml" not in modules


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    if path.name not in ("settings.py", "make.py"):  # demo/make.py derives the demo files, once
        assert not re.search(r"\bos\.(environ(\.get\b|\[)|getenv\b)", path.read_text("utf-8"))


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        row = next((line for line in page.splitlines() if f"`RELATO_{name.upper()}`" in line), None)
        assert row, f"docs/settings.md does not explain RELATO_{name.upper()}"
        default = field.default
        shown = "" if default in ("", (), None) else str(default)
        assert f"`{shown}`" in row or (not shown and "–" in row), f"{name}: {row}"


def test_the_version_is_said_once_in_each_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_every_dependency_and_name_no_index(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", lock)
    pinned = set(re.findall(r"^([a-z0-9_.-]+)==", lock, re.M))
    wanted = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if "dev" in name else [])]
    assert not {re.split(r"[<>=\[]", want)[0].lower() for want in wanted} - pinned
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_the_makefile_names_what_the_readme_promises() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    promised = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert promised
    assert not promised - targets


def test_the_readme_and_docs_link_to_files_that_exist() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_repository_names_no_machine() -> None:
    leaks = re.compile(
        rb"/(?:home|Users|root|tmp|work)/\w+/|127\.0\.0\.1:4\d{4}|pypi\.org|files\.pythonhosted"
    )
    text = {".py", ".md", ".html", ".css", ".js", ".toml", ".po", ".lock", ".json", ""}
    own = Path(__file__).resolve()
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix in text and path.resolve() != own and leaks.search(path.read_bytes())
    ]
    assert not found
