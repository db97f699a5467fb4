"""Facts about moving through Mexico City: buses, bicycles, metro, cameras, parking."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from catalog.demo.shapes import borough_of, boroughs, feature, write_geojson

MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


def metrobus_monthly(source: Path) -> pd.DataFrame:
    """Passengers of each month by line and payment."""
    raw = _metrobus(source)
    raw["mes"] = raw["fecha"].str[:7]
    return _passengers(raw, ["mes", "linea", "tipo_pago"])


def metrobus_daily(source: Path) -> pd.DataFrame:
    """Passengers of each day by line, all payments together."""
    return _passengers(_metrobus(source), ["fecha", "linea"])


def metrobus_dictionary(source: Path) -> pd.DataFrame:
    """What each column of the two Metrobús files means."""
    return pd.DataFrame(
        [
            ("mes", "Mes del viaje, año y mes (AAAA-MM)", "Archivo mensual"),
            ("fecha", "Día del viaje (AAAA-MM-DD)", "Archivo diario"),
            ("linea", "Línea del Metrobús, de la 1 a la 7", "Ambos"),
            (
                "tipo_pago",
                "Prepago: viaje pagado con tarjeta. Gratuidad: acceso sin cobro",
                "Archivo mensual",
            ),
            ("afluencia", "Pasajeros que entraron; se suma entre días, líneas y tipos de pago", "Ambos"),
        ],
        columns=["columna", "descripcion", "archivo"],
    )


def ecobici(source: Path) -> pd.DataFrame:
    """Bicycle stations placed to about 10 m, with the borough that holds them."""
    raw = pd.read_csv(source / "cdmx/estaciones-de-ecobici.csv")
    longitudes, latitudes = raw["location/lon"], raw["location/lat"]
    kinds = {
        "BIKE": "Bicicleta",
        "BIKE,TPV": "Bicicleta y terminal de pago",
        "ELECTRIC_BIKE": "Bicicleta eléctrica",
    }
    return pd.DataFrame(
        {
            "estacion": raw["ID"],
            "nombre": raw["Nombre"].str.replace(r"^\d+\s*", "", regex=True).str.strip(),
            "tipo": raw["Tipo de estación"].map(kinds),
            "alcaldia": _borough_names(source, longitudes, latitudes),
            "latitud": latitudes.round(4),
            "longitud": longitudes.round(4),
        }
    ).sort_values("estacion")


def write_metro(source: Path, path: Path) -> None:
    """Metro stations as points placed to about 10 m, with year of opening and the borough that holds them."""
    text = (source / "geo/STC_Metro_estaciones.geojson").read_text(encoding="utf-8")
    published = json.loads(text)["features"]
    longitudes, latitudes = zip(*(each["geometry"]["coordinates"] for each in published), strict=True)
    names = _borough_names(source, pd.Series(longitudes), pd.Series(latitudes))
    write_geojson(
        path, [_station(*each) for each in zip(published, names, strict=True)], name="estaciones_metro"
    )


def _station(published: dict[str, Any], borough: str | None) -> dict[str, object]:
    from shapely import Point

    said = published["properties"]
    longitude, latitude = published["geometry"]["coordinates"]
    return feature(
        Point(round(longitude, 4), round(latitude, 4)),
        estacion=said["NOMBRE"],
        linea=f"Línea {said['LINEA']}",
        tipo=said["TIPO"],
        anio_apertura=said["AÑO"],
        entidad="Ciudad de México" if borough else "Estado de México",
        alcaldia=borough,
    )


def cyclists(source: Path) -> pd.DataFrame:
    """Bicycles each counter saw in each month, on how many days, and the daily mean."""
    raw = pd.read_csv(source / "cdmx/contador-ciclistas.csv")
    month = raw["Mes"].map({name: f"{at:02d}" for at, name in enumerate(MONTHS, 1)})
    raw["mes"] = raw["Año"].astype(str) + "-" + month
    counters = {
        "Contador Ruta Reforma222": "Reforma 222",
        "Contador Ruta Revolución": "Revolución",
        "Contador Ruta Patriotismo": "Patriotismo",
    }
    long = raw.rename(columns=counters).melt(["mes"], list(counters.values()), "contador", "bicicletas")
    table = long.dropna().groupby(["mes", "contador"])["bicicletas"].agg(["sum", "count"]).astype(int)
    table.columns = pd.Index(["bicicletas", "dias_con_dato"])
    return table.assign(promedio_diario=(table["bicicletas"] / table["dias_con_dato"]).round(1)).reset_index()


def cycleways(source: Path) -> dict[str, pd.DataFrame]:
    """Kilometres of cycle infrastructure by year of opening, and by kind."""
    raw = pd.read_csv(source / "cdmx/ciclovias.csv")
    named = raw.rename(columns={"AÑO": "Año", "ESTADO": "Estado", "TIPO_IC": "Tipo"})
    named["Estado"] = named["Estado"].replace("En construccion", "En construcción")
    named["Tipo"] = (
        named["Tipo"].str.replace("Ciclovia", "Ciclovía").replace("Carril bus bici", "Carril bus-bici")
    )
    return {
        sheet: named.groupby(by)["LONG_KM"].agg(Kilómetros="sum", Tramos="count").round(2).reset_index()
        for sheet, by in (("Por año", ["Año", "Tipo", "Estado"]), ("Por tipo", ["Tipo", "Estado"]))
    }


def speed_cameras(source: Path) -> pd.DataFrame:
    """Traffic cameras placed to about 10 m, with the borough that holds them."""
    raw = pd.read_csv(source / "cdmx/fotocivicas.csv")
    place = raw["Geo Point"].str.split(",", expand=True).astype(float)
    direction = (
        raw["SENTIDO"].str.replace(r"\s+", " ", regex=True).where(raw["SENTIDO"].str.contains(r"[a-z]"))
    )
    return pd.DataFrame(
        {
            "alcaldia": _borough_names(source, place[1], place[0]),
            "sentido": direction,
            "latitud": place[0].round(4),
            "longitud": place[1].round(4),
        }
    ).sort_values(["alcaldia", "latitud", "longitud"])


def parking(source: Path) -> pd.DataFrame:
    """Income of the parking meters of each month by zone, in whole pesos."""
    raw = pd.read_csv(source / "cdmx/mapa_ingresos_parquimetros.csv", dtype=str)
    month = raw["Mes"].str.lower().map({name: f"{at:02d}" for at, name in enumerate(MONTHS, 1)})
    raw["mes"] = raw["Año"] + "-" + month
    raw["ingreso"] = pd.to_numeric(raw["Ingreso po"].str.replace(",", "").replace("-", None))
    named = raw.rename(columns={"Polígono": "zona", "Alcaldía": "alcaldia"})
    named["alcaldia"] = named["alcaldia"].replace({"Alvaro Obregón": "Álvaro Obregón"})
    table = named.groupby(["mes", "zona", "alcaldia"])["ingreso"].sum().round().astype(int)
    return table.reset_index()


def _metrobus(source: Path) -> pd.DataFrame:
    raw = pd.read_csv(source / "cdmx/afluenciamb_desglosado_05_2025.csv")
    raw["linea"] = raw["linea"].replace(r"^linea", "Línea", regex=True)
    raw["afluencia"] = raw["afluencia"].round().astype(int)
    return raw


def _passengers(raw: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return raw.groupby(by)["afluencia"].sum().reset_index()


def _borough_names(source: Path, longitudes: pd.Series, latitudes: pd.Series) -> list[str | None]:
    known = boroughs(source)
    codes = borough_of(source, longitudes.tolist(), latitudes.tolist())
    return [known[code][0] if code else None for code in codes]
