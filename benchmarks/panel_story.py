"""The charts of a published story as a Panel page: ``save`` writes it as one file, ``serve`` runs it live."""

import sys
from pathlib import Path

import panel as pn
from builder.charts import Charts

from builder.interactive import figure
from catalog.catalog import Catalog
from stories.stories import Stories
from stories.story import Chart
from web.database import Database
from web.settings import from_environment


def story_page(data: Path) -> pn.Column:
    """Return title, lead and charts of the newest published story, as a Panel author would lay them out."""
    settings = from_environment(data=data)
    database = Database(data / "stories.db")
    catalog = Catalog(settings)
    stories = Stories(settings, database, catalog, Charts(settings, database, catalog))
    edition = stories.live(1)[0]
    story = stories.find(edition.story).story
    drawings = stories.draw(story)
    parts: list[object] = [pn.pane.Markdown(f"# {story.title}\n\n{story.lead}")]
    for block in story.blocks:
        if isinstance(block, Chart):
            plan = drawings[block.id].narrow
            parts += [pn.pane.Markdown(f"## {plan.title}"), pn.pane.Bokeh(figure(plan))]
    return pn.Column(*parts, sizing_mode="stretch_width")


def main() -> None:
    how, data, where = sys.argv[1:]
    pn.extension()
    if how == "save":
        story_page(Path(data)).save(where, resources="inline", title="Story")
    else:
        pn.serve(
            {"/": lambda: story_page(Path(data))},  # type: ignore[arg-type]
            port=int(where), address="127.0.0.1", show=False, websocket_origin=f"127.0.0.1:{where}",
        )  # fmt: skip


if __name__ == "__main__":
    main()
