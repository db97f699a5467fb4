"""The engine reads its tables and nothing else, stops in time, and is shared by threads."""

import datetime as dt
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import ibis
import pandas as pd
import pytest

from builder.engine import Engine
from builder.result import OTHERS
from builder.shapes import POINTS
from builder.spec import ChartSpec, Encoding, Filter
from tests.builder.tables import make_table
from web.settings import Settings
from web.values import Refused

COUNT = Encoding(aggregate="count")


def scattered(folder, rows, **more):
    pick = random.Random(3)
    frame = pd.DataFrame(
        {
            "latitude": [19.4 + pick.gauss(0, 0.08) for _ in range(rows)],
            "longitude": [-99.1 + pick.gauss(0, 0.08) for _ in range(rows)],
            "name": [f"place {n}" for n in range(rows)],
            "size": [pick.randrange(100) for _ in range(rows)],
        }
        | more
    )
    return make_table(folder, frame), frame


MAP = ChartSpec(mark="points", latitude=Encoding(field="latitude"), longitude=Encoding(field="longitude"))


def test_few_points_come_one_by_one_with_their_names(engine, folder):
    table, frame = scattered(folder, 500)
    result = engine.run(MAP, table)
    assert not result.binned
    assert sorted(result.frame.latitude) == sorted(frame.latitude)
    assert set(result.frame.label) == set(frame.name)


def test_rows_without_a_real_place_are_counted_as_missing(engine, folder):
    _, frame = scattered(folder, 8)
    frame.loc[0, "latitude"] = None
    frame.loc[1, "longitude"] = float("nan")
    frame.loc[2, ["latitude", "longitude"]] = 0
    frame.loc[3, "latitude"] = 194.0
    result = engine.run(MAP, make_table(folder, frame))
    assert (result.counted, result.missing) == (4, {"latitude": 3, "longitude": 1})


def test_many_points_are_counted_into_cells_from_all_rows(engine, folder):
    table, _ = scattered(folder, POINTS + 5_000)
    result = engine.run(MAP, table)
    assert result.binned
    assert result.frame.y.sum() == result.counted == POINTS + 5_000
    assert len(result.frame) < 3_000
    _, height = result.cell
    rows = result.frame.latitude / (height * 0.75)
    assert ((rows - rows.round()).abs() < 1e-6).all()


def test_every_row_is_in_the_cell_whose_centre_is_nearest(engine, folder):
    table, frame = scattered(folder, POINTS + 1)
    result = engine.run(MAP, table)
    width, height = result.cell
    centres = result.frame
    for row in frame.sample(50, random_state=1).itertuples():
        across = (centres.longitude - row.longitude) / width
        up = (centres.latitude - row.latitude) / height * 2 / 3**0.5
        nearest = (across**2 + up**2).min()
        assert nearest <= 1 / 3 + 1e-9  # no point of a hexagon of width 1 is further than its corners


def test_a_few_rows_far_away_do_not_blur_the_cells_of_the_rest(engine, folder):
    _, frame = scattered(folder, POINTS + 2_000)
    near = engine.run(MAP, make_table(folder, frame))
    frame.loc[:99, "latitude"] = 45.0
    far = engine.run(MAP, make_table(folder, frame))
    assert far.frame.y.sum() == near.frame.y.sum() == POINTS + 2_000
    assert far.frame[far.frame.latitude > 44].y.sum() == 100
    assert far.cell[1] < 8 * near.cell[1] < 0.2


def test_rows_at_one_place_are_one_cell(engine, folder):
    _, frame = scattered(folder, POINTS + 1)
    frame[["latitude", "longitude"]] = [19.4, -99.1]
    result = engine.run(MAP, make_table(folder, frame))
    assert list(result.frame.y) == [POINTS + 1]
    assert (result.frame.latitude[0], result.frame.longitude[0]) == (
        pytest.approx(19.4, abs=0.01),
        pytest.approx(-99.1, abs=0.01),
    )


def test_a_scatter_of_many_rows_is_counted_into_rectangles(engine, folder):
    table, _ = scattered(folder, POINTS + 1)
    spec = ChartSpec(mark="scatter", x=Encoding(field="size"), y=Encoding(field="latitude"))
    result = engine.run(spec, table)
    assert result.binned
    assert result.frame["size"].sum() == POINTS + 1


