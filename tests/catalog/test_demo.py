"""The demo portal says what its sources say: every file is held against their published figures."""

import csv
import gzip
import io
import json
import os
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import shapely

from catalog.demo import DUMP, FILES, make
from catalog.places import geography, match, outlines

SHARED = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[2] / "../shared")) / "data"
PACKAGES = [json.loads(line) for line in DUMP.read_text(encoding="utf-8").splitlines()]
RESOURCES = [resource for package in PACKAGES for resource in package["resources"]]


def text_of(name: str, encoding: str = "utf-8") -> str:
    raw = (FILES / name).read_bytes()
    if name.endswith(".gz"):
        raw = gzip.decompress(raw)
    if name.endswith(".zip"):
        archive = zipfile.ZipFile(io.BytesIO(raw))
        raw = archive.read(archive.namelist()[0])
    return raw.decode(encoding)


def rows(name: str, encoding: str = "utf-8", delimiter: str = ",", skip: int = 0) -> list[dict[str, str]]:
    lines = text_of(name, encoding).splitlines()[skip:]
    return list(csv.DictReader(lines, delimiter=delimiter))


def features(name: str) -> list[dict]:
    return json.loads(text_of(name))["features"]


def total(table: list[dict[str, str]], column: str) -> float:
    return round(sum(float(row[column].replace(",", ".")) for row in table if row[column]), 2)


