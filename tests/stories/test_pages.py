import json
import re
from xml.etree import ElementTree

import pytest

from stories import actions
from stories.edit import insert
from stories.story import Story, Text
from web import urls


@pytest.fixture(scope="module")
def slug(house):
    return house.stories.live()[-1].slug


def test_home_leads_to_search_stories_themes_and_data(house, slug):
    home = house.visitor().ask("/").text
    assert 'action="/search"' in home
    assert f'href="{urls.story(slug)}"' in home
    assert "Movilidad" in home
    assert 'href="/datasets/afluencia-metrobus"' in home
    assert "What do the city" in house.visitor().ask("/?lang=en").text


def test_a_published_story_is_a_file_with_the_right_headers(house, slug):
    answer = house.visitor().ask(urls.story(slug), Accept_Encoding="gzip, br")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert answer.cookies == []
    etag = answer.headers["Etag"]
    again = house.visitor().ask(urls.story(slug), Accept_Encoding="gzip, br", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    signed_in = house.visitor("ana").ask(f"{urls.story(slug)}?lang=en")
    assert (signed_in.cookies, signed_in.headers["Cache-Control"]) == ([], "no-cache")
    plain = house.visitor().ask(urls.story(slug))
    assert "<h1>Dónde están las escuelas privadas" in plain.text
    fixed = house.visitor().ask(f"{urls.story(slug)}chart.css?v=1")
    assert "immutable" in fixed.headers["Cache-Control"]


def test_the_address_without_a_slash_leads_to_the_story(house, slug):
    answer = house.visitor().ask(f"/stories/{slug}")
    assert (answer.status, answer.headers["Location"]) == (301, urls.story(slug))


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "../stories.db",
        ".releases/x",
        "{slug}/../../stories.db",
        "{slug}/%2e%2e/%2e%2e/stories.db",
        "{slug}/index.html.gz",
        "{slug}//etc/passwd",
    ],
)
def test_nothing_else_can_be_had_from_the_folder(house, slug, path):
    answer = house.visitor().ask("/stories/" + path.format(slug=slug))
    assert answer.status == 404
    assert b"SQLite" not in answer.body


@pytest.mark.parametrize("path", ["/studio", "/studio/add?chart=x", "/studio/preview/ab/1/", "/desk"])
def test_the_studio_asks_who_is_there(house, path):
    answer = house.visitor().ask(path)
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_an_author_sees_their_own_and_not_the_desk(house):
    assert "Mis historias" in house.visitor("ana").ask("/studio").text
    assert house.visitor("ana").ask("/desk").status == 403


def test_a_chart_is_added_to_a_new_story_and_to_an_old_one(house):
    ana, chart = (
        house.visitor("beto"),
        house.stories.charts.of(house.accounts.by_email("carla@example.org"))[0],
    )
    form = ana.ask(f"/studio/add?chart={chart.id}").text
    token = re.search(r'name="_xsrf" value="([^"]+)"', form)[1]
    first = ana.post("/studio/add", _xsrf=token, chart=chart.id, story="")
    story_id = re.search(r"id=([0-9a-f]+)", first.headers["Location"])[1]
    ana.post("/studio/add", _xsrf=token, chart=chart.id, story=story_id)
    kept = house.stories.find(story_id)
    assert [block.origin for block in kept.story.blocks] == [chart.id, chart.id]
    assert kept.story.blocks[0].spec.table
    assert ana.post("/studio/add", _xsrf=token, chart="nothing", story="").status == 404
    stranger = house.visitor("ana")
    token = re.search(r'value="([^"]+)"', stranger.ask(f"/studio/add?chart={chart.id}").text)[1]
    assert stranger.post("/studio/add", _xsrf=token, chart=chart.id, story=story_id).status == 403


def test_forms_without_their_token_change_nothing(house):
    before = len(house.stories.every())
    assert house.visitor("ana").post("/studio/new").status == 403
    assert len(house.stories.every()) == before


def written(house, title="Para aprobar"):
    ana = house.accounts.by_email("ana@example.org")
    story = Story(
        title=title, lead="l", byline="Ana", blocks=(Text(id="t1", markdown="secreto-de-borrador"),)
    )
    return ana, actions.create(house.stories.database, ana, story)


def test_a_draft_is_seen_by_its_author_and_curators_alone(house):
    _, kept = written(house)
    path = urls.preview(kept.id, 1)
    assert "secreto-de-borrador" in house.visitor("ana").ask(path).text
    assert "secreto-de-borrador" in house.visitor("carla").ask(path).text
    assert house.visitor("beto").ask(path).status == 403
    assert house.visitor("ana").ask(path + "relato.css").headers["Content-Type"].startswith("text/css")
    assert house.visitor("ana").ask(path + "nothing").status == 404
    for public in ("/", "/stories"):
        assert "secreto" not in house.visitor().ask(public).text


def decide(house, kept, **fields):
    carla = house.visitor("carla")
    token = re.search(r'value="([^"]+)"', carla.ask("/desk").text)[1]
    return carla.post(f"/desk/{kept.id}", _xsrf=token, **fields)


