"""What a column is, from its values with its name as a hint."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from catalog.models import Column
from catalog.profile import column, figures, in_context
from catalog.readers.coordinates import degrees

COUNTS = [3, 5, 8, 8, 20, 41, 7, 7]
CODES = [48120771, 48120771, 59003712, 60110938, 71200043, 80001231]


def made(label: str, values: Sequence[Any]) -> Column:
    first = values[0]
    type_ = "text" if isinstance(first, str) else "integer" if isinstance(first, int) else "number"
    return column(label, label, type_, figures(Counter(values), type_), len(values))


@pytest.mark.parametrize("label", ["Property Reference", "Doc Nbr", "catid", "Pageid", "ResourceAgencyNum"])
def test_numbers_that_name_things_are_identifiers(label: str) -> None:
    assert made(label, CODES).role == "identifier"


@pytest.mark.parametrize(
    "label", ["numero_de_accesos", "Number of visits", "Arrests - Immigration", "Terrorism", "Grade 6 Headcount", "Corporate tax", "Country visits", "No children"],
)  # fmt: skip
def test_what_is_counted_adds_up(label: str) -> None:
    found = made(label, COUNTS)
    assert (found.role, found.additive) == ("measure", True)


@pytest.mark.parametrize("label", ["birth_rate", "tasa_mortalidad", "age", "EDAD", "ratio", "exchange rate"])
def test_rates_do_not_add_up(label: str) -> None:
    assert not made(label, COUNTS).additive


def test_the_units_of_an_organisation_are_no_units_of_measure() -> None:
    paid = made("Paid", [120.5, 80.0, 99.9])
    of_offices = in_context([made("Unit", ["Trade Remedies", "Press Office", "Legal"]), paid])
    of_measures = in_context([made("Unit", ["%", "number", "EUR"]), paid])
    assert of_offices[1].additive
    assert not of_measures[1].additive


def test_letters_alone_are_a_place_only_far_from_zero() -> None:
    plane = [made("X", [7.07, 9.31, 10.61]), made("Y", [0.31, 2.25, 5.66])]
    earth = [made("X", [-3.71, -3.69, -3.65]), made("Y", [40.41, 40.42, 40.46])]
    assert degrees(plane) == {}
    assert degrees(earth) == {"X": "longitude", "Y": "latitude"}


def test_a_latitude_that_lost_its_point_does_not_hide_the_others() -> None:
    north = made("latitud", [19.1 + n / 100 for n in range(30)] + [192232.5])
    east = made("longitud", [-99.1 - n / 100 for n in range(31)])
    assert degrees([north, east]) == {"latitud": "latitude", "longitud": "longitude"}


def test_a_speed_along_an_axis_is_no_place() -> None:
    assert degrees([made("acc_lat[m/s2]", [-4.7, 0.1]), made("acc_lon[m/s2]", [-0.5, 1.9])]) == {}
