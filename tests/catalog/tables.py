"""A catalogue with a dump of a few datasets whose small files are really read."""

import json
from pathlib import Path
from typing import Any

from catalog.catalog import Catalog
from tests.catalog.portal import package
from web.settings import Settings

ROBBERIES = "fecha,alcaldía,delito,víctimas\n" + "".join(
    f"2024-0{month}-01,{place},{crime},{number}\n"
    for month in (1, 2, 3)
    for number, (place, crime) in enumerate(
        [("Iztapalapa", "Robo a casa"), ("Coyoacán", "Fraude"), ("Álvaro Obregón", "Robo a negocio")], 1
    )
)
FILES = {
    "delitos.csv": ROBBERIES,
    "escuelas.csv": "school,pupils\nNorth,120\nSouth,80\nEast,95\n",
    "roto.csv": "<!doctype html><html><title>No encontrado</title></html>",
}


def resource(identity: str, url: str, **fields: Any) -> dict[str, Any]:
    return {"id": identity, "name": url, "format": "CSV", "url": url, **fields}


PACKAGES = [
    package(
        1,
        name="delitos",
        title="Carpetas de investigación",
        notes="Denuncias de la *fiscalía*. <script>alert(1)</script> [mal](javascript:alert(1))",
        organization={"name": "fgj", "title": "Fiscalía General de Justicia"},
        groups=[{"name": "seguridad", "title": "Seguridad"}],
        tags=[{"name": "delitos"}],
        resources=[resource("r-delitos", "files/delitos.csv"), resource("r-roto", "files/roto.csv"), resource("r-pdf", "files/x.pdf", format="PDF")],
    ),
    package(
        2,
        name="escuelas",
        title={"en": "Schools of the city", "es": "Escuelas de la ciudad"},
        notes="Pupils by school.",
        organization={"name": "sep", "title": "Educación"},
        groups=[{"name": "educacion", "title": "Educación"}],
        tags=[],
        license_id="cc-zero",
        license_title="CC0",
        resources=[resource("r-escuelas", "files/escuelas.csv")],
    ),
    package(3, name="vacio", title="Población <b>por</b> municipio", organization=None, groups=[], tags=[], resources=[]),
    package(4, name="agua", title="Consumo de agua potable", notes="", tags=[{"name": "agua"}], resources=[]),
]  # fmt: skip


def catalog(folder: Path) -> Catalog:
    """Return a synchronised catalogue of four datasets under a folder."""
    dump = folder / "portal" / "packages.jsonl"
    (dump.parent / "files").mkdir(parents=True)
    dump.write_text("\n".join(json.dumps(package) for package in PACKAGES))
    for name, content in FILES.items():
        (dump.parent / "files" / name).write_text(content)
    known = Catalog(Settings(data=folder / "data", portals=(str(dump),)))
    assert [report.new for report in known.sync()] == [4]
    return known
