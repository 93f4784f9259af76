"""Statements in the REST API's form, checked and turned into the JSON that the wiki keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wikibase.refusals import BadValue
from sandbox.wikibase.rest_errors import Faults
from sandbox.wikibase.settings import DATA_TYPES
from sandbox.wikibase.values import Context, check_snak, read_datavalue

RANKS = ("deprecated", "normal", "preferred")
_PROPERTY = re.compile(r"P[1-9]\d{0,9}")


@dataclass(frozen=True)
class StatementCheck:
    """How statements are read: what values are held against, and how faults are told."""

    faults: Faults
    context: Context

    def statement(self, form: Any, path: str) -> dict[str, Any]:
        """One statement; it has an `id` only if the form has one."""
        form = self._object(form, path)
        given = {
            "id": form.get("id"),
            "rank": _or(form.get("rank"), "normal"),
            "qualifiers": _or(form.get("qualifiers"), []),
            "references": _or(form.get("references"), []),
        }
        sound = {
            "id": given["id"] is None or isinstance(given["id"], str),
            "rank": given["rank"] in RANKS,
            "qualifiers": given["qualifiers"] == {} or isinstance(given["qualifiers"], list),
            "references": given["references"] == {} or isinstance(given["references"], list),
        }
        for field, right in sound.items():
            if not right:
                raise self.faults.invalid(f"{path}/{field}", given[field])
        claim: dict[str, Any] = {
            "mainsnak": self._snak(form, path),
            "type": "statement",
            "rank": given["rank"],
            "qualifiers": [
                self._listed(part, f"{path}/qualifiers/{index}", self._snak)
                for index, part in enumerate(given["qualifiers"])
            ],
            "references": [
                self._listed(part, f"{path}/references/{index}", self._reference)
                for index, part in enumerate(given["references"])
            ],
        }
        return claim if given["id"] is None else {**claim, "id": given["id"]}

    def group(self, form: Any, prop: str, path: str, index: int) -> dict[str, Any]:
        """A statement in the group of a property, which must be its own."""
        if not isinstance(form, dict | list):
            raise self.faults.invalid(f"{path}/{index}", form)
        own = form.get("property") if isinstance(form, dict) else None
        name = own.get("id") if isinstance(own, dict) else None
        if name and name != prop:
            raise self.faults.wrong_group(f"{path}/{index}/property/id", prop, name)
        return self.statement(form, f"{path}/{index}")

    def _listed(self, part: Any, path: str, read: Callable[[Any, str], Any]) -> Any:
        if not isinstance(part, dict | list):
            raise self.faults.invalid(path, part)
        return read(part, path)

    def _object(self, form: Any, path: str) -> Mapping[str, Any]:
        if isinstance(form, list) and form:
            raise self.faults.invalid(path, form)
        return form or {}  # PHP cannot tell an empty list from an empty object

    def _reference(self, form: Any, path: str) -> dict[str, Any]:
        form = self._object(form, path)
        if "parts" not in form:
            raise self.faults.missing(path, "parts")
        if not isinstance(form["parts"], list):
            raise self.faults.invalid(f"{path}/parts", form["parts"])
        parts = enumerate(form["parts"])
        return {
            "snaks": [
                self._listed(part, f"{path}/parts/{index}", self._snak) for index, part in parts
            ]
        }

    def _snak(self, form: Any, path: str) -> dict[str, Any]:
        form = self._object(form, path)
        prop = self._field(form, "property", "id", path)
        kind = self._field(form, "value", "type", path)
        if not _PROPERTY.fullmatch(prop):
            raise self.faults.invalid(f"{path}/property/id", prop)
        datatype = self.context.state.datatype(prop)
        if datatype is None:
            raise self.faults.unknown(f"{path}/property/id", prop)
        if kind not in ("value", "somevalue", "novalue"):
            raise self.faults.invalid(f"{path}/value/type", kind)
        if kind == "value":
            return self._value_snak(prop, datatype, form["value"], f"{path}/value")
        return {"snaktype": kind, "property": prop}

    def _field(self, form: Mapping[str, Any], outer: str, inner: str, path: str) -> str:
        if outer not in form:
            raise self.faults.missing(path, outer)
        part = form[outer]
        if not isinstance(part, dict):
            if part == []:
                raise self.faults.missing(f"{path}/{outer}", inner)
            raise self.faults.invalid(f"{path}/{outer}", part)
        if inner not in part:
            raise self.faults.missing(f"{path}/{outer}", inner)
        found = part[inner]
        if not isinstance(found, str):
            raise self.faults.invalid(f"{path}/{outer}/{inner}", found)
        return found

    def _value_snak(
        self, prop: str, datatype: str, form: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        if "content" not in form:
            raise self.faults.missing(path, "content")
        value = form["content"]
        kind = DATA_TYPES.get(datatype, "string")
        if kind == "wikibase-entityid":
            if not isinstance(value, str):
                raise self.faults.invalid(f"{path}/content", value)
            value = {"id": value}
        elif kind == "time":
            value = self._time(value, path)
        try:
            read = read_datavalue({"value": value, "type": kind})
            snak = {"snaktype": "value", "property": prop, "datavalue": read}
            check_snak(snak, self.context)
        except BadValue as fault:
            raise self.faults.invalid(f"{path}/content", form["content"]) from fault
        return snak

    def _time(self, content: Any, path: str) -> dict[str, Any]:
        if not isinstance(content, dict):
            raise self.faults.invalid(f"{path}/content", content)
        types = {"time": str, "precision": int, "calendarmodel": str}
        for field in types:
            if field not in content:
                raise self.faults.missing(path, field)
        for field, wanted in types.items():
            if not isinstance(content[field], wanted) or isinstance(content[field], bool):
                raise self.faults.invalid(f"{path}/{field}", content[field])
        return {
            "time": content["time"],
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": content["precision"],
            "calendarmodel": content["calendarmodel"],
        }


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
