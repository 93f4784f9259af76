"""Bases told from the wiki: what our own edits left on an item, made what the store had held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bots.core.merge.facts import Base, Memory, Owned, Rank
from bots.core.merge.stored import memory_json
from bots.core.plan import JSON
from bots.core.wikibase.equality import canonical_snak
from bots.core.wikibase.model import Reference, Snak, Statement
from bots.datasets.engine.bases import CITES, Kept, Parts, kept_json
from bots.datasets.engine.claims import Claim
from bots.datasets.engine.onslot import place_of
from bots.datasets.engine.seen import cited, value_key
from bots.datasets.engine.telling import short
from bots.datasets.engine.undone import after_undo
from bots.datasets.facts import StatementRule
from bots.datasets.rebuilding.reading import Worked
from bots.datasets.rebuilding.written import Written, Wrote, written


def slots_of(item: Worked, rules: Sequence[StatementRule]) -> dict[str, JSON]:
    """An item's slots as the store holds them, with what an operator took back of our edits."""
    undone = item.undone
    made = [(edit, step) for edit, step in item.told if not edit.undoes]
    slots = bases_of(written(step for _, step in made), rules)
    if not undone:
        return slots
    kept = bases_of(written(step for edit, step in made if edit.run not in undone), rules)
    names = {*slots, *kept} - {CITES}
    back = {name for name in names if slots.get(name) != kept.get(name)}
    return slots | {name: after_undo(slots.get(name), kept.get(name)) for name in back}


def bases_of(made: Written, rules: Iterable[StatementRule]) -> dict[str, JSON]:
    """The slots that our edits left on an item, as the store holds them.

    What people did since is not in it: the next run sees it as theirs.
    """
    slots: dict[str, JSON] = {}
    cites: set[tuple[str, ...]] = set()
    for rule in rules:
        of_property = (
            each for each in made.statements.values() if each.statement.property == rule.property
        )
        wrote = _still_left(of_property, rule)
        cites |= {keys for each in wrote for keys in _cites(each.statement, rule)}
        slots |= _statements(wrote, rule)
    for place, text in made.terms.items():
        if text is not None:
            slots[place] = memory_json(Base(text), str)
    for language, texts in made.aliases.items():
        for text, added in texts.items():
            if added:
                slots[f"alias/{language} {short(text)}"] = memory_json(Base(text), str)
    if cites:
        slots[CITES] = sorted(list(keys) for keys in cites)
    return slots


def _still_left(wrote: Iterable[Wrote], rule: StatementRule) -> list[Wrote]:
    """What we did not take away again, be it from a statement into which people had moved it."""
    left: list[Wrote] = []
    for each in wrote:
        if each.removed:
            gone = _place_and_value(each, rule)
            left = [other for other in left if _place_and_value(other, rule) != gone]
        else:
            left.append(each)
    return left


def _place_and_value(wrote: Wrote, rule: StatementRule) -> tuple[str, str]:
    statement = wrote.statement
    return place_of(rule, statement.qualifiers), value_key(statement.mainsnak, rule)


def _statements(wrote: Iterable[Wrote], rule: StatementRule) -> dict[str, JSON]:
    places: dict[str, list[Wrote]] = {}
    for each in wrote:
        place = place_of(rule, each.statement.qualifiers)
        if rule.many:
            place = f"{place} {short(value_key(each.statement.mainsnak, rule))}"
        places.setdefault(place, []).append(each)
    return {place: _slot(held, rule) for place, held in places.items()}


def _slot(wrote: list[Wrote], rule: StatementRule) -> JSON:
    """One slot: the newest of ours is what it holds, the others are its past."""
    ended = [each for each in wrote if each.owned is Owned.WHOLE and _says_end(each, rule)]
    gone = tuple(value_key(each.statement.mainsnak, rule) for each in ended)
    held = [each for each in wrote if each not in ended]
    if not held:
        return kept_json(Kept(ended=gone))
    *former, newest = sorted(held, key=lambda e: e.statement.rank is Rank.PREFERRED)
    base = _base(newest, rule)
    past = tuple(_base(each, rule) for each in former)
    return kept_json(
        Kept(
            memory=Base(base.value, base.owned, base.rank, past),
            parts=_parts(newest, rule),
            past={value_key(each.statement.mainsnak, rule): _parts(each, rule) for each in former},
            ended=gone,
        )
    )


def _base(wrote: Wrote, rule: StatementRule) -> Base[Claim]:
    statement = wrote.statement
    owned = wrote.owned
    if rule.cites and not any(True for _ in _ours(statement, rule)):
        owned = Owned.NOTHING
    return Base(Claim(statement.mainsnak), owned, statement.rank)


def _parts(wrote: Wrote, rule: StatementRule) -> Parts:
    statement = wrote.statement
    ours = next(_ours(statement, rule), None)
    reference = cited(ours).digest if ours else ""
    if wrote.owned is not Owned.WHOLE:
        return Parts({}, reference)
    qualifiers: dict[str, tuple[Memory[Snak], ...]] = {}
    for snak in statement.qualifiers:
        if snak.property in rule.qualifiers:
            held = qualifiers.get(snak.property, ())
            qualifiers[snak.property] = (*held, Base(snak))
    return Parts(qualifiers, reference)


def _ours(statement: Statement, rule: StatementRule) -> Iterator[Reference]:
    """The references that have all by which ours are known."""
    for reference in statement.references:
        if rule.cites and rule.cites <= {snak.property for snak in reference.snaks}:
            yield reference


def _cites(statement: Statement, rule: StatementRule) -> Iterator[tuple[str, ...]]:
    for reference in _ours(statement, rule):
        keys = (canonical_snak(each) for each in reference.snaks if each.property in rule.cites)
        yield tuple(sorted(keys))


def _says_end(wrote: Wrote, rule: StatementRule) -> bool:
    return rule.change.value == "end-and-add" and any(
        each.property == rule.end for each in wrote.statement.qualifiers
    )
