"""Facts about other cities: Madrid, Newcastle and Chattanooga."""

import re
from pathlib import Path

import pandas as pd

from catalog.demo.transport import MONTHS

STATES = {", TN": "Tennessee", ", GA": "Georgia", ", AL": "Alabama", ", NC": "North Carolina"}
PLACEMARK = re.compile(r"<Placemark>(.*?)</Placemark>", re.DOTALL)
DATA = re.compile(r'<Data name="([^"]+)">\s*<value>(.*?)</value>', re.DOTALL)


def madrid_fire(source: Path) -> pd.DataFrame:
    """Interventions of Madrid's fire brigade by month and district, and per day."""
    raw = pd.read_csv(source / "messy/madrid_ActuacionesBomberos_2020.csv", sep=";", encoding="utf-8-sig")
    raw = raw.dropna(subset=["MES"])
    number = raw["MES"].str.lower().map({name: at for at, name in enumerate(MONTHS, 1)})
    days = pd.to_datetime({"year": raw["AÑO"], "month": number, "day": 1}).dt.days_in_month
    return pd.DataFrame(
        {
            "Mes": raw["AÑO"].astype(str) + number.map("-{:02d}".format),
            "Distrito": raw["DISTRITO"],
            "Total": raw["TOTAL"].astype(int),
            "Fuegos": raw["FUEGOS"].astype(int),
            "Salvamentos y rescates": raw["SALVAMENTOS Y RESCATES"].astype(int),
            "Daños por agua o en construcción": (raw["DAÑOS POR AGUA"] + raw["DAÑOS EN CONSTRUCCION"]).astype(
                int
            ),
            "Promedio diario": (raw["TOTAL"] / days).round(2),
        }
    ).sort_values(["Mes", "Distrito"])


def madrid_bicycles(source: Path) -> pd.DataFrame:
    """Accidents with bicycles in Madrid and the people in them, by month, district and kind."""
    raw = pd.read_csv(source / "messy/madrid_AccidentesBicicletas_2020.csv", sep=";", encoding="latin-1")
    raw["Mes"] = raw["FECHA"].str.replace(r"\d+/(\d+)/(\d+)", r"\2-\1", regex=True)
    named = raw.rename(columns={"DISTRITO": "Distrito", "TIPO ACCIDENTE": "Tipo de accidente"})
    groups = named.groupby(["Mes", "Distrito", "Tipo de accidente"])["Nº  EXPEDIENTE"]
    return groups.agg(Accidentes="nunique", Personas="count").reset_index()


def newcastle(source: Path) -> pd.DataFrame:
    """Invoices over £250 paid in June 2015 by day, directorate and kind of spending."""
    raw = pd.read_csv(source / "messy/uk_newcastle_invoices_june_2015.csv", header=2)
    serial = pd.to_numeric(raw["Paid Date"], errors="coerce")
    day = pd.to_datetime(serial, unit="D", origin="1899-12-30").fillna(
        pd.to_datetime(raw["Paid Date"].where(serial.isna()), format="%d/%m/%Y")
    )
    named = raw.assign(**{"Date paid": day}).rename(columns={"Cap/Rev": "Type"})
    groups = named.groupby(["Date paid", "Directorate", "Type"])["Total"]
    table = groups.agg(["count", "sum"]).round(2).reset_index()
    table = table.rename(columns={"count": "Invoices", "sum": "Total (GBP)"})
    return table.assign(**{"Date paid": table["Date paid"].dt.strftime("%d/%m/%Y")})


def chattanooga(source: Path) -> pd.DataFrame:
    """Access points of the rivers around Chattanooga, placed to about 100 m, without contact details."""
    text = (source / "geo/chattanooga_blueways.kml").read_text(encoding="utf-8")
    rows = [
        _access_point(name.strip(), body)
        for name, inside in re.findall(r"<Folder>\s*<name>(.*?)</name>(.*?)</Folder>", text, re.DOTALL)
        for body in PLACEMARK.findall(inside)
    ]
    return pd.DataFrame(rows).sort_values(["waterway", "name", "latitude"])


def _access_point(kind: str, body: str) -> dict[str, object]:
    said = {name: value.strip() for name, value in DATA.findall(body)}
    where = re.search(r"<coordinates>\s*([-\d.]+),([-\d.]+)", body)
    name = re.search(r"<name>(.*?)</name>", body, re.DOTALL)
    assert where
    assert name
    return {
        "name": re.sub(r"<!\[CDATA\[|\]\]>", "", name[1]).strip().replace("&amp;", "&"),
        "kind": kind,
        "waterway": said.get("Waterway", ""),
        "state": STATES.get(said.get("City, State", "")[-4:], ""),
        "latitude": round(float(where[2]), 3),
        "longitude": round(float(where[1]), 3),
    }
