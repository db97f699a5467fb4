"""Every kind of block has an example that is read, shown, asked of its charts and found complete."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image as Pixels

from builder.chart import Links
from stories import edit
from stories.blocks import block_html
from stories.check import blocking, problems
from stories.embeds import frame_address
from stories.facts import filled
from stories.images import Images, files_of
from stories.story import WRITTEN, Embed, Image, Step, Steps, Story, pictured, read_story
from tests.stories.drawings import SCHOOLS, bars
from web.values import Refused

EXAMPLES = Path(__file__).parents[1] / "examples"
KINDS = sorted(set(WRITTEN) - {"step"})
HOSTS = ("player.vimeo.com",)


def example(kind):
    return json.loads((EXAMPLES / f"blocks/{kind}.json").read_text("utf-8"))


def whole():
    return read_story({"title": "T", "lead": "L", "byline": "B", "blocks": [example(kind) for kind in KINDS]})


def drawings(story):
    return {part.id: SCHOOLS for part in pictured(story)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_block_is_shown(kind):
    story = read_story({"blocks": [example(kind), example("chart") | {"id": "c2"}]})
    shown = filled(story, drawings(story)).blocks[0]
    html = block_html(shown, drawings(story), lambda _: Links(), "es")
    assert html.strip()
    assert "{" not in html


def test_a_story_of_every_block_can_be_published():
    story = whole()
    assert blocking(problems(story, drawings(story), hosts=HOSTS)) == ()


@pytest.mark.parametrize("path", sorted((EXAMPLES / "old").glob("*.json")), ids=lambda path: path.stem)
def test_stories_of_before_open(path):
    story = read_story(json.loads(path.read_text("utf-8")))
    assert story.title
    assert {block.kind for block in story.blocks} == {
        "heading",
        "text",
        "chart",
        "quote",
        "number",
        "divider",
    }


def test_a_step_speaks_of_its_own_view():
    few = bars({"Iztapalapa": 7})
    steps = Steps(
        id="s",
        steps=(
            Step(id="a", spec=SCHOOLS.spec, markdown="{total}"),
            Step(id="b", spec=few.spec, markdown="{total}"),
        ),
    )
    told = filled(Story(blocks=(steps,)), {"a": SCHOOLS, "b": few}).blocks[0]
    assert [step.markdown for step in told.steps] == ["100", "7"]


def test_steps_are_added_moved_and_removed():
    story = Story(blocks=(Steps(id="s", steps=(Step(id="a", spec=SCHOOLS.spec, markdown="uno"),)),))
    more = edit.add_step(story, "a", "b")
    assert [(step.id, step.markdown) for step in more.blocks[0].steps] == [("a", "uno"), ("b", "")]
    assert [step.id for step in edit.move_step(more, "b", -1).blocks[0].steps] == ["b", "a"]
    assert [step.id for step in edit.remove(more, "a").blocks[0].steps] == ["b"]
    assert edit.remove(story, "a") == story
    copied = edit.duplicate(more, "s", "z").blocks[1]
    assert {step.id for step in copied.steps}.isdisjoint({"a", "b"})


def test_steps_of_the_same_view_have_ids_of_their_own():
    story = edit.add_step(Story(blocks=(Steps(id="s", steps=(Step(id="a", spec=SCHOOLS.spec),)),)), "a", "b")
    html = block_html(story.blocks[0], drawings(story), lambda _: Links(), "es")
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("written", "framed"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org/a", ""),
        ("javascript:alert(1)", ""),
        ("https://www.youtube.com/watch?v=\"><script>", ""),
    ],
)  # fmt: skip
def test_addresses_of_videos_become_those_of_their_players(written, framed):
    assert frame_address(written) == framed


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "https://player.vimeo.com.evil.example/", "nothing"]
)
def test_pages_of_hosts_that_are_not_allowed_forbid_publishing(url):
    story = whole().model_copy(update={"blocks": (Embed(id="e", url=url, title="x"),)})
    assert "story_embed_refused" in {one.code for one in blocking(problems(story, {}, hosts=HOSTS))}


def picture(form, size=(1000, 500), **saved):
    file = io.BytesIO()
    Pixels.new("RGB", size, "teal").save(file, form, **saved)
    return file.getvalue()


def test_a_picture_is_written_anew_in_sizes_without_what_it_told(tmp_path):
    exif = Pixels.Exif()
    exif[0x010F], exif[0x0112] = "canary camera", 6
    kept = Images(tmp_path).keep(picture("JPEG", exif=exif))
    assert (kept.width, kept.height) == (500, 1000), "turned as the camera was held"
    block = Image(id="i", **kept.model_dump())
    assert [name.split("-")[1] for name in files_of(block)] == ["480.webp", "500.webp"]
    for name in files_of(block):
        content = Images(tmp_path).file(name)
        assert b"canary" not in content
        with Pixels.open(io.BytesIO(content)) as opened:
            assert opened.format == "WEBP"
            assert not opened.getexif()
    assert Images(tmp_path).has(block)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files_of(block))


@pytest.mark.parametrize(
    "sent", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"x" * 20_000_000]
)
def test_what_is_no_picture_is_refused(tmp_path, sent):
    with pytest.raises(Refused) as refused:
        Images(tmp_path).keep(sent)
    assert refused.value.problem.code in ("image_unreadable", "image_large")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../stories.db", "0123456789abcdef-1.webp", "x.webp"])
def test_only_pictures_are_read(tmp_path, name):
    with pytest.raises(Refused, match="image_unknown"):
        Images(tmp_path).file(name)
