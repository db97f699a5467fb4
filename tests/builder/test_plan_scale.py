"""Ticks, dates, classes, and the room words need."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.lettering import shorten, spread, text_width, wrap
from builder.scale import breaks, class_of, date_ticks, milliseconds, moment, number_ticks, periods, writer

FINITE = st.floats(-1e12, 1e12, allow_nan=False)


def labels(ticks):
    return [tick.label for tick in ticks]


def dates(first, last, about, language="es", grain="month"):
    low, high = (milliseconds(dt.date.fromisoformat(day)) for day in (first, last))
    return labels(date_ticks(low, high, about, language, grain))


def test_round_numbers():
    assert labels(number_ticks(0, 5210, 5, "es")) == ["0", "2,000", "4,000", "6,000"]
    assert labels(number_ticks(0, 0.8, 4, "en")) == ["0", "0.2", "0.4", "0.6", "0.8"]
    assert labels(number_ticks(0, 47_000_000, 5, "es")) == ["0", "10 M", "20 M", "30 M", "40 M", "50 M"]
    assert labels(number_ticks(0, 2_400_000, 5, "es")) == ["0", "500,000", "1 M", "1.5 M", "2 M", "2.5 M"]
    assert labels(number_ticks(0, 1, 5, "es", share=True)) == ["0%", "20%", "40%", "60%", "80%", "100%"]


@given(FINITE, FINITE, st.integers(2, 9))
def test_ticks_cover_the_numbers_and_are_few(a, b, about):
    low, high = sorted((a, b))
    ticks = number_ticks(low, high, about, "es")
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert ticks[0].at <= low + slack
    assert ticks[-1].at >= high - slack
    assert len(ticks) <= about + 3
    assert len({tick.at for tick in ticks}) == len(ticks)


def test_dates_in_spanish_and_english():
    assert dates("2023-01-01", "2023-09-01", 5) == ["ene 2023", "mar", "may", "jul", "sep"]
    assert dates("2023-01-01", "2023-09-01", 5, "en")[:2] == ["Jan 2023", "Mar"]
    assert dates("2019-03-01", "2024-05-01", 6) == ["2020", "2021", "2022", "2023", "2024"]
    assert dates("2023-11-01", "2024-02-01", 8) == ["nov 2023", "dic", "ene 2024", "feb"]
    assert dates("2024-01-01", "2024-01-04", 8, grain="day") == ["1 ene 2024", "2 ene", "3 ene", "4 ene"]
    assert dates("2010-01-01", "2023-01-01", 8, grain="year")[:2] == ["2010", "2012"]


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)))
def test_moments_round_trip(when):
    whole = when.replace(microsecond=0)
    assert moment(milliseconds(whole)) == whole


def test_periods_fill_the_gaps():
    found = periods(dt.date(2023, 11, 1), dt.date(2024, 2, 1), "month")
    assert [(p.year, p.month) for p in found] == [(2023, 11), (2023, 12), (2024, 1), (2024, 2)]


@given(st.lists(FINITE, min_size=1, max_size=60))
def test_classes_hold_every_value_and_none_is_empty(values):
    limits = breaks(values)
    assert len(limits) <= 4
    assert {class_of(value, limits) for value in values} == set(range(len(limits) + 1))


def test_classes_of_repeated_values():
    assert breaks([1, 1, 1, 1]) == []
    assert breaks([1, 1, 1, 2]) == [2]


def test_numbers_of_a_chart_share_their_decimals():
    assert [writer([1.5, 20.25], "es")(v) for v in (1.5, 20.25)] == ["1.50", "20.25"]
    assert writer([12, 20_000], "es")(20_000) == "20,000"
    assert writer([1361256670.1], "es")(1361256670.1) == "1,361,256,670"
    assert writer([0.0123], "es")(0.0123) == "0.012"
    assert writer([55.5], "es", "%")(55.5) == "55.50%"


@pytest.mark.parametrize("text", ["Cuajimalpa de Morelos", "La Magdalena Contreras", "x" * 60])
@pytest.mark.parametrize("room", [40, 90, 200])
def test_wrapped_words_fit_their_room(text, room):
    assert text_width(wrap(text, room)) <= room
    assert text_width(shorten(text, room)) <= room
    assert wrap(text, room).count("\n") <= 1


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_labels_are_spread_in_order_within_the_room(wanted):
    moved = spread(wanted, 10, 0, 100)
    assert min(moved) >= -1e-6
    assert max(moved) <= 100 + 1e-6
    ordered = [moved[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= 10 - 1e-6 for a, b in pairwise(ordered))
