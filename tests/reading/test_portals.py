"""Habits of portals and statistical offices, each with what a careful analyst would have typed."""

import datetime as dt
import gzip
import io
import json
import zipfile
from typing import Any

import pytest
import xlsxwriter

from catalog.readers.grid import Grid
from catalog.readers.shape import shape
from tests.reading.test_dirty import read
from web.values import Refused

D = dt.date
TEXTS: dict[str, tuple[str, dict[str, list[Any]]]] = {
    "months in French": ("m;v\njanv. 2020;1\nfévr. 2020;2\njuil. 2020;3\n", {"m": [D(2020, 1, 1), D(2020, 2, 1), D(2020, 7, 1)]}),
    "months in German": ("m;v\nJan 20;1\nMär 20;2\nOkt 20;3\nDez 20;4\n", {"m": [D(2020, 1, 1), D(2020, 3, 1), D(2020, 10, 1), D(2020, 12, 1)]}),
    "the first of the month": ("f;v\n5 janvier 2020;1\n1er août 2020;2\n", {"f": [D(2020, 1, 5), D(2020, 8, 1)]}),
    "quarters in words": ("q,v\nPrimer trimestre de 2020,1\nCuarto trimestre de 2020,2\n", {"q": [D(2020, 1, 1), D(2020, 10, 1)]}),
    "apostrophes of typographers": ("o;v\nA;1’234\nB;12’345\nC;35\n", {"v": [1234, 12345, 35]}),
    "thousands beside long numbers": ('e,v\nA,1234\nB,"1,500"\nC,3\n', {"v": [1234, 1500, 3]}),
    "yes with and without accents": ("a,v\nSí,1\nNo,2\nsi,3\nNO,4\n", {"a": [True, False, True, False]}),
    "true and false in Spanish": ("a,v\nV,1\nF,2\nV,3\n", {"a": [True, False, True]}),
    "women and men": ("sexo,v\nV,1\nF,2\nV,3\n", {"sexo": ["V", "F", "V"]}),
    "a row that numbers the columns": ("Entidad,Casos,Tasa\n(1),(2),(3)\nA,10,2.5\nB,20,3.5\n", {"Casos": [10, 20]}),
    "values near years below years": ("Entidad,2019,2020\nNorte,1990,2001\nSur,2020,2100\nEste,1985,1999\n", {"2020": [2001, 2100, 1999]}),
    "two tables of one header": ("Hombres,,\nEdad,n,pct\n0-4,10,1.5\n5-9,20,2.5\n\nMujeres,,\nEdad,n,pct\n0-4,11,1.5\n5-9,21,2.5\n", {"n": [10, 20, 11, 21], "section": ["Hombres", "Hombres", "Mujeres", "Mujeres"]}),
    "totals across two columns": ("Sexo,Edad,n\nAmbos sexos,Todas las edades,100\nHombres,0-14,20\nHombres,15+,30\nMujeres,0-14,25\nMujeres,15+,25\n", {"is_total": [True, False, False, False, False]}),
    "total or partial loss": ("tipo,n\nTotal,5\nParcial,6\nTotal,7\n", {"n": [5, 6, 7]}),
    "a total in the sixth column": ("E,NE,M,NM,L,NL,P\n0,Total nacional,0,Total nacional,0,Total nacional,9\n1,A,0,Total de la entidad A,0,Total de la Entidad,9\n1,A,1,B,1,C,4\n1,A,1,B,2,D,5\n", {"is_total": [True, True, False, False]}),
    "a stray cell too many": ("a,b,c\n1,2,3\n4,5,6,x\n7,8,9\n1,1,1\n1,1,1\n", {"a": [1, 7, 1, 1]}),
    "a last column without a name": ("a,b,\n1,2,x\n4,5,\n7,8,\n1,1,\n1,1,\n1,1,\n", {"column_3": ["x", None, None, None, None, None]}),
    "blank columns on the left": (",,e,n\n,,A,5\n,,B,6\n", {"e": ["A", "B"], "n": [5, 6]}),
    "letters and accents apart": ("an\u0303o,v\n2020,5\n2021,6\n", {"año": [2020, 2021]}),
    "a street above its coordinates": ('n,loc\nA,"1 Main St\nTown, IL\n(39.78, -89.65)"\nB,"5 Elm St\nTown, IL\n(39.79, -89.64)"\n', {"latitude": [39.78, 39.79], "longitude": [-89.65, -89.64]}),
    "shapes in hexadecimal": ("id,g\n1,0101000020E610000048E17A14AEC758C0AE47E17A146E3340\n2,0101000020E61000000000000000C058C00000000000803340\n", {"longitude": [-99.12, -99.0]}),
    "objects one after the other": ('{"a":1}{"a":2}', {"a": [1, 2]}),
    "a call around the data": ('callback([{"a":1},{"a":2}]);', {"a": [1, 2]}),
    "PX-Web": ('{"columns":[{"code":"R","text":"region"},{"code":"B","text":"Population"}],"data":[{"key":["00"],"values":["10"]},{"key":["01"],"values":[".."]}]}', {"region": ["00", "01"], "Population": [10, None]}),
    "SDMX-JSON": ('{"dataSets":[{"series":{"0":{"observations":{"0":[1.5],"1":[2.5]}}}}],"structure":{"dimensions":{"series":[{"id":"GEO","values":[{"id":"AT","name":"Austria"}]}],"observation":[{"id":"T","values":[{"id":"2019"},{"id":"2020"}]}]}}}', {"GEO.label": ["Austria", "Austria"], "T": [2019, 2020], "value": [1.5, 2.5]}),
    "codes in two parts": ("c,n\n 01 001 ,5\n 01 002 ,6\n 12 003 ,7\n", {"c": ["01 001", "01 002", "12 003"]}),
    "a country above its states": ("E,H,M\nBrasil,60,66\nAcre,10,11\nBahia,20,22\nPara,30,33\n", {"is_total": [True, False, False, False]}),
    "a town called Suma": ("M,H\nUmán,60\nSuma,10\nTetiz,7\n", {"H": [60, 10, 7]}),
    "dollars and a dash": ('c,v\na,"$1,234.00"\nb,$-\nc,$20.00\n', {"v": [1234.0, None, 20.0]}),
    "shares among counts": ("g,h\nA,10\nB,30\nC,7\nT,47\n%,50%\n", {"h": [10, 30, 7, 47, None]}),
    "numbers with their interval": ("p,v\nMX,12.5 [10.1-14.9]\nPE,11.2 [9.8-13.0]\n", {"v": [12.5, 11.2]}),
    "the mean below": ("m,v\nEnero,10\nFebrero,30\nMarzo,20\nPromedio,20\n", {"is_total": [False, False, False, True]}),
    "words that explain codes": ("GEO_ID,NAME,B1\nid,Geographic Area Name,Estimate!!Total\n05,A,55\n06,B,20\n", {"GEO_ID": ["05", "06"], "B1": [55, 20]}),
    "days as columns": ("Estación,Año,Mes,1,2,3,4,5,6\n15,2019,1,0.5,0,1.2,0,0,0\n15,2019,2,0.5,0,1.2,0,0,Inap\n", {"6": [0, None], "Mes": [1, 2]}),
    "rows that begin blank": ('a,b\n"",1\nx,""\ny,3\n', {"a": [None, "x", "y"], "b": [1, None, 3]}),
    "people in thousands": ("c;Población;tasa\nA;1.234;1.234\nB;12.345;2.345\nC;123.456;3.456\n", {"Población": [1234, 12345, 123456]}),
    "degrees and hemispheres": ("n,lat,lon\na,19.43 N,99.13 W\nb,19.4 N,99.1 W\n", {"lat": [19.43, 19.4], "lon": [-99.13, -99.1]}),
    "moments without marks": ("ts,v\n20200131T140500,1\n20200201T031500,2\n", {"ts": [dt.datetime(2020, 1, 31, 14, 5), dt.datetime(2020, 2, 1, 3, 15)]}),
    "soles": ('p,v\nA,"S/ 1,200.00"\nB,S/ 300.00\n', {"v": [1200.0, 300.0]}),
    "records without a value": ('[{"a":null,"b":null},{"a":1,"b":"x"}]', {"a": [None, 1]}),
    "a heading over two columns": ("<table><tr><th rowspan=2>E</th><th colspan=2>Casos</th></tr><tr><th>H</th><th>M</th></tr><tr><td>A</td><td>1</td><td>2</td></tr><tr><td>B</td><td>3</td><td>4</td></tr></table>", {"Casos · H": [1, 3], "Casos · M": [2, 4]}),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str) -> None:
    text, wanted = TEXTS[name]
    made = read(text.encode())
    assert {column: made.values[column] for column in wanted} == wanted


