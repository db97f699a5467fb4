"""The frame of the project: direction of imports, documents in step with the code, nothing that leaks."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from web import VERSION
from web.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ("web", "catalog", "builder", "stories")
SOURCES = sorted([ROOT / "serve.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
SQL = re.compile(
    r"\b(SELECT|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|(CREATE|DROP|ALTER) (\w+ )?(TABLE|INDEX)|PRAGMA|"
    r"SET \w+=|ORDER BY|WHERE)\b"
)
SQL_IS_IN = {
    "web/accounts.py", "web/audit.py", "web/counts.py", "web/database.py", "web/invitations.py", "catalog/choices.py", "catalog/portals.py", "catalog/readings.py", "catalog/schema.py",
    "catalog/search.py", "catalog/store.py", "builder/backends.py", "builder/store.py", "stories/curation.py", "stories/store.py",
}  # fmt: skip
NEVER_IMPORTED = {
    "pickle", "shelve", "marshal", "dill", "cloudpickle", "yaml", "urllib.request", "http.client", "ftplib",
    "httpx", "aiohttp", "tornado.httpclient", "tornado.simple_httpclient",
}  # fmt: skip
TOLD_OF_DEMO = {"openpyxl"}
"""Writes the demo's own workbook, once; needed by `make demo-data` alone."""
NEVER_CALLED = {"eval", "exec", "compile", "__import__"}
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())


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


@each_source
def test_nothing_unpickles_evaluates_or_asks_the_network_by_a_side_door(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    calls = {node.func.id for node in ast.walk(tree) if is_call_by_name(node)}
    shells = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "shell"]
    assert not imported(path) & NEVER_IMPORTED
    assert not calls & NEVER_CALLED
    assert not shells


def is_call_by_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


@each_source
def test_sql_stays_with_the_stores_and_takes_values_as_parameters(path: Path) -> None:
    statements = [node for node in texts(ast.parse(path.read_text("utf-8"))) if SQL.search(said(node))]
    if path.relative_to(ROOT).as_posix() not in SQL_IS_IN:
        assert not [f"line {node.lineno}: {said(node)}" for node in statements]
    for node in statements:
        assert not [piece for piece in filled(node) if not is_fixed(piece)], f"line {node.lineno}"


def texts(tree: ast.Module) -> list[ast.expr]:
    """Return the texts and f-strings of a module that are not docstrings."""
    sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Constant))
    return [node for node in found if id(node) not in sentences]


def said(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "…".join(said(piece) for piece in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def filled(node: ast.expr) -> list[ast.expr]:
    pieces = node.values if isinstance(node, ast.JoinedStr) else []
    return [piece.value for piece in pieces if isinstance(piece, ast.FormattedValue)]


def is_fixed(piece: ast.expr) -> bool:
    """Say whether a part of a statement is named text of ours or made of constants alone."""
    names = {node.id for node in ast.walk(piece) if isinstance(node, ast.Name)}
    return isinstance(piece, ast.Name) or all(name.isupper() or name == "len" for name in names)


@each_source
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    if path.name not in ("settings.py", "make.py"):  # demo/make.py derives the demo files, once
        assert not re.search(r"\bos\.(environ(\.get\b|\[)|getenv\b)", path.read_text("utf-8"))


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        row = next((line for line in page.splitlines() if f"`RELATO_{name.upper()}`" in line), None)
        assert row, f"docs/settings.md does not explain RELATO_{name.upper()}"
        default = field.default
        told = " ".join(default) if isinstance(default, tuple) else str(default)
        shown = "" if default in ("", (), None) else told
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


def test_what_is_imported_is_a_dependency_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {plain(re.split(r"[<>=\[]", want)[0]) for want in project["dependencies"]}
    ours = {*ROOMS, "serve"} | sys.stdlib_module_names
    modules = {module.split(".")[0] for path in SOURCES for module in imported(path)} - ours
    makers = packages_distributions()
    made = {module: {plain(maker) for maker in makers[module]} for module in modules}
    assert not {module for module, by in made.items() if not by & wanted} - TOLD_OF_DEMO
    assert not wanted - set().union(*made.values())


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


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
