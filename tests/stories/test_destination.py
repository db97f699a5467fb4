"""Published stories in a folder elsewhere and in an S3-compatible store."""

import json
import re

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from stories import actions
from stories.destination import Destination
from stories.story import Story, Text
from web.values import Refused


@pytest.fixture(scope="module")
def store():
    """A bucket on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {
            "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("city")
        yield "s3://city/stories"
        server.stop()


def inside(url):
    files, root = fsspec.core.url_to_fs(url)
    return files, root


@pytest.fixture
def elsewhere(house, request, tmp_path):
    """The house, copying to a folder or to the store."""
    url = request.getfixturevalue("store") if request.param == "s3" else str(tmp_path / "copies")
    before = house.stories.destination
    house.stories.destination = Destination(url)
    yield url
    house.stories.destination = before


def publish(house, title, text="uno"):
    carla = house.accounts.by_email("carla@example.org")
    story = Story(title=title, lead="l", byline="c", blocks=(Text(id="t", markdown=text),))
    kept = actions.create(house.stories.database, carla, story)
    return carla, kept, house.stories.publish(carla, kept.id)


@pytest.mark.parametrize("elsewhere", ["folder", "s3"], indirect=True)
def test_editions_are_whole_elsewhere_and_go_away_when_withdrawn(house, elsewhere):
    carla, kept, first = publish(house, f"Copiada {elsewhere[:3]}")
    files, root = inside(elsewhere)
    changed = kept.story.model_copy(update={"lead": "dos"})
    actions.save(house.stories.database, carla, kept.id, changed, 1)
    second = house.stories.publish(carla, kept.id)
    page = files.cat(f"{root}/{first.slug}/index.html").decode()
    assert f'href="../.releases/{second.release}/relato.css' in page
    assert first.release in files.cat(f"{root}/{first.slug}@1/index.html").decode()
    for link in re.findall(r'(?:href|src)="\.\./(\.releases/[^"?#]+)', page):
        assert files.exists(f"{root}/{link}"), link
    manifest = json.loads(files.cat(f"{root}/.releases/{second.release}/manifest.json"))
    assert all(files.exists(f"{root}/.releases/{second.release}/{path}") for path in manifest["files"])
    house.stories.withdraw(carla, kept.id)
    assert not files.exists(f"{root}/{first.slug}/index.html")
    assert not files.exists(f"{root}/{first.slug}@1/index.html")
    assert files.exists(f"{root}/.releases/{first.release}/index.html")


def test_the_store_knows_what_each_file_is(house, store):
    Destination(store).write({"a.svg": b"<svg/>", "index.html": b"x"})
    told = inside(store)[0].call_s3("head_object", Bucket="city", Key="stories/a.svg")
    assert (told["ContentType"], "immutable" in told["CacheControl"]) == ("image/svg+xml", True)


@pytest.mark.parametrize("elsewhere", ["folder"], indirect=True)
def test_a_destination_that_fails_is_told_and_mended_by_writing_again(house, elsewhere, tmp_path):
    (tmp_path / "copies").write_text("a file in the way")
    carla = house.accounts.by_email("carla@example.org")
    with pytest.raises(Refused) as refused:
        publish(house, "Sin copia")
    assert refused.value.problem.code == "story_not_copied"
    live = next(one for one in house.stories.live() if one.slug == "sin-copia")
    (tmp_path / "copies").unlink()
    assert house.stories.rebake(carla, live) == live
    assert (tmp_path / "copies/sin-copia/index.html").exists()
