"""The charts of a published story as a Panel page: ``save`` writes it as one file, ``serve`` runs it live."""

import sys
from pathlib import Path

import panel as pn

from builder.chart import Drawing
from builder.interactive import figure
from serve import furnish
from stories.story import Story
from web.settings import from_environment


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


def main() -> None:
    how, data, where = sys.argv[1:]
    story, drawings = published(Path(data))
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
