"""The story and the draft that come with the demo portal, written through the same actions as anyone's.

Their numbers are not typed: each is a mark the charts answer (:mod:`stories.facts`).
"""

from typing import Any

from builder.spec import ChartSpec, Encoding
from stories import actions
from stories.edit import new_id
from stories.stories import Stories
from stories.story import Block, Chart, Heading, Story, Text
from web.accounts import Account

COUNT = Encoding(aggregate="count", title="escuelas")


def write(stories: Stories, account: Account) -> None:
    """Publish the demo story and keep the draft, unless this account wrote something before."""
    if stories.of(account):
        return
    schools = Story(
        title="Dónde están las escuelas privadas de la Ciudad de México",
        lead="En {máximo} hay {valor de Cuajimalpa de Morelos} escuelas privadas por cada 10 mil habitantes; "
        "en {mínimo}, {valor de Milpa Alta}. La oferta no se reparte como se reparte la población.",
        byline=account.name,
        blocks=schools_blocks(stories, account),
    )
    kept = actions.create(stories.database, account, schools)
    stories.publish(account, kept.id)
    actions.create(stories.database, account, _metrobus(stories, account))


def schools_blocks(stories: Stories, account: Account) -> tuple[Block, ...]:
    """Return the blocks of the published story."""

    def chart(resource: str, caption: str = "", **spec: Any) -> Chart:
        return _chart(stories, account, "escuelas-privadas", resource, caption, **spec)

    return (
        _text(
            "La Ciudad de México tiene {2: total} registros de escuelas privadas repartidos en sus "
            "{grupos} alcaldías. Comparados con la población del Censo 2020, no se reparten parejo: "
            "{Cuajimalpa de Morelos encabeza la lista | máximo = Cuajimalpa de Morelos}, con "
            "{razón de Cuajimalpa de Morelos a Milpa Alta} veces la proporción de Milpa Alta, que la cierra."
        ),
        chart(
            "Escuelas por alcaldía y por cada 10 mil habitantes",
            mark="choropleth",
            place=Encoding(field="alcaldia", title="alcaldía"),
            color=Encoding(
                field="escuelas_por_10_mil_hab", aggregate="max", title="escuelas por 10 mil habitantes"
            ),
            title="Escuelas privadas por cada 10 mil habitantes",
        ),
        _text(
            "{El segundo lugar es de Benito Juárez | lugar de Benito Juárez = 2}, con {valor de Benito Juárez}, y "
            "{el tercero de Miguel Hidalgo | lugar de Miguel Hidalgo = 3}, con {valor de Miguel Hidalgo}. En el otro "
            "extremo, {antes de Milpa Alta queda Tláhuac | lugar de Tláhuac = 15}, con {valor de Tláhuac}."
        ),
        _heading("Donde hay más no es donde hay más por habitante"),
        _text(
            "En números absolutos el orden cambia. {Iztapalapa es primera | máximo = Iztapalapa}, con "
            "{valor de Iztapalapa} escuelas, {parte de Iztapalapa} de todas; pero es también la alcaldía más "
            "poblada, y por habitante ocupa el lugar {1: lugar de Iztapalapa}. A Cuajimalpa le pasa lo contrario: "
            "con {valor de Cuajimalpa de Morelos} escuelas es la número {lugar de Cuajimalpa de Morelos} de esta lista."
        ),
        chart(
            "Escuelas por alcaldía y por cada 10 mil habitantes",
            mark="bar",
            x=Encoding(field="alcaldia", title="alcaldía"),
            y=Encoding(field="escuelas", aggregate="sum", title="escuelas"),
            title="Escuelas privadas en cada alcaldía",
        ),
        _heading("Sobre todo, preescolares"),
        _text(
            "{Más de la mitad de la oferta es preescolar | parte de Preescolar > 0.5}: {valor de Preescolar} "
            "registros, {parte de Preescolar}. Las primarias son {valor de Primaria} y las secundarias, "
            "{valor de Secundaria}: {menos de la mitad que primarias | razón de Secundaria a Primaria < 0.5}."
        ),
        chart(
            "Ubicación de las escuelas",
            mark="bar",
            x=Encoding(field="nivel"),
            y=COUNT,
            title="Escuelas privadas por nivel",
        ),
        _heading("En el mapa"),
        _text(
            "Cada círculo reúne las escuelas cercanas entre sí, y su área dice cuántas son. Las que no declaran "
            "su posición no aparecen; la línea de la gráfica dice cuántas faltan."
        ),
        chart(
            "Ubicación de las escuelas",
            "Posiciones redondeadas a unos 100 metros. Un plantel con dos niveles o dos turnos puede aparecer más de "
            "una vez en el registro.",
            mark="points",
            latitude=Encoding(field="latitud"),
            longitude=Encoding(field="longitud"),
            title="Las escuelas privadas en el mapa",
        ),
    )


def _metrobus(stories: Stories, account: Account) -> Story:
    """Return the draft: it has no lead and an open question, for its author to go on."""

    def chart(resource: str, **spec: Any) -> Chart:
        return _chart(stories, account, "afluencia-metrobus", resource, **spec)

    riders = Encoding(field="afluencia", aggregate="sum", title="pasajeros")
    return Story(
        title="El Metrobús se vuelve a llenar",
        byline=account.name,
        blocks=(
            _text(
                "En 2021 entraron al Metrobús {valor de 2021} pasajeros; en 2024, {valor de 2024}: un cambio de "
                "{cambio de 2021 a 2024}. El archivo de 2025 llega solo hasta mayo."
            ),
            chart(
                "Afluencia por mes, línea y tipo de pago",
                mark="bar",
                x=Encoding(field="mes", time_unit="year", title="año"),
                y=riders,
                title="Pasajeros del Metrobús por año",
            ),
            chart(
                "Afluencia por mes, línea y tipo de pago",
                mark="line",
                x=Encoding(field="mes", time_unit="month", title="mes"),
                y=riders,
                color=Encoding(field="linea", title="línea"),
                title="Pasajeros por mes en cada línea",
            ),
            _heading("¿Qué pasó en cada línea?"),
        ),
    )


def _chart(
    stories: Stories, account: Account, dataset: str, resource: str, caption: str = "", **spec: Any
) -> Chart:
    """Save a chart of one file of the demo portal and return its block."""
    known = stories.catalog.dataset(dataset)
    assert known is not None
    found = next(one for one in known.resources if one.name == resource)
    table = stories.catalog.open(found.id)
    chart = ChartSpec.model_validate({"table": table.id, "resource": found.id, **spec})
    saved = stories.charts.save(account, chart, chart.title)
    return Chart(id=new_id(), spec=saved.spec, caption=caption, origin=saved.id)


def _text(markdown: str) -> Text:
    return Text(id=new_id(), markdown=markdown)


def _heading(text: str) -> Heading:
    return Heading(id=new_id(), text=text)
