"""Facts about the boroughs: people, area, private schools, hospital beds."""

from pathlib import Path

import pandas as pd

from catalog.demo.shapes import area_km2, boroughs, feature, simplified, write_geojson
from catalog.places import geography, match

FINE_TOLERANCE = 0.0005


def population(source: Path) -> pd.DataFrame:
    """Census population, area and density of each borough."""
    known = geography("cdmx")
    assert known is not None
    area = area_km2(source)
    table = pd.DataFrame(
        [(place.code, place.name, place.population, round(area[place.code], 1)) for place in known.places],
        columns=["Clave", "Alcaldía", "Población", "Superficie (km²)"],
    )
    table["Habitantes por km²"] = [
        round(people / area[code]) for code, people in zip(table["Clave"], table["Población"], strict=True)
    ]
    return table


def write_boroughs(source: Path, path: Path) -> None:
    """Outlines of the boroughs with their population and density."""
    shapes = simplified(source, FINE_TOLERANCE)
    names = ["clave", "alcaldia", "poblacion_2020", "superficie_km2", "densidad_poblacion"]
    rows = population(source).astype(object).itertuples(index=False)
    write_geojson(
        path,
        [feature(shapes[row[0]], **dict(zip(names, row, strict=True))) for row in rows],
        name="alcaldias",
    )


def schools(source: Path) -> pd.DataFrame:
    """Private schools by level, shift and borough, placed to about 100 m."""
    raw = pd.read_csv(source / "cdmx/escuelas-privadas.csv")
    return pd.DataFrame(
        {
            "nivel": raw["nivel"].replace(
                {"INICIAL": "Inicial", "Preescolar - Inicial *": "Preescolar - Inicial"}
            ),
            "turno": raw["turno"].str.capitalize(),
            "alcaldia": _official(raw["alcaldia"], source),
            "latitud": raw["lat"].round(3),
            "longitud": raw["lon"].round(3),
        }
    ).sort_values(["alcaldia", "nivel", "turno", "latitud", "longitud"])


def schools_by_level(source: Path) -> pd.DataFrame:
    """Private schools counted by borough and level."""
    return schools(source).groupby(["alcaldia", "nivel"]).size().reset_index(name="escuelas")


def schools_by_borough(source: Path) -> pd.DataFrame:
    """Private schools of each borough, and per 10,000 inhabitants."""
    people = population(source).set_index("Alcaldía")["Población"]
    table = schools(source).groupby("alcaldia").size().reset_index(name="escuelas")
    table.insert(1, "poblacion_2020", people.loc[table["alcaldia"]].to_numpy())
    table["escuelas_por_10_mil_hab"] = (table["escuelas"] / table["poblacion_2020"] * 10_000).round(2)
    return table


def hospitalised(source: Path) -> pd.DataFrame:
    """People in the city's hospitals with COVID-19 each day, and the mean of the last seven days."""
    name = "cdmx/personas_hospitalizadas_con_diagnostico_covid19-series_totales.csv"
    raw = pd.read_csv(source / name).sort_values("fecha")
    table = raw[["fecha"]].assign(hospitalizados=raw["hospitalizados_totales_cdmx"])
    return table.assign(promedio_7_dias=table["hospitalizados"].rolling(7).mean().round(1))


def _official(names: pd.Series, source: Path) -> pd.Series:
    found = match(names.unique())
    assert found is not None
    return names.map(found.codes).map({code: name for code, (name, _) in boroughs(source).items()})
