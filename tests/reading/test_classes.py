"""One small file of each class of dirt, and the values a careful analyst would have typed."""

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest

from tests.reading.test_dirty import read
from web.values import Refused

D = dt.date
CASES: dict[str, tuple[str, dict[str, list[Any]]]] = {
    "decimal comma and euro": ("f;m\n01/02/2020;1.250,50 €\n13/02/2020;10,00 €\n", {"f": [D(2020, 2, 1), D(2020, 2, 13)], "m": [1250.5, 10.0]}),
    "thousands by comma": ('a,b\nx,"1,234"\ny,"999"\nz,"12,000"\n', {"b": [1234, 999, 12000]}),
    "thousands by dot": ("a;b\nx;1.234\ny;999\nz;12.000\n", {"b": [1234, 999, 12000]}),
    "thousands by space": ("a;b\nx;1 234\ny;2 500 000\nz;999\n", {"b": [1234, 2500000, 999]}),
    "accounting": ('a,b\nx,"(1,234.50)"\ny,$5.00\n', {"b": [-1234.5, 5.0]}),
    "limits are no numbers": ("a,b\nx,<=5\ny,10\nz,20\n", {"b": [None, 10, 20]}),
    "footnote marks": ('a,b\nx,"1,234*"\ny,"2,345 p"\nz,"3,456¹"\n', {"b": [1234, 2345, 3456]}),
    "null words": ("a,b\nx,1\ny,N/D\nz,-\nw,sin dato\nv,5\n", {"b": [1, None, None, None, 5]}),
    "sentinels": ("edad\n20\n30\n40\n50\n999\n999\n25\n36\n", {"edad": [20, 30, 40, 50, None, None, 25, 36]}),
    "99 years is an age": ("edad\n97\n98\n99\n99\n45\n36\n", {"edad": [97, 98, 99, 99, 45, 36]}),
    "letters among codes": ("ruta,v\n1,2\n2,3\nA,4\nB,5\n12,6\n", {"ruta": ["1", "2", "A", "B", "12"]}),
    "leading zeros": ("cve,v\n09,1\n002,2\n", {"cve": ["09", "002"]}),
    "Namibia is no null": ("p,v\n" + "".join(f"{c},1\n" for c in ["NA", "MX", "US", "CA", "BR", "AR", "CL", "PE", "CO", "UY"]), {"p": ["NA", "MX", "US", "CA", "BR", "AR", "CL", "PE", "CO", "UY"]}),
    "Spanish months": ("mes,v\nene-20,1\nDic-21,2\n", {"mes": [D(2020, 1, 1), D(2021, 12, 1)]}),
    "long dates": ("f,v\n12 de enero de 2020,1\n3 de marzo de 2021,2\n", {"f": [D(2020, 1, 12), D(2021, 3, 3)]}),
    "quarters": ("t,v\n2020-T1,1\n2020-T4,2\n", {"t": [D(2020, 1, 1), D(2020, 10, 1)]}),
    "ISO weeks": ("s,v\n2020-W01,1\n2020-W53,3\n", {"s": [D(2019, 12, 30), D(2020, 12, 28)]}),
    "month first": ("d,v\n01/13/2020,1\n03/04/2020,1\n", {"d": [D(2020, 1, 13), D(2020, 3, 4)]}),
    "hour 24": ("f,v\n2020-01-31 24:00,1\n2020-01-31 23:00,2\n", {"f": [dt.datetime(2020, 2, 1), dt.datetime(2020, 1, 31, 23)]}),
    "fiscal years are no months": ("p,v\n2010-11,5\n2011-12,6\n", {"p": ["2010-11", "2011-12"]}),
    "booleans": ("x,ok\na,SI\nb,NO\n", {"ok": [True, False]}),
    "title, notes and blanks": ("Notas: esto\n\nAlc;Casos;Tasa\nA;10;1,5\nB;20;2,5\n\n* Preliminar\nFuente: X\n", {"Alc": ["A", "B"], "Tasa": [1.5, 2.5]}),
    "header of two rows": (",2014,,2015,\nAlc,ene,feb,ene,feb\nA,1,2,3,4\nB,5,6,7,8\n", {"2014 · ene": [1, 5], "2015 · feb": [4, 8]}),
    "header of three rows": ("D,P,,,,C,\n,Base,,Conf,,,\n,H,M,H,M,S,B\nA,1,2,3,4,500.5,6\nB,1,2,3,4,600.5,6\n", {"P · Conf · H": [3, 3], "C · S": [500.5, 600.5]}),
    "a header whose last cell is blank": ("uno,dos,\na,b,c\nd,e,f\n", {"uno": ["a", "d"], "column_3": ["c", "f"]}),
    "no header": ("A,1,2020-01-01\nB,2,2020-01-02\n", {"column_1": ["A", "B"], "column_2": [1, 2]}),
    "title as wide as the table": ("Created by,Sample 22,11 February\ncm,T\n4000.0,98.7\n3999.0,98.8\n3998.0,98.9\n", {"cm": [4000, 3999, 3998]}),
    "word below the names": ("Staff,,,,\n,,,2014,2013\nSegment,Permanent,Other,Total,Total\n,,,,Restated\nA,609,2,672,641\nB,225,4,242,200\nC,16,3,19,14\n", {"Segment": ["A", "B", "C"], "2013 · Total · Restated": [641, 200, 14]}),
    "questions of a survey": ("Id,How do you like it?,Where?,When?\n,Response,Response,Response\n3237,A,,\n3238,B,x,y\n3239,A,x,z\n", {"Id": [3237, 3238, 3239], "How do you like it? · Response": ["A", "B", "A"]}),
    "long questions": ("How worried are you " + "and why do you think so " * 6 + "?,Age\n" + "Very,18-29\nNot,30-44\n" * 8, {"Age": ["18-29", "30-44"] * 8}),
    "words in the first numbers": ("name,games,year\nDavis,Indef.,2014\nJones,Indef.,2014\nRice,2,2013\nSmith,4,2012\nBrown,4,2011\nWhite,6,2010\n", {"name": ["Davis", "Jones", "Rice", "Smith", "Brown", "White"]}),
    "first section below the names": ("AMONG ALL,,All,Age,,Race,\n,,,Young,Old,Green,Blue\nHow do you feel?,,,,,,\n,Very well,37%,29%,42%,1%,2%\n,Well,46%,47%,46%,3%,4%\nWhy?,,,,,,\n,Money,10%,11%,9%,5%,6%\n,Love,5%,6%,4%,7%,8%\n", {"Age · Young": [29, 47, 11, 6]}),
    "a lone quote at the end of a record": ('a,b,c\n1,x,\n2,y,"\n3,z,""\n4,"w, v",u\n', {"a": [1, 2, 3, 4]}),
    "single quotes": ("a,b\n1,'x, y'\n2,'z'\n3,'5\" pipe, cut'\n4,'w, v'\n", {"b": ["x, y", "z", '5" pipe, cut', "w, v"]}),
    "one column of moments": ("date\n" + "".join(f"2020-11-{d:02}T03:10:4{d % 10}Z\n" for d in range(1, 20)), {"date": [dt.datetime(2020, 11, d, 3, 10, 40 + d % 10) for d in range(1, 20)]}),
    "names that begin like totals": ("firm,paid\nAcme,10\nTotal Systems Ltd,20\nZeta,5\nTotal,35\n", {"is_total": [False, False, False, True]}),
    "north and south": ("orientation,n\nS,1\nN,2\nS,3\n", {"orientation": ["S", "N", "S"]}),
    "year and month 13": ("YYYYMM,v\n" + "".join(f"2020{m:02},{m}\n" for m in range(1, 14)), {"YYYYMM": [*(dt.date(2020, m, 1) for m in range(1, 13)), None]}),
    "sections": ("C,N,P,V\nNorte,,,\n1,A,10,2\n2,B,20,3\nSur,,,\n3,C,30,4\n4,D,4,5\n", {"section": ["Norte", "Norte", "Sur", "Sur"], "P": [10, 20, 30, 4]}),
    "groups named once": ("E,M,P\nCDMX,A,1\n,B,2\n,C,3\nMor,D,4\n,E,5\n,F,6\n", {"E": ["CDMX"] * 3 + ["Mor"] * 3}),
    "totals are marked": ("a,n\nX,10\nY,20\nTotal,30\n", {"n": [10, 20, 30], "is_total": [False, False, True]}),
    "date in three columns": ("anio,mes,dia,n\n2020,1,5,9\n2021,12,7,8\n", {"date": [D(2020, 1, 5), D(2021, 12, 7)]}),
    "swapped coordinates": ("n,lat,lon\na,-99.1,19.41\nb,-99.2,19.52\n", {"lat": [-99.1, -99.2]}),
    "both in one cell": ('n,coord\na,"19.4, -99.1"\nb,"19.5, -99.2"\n', {"latitude": [19.4, 19.5], "longitude": [-99.1, -99.2]}),
    "fixed width": ("CLAVE  NOMBRE        POB\n001    Uno           432\n002    Dos dos       614\n003    Tres          217\n", {"CLAVE": ["001", "002", "003"], "POB": [432, 614, 217]}),
    "a table as a web page": ("<table><tr><th>a<th>b</tr><tr><td>1<td>x</tr><tr><td>2<td>y</tr></table>", {"a": [1, 2], "b": ["x", "y"]}),
    "records in XML": ("<?xml version='1.0'?><r><i><a>1</a><b>x</b></i><i><a>2</a><b>y</b></i></r>", {"a": [1, 2], "b": ["x", "y"]}),
    "JSON by columns": ('{"a":[1,2],"b":["x","y"]}', {"a": [1, 2], "b": ["x", "y"]}),
    "JSON inside an answer": ('{"result":{"records":[{"id":1,"p":{"x":1.5}},{"id":2,"p":{"x":5}}]}}', {"p.x": [1.5, 5.0]}),
    "lines of which each is one quoted cell": ('"a,b,c"\n"1,x,2020-01-01"\n"2,y,2020-01-02"\n"3,z,2020-01-03"\n', {"a": [1, 2, 3], "b": ["x", "y", "z"]}),
    "quarters of all writings": ("t,v\nQ1-20,1\n1T20,2\n2020/02T,3\nEne-Mar 2020,4\nIII trimestre 2020,5\n", {"t": [D(2020, 1, 1), D(2020, 1, 1), D(2020, 4, 1), D(2020, 1, 1), D(2020, 7, 1)]}),
    "semesters are no weeks": ("s,v\n2020-S1,1\n2020-S2,2\n", {"s": ["2020-S1", "2020-S2"]}),
    "weeks in words": ("s,v\nSemana 5 2020,1\nW06-2020,2\n", {"s": [D(2020, 1, 27), D(2020, 2, 3)]}),
    "days of programs": ("d,v\n31ENE2020,1\n15FEB2020,2\n", {"d": [D(2020, 1, 31), D(2020, 2, 15)]}),
    "days of no date": ("d,v\n2020-01-01,1\n9999-99-99,2\n9999-09-09,3\n2020-02-01,4\n", {"d": [D(2020, 1, 1), None, None, D(2020, 2, 1)]}),
    "marks with a slash": ('a,b\nx,"1,234 r/"\ny,"2,345 (p)"\nz,"3,456 e/"\nw,"1,111"\nv,"2,222 p/"\n', {"b": [1234, 2345, 3456, 1111, 2222]}),
    "Eurostat": ("unit,geo\\time\t2019 \t2020 \nPC,AT\t1.5 b\t: \nPC,BE\t2.5\t3.5 e\nNR,AT\t: c\t4 p\n", {"geo": ["AT", "BE", "AT"], "2019": [1.5, 2.5, None], "2020": [None, 3.5, 4.0]}),
    "totals of groups": ("E,M,n\nJal,Z,10\n,T,20\nJal Total,,30\nNay,C,5\n,X,6\nNay Total,,11\nTotal general,,41\n", {"E": ["Jal", "Jal", "Jal Total", "Nay", "Nay", "Nay Total", "Total general"], "is_total": [False, False, True, False, False, True, True]}),
    "the whole country": ("e,n\nEstados Unidos Mexicanos,60\nNorte,10\nSur,50\n", {"is_total": [True, False, False]}),
    "a line of units": ("Station,Date,Temp\n(id),(yyyy-mm-dd),(C)\n1,2020-01-01,20.5\n2,2020-01-02,21.5\n3,2020-01-03,22\n", {"Temp · (C)": [20.5, 21.5, 22.0]}),
    "one year as header": ("e,g,2020\nA,x,5\nB,x,7\n", {"2020": [5, 7]}),
    "row numbers without a name": ("a,b\n1,x,5\n2,y,6\n3,z,7\n", {"a": ["x", "y", "z"], "b": [5, 6, 7]}),
    "degrees and minutes": ("n;lat\na;19°25'42\"N\nb;19°30'00\"S\n", {"lat": [19.42833333, -19.5]}),
    "cells that span rows": ("<table><tr><td>a<td>b</tr><tr><td rowspan=2>x<td>1</tr><tr><td>2</tr></table>", {"a": ["x", "x"], "b": [1, 2]}),
    "a frame of bars": ("| a | b |\n|---|---|\n| x | 1 |\n| y | 2 |\n", {"a": ["x", "y"], "b": [1, 2]}),
    "escaped quotes": ('a,b\n1,"dice \\"hola\\", ok"\n2,"x"\n', {"b": ['dice "hola", ok', "x"]}),
    "marks nobody sees": ("\u200ba,b\u200b\n\u200b1,2\n3\u200b,4\n\x1a", {"a": [1, 3], "b": [2, 4]}),
    "a CKAN answer": ('{"result":{"fields":[{"id":"a"},{"id":"b"},{"id":"c"}],"records":[{"a":1,"b":"1.5"},{"a":2,"b":"2.5"}]}}', {"a": [1, 2], "b": [1.5, 2.5]}),
    "a World Bank answer": ('[{"page":1},[{"date":"2020","value":1.5},{"date":"2019","value":2.5}]]', {"value": [1.5, 2.5]}),
    "a series of observations": ('{"Series":[{"i":"6","OBS":[{"t":"2020","v":"10.5"},{"t":"2019","v":"11.5"}]}]}', {"i": [6, 6], "v": [10.5, 11.5]}),
    "JSON-stat": ('{"class":"dataset","id":["geo","time"],"size":[2,2],"dimension":{"geo":{"category":{"index":["AT","BE"]}},"time":{"category":{"index":{"2019":0,"2020":1}}}},"value":[1.5,2.5,3.5,null]}', {"geo": ["AT", "AT", "BE", "BE"], "time": [2019, 2020, 2019, 2020], "value": [1.5, 2.5, 3.5, None]}),
    "JSON lines": ('{"a":1}\n{"a":2}\n', {"a": [1, 2]}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_values(name: str) -> None:
    text, wanted = CASES[name]
    made = read(text.encode())
    assert {column: made.values[column] for column in wanted} == wanted


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    made = read("año,población\nMéxico,5\nPerú,6\nEspaña,7\n".encode(encoding))
    assert made.values["año"] == ["México", "Perú", "España"]


def test_big5() -> None:
    assert read("名稱,數量\n台北市,5\n高雄市,7\n".encode("big5")).values["名稱"] == ["台北市", "高雄市"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"), (b"\n \n", "file_blank"), (b"%PDF-1.7 x", "file_pdf"), (b"a,b\n", "no_rows"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html><body>404</body></html>", "file_html"), (bytes(range(256)) * 9, "file_binary"),
        (b"Rar!\x1a\x07\x01\x00", "file_archive"), (b"PK\x03\x04broken", "file_broken"), (b'[{"a": 1}, {', "json_broken"),
        (b"Copyright, all rights reserved by us\nPermission is granted, free of charge, to any person\nwho obtains a copy of it\n" + b"the software is provided as it is\nand without warranty of any kind\n" * 4, "no_table"),
    ],
)  # fmt: skip
def test_refusals(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(data)
    assert refusal.value.problem.code == code


def test_points_in_another_system_become_degrees() -> None:
    feature = {
        "type": "Feature",
        "properties": {"n": 1},
        "geometry": {"type": "Point", "coordinates": [484000, 2148000]},
    }
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32614"}}
    made = read(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature] * 2}).encode())
    assert made.values["latitude"][0] == pytest.approx(19.426257, abs=1e-6)
    assert made.values["longitude"][0] == pytest.approx(-99.152411, abs=1e-6)


