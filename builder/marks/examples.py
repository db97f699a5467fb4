"""Small questions with their answers, one or more per mark: for the documentation, goldens and the gallery."""

import datetime as dt
from dataclasses import replace

import pandas as pd

from builder.asked import Asked
from builder.result import OTHERS, Result
from builder.spec import ChartSpec, Encoding, Filter
from catalog.models import Column, Provenance, Table

SOURCE = Provenance(
    dataset="robo-a-transeunte",
    dataset_title="Carpetas de investigación",
    organization="Fiscalía General de Justicia",
    license_title="CC BY 4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    modified="2024-02-01",
)
COLUMNS = (
    Column(name="alcaldia", label="Alcaldía", type="text", role="place", geography="cdmx"),
    Column(name="sexo", label="Sexo", type="text", role="category"),
    Column(name="linea", label="Línea", type="text", role="category"),
    Column(name="fecha", label="Fecha", type="date", role="time", grain="day"),
    Column(name="viajes", label="Viajes", type="integer", role="measure", additive=True),
    Column(name="edad", label="Edad", type="integer", role="measure", unit="años"),
    Column(name="lat", label="Latitud", type="number", role="latitude"),
    Column(name="lon", label="Longitud", type="number", role="longitude"),
    Column(name="dia", label="Día", type="text", role="ordered", order=("lunes", "martes", "miércoles")),
)


def asked(spec: ChartSpec, frame: pd.DataFrame, total: int, **facts: object) -> Asked:
    """Return a question over the example table."""
    table = Table(id="example", sha256="0" * 64, kind="csv", rows=total, columns=COLUMNS)
    counted = total - sum(facts.get("missing", {}).values()) - facts.get("left_out", 0)
    result = Result(frame=frame, total=total, counted=counted, **facts)
    return Asked(spec, table, result, "es", "wide", SOURCE)


def bar() -> Asked:
    spec = ChartSpec(mark="bar", x=Encoding(field="alcaldia"), y=Encoding(aggregate="count"),
                     filters=(Filter(field="sexo", values=("Mujer",)),))  # fmt: skip
    frame = pd.DataFrame({"x": ["Iztapalapa", "Cuauhtémoc", OTHERS, None], "y": [4120, 2873, 5210, 96]})
    return asked(spec, frame, 20_000, left_out=7_701, others=14, gathered={"x": 14})


def line() -> Asked:
    spec = ChartSpec(mark="line", x=Encoding(field="fecha", time_unit="month"), color=Encoding(field="linea"),
                     y=Encoding(field="viajes", aggregate="sum"))  # fmt: skip
    months = [dt.datetime(2023, month, 1) for month in range(1, 10)]
    rows = [(month, "Línea 1", 52_000 + 1_900 * i) for i, month in enumerate(months)]
    rows += [(month, "Línea 12", 31_000 - 700 * i) for i, month in enumerate(months) if i != 4]
    frame = pd.DataFrame(rows, columns=["x", "color", "y"])
    return asked(spec, frame, 540, missing={"x": 12}, incomplete="2023-09-01")


def choropleth() -> Asked:
    spec = ChartSpec(mark="choropleth", place=Encoding(field="alcaldia"), color=Encoding(aggregate="count"))
    counts = {"Iztapalapa": 4120, "Cuauhtémoc": 2873, "Coyoacán": 1210, "Tlalpan": 998, "Xochimilco": 640,
              "Gustavo A. Madero": 3001, "Benito Juárez": 1502, "Milpa Alta": 122, "Álvaro Obregón": 1204,
              "Tláhuac": 410, "Iztacalco": 777, "Azcapotzalco": 820, "Venustiano Carranza": 1650,
              "Miguel Hidalgo": 1377, "Fuera de la ciudad": 33}  # fmt: skip
    frame = pd.DataFrame({"place": list(counts), "color": list(counts.values())})
    return asked(spec, frame, sum(counts.values()))


