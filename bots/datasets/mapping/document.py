"""The tables of docs/mapping.md, made of what checks a mapping: they can't be out of date."""

from __future__ import annotations

import json
from typing import Any

from bots.core.wikibase.equality import NORMALISERS
from bots.datasets.mapping.dataset import DatasetFile, schema_json
from bots.datasets.mapping.parts import SnakTake
from bots.datasets.transforms import TRANSFORMS, Transform

_PARTS = {
    "DatasetFile": "the file",
    "SourceConfig": "source",
    "Pages": "pages",
    "SourceLimits": "source limits",
    "Take": "a value",
    "LanguageTake": "a language",
    "Match": "match",
    "SnakTake": "a property's value",
    "StatementTake": "a statement",
    "Within": "within",
    "Qualifier": "a qualifier",
    "Cite": "a reference's part",
    "TermTake": "a term",
    "Create": "create",
    "Table": "a table",
    "Gaps": "gaps",
}
"""The schema's parts, by the names that people are given."""
_SHARED = ("Take", "SnakTake")
"""Parts whose keys others have too."""


def key_tables() -> str:
    """A table of keys for each part of a mapping."""
    parts = _parts()
    told: list[str] = []
    for name, title in _PARTS.items():
        part = parts[name]
        told += [f"### {title[0].upper()}{title[1:]}", ""]
        if part.get("description") and part is not parts["DatasetFile"]:
            told += [part["description"], ""]
        shared = [each for each in _SHARED if each != name and _has(part, parts[each])]
        if shared:
            told += [f"It has the keys of {_named(shared[-1])}, and these:", ""]
        told += ["| key | what it is | takes | without it |", "|---|---|---|---|"]
        for key, held in part["properties"].items():
            if not any(key in parts[each]["properties"] for each in shared):
                cells = (f"`{key}`", _is(held, parts), _takes(held, parts), _default(part, key))
                told.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
        told.append("")
    return "\n".join(told)


def _parts() -> dict[str, Any]:
    """Name → its JSON Schema, the whole file's too."""
    schema = json.loads(schema_json(DatasetFile))
    snak = json.loads(schema_json(SnakTake))
    return {**schema["$defs"], "DatasetFile": schema, "SnakTake": snak}


def _has(part: Any, shared: Any) -> bool:
    return bool(shared["properties"].keys() <= part["properties"].keys())


def _is(held: Any, parts: Any) -> str:
    """What a key is; where it is called as the part that it takes, that says it."""
    other = parts.get(held.get("$ref", "").rpartition("/")[2], {})
    return str(held.get("description") or other.get("description", ""))


def transform_table() -> str:
    """A table of all transforms."""
    head = "| transform | does | takes | gives | arguments | odd input |"
    lines = [head, "|" + "---|" * 6]
    for name, each in sorted(TRANSFORMS.items()):
        cells = (f"`{name}`", each.does, each.takes, each.gives, _arguments(each), each.odd)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "–"


def _arguments(each: Transform) -> str:
    told = []
    for name, field in each.arguments.model_fields.items():
        alone = " (can stand alone)" if name == each.arguments.main else ""
        told.append(f"`{field.alias or name}`{alone}: {field.description}")
    return "<br>".join(told)


def _takes(held: Any, parts: Any) -> str:
    """What a key takes, in a few words."""
    if "anyOf" in held:
        return " or ".join(dict.fromkeys(_takes(each, parts) for each in held["anyOf"]))
    if "$ref" in held:
        name = held["$ref"].rpartition("/")[2]
        return _named(name) if name in (*_PARTS, "Transform") else _takes(parts[name], parts)
    if "enum" in held:
        if set(held["enum"]) == set(NORMALISERS):
            return "[equivalences](#equivalences)"
        return ", ".join(f"`{each}`" for each in held["enum"])
    kind = str(held.get("type", ""))
    if kind == "array":
        return f"a list: {_takes(held['items'], parts)}"
    if kind == "object":
        return f"by name: {_takes(held['additionalProperties'], parts)}"
    return _KINDS.get(kind, kind)


_KINDS = {
    "string": "text",
    "boolean": "`true`, `false`",
    "integer": "a number",
    "number": "a number",
    "null": "nothing",
}


def _named(name: str) -> str:
    """A part's name, with a link to it."""
    title = _PARTS.get(name, "transforms")
    return f"[{title}](#{title.replace(' ', '-').replace(chr(39), '')})"


def _default(part: Any, key: str) -> str:
    if key in part.get("required", ()):
        return "a fault"
    default = part["properties"][key].get("default")
    if default in (None, {}, []) or isinstance(default, dict):
        return ""
    return f"`{json.dumps(default)}`".replace('"', "")