def test_the_desk_approves_exactly_what_was_sent(house):
    ana, kept = written(house, "Enviada")
    actions.submit(house.stories.database, ana, kept.id)
    later = insert(kept.story, Text(id="t2", markdown="escrito-después"))
    actions.save(house.stories.database, ana, kept.id, later, 1)
    desk = house.visitor("carla").ask("/desk").text
    assert "Enviada" in desk
    assert urls.review(kept.id) in desk
    assert urls.preview(kept.id, 1) in house.visitor("carla").ask(urls.review(kept.id)).text
    assert decide(house, kept, decision="return", note="").status == 400
    assert decide(house, kept, decision="approve").status == 302
    page = house.visitor().ask("/stories/enviada/").text
    assert "secreto-de-borrador" in page
    assert "escrito-después" not in page
    standing = house.stories.find(kept.id).standing
    assert (standing.state, standing.has_newer_edits) == ("published", True)
    decide(house, kept, decision="withdraw")
    assert house.visitor().ask("/stories/enviada/").status == 404


def test_the_desk_returns_a_story_with_its_note(house):
    ana, kept = written(house, "Devuelta")
    actions.submit(house.stories.database, ana, kept.id)
    assert decide(house, kept, decision="return", note="falta la fuente").status == 302
    assert house.stories.find(kept.id).standing.state == "draft"
    assert decide(house, kept, decision="approve").status == 400


def test_a_story_that_misses_its_title_is_not_published(house):
    ana, kept = written(house, "")
    actions.submit(house.stories.database, ana, kept.id)
    refused = decide(house, kept, decision="approve")
    assert refused.status == 400
    assert "aún no se puede publicar" in refused.text


def test_the_story_is_readable_as_data(house, slug):
    answer = house.visitor().ask(f"{urls.story(slug)}story.json")
    story = Story.model_validate(json.loads(answer.body))
    assert all(block.spec.table for block in story.blocks if block.kind == "chart")


def test_an_earlier_version_comes_back_as_the_newest(house):
    ana, kept = written(house, "Primera")
    actions.save(house.stories.database, ana, kept.id, kept.story.model_copy(update={"title": "Segunda"}), 1)
    path, visitor = urls.history(kept.id), house.visitor("ana")
    page = visitor.ask(path).text
    token = re.search(r'name="_xsrf" value="([^"]+)"', page)[1]
    assert visitor.post(path, _xsrf=token, revision="1").status == 302
    again = house.stories.find(kept.id)
    assert (again.story.title, again.standing.revision) == ("Primera", 3)
    assert [revision.document.title for revision in house.stories.revisions(kept.id)] == [
        "Primera",
        "Segunda",
        "Primera",
    ]
    assert visitor.post(path, _xsrf=token, revision="99").status == 404
    assert house.visitor("beto").ask(path).status == 403


def test_the_gallery_is_searched_without_accents(house):
    gallery = house.visitor()
    assert "Dónde están las escuelas" in gallery.ask("/stories?q=donde+ESTAN").text
    assert "Dónde están las escuelas" not in gallery.ask("/stories?q=agua").text


def test_the_feed_and_the_site_map_name_every_live_story(house, slug):
    feed = house.visitor().ask("/stories.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    tree = ElementTree.fromstring(feed.body)
    names = {"a": "http://www.w3.org/2005/Atom"}
    titles = [title.text for title in tree.findall("a:entry/a:title", names)]
    assert "Dónde están las escuelas privadas de la Ciudad de México" in titles
    links = [link.get("href") for link in tree.findall("a:entry/a:link", names)]
    assert f"http://127.0.0.1:5006{urls.story(slug)}" in links
    site_map = ElementTree.fromstring(house.visitor().ask("/sitemap.xml").body)
    found = [place.text for place in site_map.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"http://127.0.0.1:5006{urls.story(slug)}" in found


def test_a_chart_changed_since_is_told_and_changes_only_when_asked(house):
    carla = house.accounts.by_email("carla@example.org")
    saved = house.stories.charts.of(carla)[0]
    kept = house.stories.add_chart(carla, None, saved.id, "es")
    block = kept.story.blocks[0]
    codes = lambda: {problem.code for problem in house.stories.problems(kept.story)}  # noqa: E731
    assert "story_chart_newer" not in codes()
    changed = saved.spec.model_copy(update={"title": "Otro título"})
    house.stories.charts.save(carla, changed, "Otro título", saved.id)
    assert "story_chart_newer" in codes()
    assert house.stories.find(kept.id).story.blocks[0].spec == saved.spec
    assert house.stories.renewed(block).spec == changed
    stale = block.model_copy(update={"spec": changed.model_copy(update={"table": "0" * 16})})
    newer = [one.code for one in house.stories.problems(kept.story.model_copy(update={"blocks": (stale,)}))]
    assert "story_data_newer" in newer
    assert house.stories.renewed(stale).spec.table == saved.spec.table


def test_a_version_keeps_its_name_and_tells_what_changed_since(house):
    ana = house.visitor("ana")
    account = house.accounts.by_email("ana@example.org")
    kept = house.stories.new(account, "es")
    changed = kept.story.model_copy(update={"title": "Agua"})
    actions.save(house.stories.database, account, kept.id, changed, 1)
    path = f"/studio/history/{kept.id}"
    assert ana.post(path, _xsrf=ana.form_token(), named="1", name="Antes  de la junta").status == 302
    assert "Antes de la junta" in ana.ask(path).text
    assert "<ins>Agua</ins>" in ana.ask(f"{path}/1/2").text
    beto = house.visitor("beto")
    assert beto.ask(f"{path}/1/2").status == 403
    assert beto.post(path, _xsrf=beto.form_token(), named="1", name="x").status == 403
