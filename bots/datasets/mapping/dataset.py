"""config/datasets/ID.yaml: which dataset it is, and how its fields become statements and terms.

All P… and Q… are Wikidata's; the site's own come in when records are made (`records`).
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationError, model_validator

from bots.core.config import (
    ConfigError,
    ConfigFault,
    HubConfig,
    Positive,
    SiteNumbers,
    load_yaml,
)
from bots.datasets.mapping.checks import Wrong, faults_of, no_items, tables_of_items
from bots.datasets.mapping.expressions import (
    A_TRANSFORM,
    Template,
    fields_of_path,
    pieces,
    transform_schema,
)
from bots.datasets.mapping.parts import (
    Cite,
    Create,
    Gaps,
    Match,
    Part,
    StatementTake,
    Table,
    Take,
    TermTake,
    ValueTable,
    When,
    becomes,
)
from bots.datasets.source.config import SourceConfig

RESERVED = frozenset(
    {"attribution", "datasets", "intake", "metrics", "publishing", "register", "reports"}
)
"""Names of other bots, which a dataset can't have: a dataset's bot is named by its id."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
_LONGEST_TABLE = 32 << 20


class DatasetFile(Part):
    """The whole of config/datasets/ID.yaml."""

    title: Annotated[str, Field(min_length=1)]
    """What the dataset is called."""
    partner: Annotated[str, Field(min_length=1)]
    """Whose it is."""
    partner_accounts: list[str] = Field(default_factory=list)
    """Accounts on the wiki whose word on a decision does not count."""
    site: str
    """The site that is written to, as hub.yaml calls it."""
    switched_off: Annotated[str, Field(min_length=1)] | None = None
    """Why the dataset is not to be run or planned at all."""
    source: SourceConfig
    """Where the records come from."""
    match: Match
    """How a record's item is found."""
    create: Create | None = None
    """When new items are made; without it, none are."""
    withdrawn: When | None = None
    """Records of which this holds count as gone from the source."""
    record_url: Template | None = None
    """The record's address at the partner's."""
    reference: list[Cite] = Field(default_factory=list)
    """The reference of each statement that has none of its own."""
    retrieved_days: Positive | None = None
    """After so many days "retrieved" is brought up to date alone; without it, never."""
    statements: list[StatementTake] = Field(default_factory=list)
    """What is said of the item."""
    terms: list[TermTake] = Field(default_factory=list)
    """What the item is called."""
    tables: Mapping[str, ValueTable] = Field(default_factory=dict)
    """Value tables, by name."""
    gaps: Gaps | None = None
    """What is missing on the wiki, counted and listed; without it, nothing is."""

    @model_validator(mode="after")
    def _its_parts_fit(self) -> DatasetFile:
        _refuse(faults_of(self))
        return self