def test_files_outside_the_tables_folder_cannot_be_read(engine, folder, tmp_path):
    frame = pd.DataFrame({"k": ["a"]})
    table = make_table(folder, frame)
    outside = make_table(tmp_path / "elsewhere", frame)
    assert engine.fetch(engine.rows(table.id).count().as_table())
    for stolen in (
        tmp_path / "elsewhere" / f"{outside.id}.parquet",
        folder / ".." / "elsewhere" / f"{outside.id}.parquet",
    ):
        with pytest.raises(Refused):
            engine.fetch(ibis.table({"k": "string"}, name=str(stolen)))
    with pytest.raises(Refused):
        engine.rows("../elsewhere/" + outside.id)


@pytest.mark.parametrize(
    "statement",
    [
        "SET enable_external_access=true",
        "SET lock_configuration=false",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH '/tmp/x.db'",
        "COPY (SELECT 1) TO '/tmp/relato-test.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
    ],
)
def test_the_connection_is_locked(engine, statement):
    with pytest.raises(duckdb.Error):
        engine._backend._cursor().execute(statement).fetchall()


def test_a_variable_of_python_is_not_a_table(engine):
    secret = pd.DataFrame({"a": [1]})
    with pytest.raises(duckdb.Error, match="secret"):
        engine._backend._cursor().execute("SELECT * FROM secret")
    assert len(secret) == 1


def test_a_question_that_takes_too_long_is_stopped_and_said(tmp_path):
    engine = Engine(Settings(data=tmp_path, query_seconds=1))
    table = make_table(tmp_path / "tables", pd.DataFrame({"n": range(100_000)}))
    rows, again = engine.rows(table.id), engine.rows(table.id).view()
    endless = rows.cross_join(again).group_by("n").aggregate(m=lambda pairs: pairs.n_right.nunique())
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        engine.fetch(endless)
    assert (caught.value.problem.code, caught.value.problem.facts) == ("query_slow", {"seconds": 1})
    assert time.monotonic() - started < 15
    assert engine.fetch(rows.aggregate(n=rows.count())) == [{"n": 100_000}]
    engine.close()


def test_threads_share_one_engine(engine, folder):
    table, _ = scattered(folder, 3000)
    specs = [
        ChartSpec(mark="bar", x=Encoding(field="size"), y=COUNT, filters=(Filter(field="size", low=n),))
        for n in range(12)
    ]
    alone = [engine.run(spec, table).counted for spec in specs]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda spec: engine.run(spec, table).counted, specs))
    assert together == alone
    assert threading.active_count() < 40


def test_the_rows_of_an_unknown_table_are_refused(engine, folder):
    table, _ = scattered(folder, 3)
    gone = table.model_copy(update={"id": "0" * 16})
    with pytest.raises(Refused) as caught:
        engine.run(MAP, gone)
    assert caught.value.problem.code == "table_unknown"


def test_an_answer_of_nothing_is_empty_but_counted(engine, folder):
    table, _ = scattered(folder, 20)
    nothing = (Filter(field="size", low=1000),)
    for spec in (MAP, ChartSpec(mark="bar", x=Encoding(field="name"), y=COUNT, limit=3)):
        result = engine.run(spec.model_copy(update={"filters": nothing}), table)
        assert (len(result.frame), result.counted, result.left_out) == (0, 0, 20)


def test_the_order_of_rows_never_changes_an_answer(engine, folder):
    pick = random.Random(5)
    frame = pd.DataFrame(
        {
            "k": [f"g{pick.randrange(30)}" for _ in range(2000)],
            "v": [round(pick.uniform(0, 1), 3) for _ in range(2000)],
            "day": [dt.date(2024, 1, 1 + pick.randrange(28)) for _ in range(2000)],
        }
    )
    y = Encoding(field="v", aggregate="mean")
    spec = ChartSpec(mark="bar", x=Encoding(field="k"), y=y, color=Encoding(field="day"), limit=5)
    first = engine.run(spec, make_table(folder, frame))
    second = engine.run(spec, make_table(folder, frame.sample(frac=1, random_state=2).reset_index(drop=True)))
    assert first.frame.equals(second.frame)
    assert OTHERS in set(first.frame.x)
