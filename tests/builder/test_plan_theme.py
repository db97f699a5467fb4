"""The colours: apart for every kind of sight, and the same in the drawings and in the pages."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from builder import theme

ROOT = Path(__file__).parents[2]
SEEN = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}  # fmt: skip
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""
APART = 0.1


def linear(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def oklab(rgb):
    lms = times(
        ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
         (0.0883024619, 0.2817188376, 0.6299787005)), [min(max(part, 0), 1) for part in rgb],
    )  # fmt: skip
    return times(
        ((0.2104542553, 0.793617785, -0.0040720468), (1.9779984951, -2.428592205, 0.4505937099),
         (0.0259040371, 0.7827717662, -0.808675766)), [part ** (1 / 3) for part in lms],
    )  # fmt: skip


def contrast(first, second):
    light = [
        sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (first, second)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sight", SEEN)
def test_categories_stay_apart(scheme, sight):
    seen = [oklab(times(SEEN[sight], linear(theme.color(token, scheme)))) for token in theme.CATEGORIES]
    nearest = min(
        sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in combinations(seen, 2)
    )
    assert nearest >= APART


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_categories_and_words_stand_out_from_the_paper(scheme):
    paper = theme.color("paper", scheme)
    assert min(contrast(theme.color(token, scheme), paper) for token in (*theme.CATEGORIES, theme.GREY)) >= 3
    assert min(contrast(theme.color(token, scheme), paper) for token in ("ink", "muted")) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ramp_goes_one_way(scheme):
    lightness = [oklab(linear(theme.color(token, scheme)))[0] for token in theme.RAMP]
    assert lightness == sorted(lightness, reverse=scheme == "light")


def test_pages_name_the_same_colours():
    css = (ROOT / "web/static/relato.css").read_text(encoding="utf-8")
    light, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    for scheme, text in (("light", light), ("dark", dark)):
        named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        assert {token: named.get(token) for token in theme.TOKENS[scheme]} == theme.TOKENS[scheme]


def test_chart_css_holds_the_rules_of_the_drawings():
    css = (ROOT / "builder/static/chart.css").read_text(encoding="utf-8")
    assert [rule for rule in theme.rules(None) if rule not in css] == []
