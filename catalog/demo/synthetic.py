"""A large table of invented incidents, to show what Relato does with many rows. It says nothing about the city."""

import datetime as dt
import random
from pathlib import Path

import pandas as pd
import shapely

from catalog.demo.shapes import boroughs
from catalog.places import geography

ROWS = 60_000
FIRST, DAYS = dt.date(2022, 1, 1), 1096
KINDS = {
    "Bache": 24, "Luminaria apagada": 19, "Fuga de agua": 15, "Ruido excesivo": 11, "Árbol caído": 8,
    "Choque sin lesionados": 7, "Basura acumulada": 6, "Semáforo descompuesto": 4, "Coladera sin tapa": 3,
    "Robo de autopartes": 2, "Cable caído": 1,
}  # fmt: skip
HOURS = [2, 1, 1, 1, 1, 2, 5, 9, 12, 13, 12, 11, 11, 11, 10, 10, 10, 11, 12, 12, 10, 8, 6, 4]


def incidents(source: Path) -> pd.DataFrame:
    """Return the same 60,000 invented incidents each time, each inside the borough it names.

    Two in a hundred name no borough, three in a hundred have no coordinates.
    """
    chance = random.Random(2024)
    shapes = boroughs(source)
    for _, shape in shapes.values():
        shapely.prepare(shape)
    known = geography("cdmx")
    assert known is not None
    people = [place.population or 0 for place in known.places]
    codes = chance.choices([place.code for place in known.places], people, k=ROWS)
    days = sorted(_day(chance) for _ in range(ROWS))
    rows = [_incident(chance, day, *shapes[code]) for day, code in zip(days, codes, strict=True)]
    return pd.DataFrame(
        rows, columns=["fecha", "hora", "alcaldia", "tipo", "minutos_atencion", "latitud", "longitud"]
    ).astype({"minutos_atencion": "Int64"})


def _day(chance: random.Random) -> dt.date:
    """Return a day; the rainy months (June to September) come up more often."""
    while True:
        day = FIRST + dt.timedelta(days=chance.randrange(DAYS))
        if 6 <= day.month <= 9 or chance.random() < 0.75:
            return day


def _incident(
    chance: random.Random, day: dt.date, borough: str, shape: shapely.Polygon
) -> tuple[object, ...]:
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    minutes = round(chance.lognormvariate(4.6, 0.7)) if chance.random() < 0.9 else None
    latitude, longitude = _inside(chance, shape) if chance.random() >= 0.03 else (None, None)
    name = borough if chance.random() >= 0.02 else None
    return (day.isoformat(), chance.choices(range(24), HOURS)[0], name, kind, minutes, latitude, longitude)


def _inside(chance: random.Random, shape: shapely.Polygon) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    while True:
        x, y = round(chance.uniform(west, east), 4), round(chance.uniform(south, north), 4)
        if shapely.contains_xy(shape, x, y):
            return y, x
