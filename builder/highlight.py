"""What stands out in a drawing: the groups or series an author names, while the others step back."""

from collections.abc import Sequence

from builder.parts import Body, Datum, Key, Label
from builder.theme import GREY


def highlighted(body: Body, names: Sequence[str]) -> Body:
    """Return a drawing where only these groups or series stand out; unknown names change nothing.

    Series step back into grey, groups of one series grow lighter. No number changes.
    """
    wanted = set(names)
    if any(datum.series in wanted for datum in body.data):
        return _series(body, wanted)
    if any(datum.name in wanted for datum in body.data):
        data = tuple(datum if datum.name in wanted else _fainter(datum) for datum in body.data)
        return body.model_copy(update={"data": data})
    return body


def names(body: Body) -> tuple[str, ...]:
    """Return what can stand out in a drawing: its series when it has several, else its groups."""
    series = dict.fromkeys(datum.series for datum in body.data if datum.series)
    groups = dict.fromkeys(datum.name for datum in body.data if datum.name)
    return tuple(series) if len(series) > 1 else tuple(groups)


def _series(body: Body, wanted: set[str]) -> Body:
    data = tuple(d if d.series in wanted else d.model_copy(update={"color": GREY}) for d in body.data)
    legend = tuple(_grey(key, key.label in wanted) for key in body.legend)
    labels = tuple(
        label if not label.color or " ".join(label.text.split()) in wanted else _grey_label(label)
        for label in body.labels
    )
    return body.model_copy(update={"data": data, "legend": legend, "labels": labels})


def _fainter(datum: Datum) -> Datum:
    return datum.model_copy(update={"faint": True})


def _grey(key: Key, wanted: bool) -> Key:
    return key if wanted else key.model_copy(update={"color": GREY})


def _grey_label(label: Label) -> Label:
    return label.model_copy(update={"color": GREY, "tone": "muted"})
