"""Drawn charts for tests, made from a few numbers."""

import pandas as pd

from builder.chart import Drawing, drawing
from builder.result import Result
from builder.spec import ChartSpec, Encoding
from catalog.models import Column, Provenance, Table

SOURCE = Provenance(
    dataset="escuelas",
    dataset_title="Escuelas <de> prueba",
    resource="r1",
    resource_name="Por alcaldía",
    organization="SEP",
    license_title="CC BY 4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    source_url="https://example.org/escuelas",
    modified="2021-02-01",
    fetched="2026-01-02T03:04:05+00:00",
    sha256="0" * 64,
)


def bars(
    values: dict[str | None, float],
    *,
    aggregate: str = "sum",
    title: str = "Escuelas por alcaldía",
    source: Provenance = SOURCE,
    language: str = "es",
    **spec: object,
) -> Drawing:
    """Return a bar chart of these groups."""
    columns = (
        Column(name="alcaldia", label="alcaldia", type="text", role="category", distinct=len(values)),
        Column(name="escuelas", label="escuelas", type="integer", role="measure", additive=True),
    )
    table = Table(id="t1", sha256="0" * 64, kind="csv", rows=len(values), columns=columns)
    asked = ChartSpec(
        table="t1",
        mark="bar",
        x=Encoding(field="alcaldia"),
        y=Encoding(field="escuelas", aggregate=aggregate),
        title=title,
        **spec,
    )
    frame = pd.DataFrame({"x": list(values), "y": list(values.values())})
    result = Result(frame=frame, total=len(values), counted=len(values))
    return drawing(asked, table, result, language, source)


SCHOOLS = bars({"Iztapalapa": 60, "Álvaro Obregón": 30, "Milpa Alta": 10})