def sums(table: list[dict[str, str]], by: str, column: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in table:
        found[row[by]] += int(row[column])
    return dict(found)


def sheets(name: str) -> dict[str, list[list]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(FILES / name)
    return {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}


class TestTheDump:
    def test_has_the_datasets_stories_rely_on(self):
        assert [package["name"] for package in PACKAGES] == [
            "afluencia-metrobus",
            "poblacion-alcaldias-2020",
            "alcaldias",
            "estaciones-metro",
            "estaciones-ecobici",
            "escuelas-privadas",
            "ingresos-parquimetros",
            "hospitalizados-covid",
            "conteo-ciclistas",
            "ciclovias",
            "fotocivicas",
            "bomberos-madrid-2020",
            "accidentes-bici-madrid-2020",
            "newcastle-payments-2015",
            "chattanooga-blueways",
            "incidentes-sinteticos",
        ]

    @pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
    def test_every_dataset_names_publisher_licence_source_and_date(self, package):
        assert package["organization"]["title"]
        assert package["license_title"]
        assert package["license_url"].startswith("https://")
        assert package["url"].startswith("https://") or package["name"] == "incidentes-sinteticos"
        assert len(package["notes"]) > 100
        assert package["metadata_modified"][:4].isdigit()
        assert {extra["key"] for extra in package["extras"]} >= {"fuente", "frecuencia"}
        assert set(package["title_translated"]) == {"es", "en"}
        assert package["num_resources"] == len(package["resources"])

    def test_ids_are_unique(self):
        ids = [package["id"] for package in PACKAGES] + [resource["id"] for resource in RESOURCES]
        assert len(set(ids)) == len(ids)

    def test_every_file_is_listed_once_with_its_size(self):
        listed = {resource["url"]: resource["size"] for resource in RESOURCES}
        there = {f"files/{path.name}": path.stat().st_size for path in FILES.iterdir()}
        assert listed == there
        assert len(RESOURCES) == len(listed)

    def test_is_small(self):
        assert sum(path.stat().st_size for path in [DUMP, *FILES.iterdir()]) < 3_000_000

    def test_what_is_invented_says_so(self):
        invented = [package for package in PACKAGES if "incidentes" in package["name"]]
        assert [package["title"] for package in invented] == ["Incidentes urbanos (datos sintéticos)"]
        assert all("sintéticos" in resource["name"] for resource in invented[0]["resources"])

    @pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
    def test_is_documented(self, package):
        documented = (Path(__file__).parents[2] / "docs/demo.md").read_text(encoding="utf-8")
        row = next(line for line in documented.splitlines() if line.startswith(f"| `{package['name']}`"))
        assert package["organization"]["title"] in row

    def test_is_what_the_generator_writes(self):
        assert make.packages() == PACKAGES


class TestFigures:
    def test_metrobus_by_month(self):
        table = rows("afluencia_metrobus_mensual.csv")
        assert len(table) == 53 * 7 * 2
        assert sums(table, "linea", "afluencia").keys() == {f"Línea {n}" for n in range(1, 8)}
        assert total(table, "afluencia") == 1_991_232_026
        years = sums([{**row, "anio": row["mes"][:4]} for row in table], "anio", "afluencia")
        assert years["2021"] == 309_178_873
        assert years["2022"] == 438_131_175
        assert years["2023"] == 501_682_763
        assert years["2024"] == 529_699_509
        assert years["2025"] == 212_539_706

    def test_metrobus_by_day_agrees_with_the_months(self):
        daily = rows("afluencia_metrobus_diaria.csv.gz")
        assert len(daily) == 1612 * 7
        assert (daily[0]["fecha"], daily[-1]["fecha"]) == ("2021-01-01", "2025-05-31")
        monthly = sums(rows("afluencia_metrobus_mensual.csv"), "mes", "afluencia")
        assert sums([{**row, "mes": row["fecha"][:7]} for row in daily], "mes", "afluencia") == monthly

    def test_population_in_the_workbook(self):
        table = sheets("poblacion_alcaldias_2020.xlsx")["Población 2020"]
        assert table[3] == ["Clave", "Alcaldía", "Población", "Superficie (km²)", "Habitantes por km²"]
        body = table[4:]
        assert [row[0] for row in body] == [place.code for place in geography("cdmx").places]
        assert sum(row[2] for row in body) == 9_209_944
        assert sum(row[3] for row in body) == pytest.approx(1494.6, abs=1)

    def test_outlines_carry_name_and_population(self):
        boroughs = features("alcaldias.geojson")
        assert len(boroughs) == 16
        assert sum(each["properties"]["poblacion_2020"] for each in boroughs) == 9_209_944
        assert shapely.coverage_is_valid([shapely.geometry.shape(each["geometry"]) for each in boroughs])

    def test_metro_stations(self):
        stations = [each["properties"] for each in features("estaciones_metro.geojson")]
        assert len(stations) == 195
        assert Counter(station["linea"] for station in stations)["Línea 2"] == 24
        assert Counter(station["entidad"] for station in stations)["Estado de México"] == 11
        assert all(
            (station["alcaldia"] is None) == (station["entidad"] != "Ciudad de México")
            for station in stations
        )

    def test_ecobici_stations(self):
        stations = json.loads(text_of("estaciones_ecobici.json"))
        assert len(stations) == 480
        counted = Counter(station["alcaldia"] for station in stations)
        assert counted == {"Cuauhtémoc": 199, "Benito Juárez": 168, "Miguel Hidalgo": 113}

    def test_private_schools_agree_in_the_three_files(self):
        places, levels = rows("escuelas_privadas_ubicacion.csv"), rows("escuelas_privadas_nivel.csv")
        boroughs = rows("escuelas_privadas_alcaldia.csv")
        assert len(places) == 3696
        assert sum(not row["latitud"] for row in places) == 37
        assert sums(levels, "nivel", "escuelas")["Preescolar"] == 1869
        assert sums(levels, "nivel", "escuelas")["Primaria"] == 1094
        assert sums(levels, "alcaldia", "escuelas") == sums(boroughs, "alcaldia", "escuelas")
        assert Counter(row["alcaldia"] for row in places) == sums(boroughs, "alcaldia", "escuelas")
        assert total(boroughs, "poblacion_2020") == 9_209_944
        coyoacan = next(row for row in boroughs if row["alcaldia"] == "Coyoacán")
        assert coyoacan["escuelas_por_10_mil_hab"] == "4.72"

    def test_parking_income(self):
        table = rows("ingresos_parquimetros.zip")
        assert total(table, "ingreso") == pytest.approx(2_659_443_931.70, abs=300)
        assert len({row["zona"] for row in table}) == 6
        assert (table[0]["mes"], table[-1]["mes"]) == ("2012-01", "2020-10")

    def test_hospital_days(self):
        table = rows("hospitalizados_covid.csv", "utf-8-sig")
        assert len(table) == 311
        peak = max(table, key=lambda row: int(row["hospitalizados"]))
        assert (peak["fecha"], peak["hospitalizados"]) == ("2021-01-19", "7401")
        assert [row["promedio_7_dias"] for row in table[:7]] == ["", "", "", "", "", "", "182.0"]

    def test_cyclists(self):
        table = rows("conteo_ciclistas.tsv", delimiter="\t")
        assert sums(table, "contador", "bicicletas")["Reforma 222"] == 4_809_324
        assert sums(table, "contador", "dias_con_dato")["Reforma 222"] == 2150

    def test_cycleways(self):
        book = sheets("ciclovias.xlsx")
        for sheet in ("Por año", "Por tipo"):
            header, *body = book[sheet]
            assert sum(row[header.index("Kilómetros")] for row in body) == pytest.approx(457.19)
            assert sum(row[header.index("Tramos")] for row in body) == 382

    def test_cameras(self):
        table = rows("fotocivicas.csv", "latin-1")
        assert len(table) == 140
        assert sum(not row["alcaldia"] for row in table) == 2
        assert {row["sentido"] for row in table if not row["sentido"][:1].isalpha()} == {""}

    def test_madrid_fire_brigade(self):
        table = rows("bomberos_madrid_2020.csv", "latin-1", ";")
        assert len(table) == 257
        assert total(table, "Total") == 23_423
        centre = next(row for row in table if (row["Mes"], row["Distrito"]) == ("2020-12", "CENTRO"))
        assert (centre["Total"], centre["Promedio diario"]) == ("147", "4,74")

    def test_madrid_bicycles(self):
        table = rows("accidentes_bici_madrid_2020.csv", "utf-8-sig", ";")
        assert (total(table, "Accidentes"), total(table, "Personas")) == (821, 921)

    def test_newcastle(self):
        table = rows("newcastle_payments_june_2015.csv", skip=2)
        assert (total(table, "Invoices"), total(table, "Total (GBP)")) == (6677, 45_912_283.87)
        assert sums(table, "Directorate", "Invoices")["Adult and Culture"] == 3119
        assert {row["Date paid"][3:] for row in table} == {"06/2015"}

    def test_chattanooga(self):
        table = rows("chattanooga_blueways.csv")
        assert len(table) == 281
        assert Counter(row["kind"] for row in table)["Flatwater Access Ramps"] == 118
        assert all(34 < float(row["latitude"]) < 37 for row in table)


class TestInventedIncidents:
    TABLE = rows("incidentes_sinteticos.csv.gz")

    def test_shape(self):
        assert len(self.TABLE) == 60_000
        assert (self.TABLE[0]["fecha"], self.TABLE[-1]["fecha"]) == ("2022-01-01", "2024-12-31")
        assert sum(not row["alcaldia"] for row in self.TABLE) == 1187
        assert sum(not row["latitud"] for row in self.TABLE) == 1804
        assert Counter(row["tipo"] for row in self.TABLE).most_common(1) == [("Bache", 14463)]

    def test_every_point_is_in_its_borough(self):
        """By the simplified outlines, so a point near a border may be up to their tolerance outside."""
        named = [row for row in self.TABLE if row["alcaldia"] and row["latitud"]]
        codes = match({row["alcaldia"] for row in named}).codes
        shapes = {
            code: shapely.union_all([shapely.Polygon(outer, holes) for outer, *holes in polygons]).buffer(
                0.004
            )
            for code, polygons in outlines("cdmx").items()
        }
        for name, code in codes.items():
            own = [row for row in named if row["alcaldia"] == name]
            inside = shapely.contains_xy(
                shapes[code], [float(row["longitud"]) for row in own], [float(row["latitud"]) for row in own]
            )
            assert inside.all(), name


@pytest.mark.skipif(not SHARED.exists(), reason="needs the source files")
@pytest.mark.parametrize("name", make.WRITERS)
def test_the_files_are_what_the_generator_writes(name, tmp_path):
    made = tmp_path / name
    make.WRITERS[name](SHARED, made)
    assert made.read_bytes() == (FILES / name).read_bytes()
