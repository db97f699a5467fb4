import re

import pytest

from builder.exports import csv_of
from stories import actions
from stories.story import Story
from stories.today import compare
from tests.stories.drawings import bars
from web import urls
from web.values import Refused, content_hash


@pytest.fixture(scope="module")
def carla(house):
    return house.accounts.by_email("carla@example.org")


@pytest.fixture(scope="module")
def twice(house, carla):
    """A story published twice, then corrected."""
    saved = house.stories.charts.of(carla)[0]
    kept = house.stories.add_chart(carla, None, saved.id, "es")
    story = kept.story.model_copy(update={"title": "Dos veces", "lead": "primera edición"})
    actions.save(house.stories.database, carla, kept.id, story, kept.standing.revision)
    house.stories.publish(carla, kept.id)
    changed = story.model_copy(update={"lead": "segunda edición"})
    actions.save(house.stories.database, carla, kept.id, changed, kept.standing.revision + 1)
    return house.stories.publish(carla, kept.id)


def test_each_edition_keeps_its_own_address(house, twice):
    ask = house.visitor().ask
    newest, first = ask("/stories/dos-veces/").text, ask("/stories/dos-veces@1/").text
    assert "segunda edición" in newest
    assert "primera edición" in first
    assert 'href="../dos-veces@1/"' in newest
    assert 'href="../dos-veces/"' in first
    assert ask("/stories/dos-veces@2/").text == newest
    assert ask("/stories/dos-veces@3/").status == 404


def test_a_correction_is_told_on_the_story_and_makes_no_new_edition(house, carla, twice):
    live = house.stories.correct(carla, twice.story, "El total estaba <mal> sumado.")
    assert live.edition == 2
    page = house.visitor().ask("/stories/dos-veces/").text
    assert "El total estaba &lt;mal&gt; sumado." in page
    assert "mal" not in house.visitor().ask("/stories/dos-veces@1/").text.split("<main")[1].split("</main")[0]
    with pytest.raises(Refused):
        house.stories.correct(carla, twice.story, " ")
    with pytest.raises(Refused):
        house.stories.correct(house.accounts.by_email("beto@example.org"), twice.story, "mío")


def test_written_again_the_same_story_has_the_same_bytes(house, carla, twice):
    live = house.stories.live_of(twice.story)
    assert house.stories.rebake(carla, live) == live


def test_embeds_open_to_every_site_and_pages_to_none(house, twice):
    page = house.visitor().ask("/stories/dos-veces/")
    chart = re.search(r"charts/[0-9a-f]+\.html", page.text)[0]
    for path in ("embed.html", chart):
        answer = house.visitor().ask(f"/stories/dos-veces/{path}")
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert 'href="../../' in answer.text or path == "embed.html"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_a_published_chart_stands_beside_the_same_chart_of_today(house, twice):
    release = house.visitor().ask("/stories/dos-veces/story.json").body
    spec = Story.model_validate_json(release).blocks[0].spec
    path = urls.today("dos-veces", content_hash(spec))
    assert path in house.visitor().ask("/stories/dos-veces/").text
    page = house.visitor().ask(path).text
    assert "Los datos siguen siendo los de la publicación." in page
    assert house.visitor().ask(urls.today("dos-veces", "0" * 16)).status == 404
    assert "<html" not in house.visitor().ask(f"{path}?part=now").text


def test_what_differs_since_publication_is_marked():
    published = bars({"Iztapalapa": 60, "Milpa Alta": 10, "Tlalpan": 5})
    found = compare(csv_of(published), bars({"Iztapalapa": 66, "Milpa Alta": 10, "Coyoacán": 7}))
    told = [(line.group[0], line.was, line.now, line.kind, line.difference) for line in found.lines]
    assert told == [
        ("Iztapalapa", ("60",), ("66",), "changed", "+6"),
        ("Milpa Alta", ("10",), ("10",), "same", ""),
        ("Coyoacán", (), ("7",), "new", ""),
        ("Tlalpan", ("5",), (), "gone", ""),
    ]


def test_withdrawing_takes_every_edition_away(house, carla, twice):
    house.stories.withdraw(carla, twice.story)
    for address in ("dos-veces", "dos-veces@1", "dos-veces@2"):
        assert house.visitor().ask(f"/stories/{address}/").status == 404
    assert len({one.edition for one in house.stories.editions(twice.story)}) == 2
