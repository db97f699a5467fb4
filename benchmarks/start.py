"""How long ``serve.py`` takes to answer with the demo portal, and the memory it holds."""

import tempfile
from pathlib import Path

from benchmarks.report import arguments, median, publish, table
from benchmarks.server import serving
from catalog.demo import DUMP

DATASETS = len(DUMP.read_text(encoding="utf-8").splitlines())
STEPS = (
    "health answers",
    "of which processor time",
    "every demo dataset is found",
    "the demo story is published",
    "memory, MB",
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    first, again = zip(*(run() for _ in range(given.runs)), strict=True)
    rows = [
        [step, *(f"{median(each[step] for each in runs):,.1f}" for runs in (first, again))] for step in STEPS
    ]
    publish(
        "start", table(["Seconds since the command", "first start", "next start"], rows), write=given.write
    )


def run() -> tuple[dict[str, float], dict[str, float]]:
    """Start twice over one new data folder; return the steps of both."""
    with tempfile.TemporaryDirectory() as folder:
        return steps(Path(folder)), steps(Path(folder))


def steps(data: Path) -> dict[str, float]:
    """Start once, wait for each step, and return when it was reached."""
    with serving(data) as server:
        return {
            STEPS[0]: server.wait("/healthz"),
            STEPS[1]: server.processor(),
            STEPS[2]: server.wait("/api/datasets?q=", f'"total": {DATASETS}'),
            STEPS[3]: server.wait("/stories", 'href="/stories/'),
            STEPS[4]: server.memory_mb(),
        }


if __name__ == "__main__":
    main()
