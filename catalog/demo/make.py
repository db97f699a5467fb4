"""Derive the demo portal from the source files: ``python -m catalog.demo.make --source FOLDER``."""

import argparse
import json
import os
import tomllib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.demo import DUMP, FILES, abroad, city, synthetic, transport
from catalog.demo.formats import write_csv, write_json, write_xlsx
from catalog.demo.shapes import write_pack
from catalog.places import PACKS

ABOUT = Path(__file__).parent / "datasets.toml"
SPACE = uuid.UUID("5b0c8e6e-6d0f-4d0c-9a53-0d6c1f0e7a11")
MIMETYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gz": "application/gzip",
    "zip": "application/zip",
}
POPULATION_ABOVE = (
    "Población, superficie y densidad de las alcaldías de la Ciudad de México, 2020",
    "Fuente: INEGI, Censo de Población y Vivienda 2020 y Marco Geoestadístico",
)
NEWCASTLE_ABOVE = ("Newcastle City Council: invoices over £250 paid in June 2015,,,,", ",,,,")

Writer = Callable[[Path, Path], None]
WRITERS: dict[str, Writer] = {
    "afluencia_metrobus_mensual.csv": lambda s, to: write_csv(transport.metrobus_monthly(s), to),
    "afluencia_metrobus_diaria.csv.gz": lambda s, to: write_csv(transport.metrobus_daily(s), to),
    "afluencia_metrobus_diccionario.csv": lambda s, to: write_csv(transport.metrobus_dictionary(s), to),
    "poblacion_alcaldias_2020.xlsx": lambda s, to: write_xlsx(
        {"Población 2020": city.population(s)}, to, above=POPULATION_ABOVE
    ),
    "alcaldias.geojson": city.write_boroughs,
    "estaciones_metro.geojson": transport.write_metro,
    "estaciones_ecobici.json": lambda s, to: write_json(transport.ecobici(s), to),
    "escuelas_privadas_nivel.csv": lambda s, to: write_csv(city.schools_by_level(s), to),
    "escuelas_privadas_alcaldia.csv": lambda s, to: write_csv(city.schools_by_borough(s), to),
    "escuelas_privadas_ubicacion.csv": lambda s, to: write_csv(city.schools(s), to),
    "ingresos_parquimetros.zip": lambda s, to: write_csv(transport.parking(s), to),
    "hospitalizados_covid.csv": lambda s, to: write_csv(city.hospitalised(s), to, encoding="utf-8-sig"),
    "conteo_ciclistas.tsv": lambda s, to: write_csv(transport.cyclists(s), to, separator="\t"),
    "ciclovias.xlsx": lambda s, to: write_xlsx(transport.cycleways(s), to),
    "fotocivicas.csv": lambda s, to: write_csv(transport.speed_cameras(s), to, encoding="latin-1"),
    "bomberos_madrid_2020.csv": lambda s, to: write_csv(
        abroad.madrid_fire(s), to, separator=";", decimal=",", encoding="latin-1"
    ),
    "accidentes_bici_madrid_2020.csv": lambda s, to: write_csv(
        abroad.madrid_bicycles(s), to, separator=";", encoding="utf-8-sig"
    ),
    "newcastle_payments_june_2015.csv": lambda s, to: write_csv(
        abroad.newcastle(s), to, above=NEWCASTLE_ABOVE
    ),
    "chattanooga_blueways.csv": lambda s, to: write_csv(abroad.chattanooga(s), to),
    "incidentes_sinteticos.csv.gz": lambda s, to: write_csv(synthetic.incidents(s), to),
}


def make(source: Path) -> None:
    """Write every file of the demo portal, the dump that lists them, and the outlines of the pack."""
    FILES.mkdir(exist_ok=True)
    for name, write in WRITERS.items():
        write(source, FILES / name)
    write_pack(source, PACKS / "cdmx" / "outlines.geojson")
    DUMP.write_text("".join(f"{json.dumps(p, ensure_ascii=False)}\n" for p in packages()), encoding="utf-8")


def packages() -> list[dict[str, Any]]:
    """Return the datasets as CKAN answers them, from ``datasets.toml`` and the files that are there."""
    about = tomllib.loads(ABOUT.read_text(encoding="utf-8"))
    return [_package(dataset, about) for dataset in about["datasets"]]


def _package(said: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    publisher, described = about["publishers"][said["publisher"]]
    license_title, license_url = about["licenses"][said["license"]]
    modified = f"{said['modified']}T12:00:00.000000"
    package_id = _id("package", said["name"])
    resources = [_resource(package_id, modified, at, one) for at, one in enumerate(said["resources"])]
    titles = {"es": said.get("title_es", said["title"]), "en": said["title_en"]}
    return {
        "author": publisher,
        "author_email": "",
        "extras": [
            {"key": "fuente", "value": f"{publisher} {said['source']}".strip()},
            {"key": "frecuencia", "value": said["frequency"]},
            {"key": "elaboracion", "value": "Derivado por Relato; no es copia del archivo original"},
        ],
        "groups": [_group(name, about["groups"][name]) for name in said["groups"]],
        "id": package_id,
        "isopen": True,
        "language": said.get("language", "es"),
        "license_id": said["license"] if said["license"] in ("cc-by", "uk-ogl", "cc-zero") else "other-at",
        "license_title": license_title,
        "license_url": license_url,
        "maintainer": "Relato (portal de demostración)",
        "maintainer_email": "",
        "metadata_created": modified,
        "metadata_modified": modified,
        "name": said["name"],
        "notes": said["notes"].strip(),
        "num_resources": len(resources),
        "num_tags": len(said["tags"]),
        "organization": _organization(said["publisher"], publisher, described),
        "owner_org": _id("organization", said["publisher"]),
        "private": False,
        "resources": resources,
        "state": "active",
        "tags": [_tag(tag) for tag in said["tags"]],
        "title": said["title"],
        "title_translated": titles,
        "type": "dataset",
        "url": said["source"],
        "version": "",
    }


def _resource(package_id: str, modified: str, position: int, said: dict[str, str]) -> dict[str, Any]:
    file = said["file"]
    return {
        "created": modified,
        "datastore_active": False,
        "description": said.get("description", ""),
        "format": said["format"],
        "hash": "",
        "id": _id("resource", file),
        "last_modified": modified,
        "metadata_modified": modified,
        "mimetype": MIMETYPES[file.rpartition(".")[2]],
        "name": said["name"],
        "package_id": package_id,
        "position": position,
        "size": (FILES / file).stat().st_size,
        "state": "active",
        "url": f"files/{file}",
        "url_type": "upload",
    }


def _organization(name: str, title: str, description: str) -> dict[str, Any]:
    return {
        "approval_status": "approved",
        "description": description,
        "id": _id("organization", name),
        "image_url": "",
        "is_organization": True,
        "name": name,
        "state": "active",
        "title": title,
        "type": "organization",
    }


def _group(name: str, title: str) -> dict[str, str]:
    return {
        "description": "",
        "display_name": title,
        "id": _id("group", name),
        "image_display_url": "",
        "name": name,
        "title": title,
    }


def _tag(label: str) -> dict[str, str | None]:
    return {
        "display_name": label,
        "id": _id("tag", label),
        "name": label,
        "state": "active",
        "vocabulary_id": None,
    }


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(SPACE, f"{kind}/{name}"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source", type=Path, default=Path(os.environ.get("RELATO_SHARED", "../shared")) / "data"
    )
    make(parser.parse_args().source)
