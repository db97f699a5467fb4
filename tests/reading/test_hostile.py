"""Wounded and hostile files end as a table or a clear refusal, never as a crash or a hang."""

import random

import pytest

from tests.reading.hostile import hostile, mutated, originals, outcome

SLOW = {"open quote", "gz bomb", "newlines", "quotes", "gz nuls", "zip bomb"}


def test_wounded_files_are_tables_or_refused() -> None:
    read_wounded(150)


@pytest.mark.load
def test_ten_thousand_wounded_files_too() -> None:
    read_wounded(10_000)


def read_wounded(count: int) -> None:
    rng = random.Random(7)
    good = originals(rng)
    for kind in rng.choices(sorted(good), k=count):
        assert outcome(mutated(good[kind], rng)).split(" ")[0] not in ("crash", "hang", "died"), kind


def test_whole_files_of_each_kind_are_tables() -> None:
    for kind, data in originals(random.Random(7)).items():
        assert outcome(data) == "table", kind


def test_hostile_files_are_tables_or_refused() -> None:
    for name, data in hostile(random.Random(7)):
        if name not in SLOW:
            assert outcome(data).split(" ")[0] not in ("crash", "hang", "died"), name


@pytest.mark.load
def test_slow_hostile_files_too() -> None:
    for name, data in hostile(random.Random(7)):
        if name in SLOW:
            assert outcome(data).split(" ")[0] not in ("crash", "hang", "died"), name
