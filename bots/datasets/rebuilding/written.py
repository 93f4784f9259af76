"""What of an item is ours, told from the item before and after each of our edits: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bots.core.entityundo import Step
from bots.core.merge.facts import Owned
from bots.core.wikibase.difference import says
from bots.core.wikibase.equality import canonical_snak, canonical_statement
from bots.core.wikibase.model import Entity, Statement


@dataclass(frozen=True)
class Wrote:
    """A statement that we had a hand in, as our edits left it.

    What people changed in its value, its rank or its qualifiers before our last edit of it is not
    in it. `owned`: WHOLE where we added it or set its value, else REFERENCE. `removed`: that last
    edit took it away, and `statement` is as it was before.
    """

    statement: Statement
    owned: Owned
    removed: bool = False


@dataclass
class Written:
    """All that our edits left, whatever people did since.

    `statements` by id; `terms` by place (`label/en`), the text that we set there, None: we took it
    away; `aliases` by language, each text that we added (True) or took away (False).
    """

    statements: dict[str, Wrote] = field(default_factory=dict)
    terms: dict[str, str | None] = field(default_factory=dict)
    aliases: dict[str, dict[str, bool]] = field(default_factory=dict)


def written(steps: Iterable[Step]) -> Written:
    """What our edits, given the first one first, left on the item."""
    found = Written()
    for step in steps:
        _statements(step, found.statements)
        for kind, before, after in (
            ("label", step.before.labels, step.after.labels),
            ("description", step.before.descriptions, step.after.descriptions),
        ):
            found.terms |= _terms(kind, before, after)
        _aliases(step.before, step.after, found.aliases)
    return found


def _statements(step: Step, wrote: dict[str, Wrote]) -> None:
    before = {each.id: each for each in step.before.all_statements()}
    after = {each.id: each for each in step.after.all_statements()}
    for statement_id in {**before, **after}:
        old, new = before.get(statement_id), after.get(statement_id)
        if says(old) == says(new):
            continue
        known = wrote.get(statement_id)
        owned = known.owned if known else Owned.REFERENCE
        if new is None:
            if old is not None:
                wrote[statement_id] = Wrote(old, owned, removed=True)
        elif old is None:
            wrote[statement_id] = Wrote(new, Owned.WHOLE)
        else:
            if canonical_statement(old) != canonical_statement(new):
                owned = Owned.WHOLE
            left = _left(known.statement, old, new) if known and not known.removed else new
            wrote[statement_id] = Wrote(left, owned)


def _left(known: Statement, old: Statement, new: Statement) -> Statement:
    """What we had left before, and have changed now."""
    came, went = ({*map(canonical_snak, each.qualifiers)} for each in (new, old))
    kept = (each for each in known.qualifiers if canonical_snak(each) not in went - came)
    added = (each for each in new.qualifiers if canonical_snak(each) not in went)
    qualifiers = {canonical_snak(each): each for each in (*kept, *added)}
    is_said = canonical_snak(old.mainsnak) == canonical_snak(new.mainsnak)
    return replace(
        new,
        mainsnak=known.mainsnak if is_said else new.mainsnak,
        rank=known.rank if old.rank is new.rank else new.rank,
        qualifiers=tuple(qualifiers.values()),
    )


def _terms(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    return {
        f"{kind}/{language}": after.get(language)
        for language in {**before, **after}
        if before.get(language) != after.get(language)
    }


def _aliases(before: Entity, after: Entity, found: dict[str, dict[str, bool]]) -> None:
    for language in {**before.aliases, **after.aliases}:
        old, new = before.aliases.get(language, ()), after.aliases.get(language, ())
        changed = {text: text in new for text in {*old, *new} if (text in old) != (text in new)}
        if changed:
            found.setdefault(language, {}).update(changed)
