"""JSON Patch as Wikibase's REST API applies it, with its error answers and its oddities."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import jsonpatch
import jsonpointer

from sandbox.wikibase.rest_errors import SENT, RestError, coded

_OPERATIONS = {
    "add": "value",
    "replace": "value",
    "test": "value",
    "remove": None,
    "copy": "from",
    "move": "from",
}
"""The operations, each with the field that it needs besides its path."""


def checked(patch: Any) -> list[Mapping[str, Any]]:
    """The operations of a patch. Raises RestError for what is no JSON Patch."""
    if not isinstance(patch, list) or not all(isinstance(entry, dict) for entry in patch):
        raise SENT.invalid("/patch", patch)
    for index, entry in enumerate(patch):
        _check(entry, f"/patch/{index}")
    return patch


def apply(document: Any, patch: list[Mapping[str, Any]]) -> Any:
    """The document after a patch, which is made in place.

    Raises RestError where a test fails or a path leads nowhere.
    """
    for index, entry in enumerate(patch):
        if entry["op"] == "test":
            _test(document, entry, index)
        else:
            if "from" in entry:
                _resolve(document, entry["from"], f"/patch/{index}/from")
            document = _change(document, entry, index)
    return document


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal to Wikibase: 52 is not 52.0, order of keys is nothing.

    PHP cannot tell an empty object from an empty list.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict | list) and isinstance(other, dict | list):
        return not one and not other
    return type(one) is type(other) and bool(one == other)


def _check(entry: Mapping[str, Any], path: str) -> None:
    for field in ("op", "path"):
        if entry.get(field) is None:
            raise SENT.missing(path, field)
        if not isinstance(entry[field], str):
            raise SENT.invalid(f"{path}/{field}", entry[field])
    if entry["op"] not in _OPERATIONS:
        raise SENT.invalid(f"{path}/op", entry["op"])
    needed = _OPERATIONS[entry["op"]]
    if needed and needed not in entry:
        raise SENT.missing(path, needed)
    if needed == "from" and not isinstance(entry["from"], str):
        raise SENT.invalid(f"{path}/from", entry["from"])


def _test(document: Any, entry: Mapping[str, Any], index: int) -> None:
    actual = _resolve(document, entry["path"], f"/patch/{index}/path")
    if not same(actual, entry["value"]):
        message = "Test operation in the provided patch failed"
        raise coded("patch-test-failed", message, path=f"/patch/{index}", actual_value=actual)


def _resolve(document: Any, pointer: str, place: str) -> Any:
    try:
        return jsonpointer.JsonPointer(pointer).resolve(document)
    except (jsonpointer.JsonPointerException, TypeError) as error:
        raise _no_target(place) from error


def _change(document: Any, entry: Mapping[str, Any], index: int) -> Any:
    entry = copy.deepcopy(dict(entry))
    if entry["op"] == "add" and _beyond_the_end(document, entry["path"]):
        return _add_as_key(document, entry)
    try:
        return jsonpatch.JsonPatch([entry]).apply(document, in_place=True)
    except (
        jsonpatch.JsonPatchException,
        jsonpointer.JsonPointerException,
        TypeError,
        KeyError,
    ) as error:
        raise _no_target(f"/patch/{index}/path") from error


def _beyond_the_end(document: Any, path: str) -> bool:
    head, _, last = path.rpartition("/")
    parent = jsonpointer.resolve_pointer(document, head, None) if head.startswith("/") else None
    return isinstance(parent, list) and last.isdecimal() and int(last) > len(parent)


def _add_as_key(document: Any, entry: Mapping[str, Any]) -> Any:
    """PHP's arrays take any index, so that a list with a hole is an object from then on."""
    head, _, last = entry["path"].rpartition("/")
    parent = jsonpointer.resolve_pointer(document, head)
    holed = {str(index): value for index, value in enumerate(parent)} | {last: entry["value"]}
    jsonpointer.set_pointer(document, head, holed)
    return document


def _no_target(place: str) -> RestError:
    return coded("patch-target-not-found", "Target not found on resource", path=place)