def points() -> Asked:
    spec = ChartSpec(mark="points", latitude=Encoding(field="lat"), longitude=Encoding(field="lon"),
                     color=Encoding(field="sexo"))  # fmt: skip
    rows = [(19.30 + 0.013 * (i * 7 % 13), -99.20 + 0.012 * (i * 5 % 11), "Mujer" if i % 3 else "Hombre")
            for i in range(60)]  # fmt: skip
    rows.append((0.0, 0.0, None))
    frame = pd.DataFrame(rows, columns=["latitude", "longitude", "color"])
    return asked(spec, frame, 64, missing={"latitude": 3})


def area() -> Asked:
    return replace(line(), spec=line().spec.model_copy(update={"mark": "area"}))


def scatter() -> Asked:
    spec = ChartSpec(mark="scatter", x=Encoding(field="edad"), y=Encoding(field="viajes"),
                     color=Encoding(field="sexo"))  # fmt: skip
    rows = [(18 + i, 40 + 3 * i + 17 * (i % 5), "Mujer" if i % 2 else "Hombre") for i in range(40)]
    return asked(spec, pd.DataFrame(rows, columns=["x", "y", "color"]), 42, missing={"y": 2})


def treemap() -> Asked:
    spec = ChartSpec(
        mark="treemap", x=Encoding(field="linea"), size=Encoding(field="viajes", aggregate="sum")
    )
    sizes = {"Línea 2": 8210, "Línea 3": 7004, "Línea 1": 6100, "Línea 8": 3500, "Línea 9": 3010, "Línea 12": 2500,
             "Línea B": 1900, "Línea 7": 1450, OTHERS: 2620, None: 120}  # fmt: skip
    frame = pd.DataFrame({"x": pd.Series(list(sizes), dtype=object), "size": list(sizes.values())})
    return asked(spec, frame, 3000, others=4, gathered={"x": 4})


def histogram() -> Asked:
    spec = ChartSpec(mark="histogram", x=Encoding(field="edad", bins=8), y=Encoding(aggregate="count"))
    frame = pd.DataFrame({"x": [0, 10, 20, 30, 50, 60, 70], "x_end": [10, 20, 30, 40, 60, 70, 80],
                          "y": [12, 160, 841, 702, 333, 120, 18]})  # fmt: skip
    return asked(spec, frame, 2200, missing={"x": 14})


def heatmap() -> Asked:
    spec = ChartSpec(mark="heatmap", x=Encoding(field="fecha", time_unit="month"), y=Encoding(field="dia"),
                     color=Encoding(aggregate="count"))  # fmt: skip
    days = ("lunes", "martes", "miércoles")
    rows = [(dt.datetime(2023, month, 1), day, 40 + 7 * month * (i + 1) % 90)
            for month in range(1, 13) for i, day in enumerate(days) if (month, i) != (3, 1)]  # fmt: skip
    return asked(spec, pd.DataFrame(rows, columns=["x", "y", "color"]), 4000)


def pie() -> Asked:
    spec = ChartSpec(mark="pie", x=Encoding(field="sexo"), y=Encoding(aggregate="count"))
    frame = pd.DataFrame({"x": pd.Series(["Mujer", "Hombre", None], dtype=object), "y": [5210, 4633, 157]})
    return asked(spec, frame, 10_000)


def number() -> Asked:
    spec = ChartSpec(mark="number", y=Encoding(field="viajes", aggregate="sum"))
    return asked(spec, pd.DataFrame({"y": [1_204_551]}), 540)


def dumbbell() -> Asked:
    spec = ChartSpec(mark="dumbbell", x=Encoding(field="alcaldia"), y=Encoding(field="viajes", aggregate="sum"),
                     color=Encoding(field="fecha", time_unit="year"))  # fmt: skip
    years = pd.to_datetime(["2019-01-01", "2022-01-01"] * 3)
    names = ["Iztapalapa"] * 2 + ["Cuauhtémoc"] * 2 + ["Milpa Alta"] * 2
    frame = pd.DataFrame({"x": names, "color": years, "y": [52_000, 61_500, 48_000, 31_000, 6_200, 9_100]})
    return asked(spec, frame, 540)
