"""What careful analysts found in the shared files, as facts to demand of any reader.

The figures come from the manifest of the shared data. ``sql`` facts run over the table ``t``
that was read; columns are named as published.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    """The facts of one file; ``refused`` is the code of the refusal it deserves."""

    path: str
    rows: int | None = None
    columns: int | None = None
    header: tuple[str, ...] = ()
    types: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    sql: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    sheet: str | None = None
    additive: dict[str, bool] = field(default_factory=dict)


def of(column: str, n: int, total: float, low: float, high: float) -> dict[str, Any]:
    """Return the four facts of a number column."""
    return {
        f'select count("{column}"), sum("{column}"), min("{column}"), max("{column}") from t': (
            n,
            total,
            low,
            high,
        )
    }


def span(column: str, n: int, first: str, last: str) -> dict[str, Any]:
    """Return the facts of a date column."""
    return {
        f'select count("{column}"), min("{column}")::date::text, max("{column}")::date::text from t': (
            n,
            first,
            last,
        )
    }


def shares(column: str, counts: dict[Any, int]) -> dict[str, Any]:
    """Return one fact for each value of a category; None counts the nulls."""
    return {
        f'select count(*) from t where "{column}" is not distinct from {_literal(value)}': (n,)
        for value, n in counts.items()
    }


def _literal(value: Any) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def row(column: str, value: str, **cells: Any) -> dict[str, Any]:
    """Return facts of one row found by a value."""
    return {
        f'select "{name}" from t where "{column}"={_literal(value)}': (cell,) for name, cell in cells.items()
    }


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BIRTHS = {
    1994: 3952767,
    1995: 3899589,
    1996: 3891494,
    1997: 3880894,
    1998: 3941553,
    1999: 3959417,
    2000: 4058814,
    2001: 4025933,
    2002: 4021726,
    2003: 4089950,
}
AFLUENCIA = {2021: 309178873, 2022: 438131175, 2023: 501682763, 2024: 529699509, 2025: 212539705.41022}
LINES = {
    "2": 24,
    "3": 21,
    "B": 21,
    "1": 20,
    "12": 20,
    "8": 19,
    "7": 14,
    "5": 13,
    "9": 12,
    "6": 11,
    "4": 10,
    "A": 10,
}

FILES = (
    File(
        "broken/bls_unemployment09.csv.gz",
        3218,
        9,
        sql=of("column_6", 3218, 154936885, 52, 4923821) | of("column_8", 3218, 14754783, 6, 625653),
        types={"column_2": "text", "column_3": "text"},
    ),
    File("broken/empty.csv", refused="file_empty"),
    File("broken/implicit-zip.csv", sql={"select count(*) > 0 from t": (True,)}),
    File("broken/incidentes-viales-c5.csv", refused="file_html"),
    File(
        "cdmx/afluenciamb_desglosado_05_2025.csv",
        22568,
        6,
        types={"fecha": "date", "linea": "text"},
        roles={
            "anio": "time",
            "mes": "ordered",
            "fecha": "time",
            "linea": "category",
            "afluencia": "measure",
        },
        additive={"afluencia": True},
        sql=of("afluencia", 22568, 1991232025.41022, 42, 528955)
        | span("fecha", 22568, "2021-01-01", "2025-05-31")
        | {f"select sum(afluencia) from t where anio={y}": (n,) for y, n in AFLUENCIA.items()},
    ),
    File(
        "cdmx/ciclovias.csv",
        382,
        12,
        types={"Geo Shape": "geometry"},
        roles={
            "AÑO": "time",
            "LONG_KM": "measure",
            "ID": "identifier",
            "Geo Shape": "geometry",
            "latitude": "latitude",
            "longitude": "longitude",
        },
        sql=of("LONG_KM", 382, 457.19, 0.02, 46.03) | of("AÑO", 382, 768161, 1907, 2021),
    ),
    File(
        "cdmx/colonias_activas_geo.csv",
        1144,
        10,
        roles={
            "cuartil": "ordered",
            "decil": "ordered",
            "total": "measure",
            "nueva_clave": "identifier",
            "alcaldia": "place",
        },
        types={"Geo Shape": "geometry"},
        sql=of("total", 1144, 35333, 6, 9054)
        | {
            'select count(*) from t where "Geo Shape" is null': (4,),
            "select total from t where nueva_clave='09-008' and colonia is null": (152,),
        },
    ),
    File(
        "cdmx/contador-ciclistas.csv",
        2435,
        7,
        roles={
            "Mes": "ordered",
            "Año": "time",
            "Día": "ordered",
            "Día de la semana": "ordered",
            "Contador Ruta Reforma222": "measure",
        },
        sql=of("Contador Ruta Reforma222", 2150, 4809324, 0, 17327),
    ),
    File(
        "cdmx/escuelas-privadas.csv",
        3696,
        12,
        roles={
            "id": "identifier",
            "lat": "latitude",
            "lon": "longitude",
            "alcaldia": "place",
            "nivel": "category",
        },
        sql=shares(
            "nivel",
            {
                "Preescolar": 1869,
                "Primaria": 1094,
                "Secundaria": 524,
                "INICIAL": 159,
                "Preescolar - Inicial *": 42,
                "Especial - CAM": 6,
            },
        )
        | {"select count(distinct alcaldia) from t": (16,)},
    ),
    File(
        "cdmx/estaciones-de-ecobici.csv",
        480,
        18,
        types={"Código postal": "text"},
        roles={"ID": "identifier", "location/lat": "latitude", "location/lon": "longitude"},
        sql=of("location/lat", 480, 9316.6304516, 19.35827, 19.446073),
    ),
    File(
        "cdmx/fotocivicas.csv",
        140,
        9,
        types={"Geo Shape": "geometry"},
        roles={"Y": "latitude", "X": "longitude"},
        sql={
            'select count("Y"), count("X") from t': (113, 113),
            "select count(*) from t where VIA_PRINCIPAL like '%?%'": (36,),
        },
    ),
    File(
        "cdmx/inegi_diccionario_ageb_urbana_09_cpv2020.csv",
        230,
        6,
        header=("Núm.", "Indicador", "Descripción", "Mnemónico", "Rangos", "Longitud"),
    ),
    File(
        "cdmx/mapa_ingresos_parquimetros.csv",
        2426,
        12,
        types={"Geo Shape": "geometry"},
        roles={"Año": "time", "Mes": "ordered", "Alcaldía": "place", "Pago al GC": "measure"},
        sql=of("Ingreso po", 2373, 2659443931.70, 953, 4498970)
        | of("Pago al GC", 2426, 724365940.49, -77051.90, 1298077.48),
    ),
    File(
        "cdmx/personas_hospitalizadas_con_diagnostico_covid19-series_totales.csv",
        311,
        13,
        roles={"fecha": "time", "año": "time", "mes": "ordered", "dia": "ordered"},
        sql=of("hospitalizados_totales", 311, 1520823, 50, 10071)
        | span("fecha", 311, "2020-03-24", "2021-01-28"),
    ),
    File("ckan/argentina_justicia_data.json", 18, sheet="dataset"),
    File("ckan/birmingham_package_search.json", 10),
    File("ckan/canada_organizations.jsonl", 355),
    File("ckan/envidat_package_search.json", 2),
    File("ckan/hdx_package_chad.json", 19),
    File("ckan/zurich_package_search_result.json", 3),
    File(
        "geo/STC_Metro_estaciones.geojson",
        195,
        types={"geometry": "geometry"},
        sql=shares("LINEA", LINES)
        | {"select count(latitude), min(latitude) > 19, max(longitude) < -98 from t": (195, True, True)},
    ),
    File(
        "geo/alcaldias_cdmx_shp.zip",
        16,
        types={"cve_mun": "text"},
        roles={"nom_mun": "place", "geometry": "geometry"},
        sql={"select count(geometry), min(cve_mun) from t": (16, "09002")},
    ),
    File(
        "geo/chattanooga_blueways.kml",
        281,
        sql={"select count(latitude), count(distinct folder) from t": (281, 8)},
    ),
    File(
        "geo/nybb_16a.zip",
        5,
        header=("BoroCode", "BoroName", "Shape_Leng", "Shape_Area"),
        roles={"geometry": "geometry"},
    ),
    File(
        "geo/usgs_earthquakes.json",
        1707,
        roles={"time": "time", "updated": "time", "latitude": "latitude"},
        types={"time": "datetime"},
        additive={"mag": False},
        sql={
            "select max(mag), epoch_ms(min(time)), epoch_ms(max(time)) from t": (
                6.4,
                1517363399650,
                1517966773840,
            )
        },
    ),
    File(
        "json/bls_unemployment-across-industries.json",
        1708,
        6,
        ("series", "year", "month", "count", "rate", "date"),
        roles={"year": "time", "month": "ordered", "date": "time", "rate": "measure"},
        additive={"rate": False, "count": True},
        sql={"select sum(count), count(distinct series) from t": (944327, 14)},
    ),
    File(
        "json/usgs_airports_esri.json",
        50,
        sql={"select count(latitude), min(latitude) > 30 from t": (50, True)},
    ),
    File(
        "messy/eurostat_deaths_by_week_head.tsv", 59, 1115, types={"2020W50": "integer", "2000W01": "integer"}
    ),
    File(
        "messy/eurostat_ilc_lvps08.csv",
        18945,
        10,
        roles={
            "TIME_PERIOD": "time",
            "DATAFLOW": "constant",
            "LAST UPDATE": "constant",
            "freq": "constant",
            "unit": "constant",
            "OBS_VALUE": "measure",
        },
        additive={"OBS_VALUE": False},
        sql=of("OBS_VALUE", 18945, 1200191.6, 0.4, 100.0)
        | shares("OBS_FLAG", {None: 18018, "e": 567, "b": 360})
        | {"select min(TIME_PERIOD), max(TIME_PERIOD) from t": (2003, 2022)},
    ),
    File(
        "messy/madrid_AccidentesBicicletas_2020.csv",
        921,
        13,
        types={"FECHA": "date", "LESIVIDAD*": "text"},
        sql=span("FECHA", 921, "2020-01-02", "2020-12-31")
        | shares("SEXO", {"Hombre": 690, "Mujer": 215, None: 16})
        | shares(
            "LESIVIDAD*",
            {"07": 287, "02": 154, "01": 114, None: 111, "14": 96, "06": 74, "03": 42, "05": 42, "04": 1},
        )
        | {'select count(distinct "Nº EXPEDIENTE") from t': (821,)},
    ),
    File(
        "messy/madrid_ActuacionesBomberos_2020.csv",
        257,
        11,
        roles={"AÑO": "constant", "MES": "ordered"},
        sql=of("TOTAL", 257, 23423, 1, 200),
    ),
    File(
        "messy/madrid_aparcamientos-publicos.csv",
        57,
        30,
        roles={"LATITUD": "latitude", "LONGITUD": "longitude"},
        sql=of("COORDENADA-X", 57, 25169197, 433707, 448768)
        | of("LATITUD", 57, 2304.413855510112, 40.38710254642704, 40.46451060463543),
    ),
    File(
        "messy/nasa_gistemp_mixedGLB.csv",
        133,
        19,
        ("Year", *MONTHS, "J-D", "D-N", "DJF", "MAM", "JJA", "SON"),
        roles={"Year": "time"},
        sql=row("Year", "2010", **{"J-D": 63}) | row("Year", "1998", **{"J-D": 58}),
    ),
    File(
        "messy/nhs_utf-16le.csv",
        327,
        19,
        sql=of("All_admissions_including_place_of_safety_detentions", 327, 478640, 0, 99948),
        types={"Reporting_period": "text"},
    ),
    File("messy/uk_dft_workforce_201706.csv", 10, 42),
    File("messy/uk_dwp_ministers_overseas_travel.csv", 8, 7),
    File(
        "messy/uk_hmrc_spend_2018-09.csv",
        406,
        14,
        types={"Date": "date", "Amount": "number"},
        roles={"Transaction number": "identifier"},
        additive={"Amount": True},
        sql=of("Amount", 406, 118461709.02, -101125.39, 17265919.80)
        | span("Date", 406, "2018-09-03", "2018-09-28"),
    ),
    File(
        "messy/uk_newcastle_invoices_june_2015.csv",
        6677,
        10,
        types={"Paid Date": "date", "Total": "number"},
        sql=of("Total", 6677, 45912283.87, -16593.68, 6324460)
        | span("Paid Date", 6677, "2015-06-01", "2015-06-30"),
    ),
    File(
        "messy/us_retail_sales.csv",
        348,
        3,
        types={"Date": "date"},
        roles={"Sales": "measure"},
        sql=of("Sales", 345, 116364825, 146376, 591380)
        | span("Date", 348, "1992-01-01", "2020-12-01")
        | {"select sum(Sales) from t where year(Date)=2019": (6218002,)},
    ),
    File(
        "reference/bls_unemployment1948.csv",
        69,
        14,
        ("Year", *MONTHS, "Annual"),
        sql=row("Year", "1948", Annual=3.8)
        | row("Year", "1982", Annual=9.7)
        | row("Year", "2009", Annual=9.3)
        | row("Year", "2010", Annual=9.6)
        | row("Year", "2016", Jan=5.3, Dec=4.5, Annual=4.9),
    ),
    File(
        "reference/uk_cps_rape_prosecution_outcomes.csv",
        12,
        15,
        sql=row("Prosecution Outcomes", "Total Prosecutions", **{"2007 - 08 Volume": 3503})
        | row(
            "Prosecution Outcomes", "Convictions", **{"2007 - 08 Volume": 2021, "2007 - 08 Percentage": 57.69}
        ),
    ),
    File(
        "reference/us_births_1994-2003_CDC_NCHS.csv",
        3652,
        5,
        roles={
            "year": "time",
            "month": "ordered",
            "date_of_month": "ordered",
            "day_of_week": "ordered",
            "births": "measure",
        },
        additive={"births": True},
        sql={f"select sum(births) from t where year={y}": (n,) for y, n in BIRTHS.items()},
    ),
    File(
        "reference/worldbank_SP.POP.TOTL.csv",
        264,
        62,
        sql=row(
            "Country Code",
            "MEX",
            **{"1960": 38174112, "1990": 85357874, "2000": 101719673, "2010": 117318941, "2016": 127540423},
        )
        | row("Country Code", "WLD", **{"2016": 7442135578}),
        roles={"2016": "measure"},
    ),
    File("xlsx/538_pollster-stats_2016.xlsx", 372, 27),
    # The manifest counts 1,580 rows there: 24 of them, and 14 of the other sheet, hold no value at all.
    File("xlsx/hdx_chad_3w_avr2025.xlsx", 1556, 13),
    File("xlsx/hdx_chad_3w_avr2025.xlsx", 760, 7, sheet="3W Physique"),
    File("xlsx/nhs_dols_2011-12_tab3.xlsm", refused="no_table"),
    File("xlsx/worldbank_trading_across_borders.xlsx", 190, 12),
    File("xlsx/worldbank_trading_across_borders.xlsx", 189, 13, sheet="2016"),
    File("xlsx/worldbank_trading_across_borders.xlsx", 12, sheet="Description"),
)
