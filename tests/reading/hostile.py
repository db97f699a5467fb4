"""Mutate good files and write hostile ones; every one must end as a table or a clear refusal.

``python -m tests.reading.hostile 1000 --seed 1`` reads each in a fork with limits and prints
what crashed, hung, or lost rows.
"""

import argparse
import gzip
import io
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from catalog.child import held
from catalog.reading import read_here
from web.values import Refused

SECONDS = 20
MEMORY = 2 * 2**30


def csv_of(rows: int, rng: random.Random) -> bytes:
    lines = ["id,fecha,alcaldía,monto,texto"]
    for at in range(rows):
        lines.append(
            f'{at},{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/2021,Tlalpan,"{rng.randint(0, 99999):,}.50","a ""b"" c"'
        )
    return "\n".join(lines).encode()


def originals(rng: random.Random) -> dict[str, bytes]:
    """Return one good file of each kind."""
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = csv_of(60, rng)
    book = openpyxl.Workbook()
    for line in text.decode().splitlines():
        book.active.append(line.split(","))
    sheet, parquet, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    book.save(sheet)
    pq.write_table(pa.table({"a": list(range(50)), "b": ["x"] * 50}), parquet)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datos.csv", text)
    records = [{"a": n, "b": {"c": "x"}, "d": [1, 2]} for n in range(40)]
    features = [
        {
            "type": "Feature",
            "properties": {"n": n},
            "geometry": {"type": "Point", "coordinates": [-99.1, 19.4]},
        }
        for n in range(30)
    ]
    return {
        "csv": text, "latin": text.decode().encode("latin-1"), "utf16": text.decode().encode("utf-16"),
        "xlsx": sheet.getvalue(), "parquet": parquet.getvalue(), "zip": packed.getvalue(), "gz": gzip.compress(text),
        "json": json.dumps(records).encode(), "geojson": json.dumps({"type": "FeatureCollection", "features": features}).encode(),
        "lines": "\n".join(json.dumps(one) for one in records).encode(),
        "html": b"<table><tr><th>a<th>b</tr>" + b"<tr><td>1<td>2</tr>" * 20 + b"</table>",
        "xml": b"<?xml version='1.0'?><r>" + b"<i><a>1</a><b>2</b></i>" * 20 + b"</r>",
        "kml": b"<?xml version='1.0'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>" + b"<Placemark><name>a</name><Point><coordinates>-99,19</coordinates></Point></Placemark>" * 9 + b"</Document></kml>",
    }  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return the bytes with one to twenty random wounds."""
    wounded = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at, n = rng.randrange(len(wounded) or 1), rng.choice((1, 1, 4, 40))
        wound = rng.randrange(6)
        if wound == 0:
            wounded[at : at + n] = rng.randbytes(n)
        elif wound == 1:
            del wounded[at : at + n]
        elif wound == 2:
            wounded[at:at] = rng.choice(
                (b'"', b"\x00", b"\n", b",", b"\xff\xfe", b"'", b"{", b"<", b"\r", b";;;;", b"\xe2\x80")
            )
        elif wound == 3:
            wounded[at:at] = wounded[at : at + 500] * 3
        elif wound == 4:
            wounded = wounded[: max(1, at)]
        else:
            wounded[at : at + 1] = (
                bytes([wounded[at] ^ (1 << rng.randrange(8))]) if at < len(wounded) else b""
            )
        if not wounded:
            break
    return bytes(wounded)


def hostile(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield files made to hurt a reader."""
    yield "columns", b",".join(b"c%d" % n for n in range(100_000)) + b"\n1,2\n"
    yield "one line", b"x" * 30_000_000
    yield "open quote", b'a,b\n1,"' + b"x,y\n" * 500_000
    yield "nuls", b"\x00" * 5_000_000
    yield "some nuls", b"a,b\n1,\x002\n" * 1000
    yield "random", rng.randbytes(2_000_000)
    yield "newlines", b"\n" * 20_000_000
    yield "commas", b"," * 5_000_000
    yield "quotes", b'"' * 3_000_000
    yield "carriage returns", b"a,b\r" * 300_000
    yield "ragged", b"\n".join(b",".join([b"1"] * rng.randint(1, 200)) for _ in range(3000))
    yield "same names", b"a,A,a,constructor,__proto__,@t{safe},$x\n" + b"1,2,3,4,5,6,7\n" * 9
    yield "huge number", b"a,b\n" + b"9" * 1_000_000 + b",1\n2,3\n"
    yield "impossible dates", b"fecha,b\n" + b"31/02/2020,1\n99/99/9999,2\n0000-00-00,3\n" * 9
    yield "bom html", b"\xef\xbb\xbf<!doctype html><html><body>x</body></html>"
    yield "deep json", b"[" * 200_000
    yield "keys", json.dumps([{f"k{n}": 1 for n in range(20_000)}]).encode()
    yield "nan json", b'[{"a": NaN, "b": Infinity}, {"a": 1, "b": -Infinity}]'
    yield "cut json", b'[{"a": 1}, {"a": 2'
    yield "gz bomb", gzip.compress(b"1,2,3\n" * 30_000_000, 6)
    yield "gz nuls", gzip.compress(b"\x00" * 200_000_000)
    yield from _zips()
    yield from _sheets()
    yield (
        "self-crossing",
        _feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}),
    )
    yield (
        "nan ring",
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,NaN]}}]}',
    )
    yield "open ring", _feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]})
    nested: dict[str, object] = {"type": "Point", "coordinates": [0, 0]}
    for _ in range(400):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    yield "nested geometry", _feature(nested)
    yield (
        "laughs",
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l><i><x>&b;</x></i><i><x>&b;</x></i></l>',
    )


