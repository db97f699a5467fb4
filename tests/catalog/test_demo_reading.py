"""Every file of the demo portal is read as its makers meant it, by the same reader as any portal's files."""

import pytest

from catalog.demo import FILES
from catalog.models import Table
from catalog.reading import read_here

READ = {
    "afluencia_metrobus_mensual.csv": (742, {"mes": "time", "afluencia": 1_991_232_026}),
    "afluencia_metrobus_diaria.csv.gz": (11_284, {"fecha": "time", "afluencia": 1_991_232_026}),
    "afluencia_metrobus_diccionario.csv": (5, {}),
    "poblacion_alcaldias_2020.xlsx": (16, {"Alcaldía": "place", "Población": 9_209_944}),
    "alcaldias.geojson": (16, {"alcaldia": "place", "geometry": "geometry", "poblacion_2020": 9_209_944}),
    "estaciones_metro.geojson": (195, {"alcaldia": "place", "latitude": "latitude", "anio_apertura": "time"}),
    "estaciones_ecobici.json": (
        480,
        {"latitud": "latitude", "longitud": "longitude", "estacion": "identifier"},
    ),
    "escuelas_privadas_nivel.csv": (84, {"alcaldia": "place", "nivel": "category", "escuelas": 3696}),
    "escuelas_privadas_alcaldia.csv": (16, {"alcaldia": "place", "escuelas": 3696}),
    "escuelas_privadas_ubicacion.csv": (3696, {"latitud": "latitude", "longitud": "longitude"}),
    "ingresos_parquimetros.zip": (524, {"mes": "time", "alcaldia": "place", "ingreso": 2_659_443_931}),
    "hospitalizados_covid.csv": (311, {"fecha": "time", "hospitalizados": "measure"}),
    "conteo_ciclistas.tsv": (173, {"mes": "time", "bicicletas": 7_177_655}),
    "ciclovias.xlsx": (54, {"Año": "time", "Tramos": 382, "Kilómetros": 457.19}),
    "fotocivicas.csv": (140, {"alcaldia": "place", "latitud": "latitude", "longitud": "longitude"}),
    "bomberos_madrid_2020.csv": (257, {"Mes": "time", "Total": 23_423, "Promedio diario": 766.52}),
    "accidentes_bici_madrid_2020.csv": (492, {"Mes": "time", "Accidentes": 821, "Personas": 921}),
    "newcastle_payments_june_2015.csv": (188, {"Date paid": "time", "Total (GBP)": 45_912_283.87}),
    "chattanooga_blueways.csv": (281, {"latitude": "latitude", "longitude": "longitude"}),
    "incidentes_sinteticos.csv.gz": (60_000, {"fecha": "time", "alcaldia": "place", "latitud": "latitude"}),
}
RATES = {
    "escuelas_por_10_mil_hab",
    "Habitantes por km²",
    "densidad_poblacion",
    "promedio_7_dias",
    "promedio_diario",
    "Promedio diario",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    work = str(tmp_path_factory.mktemp("tables"))
    return {
        name: Table.model_validate(read_here(str(FILES / name), work, None, None, {}, lambda *_: None))
        for name in READ
    }


def test_every_file_is_held_to_account():
    assert set(READ) == {path.name for path in FILES.iterdir()}


@pytest.mark.parametrize("name", READ)
def test_rows_roles_and_sums(tables, name):
    table, (rows, columns) = tables[name], READ[name]
    assert (table.rows, table.set_aside) == (rows, 0)
    for label, expected in columns.items():
        column = next(one for one in table.columns if label in (one.label, one.name))
        if isinstance(expected, str):
            assert column.role == expected, label
        else:
            assert (column.role, column.additive or label in RATES) == ("measure", True), label
            assert column.sum == pytest.approx(expected), label
    assert not [problem for problem in table.problems if problem.severity == "error"]


def test_rates_are_never_added_up(tables):
    found = {column.label for table in tables.values() for column in table.columns if column.label in RATES}
    assert found == RATES
    added = {column.label for table in tables.values() for column in table.columns if column.additive}
    assert not added & RATES


def test_places_are_the_boroughs(tables):
    boroughs = [
        column for table in tables.values() for column in table.columns if column.label.lower() == "alcaldia"
    ]
    assert len(boroughs) == 9
    assert {column.geography for column in boroughs} == {"cdmx"}
