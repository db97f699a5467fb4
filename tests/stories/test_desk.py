"""The desk: approving what was read, notes on blocks, the front page, collections, figures, the log."""

import re

import pytest

from stories import actions
from stories.edit import insert
from stories.front import Front
from stories.story import Story, Text
from web import urls
from web.audit import Audit
from web.counts import Counts

DAY = "2000-01-01"


@pytest.fixture(scope="module")
def carla(house):
    return house.visitor("carla")


def send(visitor, path, **fields):
    token = re.search(r'name="_xsrf" value="([^"]+)"', visitor.ask("/desk/collections").text)[1]
    return visitor.post(path, _xsrf=token, **fields)


def submitted(house, title):
    ana = house.accounts.by_email("ana@example.org")
    blocks = (Text(id="t1", markdown="Un texto [roto](/datasets/no-hay) y [bueno](https://example.org)"),)
    kept = actions.create(
        house.stories.database, ana, Story(title=title, lead="l", byline="Ana", blocks=blocks)
    )
    actions.submit(house.stories.database, ana, kept.id)
    return ana, kept


@pytest.fixture(scope="module")
def published(house, carla):
    _, kept = submitted(house, "Para la portada")
    seen = house.stories.revision(kept.id, 1).hash
    assert send(carla, urls.review(kept.id), decision="approve", hash=seen).status == 302
    return kept


def test_only_what_the_curator_read_is_approved(house, carla):
    ana, kept = submitted(house, "Cambiada mientras tanto")
    seen = house.stories.revision(kept.id, 1).hash
    actions.save(house.stories.database, ana, kept.id, insert(kept.story, Text(id="t2", markdown="más")), 1)
    actions.submit(house.stories.database, ana, kept.id)
    assert send(carla, urls.review(kept.id), decision="approve", hash=seen).status == 409
    assert house.stories.live_of(kept.id) is None


def test_checks_lead_to_their_place(house, carla):
    _, kept = submitted(house, "Con un enlace roto")
    page = carla.ask(urls.review(kept.id)).text
    assert "/datasets/no-hay" in page
    assert "example.org no" not in page
    assert f'href="{urls.editor(kept.id, block="t1").replace("&", "&amp;")}"' in page


def test_notes_on_blocks_reach_the_author(house, carla):
    _, kept = submitted(house, "Con notas")
    assert send(carla, urls.review(kept.id), decision="return").status == 400
    fields = {"decision": "return", "note": "casi", "note-t1": "falta la fuente"}
    assert send(carla, urls.review(kept.id), **fields).status == 302
    note = house.stories.events(kept.id)[-1].note
    assert note.startswith("casi\n1. Un texto")
    assert note.endswith("falta la fuente")


def test_a_story_approved_is_official_and_one_of_an_author_is_of_the_community(house, published):
    assert house.stories.live_of(published.id).card.badge == "official"
    assert "Oficial" in house.visitor().ask("/stories/para-la-portada/").text
    assert house.stories._badge(house.accounts.by_email("ana@example.org"), "publish") == "community"


def test_the_front_page_shows_the_featured_first_until_their_day(house, carla, published):
    send(carla, "/desk/front", story=published.id, change="add", until="2999-12-31")
    home = house.visitor().ask("/").text
    assert home.index("/stories/para-la-portada/") < home.index("/stories/donde-estan")
    send(carla, "/desk/front", story=published.id, change="until", until=DAY)
    front = Front(house.stories, Audit(house.stories.database))
    assert front.features() == []
    assert front.feature_of(published.id).until == DAY
    assert send(carla, "/desk/front", story=published.id, change="until", until="mañana").status == 400
    send(carla, "/desk/front", story=published.id, change="off")
    assert front.every_feature() == []


def test_featured_stories_change_places(house, carla, published):
    front = Front(house.stories, Audit(house.stories.database))
    other = next(one.story for one in house.stories.live() if one.story != published.id)
    for story in (published.id, other):
        send(carla, "/desk/front", story=story, change="add")
    order = lambda: [one.edition.story for one in front.features()]  # noqa: E731
    assert order() == [published.id, other]
    send(carla, "/desk/front", story=other, change="up")
    assert order() == [other, published.id]
    for story in (published.id, other):
        send(carla, "/desk/front", story=story, change="off")


def test_a_collection_has_a_page_and_its_stories_in_order(house, carla, published):
    assert send(carla, "/desk/collections", title=" ").status == 400
    send(carla, "/desk/collections", title="Agua y escuelas", lead="Dos temas", story=published.id)
    page = house.visitor().ask("/collections/agua-y-escuelas").text
    assert "Para la portada" in page
    assert "/collections/agua-y-escuelas" in house.visitor().ask("/stories").text
    assert "/collections/agua-y-escuelas" in house.visitor().ask("/sitemap.xml").text
    send(carla, "/desk/collections", slug="agua-y-escuelas", change="drop")
    assert house.visitor().ask("/collections/agua-y-escuelas").status == 404


def test_the_gallery_keeps_the_stories_of_a_theme(house):
    schools = next(one for one in house.stories.live() if one.slug.startswith("donde-estan"))
    assert schools.card.datasets == ("escuelas-privadas",)
    theme = schools.card.themes[0]
    assert schools.slug in house.visitor().ask(urls.theme(theme)).text
    assert "story-card" not in house.visitor().ask(urls.theme("no-hay")).text


def test_opens_shares_and_downloads_are_counted_without_anybody(house, carla, published):
    reader = house.visitor()
    slug = next(one.slug for one in house.stories.live() if one.slug.startswith("donde-estan"))
    page = reader.ask(f"/stories/{slug}/").text
    reader.ask(f"/stories/{slug}/" + re.search(r'href="(charts/[0-9a-f]+\.csv)"', page)[1])
    shared = reader.ask("/api/count", "POST", f'{{"what": "share", "path": "/stories/{slug}/"}}')
    assert shared.status == 204
    assert reader.ask("/api/count", "POST", '{"what": "share", "path": "/stories/no-hay/"}').status == 204
    assert reader.ask("/api/count", "POST", "[]").status == 400
    figures = carla.ask("/desk/figures").text
    counts = Counts(house.stories.database)
    assert counts.by_about("download", DAY) == {"escuelas-privadas": 1}
    assert counts.by_about("share", DAY) == {slug: 1}
    assert counts.by_about("open", DAY)[slug] >= 1
    assert "escuelas-privadas" in figures


def test_the_log_tells_who_did_what(house, carla, published):
    send(carla, urls.review(published.id), decision="correct", note="Un número estaba mal.")
    log = carla.ask("/desk/log").text
    for told in ("Un número estaba mal.", "Aprobada y publicada", "Carla", "Mostró primero"):
        assert told in log
    assert "Un número estaba mal." in house.visitor().ask("/stories/para-la-portada/").text
