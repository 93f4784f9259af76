"""The small languages within a mapping: paths, templates, transforms, languages, equivalences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from bots.core.wikibase.equality import NORMALISERS
from bots.datasets.transforms import TRANSFORMS, Step, arguments_of

_TEMPLATE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]|[^{}]+")
_LITERALS = ("literal", "identity", "current", "slice", "index")
_DEEPEST = 100
_TOO_DEEP = "a JMESPath expression that is nested too deeply"
_ON_THE_FIRST = (
    "subexpression",
    "index_expression",
    "projection",
    "value_projection",
    "filter_projection",
    "flatten",
    "pipe",
)


def compiled_path(expression: str) -> ParsedResult:
    """The JMESPath expression, ready. Raises ValueError for what is none."""
    try:
        found = jmespath.compile(expression)
    except JMESPathError as error:
        words = " ".join(str(error).split("\n")[0].split())
        raise ValueError(f"no JMESPath expression: {words}") from error
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    for node in _nodes(found.parsed):
        name = node["value"] if node["type"] == "function_expression" else None
        if name is not None and name not in Functions.FUNCTION_TABLE:
            known = ", ".join(sorted(Functions.FUNCTION_TABLE))
            raise ValueError(f"JMESPath has no function '{name}'; there are {known}")
        if node["type"] == "slice" and node["children"][2] == 0:
            raise ValueError("a slice's step can't be 0")
    return found


def _nodes(parsed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All parts of an expression. Raises ValueError where they lie too deep in one another."""
    waiting = [(parsed, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError(_TOO_DEEP)
        yield node
        children = node.get("children", ())
        waiting += ((each, depth + 1) for each in children if isinstance(each, dict))


def fields_of_path(expression: str) -> frozenset[str]:
    """The record's own fields that an expression begins with."""
    return frozenset(_roots(compiled_path(expression).parsed))


def _roots(node: Mapping[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield node["value"]
    children = node.get("children", ())
    for child in children[:1] if node["type"] in _ON_THE_FIRST else children:
        yield from _roots(child)


def _is_path(expression: str) -> str:
    compiled_path(expression)
    return expression


Path = Annotated[str, AfterValidator(_is_path)]


class Piece(NamedTuple):
    """A part of a template: text as it stands, or the `field` or `path` whose value is put in."""

    text: str = ""
    field: str = ""
    path: str = ""


def pieces(template: str) -> tuple[Piece, ...]:
    """A template's parts. Raises ValueError for a brace that stands alone, and a wrong path."""
    found: list[Piece] = []
    for match in _TEMPLATE.finditer(template):
        text, name = match[0], match[1]
        if name is None:
            if text in ("{", "}"):
                raise ValueError(
                    f"a '{text}' stands alone; as a character of the text it is doubled"
                )
            found.append(Piece(text=text[0] if text in ("{{", "}}") else text))
        elif name.startswith("="):
            found.append(Piece(path=_is_path(name[1:].strip())))
        else:
            found.append(Piece(field=name))
    return tuple(found)


def _is_template(template: str) -> str:
    if not any(piece.field or piece.path for piece in pieces(template)):
        raise ValueError("a template has a {column} or a {=path} in it; a fixed text is a 'value'")
    return template


Template = Annotated[str, AfterValidator(_is_template)]


Language = Annotated[str, Field(pattern=r"^[a-z]{2,12}(-[a-z0-9]{1,12}){0,4}$")]


def _is_normaliser(name: str) -> str:
    if name not in NORMALISERS:
        raise ValueError(f"'{name}' is no equivalence; there are {', '.join(NORMALISERS)}")
    return name


Equivalence = Sequence[
    Annotated[str, AfterValidator(_is_normaliser), WithJsonSchema({"enum": sorted(NORMALISERS)})]
]


@dataclass(frozen=True)
class TransformUse:
    """A transform as a mapping names it: `one-space`, or `{split: ";"}`."""

    name: str
    given: Any = None

    def step(self) -> tuple[bool, Step]:
        """Whether it wants all values at once, and the transform, ready."""
        known = TRANSFORMS[self.name]
        return known.whole, known.make(arguments_of(self.name, self.given))


def _transform_use(given: Any) -> TransformUse:
    if isinstance(given, TransformUse):
        return given
    if isinstance(given, str):
        use = TransformUse(given)
    elif isinstance(given, dict) and len(given) == 1:
        ((name, arguments),) = given.items()
        use = TransformUse(str(name), arguments)
    else:
        raise ValueError("a transform is a name, or a name and its arguments: {split: ';'}")
    arguments_of(use.name, use.given)
    return use


A_TRANSFORM = {"format": "transform"}
"""Stands in a JSON Schema where `transform_schema` is meant."""


def transform_schema() -> dict[str, Any]:
    """The JSON Schema of a transform in use: each by its name, with the arguments it takes."""
    alone: list[str] = []
    forms: list[dict[str, Any]] = []
    for name, each in sorted(TRANSFORMS.items()):
        schema = each.arguments.model_json_schema()
        if not schema.get("required"):
            alone.append(name)
        if schema.get("properties"):
            takes = [{"type": "object", **schema}]
            if each.arguments.main:
                takes.append(schema["properties"][each.arguments.main])
            forms.append(
                {
                    "type": "object",
                    "description": each.does,
                    "properties": {name: {"anyOf": takes}},
                    "required": [name],
                    "additionalProperties": False,
                }
            )
    return {"description": "A named transform.", "anyOf": [{"enum": alone}, *forms]}


Transforming = Annotated[
    TransformUse,
    PlainValidator(_transform_use),
    PlainSerializer(lambda use: {use.name: use.given}),
    WithJsonSchema(A_TRANSFORM),
]
