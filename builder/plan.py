"""One plan for both exits: everything a reader could argue about is decided here, without drawing."""

from builder import describe, multiples
from builder.asked import Asked
from builder.highlight import highlighted
from builder.marks import MARKS
from builder.parts import Plan, Width
from builder.result import Result
from builder.spec import ChartSpec
from catalog.models import Provenance, Table
from web.values import Refused

__all__ = ["Plan", "Width", "plan", "plan_of"]


def plan(
    spec: ChartSpec,
    table: Table,
    result: Result,
    language: str,
    *,
    provenance: Provenance | None = None,
    width: Width = "wide",
) -> Plan:
    """Return order, ticks, breaks, colours and words of a chart for one width and language.

    Raises Refused ``mark_unknown`` when no such mark exists. Its arguments are not changed.
    """
    if spec.mark not in MARKS:
        raise Refused("mark_unknown", where=spec.mark)
    return plan_of(Asked(spec, table, result, language, width, provenance))


def plan_of(asked: Asked) -> Plan:
    """Return the plan of a question with its answer."""
    mark = MARKS[asked.spec.mark]
    body = multiples.plan(asked) if asked.spec.facet else mark.plan(asked)
    seen = highlighted(body, asked.spec.highlight)
    return Plan(
        **(
            dict(seen)
            | {
                "notes": (
                    *body.notes,
                    *describe.standing_out(asked, seen is not body),
                    *describe.unfinished(asked),
                    *describe.unbegun(asked),
                    *describe.inhabitants(asked),
                )
            }
        ),
        mark=asked.spec.mark,
        language=asked.language,
        layout=asked.layout,
        title=describe.title(asked),
        subtitle=describe.subtitle(asked),
        note=asked.spec.note,
        alt=describe.alt(asked, body, asked.say(mark.TITLE)),
        counted=describe.counted(asked),
        source=describe.source(asked.provenance, asked.language),
    )
