"""What people do to an item, in plain acts: pure, for any wiki that can be given the item after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bots.core.merge.facts import Rank
from bots.core.wikibase.model import Item, Snak, Statement
from tests.datasets.engine.acts import ALIAS, KEY, LABEL, OWN, Act
from tests.datasets.engine.values import NEWSPAPER, seen_later, snak, with_page

Edit = tuple[str, Item, Item]
"""Who ("people", or an account of ours), and the item before and after."""


def edited(item: Item, act: Act, past: Sequence[Edit], new_id: Callable[[], str]) -> Item:
    """The item after an act of people; the same where there is nothing to act on.

    `past` are all edits so far, the newest last. `at` counts the property's statements, and
    wraps. What there is:

    - "write" a statement (`more`: our own qualifier / the key qualifier); set its "value" or
      "rank"; "remove" it; put a "copy" of it beside it, references and all; "clear" the item.
    - "cite" a newspaper; "uncite": remove a reference; "recite": add a page to one, and
      "redate": a newer day on which it was seen.
    - "qualify": set the qualifier of property `more` to `value`; "unqualify": take it away.
    - label, description ("" for none), alias (`value` added, else `more` taken away).
    - "undo" our last edit, as far as it stands; "rollback" people's newest edit; "restore" what
      people removed last.
    """
    match act.what:
        case "write":
            return _with(item, _written(act, new_id()))
        case "clear":
            return replace(item, statements={})
        case "label" | "description" | "alias":
            return _term(item, act)
        case "undo":
            return _undone(item, past)
        case "rollback":
            return past[-1][1] if past and past[-1][0] == "people" else item
        case "restore":
            return _restored(item, past)
    group = item.statements.get(act.property, ())
    if not group:
        return item
    old = group[act.at % len(group)]
    if act.what == "copy":
        return _with(item, replace(old, id=new_id()))
    new = None if act.what == "remove" else _changed(old, act)
    return _set(item, old, new)


def _changed(old: Statement, act: Act) -> Statement:
    match act.what:
        case "value":
            return replace(old, mainsnak=snak(act.property, act.value))
        case "rank":
            return replace(old, rank=Rank(act.value))
        case "cite":
            return replace(old, references=(*_but(old.references, NEWSPAPER), NEWSPAPER))
        case "uncite":
            return replace(old, references=old.references[1:])
        case "recite":
            return replace(
                old,
                references=tuple(
                    with_page(each) if number == 0 and len(each.snaks) == 4 else each
                    for number, each in enumerate(old.references)
                ),
            )
        case "redate":
            return replace(old, references=tuple(map(seen_later, old.references)))
        case "qualify":
            return replace(old, qualifiers=(*_without(old, act.more), snak(act.more, act.value)))
        case "unqualify":
            return replace(old, qualifiers=_without(old, act.more))
    raise ValueError(act)


def _written(act: Act, statement_id: str) -> Statement:
    own, _, key = act.more.partition("/")
    qualifiers: list[Snak] = [snak(KEY, key)] if key else []
    qualifiers += [snak(OWN, own)] if own else []
    references = (NEWSPAPER,) if act.at else ()
    return Statement(snak(act.property, act.value), tuple(qualifiers), references, id=statement_id)


def _term(item: Item, act: Act) -> Item:
    language = act.property
    if act.what == ALIAS:
        now = item.aliases.get(language, ())
        after = (*_but(now, act.value), act.value) if act.value else _but(now, act.more)
        return replace(item, aliases={**item.aliases, language: after})
    held = dict(item.labels if act.what == LABEL else item.descriptions)
    held.pop(language, None)
    if act.value:
        held[language] = act.value
    return replace(item, labels=held) if act.what == LABEL else replace(item, descriptions=held)


def _undone(item: Item, past: Sequence[Edit]) -> Item:
    """Our last edit taken back, where what it left stands still."""
    edit = next((edit for edit in reversed(past) if edit[0] != "people"), None)
    if edit is None:
        return item
    _, before, after = edit
    for old in after.all_statements():
        now, was = item.statement(old.id), before.statement(old.id)
        if now == old and was != old:
            item = _set(item, old, was)
    for was in before.all_statements():
        if after.statement(was.id) is None and item.statement(was.id) is None:
            item = _with(item, was)
    return replace(
        item,
        labels=_back(item.labels, before.labels, after.labels),
        descriptions=_back(item.descriptions, before.descriptions, after.descriptions),
        aliases=_back(item.aliases, before.aliases, after.aliases),
    )


def _back(now, before, after):  # type: ignore[no-untyped-def]
    held = dict(now)
    for language in {*before, *after}:
        if before.get(language) != after.get(language) == now.get(language):
            held.pop(language, None)
            if language in before:
                held[language] = before[language]
    return held


def _restored(item: Item, past: Sequence[Edit]) -> Item:
    for who, before, after in reversed(past):
        if who == "people":
            gone = [
                each
                for each in before.all_statements()
                if after.statement(each.id) is None and item.statement(each.id) is None
            ]
            if gone:
                for each in gone:
                    item = _with(item, each)
                return item
    return item


def _with(item: Item, statement: Statement) -> Item:
    group = (*item.statements.get(statement.property, ()), statement)
    return replace(item, statements={**item.statements, statement.property: group})


def _set(item: Item, old: Statement, new: Statement | None) -> Item:
    group = item.statements[old.property]
    after = tuple(new if each.id == old.id else each for each in group)
    kept = tuple(each for each in after if each is not None)
    groups = {**item.statements, old.property: kept}
    return replace(item, statements={name: each for name, each in groups.items() if each})


def _without(statement: Statement, name: str) -> tuple[Snak, ...]:
    return tuple(each for each in statement.qualifiers if each.property != name)


def _but(held, gone):  # type: ignore[no-untyped-def]
    return tuple(each for each in held if each != gone)
