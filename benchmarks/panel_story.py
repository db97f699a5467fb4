"""The charts of a published story by other means: ``save`` and ``bokeh`` write one file, ``serve`` runs a Panel page live.

``write`` publishes the story itself: eight charts of the demo portal, as Relato suggests them.
"""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import panel as pn
from bokeh.embed import file_html
from bokeh.layouts import column
from bokeh.resources import INLINE

from builder.chart import Drawing
from builder.interactive import figure
from builder.spec import ChartSpec
from builder.suggest import questions
from serve import furnish
from stories import actions
from stories.stories import Stories
from stories.story import Block, Chart, Heading, Story, Text
from web import accounts, demo, urls
from web.settings import from_environment
from web.values import Refused

CHARTS = 8


def published(data: Path) -> tuple[Story, list[Drawing]]:
    """Return the newest published story and the drawings of its charts, in order."""
    stories = furnish(from_environment(data=data)).stories
    story = stories.find(stories.live(1)[0].story).story
    drawings = stories.draw(story)
    return story, [drawn for drawn in drawings.values() if isinstance(drawn, Drawing)]


def story_page(story: Story, drawings: list[Drawing]) -> pn.Column:
    """Return title, lead and charts as a Panel author would lay them out."""
    parts: list[object] = [pn.pane.Markdown(f"# {story.title}\n\n{story.lead}")]
    for drawn in drawings:
        parts += [pn.pane.Markdown(f"## {drawn.narrow.title}"), pn.pane.Bokeh(figure(drawn.narrow))]
    return pn.Column(*parts, sizing_mode="stretch_width")


def bokeh_page(story: Story, drawings: list[Drawing]) -> str:
    """Return title, lead and charts as one page of Bokeh's own, with its script inside."""
    shown = column(*(figure(drawn.narrow) for drawn in drawings), sizing_mode="stretch_width")
    return file_html(shown, resources=INLINE, title=story.title)


def write(data: Path) -> str:
    """Publish a story of eight charts and return its path."""
    stories = furnish(from_environment(data=data)).stories
    account = accounts.Accounts(stories.database).by_email(demo.AUTHOR)
    assert account is not None
    blocks: list[Block] = []
    for n, spec in enumerate(islice(suggested(stories), CHARTS)):
        words = f"{{{n + 1}: grupos}} grupos."
        blocks += [Heading(id=f"h{n}", text=spec.title or f"Parte {n + 1}"), Text(id=f"t{n}", markdown=words)]
        blocks.append(Chart(id=f"c{n}", spec=spec))
    texts = {block.id for block in blocks if isinstance(block, Text)}
    story = Story(
        title="Ocho gráficas de la ciudad",
        lead="Una historia para medir.",
        byline="Relato",
        blocks=tuple(blocks),
    )
    wrong = {problem.where for problem in stories.problems(story) if problem.severity == "error"}
    kept = [block for block in blocks if not (block.id in texts and block.id in wrong)]
    made = actions.create(stories.database, account, story.model_copy(update={"blocks": tuple(kept)}))
    return urls.story(stories.publish(account, made.id).slug)


def suggested(stories: Stories) -> Iterator[ChartSpec]:
    """Yield the best chart of each file of the portal, then the second best of each, that can be drawn."""
    resources = [one for found in stories.catalog.recent(50) for one in found.resources]
    tables = [(one.id, table) for one in resources if (table := stories.catalog.table_of(one.id))]
    for nth in range(3):
        for resource, table in tables:
            offered = questions(table, nth + 1)
            if len(offered) <= nth:
                continue
            spec = offered[nth].spec.model_copy(update={"resource": resource, "table": table.id})
            try:
                stories.charts.draw(spec, "es")
            except Refused:
                continue
            yield spec


def main() -> None:
    how, data, where = sys.argv[1:]
    if how == "write":
        Path(where).write_text(write(Path(data)), encoding="utf-8")
        return
    story, drawings = published(Path(data))
    if how == "bokeh":
        Path(where).write_text(bokeh_page(story, drawings), encoding="utf-8")
        return
    pn.extension()
    if how == "save":
        story_page(story, drawings).save(where, resources="inline", title="Story")
    else:
        pn.serve(
            {"/": lambda: story_page(story, drawings)},
            port=int(where), address="127.0.0.1", show=False, websocket_origin=f"127.0.0.1:{where}",
        )  # fmt: skip


if __name__ == "__main__":
    main()
