"""All that the templates of the builder show, gathered from one open builder."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from builder.screens import filtering, view
from builder.screens.files import offered
from catalog.catalog import Catalog
from web import urls
from web.i18n import Words, explain

if TYPE_CHECKING:
    from builder.screens.build import Builder

RECENT = 6


def shown(builder: "Builder") -> dict[str, Any]:
    """Return the values of every template, whatever the builder holds so far."""
    state, spec, language = builder.state, builder.state.spec, builder.visit.language
    values: dict[str, Any] = {
        "spec": spec,
        "can_undo": bool(state.history.past),
        "can_redo": bool(state.history.future),
        "can_reset": spec is not None and spec != state.start,
        "is_saved": state.is_saved,
        "chart_id": state.chart_id,
        "is_drawn": builder.drawn.has_rows,
        "files": offered(spec) if spec is not None else {},
        "account": builder.visit.account,
        "login_href": urls.sign_in(builder.address),
        "waiting": builder.waiting,
        "problem": explain(builder.problem, language) if builder.problem else "",
        **place(builder.resource, builder.charts.catalog, builder.say),
        **builder.drawn.picture,
    }
    asked = question(builder) if spec is not None else {"chips": (), "filters": (), "questions": ()}
    return values | asked


def question(builder: "Builder") -> Mapping[str, Any]:
    """Return the controls of the chart now."""
    spec, table, say = builder.state.spec, builder.state.table, builder.say
    return {
        **view.sentence(spec, table, say),
        "filters": filtering.filters(spec, table, builder.facets, builder.sought, say),
        "questions": view.questions(builder.suggested, spec, say.language),
    }


def place(resource_id: str, catalog: Catalog, say: Words) -> dict[str, Any]:
    """Return where the table comes from and the other files there; without any, what is new."""
    found = catalog.resource(resource_id) if resource_id else None
    if found is None:
        recent = [{"href": urls.dataset(each.name), "name": each.title} for each in catalog.recent(RECENT)]
        return {"heading": say("Choose some data"), "dataset_href": "", "siblings": (), "recent": recent}
    dataset, resource = found
    siblings = [
        {"href": urls.build(resource=each.id), "name": each.name or each.url, "format": each.format}
        for each in dataset.resources
        if each.id != resource.id
    ]
    return {
        "heading": dataset.title,
        "dataset_href": urls.dataset(dataset.name),
        "siblings": siblings,
        "recent": (),
    }