def test_roles_of_what_statisticians_write() -> None:
    text = '"","State","No identificado","homicides","x1998"\n' + "".join(
        f'"{n * 4 + 1}","S{n}",{n % 5},{n * 7},{n / 7:.9f}\n' for n in range(1, 20)
    )
    told = {column.name: (column.role, column.additive) for column in read(text.encode()).columns}
    assert told == {
        "column_1": ("identifier", False), "State": ("category", False), "No identificado": ("measure", True),
        "homicides": ("measure", True), "x1998": ("measure", False),
    }  # fmt: skip


def test_a_text_cut_within_a_letter() -> None:
    lines = "".join(f"{n},Peñón\n" for n in range(30))
    made = read(f"a,b\n{lines}31,Peñ".encode()[:-1])
    assert made.rows == 31
    assert made.values["b"][0] == "Peñón"


def test_halves_of_years_have_an_order() -> None:
    for texts in (["2020-S1", "2020-S2", "2021-S1"], ["1S2020", "2S2020", "1S2021"], ["I Semestre 2020", "II Semestre 2020", "I Semestre 2021"]):  # fmt: skip
        made = read(("s,v\n" + "".join(f"{text},5\n" for text in reversed(texts))).encode())
        assert made.columns[0].order == tuple(texts)


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("город;население\nМосква;1\nКазань;2\nНовосибирск;3\nЕкатеринбург;4\n", ("cp1251", "koi8_r", "cp866", "iso8859_5")),
        ("ГОРОД;НАСЕЛЕНИЕ\nМОСКВА;1\nКАЗАНЬ;2\nНОВОСИБИРСК;3\n", ("cp1251", "koi8_r")),
        ("πόλη;πληθυσμός\nΑθήνα;1\nΘεσσαλονίκη;2\n", ("cp1253",)), ("miasto;ludność\nŁódź;5\nKraków;6\nGdańsk;7\n", ("cp1250", "iso8859_2")),
        ("城市,人口\n北京,1\n上海,2\n广州,3\n", ("gb18030",)), ("區域,人數\n中正區,1\n大同區,2\n", ("big5",)), ("도시,인구\n서울특별시,1\n부산광역시,2\n", ("euc_kr",)),
        ("都市,人口\n東京,1\nひろしま,3\nサッポロ,4\n", ("shift_jis", "euc_jp")),
    ],
)  # fmt: skip
def test_scripts(text: str, encodings: tuple[str, ...]) -> None:
    for encoding in encodings:
        assert [column.name for column in read(text.encode(encoding)).columns] == text.split("\n")[0].replace(
            ",", ";"
        ).split(";")


