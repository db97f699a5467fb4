import gzip

import brotli
import pytest

from stories import publish
from stories.release import Release


@pytest.fixture
def release(tmp_path):
    page = b"<p>hola</p>" * 100
    files = {
        "index.html": page,
        "index.html.gz": gzip.compress(page),
        "index.html.br": brotli.compress(page),
        "charts/a.png": b"png",
        "manifest.json": b'{"files": {"index.html": "aa11", "charts/a.png": "bb22"}}',
    }
    publish.point(tmp_path, "agua", publish.put(tmp_path, files))
    return Release.of(tmp_path, "agua")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=1.0", "br"), ("", ""), ("identity", "")],
)
def test_sends_the_smallest_the_reader_takes(release, accepted, encoding):
    found = release.file("index.html", accepted)
    assert found.encoding == encoding
    assert found.etag == (f'"aa11-{encoding}"' if encoding else '"aa11"')
    assert found.path.is_file()


def test_what_pays_not_to_compress_is_sent_as_it_is(release):
    assert release.file("charts/a.png", "br, gzip").encoding == ""


@pytest.mark.parametrize(
    "path", ["../secret", "index.html.gz", "nothing", "charts", "/etc/passwd", "charts/../index.html"]
)
def test_only_what_the_manifest_names_is_there(release, path):
    assert release.file(path, "") is None


def test_an_address_without_a_story_is_none(tmp_path):
    assert Release.of(tmp_path, "agua") is None
    (tmp_path / "folder").mkdir()
    assert Release.of(tmp_path, "folder") is None
