"""Whether a statement is just as we left it and the source says the same: most are.

Such a one needs no judging: nothing is done, left or told. It is told by comparing what the store
holds with what each side would leave there, which is quick, and says no where it can't say yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bots.core.merge.facts import Rank
from bots.core.plan import JSON
from bots.core.wikibase.model import Snak, Statement
from bots.datasets.engine.bases import snak_to_json
from bots.datasets.engine.parts import is_old
from bots.datasets.engine.seen import cited
from bots.datasets.facts import StatementRule

_WHOLE = frozenset({"value", "qualifiers", "reference"})


def is_as_left(
    raw: JSON,
    statements: Sequence[Statement],
    said: Statement | None,
    rule: StatementRule,
    today: date,
) -> bool:
    """`raw`: the slot as the store holds it; then what stands in it, and what the source says."""
    if not isinstance(raw, dict) or "value" not in raw or not raw.keys() <= _WHOLE:
        return False
    if said is None or len(statements) != 1:
        return False
    (statement,) = statements
    if statement.rank is not Rank.NORMAL:
        return False
    left = raw["value"]
    if snak_to_json(statement.mainsnak) != left or snak_to_json(said.mainsnak) != left:
        return False
    if statement.qualifiers or said.qualifiers or "qualifiers" in raw:
        held = raw.get("qualifiers", {})
        if held != written(statement.qualifiers, rule) or held != written(said.qualifiers, rule):
            return False
    return _is_reference_as_left(raw.get("reference", ""), statement, said, rule, today)


def written(qualifiers: Iterable[Snak], rule: StatementRule) -> Mapping[str, JSON]:
    """Qualifiers as the store holds those that we wrote."""
    held: dict[str, list[JSON]] = {}
    for snak in qualifiers:
        if snak.property not in rule.keys:
            held.setdefault(snak.property, []).append({"value": snak_to_json(snak)})
    return held


def _is_reference_as_left(
    left: str, statement: Statement, said: Statement, rule: StatementRule, today: date
) -> bool:
    if not left:
        return not statement.references and not said.references
    if len(statement.references) != 1 or len(said.references) != 1:
        return False
    now, new = cited(statement.references[0]), cited(said.references[0])
    if now.digest != left:
        return False
    if new.digest == left:
        return True
    same = now.without(rule.retrieved) == new.without(rule.retrieved)
    return same and not is_old(now.reference, rule, today)