GRIDS = {
    "UTM 14": ("x,y\n484000,2148000\n485000,2149000\n", 19.426257),
    "Lambert of Mexico": ("x,y\n2799000,829000\n2800500,830500\n", 19.432289),
    "Madrid": ("COORDENADA-X,COORDENADA-Y\n440000,4474000\n441500,4475500\n", 40.414460),
    "British": ("easting,northing\n530000,180000\n425000,565000\n", 51.503991),
    "a column of zones": ("x,y,huso\n345000,6298000,19S\n346000,6299000,19S\n", -33.446219),
    "Web Mercator": ("x,y\n-11035000,2206000\n-11036000,2207000\n", 19.433156),
}


@pytest.mark.parametrize("name", GRIDS)
def test_grids(name: str) -> None:
    text, latitude = GRIDS[name]
    made = read(text.encode())
    assert made.values["latitude"][0] == pytest.approx(latitude, abs=1e-5)
    said = {problem.code for problem in made.problems}
    assert ("grid_assumed" in said) == (name != "a column of zones")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"success":false,"error":{"message":"Not found"}}', "json_error"), (b'{"error":"Not found","status":404}', "json_error"),
        (b"<html><form><table><tr><td>User</td><td><input></td></tr><tr><td>Key</td><td><input></td></tr></table></form></html>", "file_html"),
        ("Este archivo contiene la descripción.\nLos datos fueron recopilados por la Secretaría, en 2020, con apoyo del INEGI.\nPara más información, escriba a datos@ejemplo.mx.\n".encode(), "no_table"),
    ],
)  # fmt: skip
def test_refusals(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(data)
    assert refusal.value.problem.code == code


def test_speeches_are_no_tables() -> None:
    pieces = ("fellow citizens", "our schools", "the roads we share", "and the water we drink")
    lines = [
        ", ".join(("Today I say to you", *pieces[: n % 5], "that we will work together")) + "."
        for n in range(40)
    ]
    with pytest.raises(Refused, match="no_table"):
        read("\n\n".join(lines).encode())


def test_data_come_before_their_dictionary() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("conjunto_de_datos/c.csv", "cve,n\n01,5\n02,6\n")
        archive.writestr("diccionario_de_datos/d.csv", "campo,qué es\n" + "n,una descripción larga\n" * 50)
    assert read(out.getvalue()).values["n"] == [5, 6]


def test_points_with_latitude_first_are_turned_round() -> None:
    shapes = [{"type": "Point", "coordinates": [19.3 + n / 50, -99.2 + n / 60]} for n in range(3)]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    made = read(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert made.values["longitude"][0] == pytest.approx(-99.2)
    assert "geometry_swapped" in {change.code for change in made.changes}


def test_tables_in_descriptions_of_a_map() -> None:
    marks = "".join(
        f"<Placemark><name>P{n}</name><description><![CDATA[<table><tr><td>CLAVE</td><td>00{n}</td></tr><tr><td>CASOS</td><td>{n}0</td></tr></table>]]></description>"
        f"<Point><coordinates>-99.{n},19.4</coordinates></Point></Placemark>" for n in (1, 2)
    )  # fmt: skip
    text = (
        f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'
    )
    values = read(text.encode()).values
    assert (values["CLAVE"], values["CASOS"]) == (["001", "002"], [10, 20])


def test_shapes_in_parquet_and_tables_of_a_shapefile_alone() -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    stated = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    shapes = [shapely.to_wkb(shapely.Point(-99.1, 19.4))] * 2
    table = pa.table({"n": [1, 2], "geometry": pa.array(shapes, pa.binary())})
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(stated).encode()}), out)
    assert read(out.getvalue()).values["latitude"] == [19.4, 19.4]
    fields = np.array([("A", 5), ("B", 6)], dtype=[("N", "U1"), ("V", "i4")])
    assert read(_dbase(fields)).values == {"N": ["A", "B"], "V": [5, 6]}


