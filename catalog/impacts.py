"""What a newer file changed, in words, with the charts and stories that each change hits."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from catalog.card import TYPES
from catalog.models import Impact, Table, Use
from web.i18n import explain, words
from web.values import Problem, Value


class Uses(Protocol):
    """Tells what is made with files; ``inside`` adds what only people with an account see."""

    def __call__(self, resources: Sequence[str], *, inside: bool) -> list[Use]: ...


class Told(Value):
    """One change as a sentence, and what reads the column that changed."""

    sentence: str
    uses: tuple[Use, ...] = ()


def nobody(resources: Sequence[str], *, inside: bool) -> list[Use]:
    """Say that nothing is made with any file."""
    return []


def told(impact: Impact, tables: Iterable[Table], uses: Iterable[Use], language: str) -> list[Told]:
    """Return the changes of an impact in words; ``tables`` are the older and the newer one, where kept."""
    columns = [column for table in tables for column in table.columns]
    found = list(uses)
    return [
        Told(
            sentence=_sentence(change, language),
            uses=tuple(
                use for use in found if {c.name for c in columns if c.label == change.where} & {*use.fields}
            ),
        )
        for change in impact.changes
    ]


def _sentence(change: Problem, language: str) -> str:
    if change.code != "column_retyped":
        return explain(change, language)
    _ = words(language)
    facts = {name: _(TYPES.get(str(kind), str(kind))) for name, kind in change.facts.items()}
    return explain(change.model_copy(update={"facts": facts}), language)
