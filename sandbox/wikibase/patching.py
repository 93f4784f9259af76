"""How Wikibase patches a stale edit into an entity that has moved on, with the edits that it loses.

The difference between the base and what is sent is carried to the current entity. A term that is
no longer what the base has is a conflict. A statement that is gone is a conflict too, but one that
another user changed is overwritten without a word: that is the lost update of facts/wikibase.md.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.entities import (
    claims_field,
    find_statement,
    put_statement,
    remove_statement,
    statements,
)
from sandbox.wikibase.refusals import Refusal

Entity = Mapping[str, Any]


def patched(base: Entity, mine: Entity, current: Entity) -> dict[str, Any]:
    """The current entity with what `mine` changes in `base`. Raises Refusal edit-conflict."""
    if not base or not current or "redirect" in base or "redirect" in current:
        raise Refusal("edit-conflict")
    result = copy.deepcopy(dict(current))
    for field in ("labels", "descriptions", "sitelinks"):
        if field in mine:
            _patch_map(base[field], mine[field], result[field])
    if "aliases" in mine:
        _patch_aliases(base["aliases"], mine["aliases"], result["aliases"])
    _patch_statements(base, mine, result)
    return result


def _patch_map(base: Entity, mine: Entity, result: dict[str, Any]) -> None:
    for key in {**base, **mine}:
        before, after = base.get(key), mine.get(key)
        if before == after or result.get(key) == after:
            continue
        if result.get(key) != before:
            raise Refusal("edit-conflict")
        if after is None:
            del result[key]
        else:
            result[key] = copy.deepcopy(after)


def _patch_aliases(base: Entity, mine: Entity, result: dict[str, Any]) -> None:
    for language in {**base, **mine}:
        before, after = base.get(language, []), mine.get(language, [])
        if before == after:
            continue
        kept = [
            alias for alias in result.get(language, []) if alias not in before or alias in after
        ]
        kept += [alias for alias in after if alias not in before and alias not in kept]
        if kept:
            result[language] = kept
        else:
            result.pop(language, None)


def _patch_statements(base: Entity, mine: Entity, result: dict[str, Any]) -> None:
    for before in list(statements(base)):
        after = find_statement(mine, before["id"])
        if after is None:
            there = find_statement(result, before["id"])
            if there is not None and there != before:
                raise Refusal("edit-conflict")
            remove_statement(result, before["id"])
        elif after != before:
            if find_statement(result, before["id"]) is None:
                raise Refusal("edit-conflict")
            put_statement(result, copy.deepcopy(after))
    for statement in statements(mine):
        if find_statement(base, statement["id"]) is None:
            put_statement(result, copy.deepcopy(statement))
    result[claims_field(result)] = {
        prop: group for prop, group in result[claims_field(result)].items() if group
    }
