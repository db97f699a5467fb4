"""One edition of a story: what its pages say of themselves besides the text, and where things are."""

import datetime as dt
from typing import Literal

from markupsafe import Markup

from builder.chart import Drawing, Links
from builder.link import encode
from stories.story import Story
from web import urls
from web.assets import BOKEH_JS
from web.i18n import date, words
from web.values import Value, content_hash

Badge = Literal["official", "community", ""]
EMBED_HEIGHT = 640


class Correction(Value):
    """What was put right in a published story, and when (an ISO day)."""

    day: str
    text: str


class Earlier(Value):
    """An earlier edition that can still be read."""

    number: int
    day: str


class Edition(Value):
    """What a page says of itself besides its text.

    ``home`` is the way back to Relato: an address, or a relative path. ``root`` is the way to the
    files of the edition. ``address`` is the full public address of the story, empty when
    unknown. Dates are ISO days.
    """

    home: str
    root: str = ""
    address: str = ""
    site: str = "Relato"
    slug: str = ""
    number: int = 1
    published: str = ""
    updated: str = ""
    image: str = ""
    badge: Badge = ""
    earlier: tuple[Earlier, ...] = ()
    corrections: tuple[Correction, ...] = ()
    draft: bool = False

    @property
    def inside(self) -> "Edition":
        """The same edition as a page of one of its folders names things."""
        home = self.home if "//" in self.home else f"../{self.home}"
        return self.model_copy(update={"root": f"../{self.root}", "home": home})


def stem_of(drawing: Drawing) -> str:
    """Return the beginning of the names of a chart's files, the same as long as the chart is."""
    return f"charts/{content_hash(drawing.spec)}"


def links_of(drawing: Drawing, edition: Edition, story: Story) -> Links:
    """Return the addresses under a chart of a published story, relative to its page."""
    stem, dataset = edition.root + stem_of(drawing), drawing.provenance.dataset
    shown = not edition.draft
    return Links(
        item=f"{stem}-{{width}}.json",
        csv=f"{stem}.csv",
        svg=f"{stem}-wide.svg",
        png=f"{stem}.png",
        explore=edition.home + urls.build(spec=encode(drawing.spec)),
        bokeh=edition.root + BOKEH_JS,
        dataset=edition.home + urls.dataset(dataset) if dataset else "",
        snippet=snippet(edition, f"{stem_of(drawing)}.html", drawing.wide.title, height(drawing))
        if shown
        else "",
        today=edition.home + urls.today(edition.slug, content_hash(drawing.spec)) if shown else "",
        cite=cite(drawing, edition, story) if shown else "",
    )


def height(drawing: Drawing) -> int:
    """Return the height a frame needs for the chart with its words, until its page tells its own."""
    return 300 + max(drawing.wide.room.height, drawing.narrow.room.height)


def snippet(edition: Edition, path: str, title: str, tall: int = EMBED_HEIGHT) -> str:
    """Return the HTML that embeds a page of the edition; without an address it is relative to the page."""
    root = edition.address or edition.root
    return Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0" data-relato></iframe>\n'
        '<script src="{}" async></script>'
    ).format(root + path, title, tall, root + "embed.js")


def cite(drawing: Drawing, edition: Edition, story: Story) -> str:
    """Return one line that says whose chart this is, from which data, and where it was published."""
    _, source = words(story.language), drawing.provenance
    day = date_of(edition.updated or edition.published, story.language)
    told = (
        f"{drawing.wide.title}. " + _("In: {title}", title=story.title),
        story.byline,
        f"{edition.site}, {day}" if day else edition.site,
        _(
            "Data: {what}",
            what=", ".join(filter(None, (source.organization, source.dataset_title, source.source_url))),
        )
        if source.dataset_title
        else "",
        edition.address,
    )
    return ". ".join(part.rstrip(".") for part in told if part) + "."


def date_of(day: str, language: str) -> str:
    """Return an ISO day as readers write it."""
    return date(dt.date.fromisoformat(day[:10]), language) if day else ""