def _feature(geometry: dict[str, object]) -> bytes:
    one = {"type": "Feature", "properties": {"a": 1}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [one, one]}).encode()


def _zips() -> Iterator[tuple[str, bytes]]:
    def packed(**files: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name.replace("__", "/"), data)
        return out.getvalue()

    yield "zip slip", packed(**{"../../evil.csv": b"a,b\n1,2\n", "/abs.csv": b"a,b\n1,2\n"})
    yield "zip bomb", packed(a=b"0" * 400_000_000)
    yield "zip entries", packed(**{f"f{n}.csv": b"a,b\n1,2\n" for n in range(2000)})
    inner = b"a,b\n1,2\n"
    for _ in range(6):
        inner = packed(a=inner)
    yield "zip in zip", inner


def _sheets() -> Iterator[tuple[str, bytes]]:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    out = io.BytesIO()
    book.save(out)
    yield "far cell", out.getvalue()
    yield "ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000


def outcome(data: bytes) -> str:
    """Read bytes in a fork of this process: 'table', the code of the refusal, or how it died."""
    with tempfile.TemporaryDirectory() as work:
        path, told = Path(work, "file"), Path(work, "told")
        path.write_bytes(data)
        child = os.fork()
        if not child:
            _in_fork(path, work, told)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return told.read_text() if told.exists() else f"died {status}"
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "hang"


def _in_fork(path: Path, work: str, told: Path) -> None:
    memory = MEMORY + held()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        read_here(str(path), work, None, None, {}, lambda *progress: None)
        told.write_text("table")
    except Refused as refusal:
        told.write_text(refusal.problem.code)
    except MemoryError:
        told.write_text("memory")
    except BaseException as error:
        told.write_text(f"crash {type(error).__name__}: {error}"[:300])
    os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    good = originals(rng)
    files = [
        *hostile(rng),
        *((kind, mutated(good[kind], rng)) for kind in rng.choices(sorted(good), k=chosen.count)),
    ]
    seen: Counter[str] = Counter()
    bad = 0
    for at, (name, data) in enumerate(files):
        started = time.monotonic()
        result = outcome(data)
        seconds = time.monotonic() - started
        seen[result.split(" ")[0]] += 1
        if result.startswith(("crash", "hang", "died")) or seconds > 10:
            bad += 1
            print(f"{at} {name}: {result} ({seconds:.1f} s)", flush=True)
    print(dict(seen.most_common()))
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