class Dataset(DatasetFile):
    """A mapping that has been loaded.

    - `id`: the file's name. `path`: the file; other files are named relative to it.
    - `lookups`: table → source value → what it becomes, of the mapping and the tables' files.
    - `numbers`: what the site numbers differently.
    """

    id: str
    path: FilePath
    lookups: Mapping[str, Mapping[str, tuple[str, ...]]]
    numbers: SiteNumbers

    @property
    def fields(self) -> frozenset[str]:
        """The record's own fields that the mapping names: the source has to have all of them."""
        return frozenset(_fields(self))

    @property
    def digest(self) -> str:
        """16 hex digits over all that bears on what a record says: judged by another, it is
        judged again. Value tables that people complete are not in it (see `Mapper.digest`)."""
        told = self.model_dump(mode="json", include=_BEARING) | {
            "tables": {name: dict(sorted(held.items())) for name, held in self.lookups.items()},
            "numbers": self.numbers.model_dump(mode="json"),
            "made": _MADE,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


_BEARING = {
    "match", "create", "withdrawn", "record_url", "reference", "retrieved_days", "statements",
    "terms", "gaps",
}  # fmt: skip
_MADE = 2
"""Counted up when the same mapping comes to make other records of the same source."""


def load_dataset(path: FilePath, config: HubConfig) -> Dataset:
    """A mapping, with its tables' files. Raises `ConfigError` with all that is wrong."""

    class Here(DatasetFile):
        """The mapping in its place: the hub's sites and the files beside it are known."""

        lookups: ClassVar[dict[str, Mapping[str, tuple[str, ...]]]] = {}

        @model_validator(mode="after")
        def _fits_its_place(self) -> Here:
            wrong: list[Wrong] = []
            if self.site not in config.sites:
                known = ", ".join(config.sites)
                wrong.append((("site",), f"hub.yaml has no site '{self.site}' ({known})"))
            for name, table in self.tables.items():
                place = ("tables", name, "file")
                try:
                    filed = _table_file(path.parent, table)
                except ValueError as error:
                    wrong.append((place, str(error)))
                    continue
                if name in tables_of_items(self):
                    said = f"{table.file}: '{{}}' is no item, such as Q33506"
                    wrong += [(place, said.format(item)) for _, item in no_items(filed)]
                self.lookups[name] = {**filed, **table.values}
            _refuse(wrong)
            return self

    faults = name_faults(path)
    try:
        found = load_yaml(path, Here)
    except ConfigError as error:
        raise ConfigError([*faults, *error.faults]) from error
    if faults:
        raise ConfigError(faults)
    return Dataset.model_construct(
        **{name: getattr(found, name) for name in DatasetFile.model_fields},
        id=path.stem,
        path=path,
        lookups=found.lookups,
        numbers=config.numbers_of(found.site),
    )


def load_datasets(folder: FilePath, config: HubConfig) -> dict[str, Dataset]:
    """All mappings of a folder, by id. Raises `ConfigError` with all that is wrong in any."""
    found: dict[str, Dataset] = {}
    faults: list[ConfigFault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = load_dataset(path, config)
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(faults)
    return found


def schema_json(part: type[Part] = DatasetFile) -> str:
    """The JSON Schema of a mapping file, for editors: config/datasets/schema.json."""
    schema = _plain(part.model_json_schema(by_alias=True))
    schema["$defs"]["Transform"] = _plain(transform_schema())
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A dataset's mapping",
        **schema,
    }
    return json.dumps(told, indent="\t", ensure_ascii=False) + "\n"


def _plain(schema: Any) -> Any:
    """A schema without titles that only repeat names, and null where a key is just left out."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == A_TRANSFORM:
        return {"$ref": "#/$defs/Transform"}
    properties = schema.get("properties", {})
    plain = {
        name: {key: _plain(each) for key, each in held.items()}
        if held is properties
        else _plain(held)
        for name, held in schema.items()
        if not (name == "title" and isinstance(held, str))
    }
    choices = plain.get("anyOf")
    if choices and "default" in plain and plain["default"] is None:
        rest = [each for each in choices if each != {"type": "null"}]
        del plain["default"], plain["anyOf"]
        plain |= rest[0] if len(rest) == 1 else {"anyOf": rest}
    return plain


def _refuse(wrong: list[Wrong]) -> None:
    """Raises pydantic's error, each fault with its place, so that it is told with its line."""
    if wrong:
        raise ValidationError.from_exception_data(
            "mapping",
            [
                {"type": "value_error", "loc": place, "input": None, "ctx": {"error": said}}
                for place, said in wrong
            ],
        )


def name_faults(path: FilePath) -> list[ConfigFault]:
    """A dataset's id is its bot's name, and part of page titles and edit summaries."""
    name = path.stem
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        said = f"'{name}' can't be an id: small letters, digits and dashes, such as our-museums"
        return [ConfigFault(path, 1, said)]
    if name in RESERVED:
        return [ConfigFault(path, 1, f"'{name}' is another bot's name: give the file another")]
    return []


def _table_file(folder: FilePath, table: Table) -> dict[str, tuple[str, ...]]:
    """The values of a table's file. Raises ValueError."""
    if table.file is None:
        return {}
    path = folder / table.file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{table.file} does not lie below the mapping's folder")
        if path.stat().st_size > _LONGEST_TABLE:
            raise ValueError(f"{table.file} is larger than {_LONGEST_TABLE >> 20} MB")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return dict(_table_rows(table, csv.DictReader(file)))
    except OSError as error:
        raise ValueError(f"{table.file} can't be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{table.file} is no CSV in UTF-8 ({error})") from error


def _table_rows(table: Table, rows: csv.DictReader[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    seen: dict[str, str] = {}
    for name in (table.source, table.item):
        if name not in (rows.fieldnames or ()):
            raise ValueError(f"{table.file} has no column '{name}'")
    for row in rows:
        key, said = (row[table.source] or "").strip(), (row[table.item] or "").strip()
        if key and seen.setdefault(key, said) != said:
            raise ValueError(f"{table.file}, line {rows.line_num}: '{key}' is here twice")
        if key:
            yield key, becomes(said)


def _fields(mapping: DatasetFile) -> Iterator[str]:
    for when in (mapping.withdrawn, mapping.create and mapping.create.when):
        if when:
            yield from fields_of_path(when)
    if mapping.record_url:
        yield from _template_fields(mapping.record_url)
    yield from _taken(mapping.match, None)
    for cite in mapping.reference:
        yield from _taken(cite, None)
    made = mapping.create
    for statement in (*mapping.statements, *(made.statements if made else ())):
        yield from _taken(statement, statement.each)
        for each in (*statement.qualifiers, *(statement.reference or ())):
            yield from _taken(each, statement.each)
    for term in (*mapping.terms, *(made.terms if made else ())):
        yield from _taken(term, term.each)
    if mapping.gaps:
        yield from mapping.gaps.by


def _taken(take: Take, each: str | None) -> Iterator[str]:
    """The record's fields that a part names, and its parts."""
    when = getattr(take, "when", None)
    if each:
        yield from fields_of_path(each)
    if each is None or take.of == "record":
        if take.field:
            yield take.field
        if take.path:
            yield from fields_of_path(take.path)
        if take.template:
            yield from _template_fields(take.template)
    if when and each is None:
        yield from fields_of_path(when)
    for name in ("language", "plus_minus", "item", "within"):
        inner: Any = getattr(take, name, None)
        if isinstance(inner, Take):
            yield from _taken(inner, each)


def _template_fields(template: str) -> Iterator[str]:
    for piece in pieces(template):
        if piece.field:
            yield piece.field
        if piece.path:
            yield from fields_of_path(piece.path)
