"""Which stories and charts are made with the files of a dataset, and which columns they read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from sqlite_utils import Database

from builder.charts import Charts
from builder.spec import ChartSpec
from catalog.models import Use
from stories import store
from stories.story import Story, pictured
from web import urls

Kind = Literal["story", "draft", "chart"]


def of(db: Database, charts: Charts, resources: Sequence[str], *, inside: bool) -> Iterator[Use]:
    """Yield the published stories made with these files; ``inside``, also saved charts and other stories."""
    live = store.live_using(db, resources)
    for edition, story in live:
        yield from _use("story", edition.card.title, urls.story(edition.slug), _specs(story), resources)
    if not inside:
        return
    for kept in store.using(db, resources):
        if kept.id not in {edition.story for edition, _ in live}:
            yield from _use("draft", kept.story.title, urls.editor(kept.id), _specs(kept.story), resources)
    for chart in charts.store.using(resources):
        yield from _use("chart", chart.name, urls.chart(chart.id), [chart.spec], resources)


def fields(spec: ChartSpec) -> set[str]:
    """Return the columns a chart reads."""
    channels = {channel.field for channel in spec.channels().values() if channel.field}
    return channels | {kept.field for kept in spec.filters}


def _specs(story: Story) -> list[ChartSpec]:
    return [part.spec for part in pictured(story)]


def _use(
    kind: Kind, title: str, href: str, specs: Iterable[ChartSpec], resources: Sequence[str]
) -> Iterator[Use]:
    read = [spec for spec in specs if spec.resource in resources]
    if read:
        yield Use(
            kind=kind,
            title=title,
            href=href,
            resources=tuple(sorted({spec.resource for spec in read})),
            fields=tuple(sorted(set().union(*map(fields, read)))),
        )
