"""A change written as the APIs take it: JSON Patch for REST, `data` for `wbeditentity`.

The item is the one just read, whose revision goes into `If-Match` or `baserevid`: without
`If-Match` a list added where people made a group meanwhile would replace theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.core.wikibase import action_json, rest_json
from bots.core.wikibase.change import (
    AliasChange,
    EntityPatch,
    StatementEdit,
    TermChange,
    aliases_after,
    applied,
    edited,
    fresh,
    fresh_reference,
    new_qualifiers,
    new_references,
    qualifier_place,
    reference_place,
    require_read,
    require_term,
    require_whole,
)
from bots.core.wikibase.exact import JSON, loads
from bots.core.wikibase.model import Entity, Item, Other, Reference, Snak, Statement

Ops = list[dict[str, JSON]]
"""JSON Patch operations, to be written by `exact.dumps`."""


def to_json_patch(item: Item, change: EntityPatch) -> Ops:
    """The operations for PATCH /entities/items/ID, on top of the item as read just now.

    - A `test` of the id stands before each statement that is changed or removed, and of each part
      relied upon: value and qualifiers; rank where it is set; references that go; all of a
      statement that goes.
    - Nothing of a statement is touched but the fields that change.
    - Indexes are those of the item as read: additions go last, removals from the end.

    Raises MovedError where the item is not any more what the change relied on.
    """
    ops: Ops = []
    for term in change.terms:
        ops += _term_ops(item, term)
    for aliases in change.aliases:
        ops += _alias_ops(item, aliases)
    for edit in change.edit:
        ops += _edit_ops(item, edit)
    ops += _add_ops(item, change.add)
    places = [(_place(item, require_whole(item, each)), each.id) for each in change.remove]
    for (property_id, index), statement_id in sorted(places, reverse=True):
        ops += _remove_ops(item, statement_id, f"/statements/{_escaped(property_id)}/{index}")
    return ops


def to_new_item(change: EntityPatch) -> dict[str, JSON]:
    """The `item` of POST /entities/items."""
    raw = rest_json.entity_to_json(applied(Item(), change))
    return {name: raw[name] for name in ("labels", "descriptions", "aliases", "statements")}


def to_wbeditentity(entity: Entity, change: EntityPatch) -> dict[str, JSON]:
    """The `data` of `wbeditentity`, on top of the entity as read just now; for `new`, an `Item()`.

    A changed statement goes whole, with all that people have in it. Raises MovedError.
    """
    data: dict[str, JSON] = {}
    for term in change.terms:
        require_term(entity, term)
        said = {"remove": ""} if term.text is None else {"value": term.text}
        data.setdefault(term.terms, {})[term.language] = {"language": term.language} | said
    for each in change.aliases:
        aliases_after(entity, each)
        texts = [(text, "add") for text in each.add] + [(text, "remove") for text in each.remove]
        data.setdefault("aliases", {})[each.language] = [
            {"language": each.language, "value": text, what: ""} for text, what in texts
        ]
    claims: list[JSON] = [
        action_json.statement_to_json(edited(require_read(entity, edit), edit))
        for edit in change.edit
    ]
    claims += [action_json.statement_to_json(fresh(each)) for each in change.add]
    claims += [{"id": require_whole(entity, each).id, "remove": ""} for each in change.remove]
    return data | {"claims": claims} if claims else data


def _term_ops(item: Item, change: TermChange) -> Ops:
    require_term(item, change)
    path = f"/{change.terms}/{_escaped(change.language)}"
    ops = [] if change.before is None else [_test(path, change.before)]
    if change.text is not None:
        return [*ops, {"op": "add", "path": path, "value": change.text}]
    return [*ops, {"op": "remove", "path": path}] if ops else []


def _alias_ops(item: Item, change: AliasChange) -> Ops:
    now, after = item.aliases.get(change.language, ()), aliases_after(item, change)
    path = f"/aliases/{_escaped(change.language)}"
    if not now:
        return [{"op": "add", "path": path, "value": list(after)}] if after else []
    if not after:
        return [_test(path, list(now)), {"op": "remove", "path": path}]
    ops: Ops = []
    for index in sorted((now.index(text) for text in set(change.remove)), reverse=True):
        ops += [_test(f"{path}/{index}", now[index]), {"op": "remove", "path": f"{path}/{index}"}]
    kept = len(now) - len(set(change.remove))
    return ops + [{"op": "add", "path": f"{path}/-", "value": text} for text in after[kept:]]


def _edit_ops(item: Item, edit: StatementEdit) -> Ops:
    now = require_read(item, edit)
    property_id, index = _place(item, now)
    path = f"/statements/{_escaped(property_id)}/{index}"
    ops = [_test(f"{path}/id", now.id), *_said_tests(path, now)]
    if edit.mainsnak is not None:
        value = rest_json.value_to_json(edited(now, edit).mainsnak)
        ops.append({"op": "replace", "path": f"{path}/value", "value": value})
    if edit.rank is not None:
        ops.append(_test(f"{path}/rank", now.rank.value))
        ops.append({"op": "replace", "path": f"{path}/rank", "value": edit.rank.value})
    qualifiers = list(now.qualifiers)
    for snak in edit.remove_qualifiers:
        place = qualifier_place(now, snak, qualifiers)
        del qualifiers[place]
        ops.append({"op": "remove", "path": f"{path}/qualifiers/{place}"})
    for snak in new_qualifiers(qualifiers, edit):
        value = rest_json.snak_to_json(snak)
        ops.append({"op": "add", "path": f"{path}/qualifiers/-", "value": value})
    return ops + _reference_ops(now, edit, f"{path}/references")


def _reference_ops(now: Statement, edit: StatementEdit, path: str) -> Ops:
    ops: Ops = []
    references = list(now.references)
    for old, new in edit.replace_references:
        place = reference_place(now, old, references)
        value = rest_json.reference_to_json(fresh_reference(new))
        ops += _reference_test(f"{path}/{place}", references[place])
        ops.append({"op": "replace", "path": f"{path}/{place}", "value": value})
        references[place] = fresh_reference(new)
    for old in edit.remove_references:
        place = reference_place(now, old, references)
        ops += _reference_test(f"{path}/{place}", references.pop(place))
        ops.append({"op": "remove", "path": f"{path}/{place}"})
    for new in new_references(references, edit):
        value = rest_json.reference_to_json(new)
        ops.append({"op": "add", "path": f"{path}/-", "value": value})
    return ops


def _add_ops(item: Item, statements: Sequence[Statement]) -> Ops:
    groups: dict[str, list[JSON]] = {}
    for each in statements:
        groups.setdefault(each.property, []).append(rest_json.statement_to_json(fresh(each)))
    ops: Ops = []
    for property_id, group in groups.items():
        path = f"/statements/{_escaped(property_id)}"
        if property_id in item.statements:
            ops += [{"op": "add", "path": f"{path}/-", "value": value} for value in group]
        else:
            ops.append({"op": "add", "path": path, "value": group})
    return ops


def _remove_ops(item: Item, statement_id: str, path: str) -> Ops:
    now = item.statement(statement_id)
    assert now is not None  # noqa: S101 - its place was just found
    ops = [_test(f"{path}/id", now.id), _test(f"{path}/rank", now.rank.value)]
    ops += _said_tests(path, now)
    if all(_is_testable(each) for each in now.references):
        value = [rest_json.reference_to_json(each) for each in now.references]
        ops.append(_test(f"{path}/references", value))
    return [*ops, {"op": "remove", "path": path}]


def _said_tests(path: str, now: Statement) -> Ops:
    """Tests of what the statement says: its value and its qualifiers."""
    ops: Ops = []
    if _is_exact(now.mainsnak):
        ops.append(_test(f"{path}/value", rest_json.value_to_json(now.mainsnak)))
    if all(map(_is_exact, now.qualifiers)):
        value = [rest_json.snak_to_json(each) for each in now.qualifiers]
        ops.append(_test(f"{path}/qualifiers", value))
    return ops


def _reference_test(path: str, reference: Reference) -> Ops:
    if not _is_testable(reference):
        return []
    return [_test(path, rest_json.reference_to_json(reference))]


def _is_testable(reference: Reference) -> bool:
    extra = (text for _, text in reference.extra)
    return not any(map(_holds_number, extra)) and all(map(_is_exact, reference.snaks))


def _is_exact(snak: Snak) -> bool:
    """Whether a test can be trusted to hold: of an unknown number it isn't told if it's a float."""
    extra = [text for _, text in snak.extra]
    if isinstance(snak.value, Other):
        extra.append(snak.value.json)
    elif snak.value is not None:
        extra += [text for _, text in getattr(snak.value, "extra", ())]
    return not any(map(_holds_number, extra))


def _holds_number(text: str) -> bool:
    held = [loads(text)]
    while held:
        each = held.pop()
        if isinstance(each, dict):
            held += each.values()
        elif isinstance(each, list):
            held += each
        elif not isinstance(each, str | bool | None):
            return True
    return False


def _place(item: Item, now: Statement) -> tuple[str, int]:
    for property_id, group in item.statements.items():
        for index, each in enumerate(group):
            if each is now:
                return property_id, index
    raise ValueError(f"{now.id} is not in {item.id}")


def _test(path: str, value: JSON) -> dict[str, JSON]:
    return {"op": "test", "path": path, "value": value}


def _escaped(token: str) -> str:
    """A name as a part of a JSON Pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")
