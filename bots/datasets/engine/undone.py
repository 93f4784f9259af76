"""What an operator took back: it is not done again for as long as the source says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bots.core.merge.facts import Relation, V
from bots.core.plan import JSON
from bots.core.wikibase.model import Statement
from bots.datasets.engine.asleft import written
from bots.datasets.engine.bases import kept_of
from bots.datasets.engine.claims import compare_snaks
from bots.datasets.facts import StatementRule

UNDONE = "undone"
"""The key of a slot's JSON for what was said there and taken back; {}: that there is nothing."""


def after_undo(left: JSON, was: JSON) -> JSON:
    """A slot in which a run's doing was taken back: `left` was its base then, `was` before."""
    kept = was if isinstance(was, dict) else {}
    told = left if isinstance(left, dict) else {}
    return {**kept, UNDONE: {key: told[key] for key in ("value", "qualifiers") if key in told}}


def is_statement_undone(raw: JSON, said: Statement | None, rule: StatementRule) -> bool:
    """Whether just what the source says now was taken back in that slot; None: it says nothing."""

    def is_same(undone: Mapping[str, JSON], said: Statement) -> bool:
        left = kept_of(undone, rule.property).left
        if left is None:
            return False
        relation = compare_snaks(said.mainsnak, left.value.snak, rule.normalisers)
        held = undone.get("qualifiers")
        return relation is Relation.SAME and held in (None, written(said.qualifiers, rule))

    return _is_undone(raw, said, is_same)


def is_text_undone(raw: JSON, text: str | None) -> bool:
    """The same of a term."""
    return _is_undone(raw, text, lambda undone, text: undone.get("value") == text)


def is_undone(raw: JSON) -> bool:
    """Whether something was taken back in that slot."""
    return isinstance(raw, dict) and UNDONE in raw


def _is_undone(raw: JSON, said: V | None, is_same: Callable[[Mapping[str, JSON], V], bool]) -> bool:
    undone = raw.get(UNDONE) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(undone, dict):
        return False
    if said is None:
        return "value" not in undone or "value" not in raw
    return is_same(undone, said)
