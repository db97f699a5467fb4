"""Every aggregate of real files against pandas, and against totals that were published."""

from fractions import Fraction

import pandas as pd
import pyarrow.parquet as pq
import pytest

from builder.spec import AGGREGATES, ChartSpec, Encoding
from tests.builder.tables import read_table
from tests.builder.test_query import EXPECTED
from web.values import Refused

BIRTHS = {
    1994: 3952767, 1995: 3899589, 1996: 3891494, 1997: 3880894, 1998: 3941553,
    1999: 3959417, 2000: 4058814, 2001: 4025933, 2002: 4021726, 2003: 4089950,
}  # fmt: skip


def test_births_by_year_equal_the_published_vital_statistics(engine, folder, shared):
    table = read_table(shared / "reference/us_births_1994-2003_CDC_NCHS.csv", folder)
    y = Encoding(field="births", aggregate="sum")
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="year"), y=y), table)
    assert dict(zip(result.frame.x, result.frame.y, strict=True)) == BIRTHS


def test_payments_add_up_to_the_published_cents(engine, folder, shared):
    table = read_table(shared / "messy/uk_newcastle_invoices_june_2015.csv", folder)
    assert amounts(engine, table, "Total") == Fraction("45912283.87")


def test_spending_adds_up_to_the_published_cents(engine, folder, shared):
    table = read_table(shared / "messy/uk_hmrc_spend_2018-09.csv", folder)
    assert amounts(engine, table, "Amount") == Fraction("118461709.02")


def amounts(engine, table, field):
    """The sum of a column over the groups of a bar chart."""
    group = next(column for column in table.columns if column.role == "category")
    y = Encoding(field=field, aggregate="sum")
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field=group.name), y=y, limit=5), table)
    return sum(Fraction(str(value)) for value in result.frame.y.dropna())


def compared(table, engine, folder):
    """Compare every aggregate of the first number by the first category of a table; tell if there were any."""
    number = next((c for c in table.columns if c.role == "measure"), None)
    group = next((c for c in table.columns if c.role == "category" and c.distinct <= 60), None)
    if number is None or group is None:
        return False
    rows = pq.read_table(folder / f"{table.id}.parquet", columns=[number.name, group.name]).to_pandas()
    named = rows[group.name].astype(object).where(rows[group.name].notna(), None)
    for aggregate in AGGREGATES:
        y = Encoding(field=number.name, aggregate=aggregate)
        result = engine.run(ChartSpec(mark="bar", x=Encoding(field=group.name), y=y), table)
        shown = dict(zip(result.frame.x, result.frame.y, strict=True))
        expected = {k: EXPECTED[aggregate](v[number.name]) for k, v in rows.groupby(named, dropna=False)}
        expected = {None if pd.isna(k) else k: v for k, v in expected.items()}
        assert set(shown) == set(expected)
        for key, value in expected.items():
            assert shown[key] == pytest.approx(value, rel=5e-15, abs=0, nan_ok=True), (aggregate, key)
    return True


@pytest.mark.load
def test_every_aggregate_of_every_shared_table_is_that_of_pandas(engine, folder, shared):
    count = 0
    for file in sorted(path for path in shared.rglob("*") if path.is_file() and path.suffix != ".md"):
        try:
            table = read_table(file, folder)
        except Refused:
            continue
        count += compared(table, engine, folder)
    assert count >= 20