def _dbase(fields: Any) -> bytes:
    head = (
        bytes([3, 120, 1, 5])
        + (2).to_bytes(4, "little")
        + (97).to_bytes(2, "little")
        + (9).to_bytes(2, "little")
    )
    described = b"N".ljust(11, b"\0") + b"C\0\0\0\0\1\0".ljust(21, b"\0")
    described += b"V".ljust(11, b"\0") + b"N\0\0\0\0\7\0".ljust(21, b"\0")
    rows = b"".join(b" " + str(name).encode() + str(value).rjust(7).encode() for name, value in fields)
    return head.ljust(32, b"\0") + described + b"\r" + rows + b"\x1a"


def test_notes_beside_a_sheet_take_no_row_away() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row in range(200):
        sheet.write_row(row + 3, 2, ["e", "n"] if not row else [f"E{row}", row])
    sheet.write(50, 9, "revisar")
    book.close()
    made = read(gzip.compress(out.getvalue()))
    assert (made.rows, [column.name for column in made.columns]) == (199, ["e", "n"])
    rows = [["e", "n"], *([f"E{row}", str(row)] for row in range(99)), ["E99", "99", "", "revisar"]]
    assert "cells_outside" in {change.code for change in shape(Grid(rows, "xlsx")).changes}
    assert "rows_too_long" in {change.code for change in shape(Grid(rows, "csv")).changes}
