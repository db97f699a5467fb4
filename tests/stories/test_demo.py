"""Every number of the example story, counted a second time with nothing but the csv module."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

FILES = Path(__file__).parents[2] / "catalog/demo/files"


def rows(name):
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def text(house):
    edition = house.stories.live()[-1]
    html = (house.stories.published / edition.slug / "index.html").read_text()
    article = html.split("<article>")[1].split('<section class="sources"')[0]
    written = re.findall(r'<p class="lead">(.*?)</p>|<div class="text">(.*?)</div>', article, re.DOTALL)
    plain = " ".join("".join(pair) for pair in written).replace("\xa0", " ")
    return re.sub(r"<[^>]+>", "", plain)


def test_it_is_published_and_a_draft_waits_with_its_doubts(house):
    stories = [kept for kept in house.stories.every() if kept.id in house.examples]
    assert sorted(kept.standing.state for kept in stories) == ["draft", "published"]
    draft = next(kept for kept in stories if kept.standing.state == "draft")
    codes = {problem.code for problem in house.stories.problems(draft.story)}
    assert {"story_lead_missing", "story_heading_alone"} <= codes


def test_the_shares_per_inhabitant_are_those_of_the_file(text):
    per = {
        row["alcaldia"]: float(row["escuelas_por_10_mil_hab"])
        for row in rows("escuelas_privadas_alcaldia.csv")
    }
    ranked = sorted(per, key=per.get, reverse=True)
    assert ranked[:3] == ["Cuajimalpa de Morelos", "Benito Juárez", "Miguel Hidalgo"]
    assert ranked[-2:] == ["Tláhuac", "Milpa Alta"]
    assert f"En {ranked[0]} hay {per[ranked[0]]:g} escuelas privadas" in text
    assert f"en {ranked[-1]}, {per[ranked[-1]]:g}." in text
    assert f"con {per[ranked[0]] / per[ranked[-1]]:.1f} veces la proporción de Milpa Alta" in text
    for name in (*ranked[1:3], "Tláhuac"):
        assert f"con {per[name]:g}" in text
    assert f"por habitante ocupa el lugar {ranked.index('Iztapalapa') + 1}." in text


def test_the_counts_are_those_of_the_file(text):
    counted = Counter(row["alcaldia"] for row in rows("escuelas_privadas_ubicacion.csv"))
    stated = {row["alcaldia"]: int(row["escuelas"]) for row in rows("escuelas_privadas_alcaldia.csv")}
    people = {row["alcaldia"]: int(row["poblacion_2020"]) for row in rows("escuelas_privadas_alcaldia.csv")}
    assert counted == stated
    total = sum(counted.values())
    assert (
        f"tiene {total:,} registros de escuelas privadas repartidos en sus {len(counted)} alcaldías" in text
    )
    first, first_count = counted.most_common(1)[0]
    assert first == "Iztapalapa" == max(people, key=people.get)
    assert f"con {first_count} escuelas, {100 * first_count / total:.1f}% de todas" in text.replace(" %", "%")
    place = [name for name, _ in counted.most_common()].index("Cuajimalpa de Morelos") + 1
    assert f"con {counted['Cuajimalpa de Morelos']} escuelas es la número {place} de esta lista" in text


def test_the_levels_are_those_of_the_file(text):
    levels = Counter(row["nivel"] for row in rows("escuelas_privadas_ubicacion.csv"))
    share = levels["Preescolar"] / sum(levels.values())
    assert share > 0.5
    assert f"Más de la mitad de la oferta es preescolar: {levels['Preescolar']:,} registros" in text
    assert f"{100 * share:.1f}%" in text.replace(" %", "%")
    assert f"Las primarias son {levels['Primaria']:,} y las secundarias, {levels['Secundaria']:,}" in text
    assert levels["Secundaria"] < levels["Primaria"] / 2


def test_no_mark_is_left_unanswered(text):
    assert "{" not in text


def test_it_is_written_once(house):
    from stories import demo

    before = len(house.stories.every())
    demo.write(house.stories, house.accounts.by_email("carla@example.org"))
    assert len(house.stories.every()) == before
