"""Write tables as public portals do; the same table always gives the same bytes."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pandas as pd


def write_csv(
    table: pd.DataFrame,
    path: Path,
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    decimal: str = ".",
    above: tuple[str, ...] = (),
) -> None:
    """Write delimited text, with the lines ``above`` the header; ``.gz`` and ``.zip`` names compress it."""
    text = table.to_csv(index=False, sep=separator, decimal=decimal, lineterminator="\n")
    content = "".join(f"{line}\n" for line in above) + text
    raw = content.encode(encoding)
    if path.suffix == ".gz":
        raw = gzip.compress(raw, 9, mtime=0)
    elif path.suffix == ".zip":
        raw = zipped({f"{path.stem}.csv": raw})
    path.write_bytes(raw)


def write_json(table: pd.DataFrame, path: Path) -> None:
    """Write a list of records, one a line, without the values a record lacks."""
    records = [
        {key: value for key, value in row.items() if pd.notna(value)} for row in table.to_dict("records")
    ]
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def write_xlsx(sheets: dict[str, pd.DataFrame], path: Path, *, above: tuple[str, ...] = ()) -> None:
    """Write one sheet per table, with the lines ``above`` and a blank one before the header."""
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for line in above:
            sheet.append([line])
        if above:
            sheet.append([])
        sheet.append(list(table.columns))
        for row in table.astype(object).itertuples(index=False):
            sheet.append([None if pd.isna(cell) else cell for cell in row])
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as parts:
        path.write_bytes(zipped({n: parts.read(n) for n in parts.namelist() if n != "docProps/core.xml"}))


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP of the members without the time it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()
