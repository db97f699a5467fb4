import re

import pytest

from benchmarks import reliability, report

SCRIPTS = sorted(
    path.stem
    for path in report.DOCUMENT.parents[1].glob("benchmarks/*.py")
    if re.search(r"^ +publish\(", path.read_text(encoding="utf-8"), re.MULTILINE) and path.stem != "report"
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_benchmark_has_its_section_and_command(name):
    document = "".join(path.read_text(encoding="utf-8") for path in (report.DOCUMENT, report.RELIABILITY))
    assert re.search(rf"<!-- {name} -->\n.+\n<!-- /{name} -->", document, re.DOTALL)
    assert f"python -m benchmarks.{name}" in document


def test_writing_replaces_one_section_only(tmp_path, monkeypatch, capsys):
    document = tmp_path / "performance.md"
    document.write_text(
        "# P\n<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nkept\n<!-- /b -->\n", encoding="utf-8"
    )
    monkeypatch.setattr(report, "DOCUMENT", document)
    report.publish("a", "new \\1 figures", write=True)
    written = document.read_text(encoding="utf-8")
    assert written.startswith("# P\n<!-- a -->\nnew \\1 figures\n\n_")
    assert written.endswith("_\n<!-- /a -->\n<!-- b -->\nkept\n<!-- /b -->\n")
    assert "new" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no section c"):
        report.publish("c", "x", write=True)


def test_figures():
    assert report.table(["a", "b"], [[1, "x"]]) == "| a | b |\n| --- | --- |\n| 1 | x |"
    assert report.p95(range(1, 101)) == 95
    assert report.p95([7]) == 7
    assert report.median([3, 1, 2]) == 2


def test_the_trials_of_reliability_hold_at_a_small_size(tmp_path):
    rows = list(reliability.every_trial(tmp_path, 3))
    assert [(row[0], row[2]) for row in rows if row[2]] == []
    assert len(rows) == 5
