"""The plan built as HoloViews on Bokeh: the same ticks, order, colours and words, to touch.

Titles, legend and source stay in the page's HTML; the figure holds data, ticks and hover only,
without JavaScript callbacks, so that it runs under ``script-src 'self'``.
"""

from threading import Lock
from typing import Any

from builder.parts import Axis, Label, Plan
from builder.theme import TOKENS, color
from web.values import content_hash

FONT = "Inter, system-ui, Helvetica, Arial, sans-serif"
TOOLTIP = '<div style="max-width:240px"><strong>@name</strong><br>@told</div>'
TEXT_GROWS = 1.3
"""Words keep their size where a narrower figure shrinks everything else."""
ID_KEYS = ("id", "root_id")
"""Where an item names its models; names of columns are never keys of it."""
_one_at_a_time = Lock()


def element(plan: Plan) -> Any:
    """Return the plan's HoloViews element."""
    from builder.marks import MARKS

    return MARKS[plan.mark].element(plan)


def figure(plan: Plan) -> Any:
    """Return the plan as a Bokeh figure of its height, as wide as its place."""
    from builder.marks import holo

    with _one_at_a_time:
        drawn = holo.rendered(element(plan))
    return finished(drawn, plan)


def item(plan: Plan) -> dict[str, Any]:
    """Return the figure as Bokeh's JSON item, with the colours by token for other schemes.

    The same plan gives the same item: Bokeh's running numbers are replaced by the order in the item.
    """
    from bokeh.embed import json_item

    drawn = json_item(figure(plan))
    drawn["doc"].pop("defs", None)  # models of other libraries that happen to be loaded
    made = _renumbered(drawn)
    return {**made, "tokens": {f"--{token}": value for token, value in TOKENS["light"].items()}}


def _renumbered(made: dict[str, Any]) -> dict[str, Any]:
    """Return an item whose models are named by their order and the hash of the whole."""
    ids: dict[str, str] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: name(one) if key in ID_KEYS and isinstance(one, str) else plain(one)
                for key, one in value.items()
            }
        return [plain(one) for one in value] if isinstance(value, list) else value

    def name(bokeh: str) -> str:
        return ids.setdefault(bokeh, f"m{len(ids)}")

    again = plain(made)
    prefix = content_hash(again)[:8]
    ids = {short: f"{prefix}-{short}" for short in ids.values()}
    renamed: dict[str, Any] = plain(again)
    return renamed


def finished(drawn: Any, plan: Plan) -> Any:
    """Give a figure the plan's ranges, ticks, labels, margins and quiet manners."""
    from bokeh.models import Range1d

    room, beyond = plan.room, _beyond(plan)
    drawn.update(
        title=None, toolbar_location=None, output_backend="canvas", sizing_mode="stretch_width",
        width=None, height=room.height, min_border_left=room.left, min_border_right=0 if beyond else room.right,
        min_border_top=room.top, min_border_bottom=room.bottom, outline_line_color=None,
        background_fill_alpha=0, border_fill_alpha=0, match_aspect=False, aspect_ratio=None,
        x_range=Range1d(plan.x.low, plan.x.high + beyond), y_range=Range1d(plan.y.low, plan.y.high),
        html_attributes={"role": "img", "aria-label": f"{plan.title}. {plan.alt}"},
    )  # fmt: skip
    drawn.toolbar.update(logo=None, active_drag=None, active_scroll=None, active_inspect="auto")
    _only_hover(drawn)
    _axis(drawn.xaxis[0], drawn.xgrid, plan.x, "x" in plan.grid)
    _axis(drawn.yaxis[0], drawn.ygrid, plan.y, "y" in plan.grid)
    drawn.ygrid.update(cross_bounds=(plan.x.low, plan.x.high))
    if plan.x.title:
        _below(drawn, plan.x.title)
    if plan.rules:
        _rules(drawn, plan)
    if plan.zero:
        _zero(drawn, plan)
    for label in plan.labels:
        _label(drawn, label)
    return drawn


def _beyond(plan: Plan) -> float:
    """Return how far the frame reaches past the data for labels: Bokeh cuts words at its frame."""
    if not any(label.x >= plan.x.high for label in plan.labels):
        return 0
    return TEXT_GROWS * (plan.x.high - plan.x.low) * plan.room.right / plan.room.across


def _only_hover(drawn: Any) -> None:
    from bokeh.models import HoverTool

    touched = [r for r in drawn.renderers if "told" in getattr(r.data_source, "column_names", ())]
    kept = [r for r in touched if {"name", "told"} <= set(r.data_source.column_names)]
    drawn.toolbar.tools = [HoverTool(renderers=kept, tooltips=TOOLTIP, point_policy="follow_mouse")]


def _axis(shown: Any, grid: Any, axis: Axis, lined: bool) -> None:
    from bokeh.models import FixedTicker

    ticker = FixedTicker(ticks=[tick.at for tick in axis.ticks], minor_ticks=[])
    shown.update(
        ticker=ticker, visible=axis.kind != "hidden", axis_line_color=None,
        major_label_overrides={tick.at: tick.label for tick in axis.ticks},
        major_tick_line_color=None, major_tick_out=0, major_tick_in=0, major_label_standoff=7, minor_tick_line_color=None, axis_label=None,
        major_label_text_font=FONT, major_label_text_font_size="13px",
        major_label_text_color=color("ink" if axis.kind == "category" else "muted"),
        major_label_orientation=0, major_label_policy=_all_labels(),
    )  # fmt: skip
    grid.update(ticker=ticker, visible=lined, grid_line_color=color("line"))


def _below(drawn: Any, title: str) -> None:
    """Write the title of the axis under its end; as an axis label Bokeh would centre it there and cut it."""
    from bokeh.models import Title

    drawn.add_layout(
        Title(text=title, align="right", standoff=4, text_color=color("muted"), text_font=FONT,
              text_font_size="12px", text_font_style="normal"), "below"
    )  # fmt: skip


def _all_labels() -> Any:
    from bokeh.models import AllLabels

    return AllLabels()


def _zero(drawn: Any, plan: Plan) -> None:
    from bokeh.models import Span

    side = "height" if plan.zero == "x" else "width"
    drawn.add_layout(Span(location=0, dimension=side, line_color=color("muted"), line_width=1, level="glyph"))


def _rules(drawn: Any, plan: Plan) -> None:
    for dark, token in ((False, "line"), (True, "muted")):
        held = [rule for rule in plan.rules if rule.dark == dark]
        if held:
            sides = {side: [getattr(rule, side) for rule in held] for side in ("x0", "y0", "x1", "y1")}
            drawn.segment(**sides, line_color=color(token), level="underlay")


def _label(drawn: Any, label: Label) -> None:
    from bokeh.models import Label as Words

    tones = {"ink": "ink", "strong": "ink", "muted": "muted", "inverse": "paper"}
    shown = {"start": "left", "middle": "center", "end": "right"}
    bullet = 8 if label.color else 0
    if label.color:
        drawn.add_layout(Words(x=label.x, y=label.y, x_offset=label.dx - 6, y_offset=-label.dy, text="●",
                               text_color=color(label.color), text_font_size="10px", text_baseline="middle"))  # fmt: skip
    drawn.add_layout(Words(
        x=label.x, y=label.y, x_offset=label.dx + bullet - 3 * bool(bullet), y_offset=-label.dy, text=label.text,
        text_align=shown[label.anchor], text_baseline="middle", text_color=color(tones[label.tone]),
        text_font=FONT, text_font_size=f"{label.size}px",
        text_font_style="bold" if label.tone == "strong" else "normal",
    ))  # fmt: skip