def test_the_largest_member_of_an_archive_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y,z\n1,2,3\n4,5,6\n")
        archive.writestr("readme.txt", "x" * 5000)
    assert read(out.getvalue()).values["z"] == [3, 6]


ROLES = {
    "id,edad,tasa,casos,anio,sexo,mes\n" + "".join(f"{n},{n % 70},{n / 7:.2f},{n * 37 % 1000},2021,{n % 2 + 1},{n % 12 + 1}\n" for n in range(1, 200)): {
        "id": ("identifier", False), "edad": ("measure", False), "tasa": ("measure", False), "casos": ("measure", True),
        "anio": ("constant", False), "sexo": ("ordered", False), "mes": ("ordered", False),
    },
    "grupo,pob\n0-4,10\n5-9,20\n10-14,5\n": {"grupo": ("ordered", False), "pob": ("measure", True)},
    "tz,river_mile,rms,hora,eur_m2,viajes,esperanza de vida,salvamentos y rescates\n" + "".join(f"{n % 7 * 60},{n / 3:.1f},{n / 9:.2f},{n % 24},{900 + n * 13 % 300},{n * 31 % 977},{70 + n / 50:.1f},{n * 7 % 53}\n" for n in range(1, 90)): {
        "tz": ("measure", False), "river_mile": ("measure", False), "rms": ("measure", False), "hora": ("ordered", False), "eur_m2": ("measure", False),
        "viajes": ("measure", True), "esperanza de vida": ("measure", False), "salvamentos y rescates": ("measure", True),
    },
    "Indicador,Entidad,2020\nTasa de mortalidad,A,5\nTasa de mortalidad,B,7\n": {"2020": ("measure", False)},
    "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual\n2001,4,4,4,4,4,4,5,5,5,5,5,5,4.5\n2002,6,6,6,6,6,6,5,5,5,5,5,5,5.5\n": {"Jan": ("measure", False)},
    "geo,unit,OBS_VALUE\nAT,PC,10.5\nBE,PC,11.5\n": {"OBS_VALUE": ("measure", False)},
}  # fmt: skip


@pytest.mark.parametrize("text", ROLES)
def test_roles(text: str) -> None:
    columns = {column.name: (column.role, column.additive) for column in read(text.encode()).columns}
    assert {name: columns[name] for name in ROLES[text]} == ROLES[text]
