"""The parts of a mapping file: where values come from, and which statements they become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from bots.core.config import ItemId, Positive, PropertyId, Strict
from bots.core.merge.facts import ChangePolicy, WithdrawalPolicy
from bots.datasets.mapping.expressions import Equivalence, Language, Path, Template, Transforming
from bots.datasets.source.config import FieldName
from bots.datasets.transforms.patterns import Pattern

Datatype = Literal[
    "string",
    "external-id",
    "url",
    "commonsMedia",
    "monolingualtext",
    "time",
    "quantity",
    "globe-coordinate",
    "wikibase-item",
]


class Part(Strict):
    """A part of a mapping; what its keys mean is in their docstrings, and so in the schema."""

    model_config = ConfigDict(use_attribute_docstrings=True, populate_by_name=True)


def _box(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    south, west, north, east = _degrees(value)
    if not (-90 <= south < north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("a box is south, west, north, east, in degrees")
    return value


def _degrees(value: list[Any]) -> list[float]:
    if len(value) != 4 or not all(type(each) in (int, float) for each in value):
        raise ValueError("a box is four numbers: south, west, north, east")
    return [float(each) for each in value]


Box = Annotated[list[float], BeforeValidator(_box)]
"""South, west, north and east, in degrees."""


class Take(Part):
    """Where a value comes from (one of `field`, `path`, `template`), and what is done to it."""

    field: FieldName | None = None
    """A column, or a property of the JSON record, by its exact name."""
    path: Path | None = None
    """A JMESPath expression, for what lies deeper in a JSON record."""
    template: Template | None = None
    """Text with `{column}` or `{=path}` in it; no value where one of them has none."""
    of: Literal["element", "record"] = "element"
    """With `each`: whether names are looked up in the element or in the whole record."""
    transform: list[Transforming] = Field(default_factory=list)
    """What is done to each value, in this order."""
    table: str | None = None
    """The value table (in `tables`) that says what the value becomes."""
    told: bool = True
    """Whether a value that the table does not hold is told; it is unknown in any case."""

    @property
    def column(self) -> str:
        """The partner's own name of it, for people."""
        return self.field or self.path or self.template or ""

    @model_validator(mode="after")
    def _from_one_place(self) -> Take:
        _one_of(self, ("field", "path", "template"))
        return self

    @model_validator(mode="after")
    def _tells_of_a_table(self) -> Take:
        if self.table is None and not self.told:
            raise ValueError("'told' is for values of a 'table'")
        return self


class LanguageTake(Take):
    """A language that the record tells."""

    otherwise: Language | None = None
    """The language where the record tells none; without it, such a text is left out."""


class SnakTake(Take):
    """A property and its value: of a statement, a qualifier or a reference."""

    property: PropertyId
    """The property, by Wikidata's number."""
    datatype: Datatype | None = None
    """The property's datatype. Not needed where it is told by `item`, `table`, `record_of`, or,
    in a reference, by `field` (external-id), `retrieved` and `record_url`."""
    item: ItemId | None = None
    """This item always."""
    value: Annotated[str, Field(min_length=1)] | None = None
    """This value always, as if the source had said it."""
    somevalue: bool = False
    """Says that there is some value that nobody knows (with `when`)."""
    record_of: Annotated[str, Field(min_length=1)] | None = None
    """The value is a record's key in this dataset: the statement's value is that record's item."""
    language: Language | LanguageTake | None = None
    """The language of a monolingualtext."""
    unit: ItemId | None = None
    """The unit of a quantity; without it, it has none."""
    plus_minus: Take | None = None
    """Where a quantity's uncertainty comes from."""
    pattern: Pattern | None = None
    """An RE2 pattern that the whole text has to match."""

    def kind(self) -> Datatype:
        """The datatype, told or not."""
        if self.datatype:
            return self.datatype
        return "wikibase-item" if self.item or self.table or self.record_of else "external-id"

    @model_validator(mode="after")
    def _from_one_place(self) -> SnakTake:
        _one_of(self, (*_PLACES, *self._places()))
        self._check()
        return self

    def _places(self) -> tuple[str, ...]:
        return ()

    def _check(self) -> None:
        kind = self.kind()
        texts = ("string", "external-id", "url", "commonsMedia", "monolingualtext")
        if kind != "wikibase-item" and (self.item or self.record_of):
            raise ValueError(f"an item can't be the value of a property of datatype {kind}")
        if (kind == "monolingualtext") != (self.language is not None):
            raise ValueError("'language' is needed with monolingualtext, and only there")
        if kind != "quantity" and (self.unit or self.plus_minus):
            raise ValueError(f"'unit' and 'plus_minus' are for quantities, not for {kind}")
        if kind not in texts and self.pattern:
            raise ValueError(f"'pattern' is for texts, not for {kind}")
        if self.record_of and self.table:
            raise ValueError("the item comes either by 'table' or by 'record_of'")
        fixed = next((name for name in ("item", "somevalue") if getattr(self, name)), None)
        if fixed and (self.transform or self.table or self.pattern):
            raise ValueError(f"'{fixed}' is taken as it is: no transform, table or pattern")


_PLACES = ("field", "path", "template", "item", "value", "somevalue")


class Qualifier(SnakTake):
    """A qualifier of a statement."""

    key: bool = False
    """It tells one slot of the property from another (the date of a population)."""
    many: bool = False
    """It may have several values."""
    equivalence: Equivalence = ()
    """What makes no difference between its texts."""

    def _check(self) -> None:
        _has_datatype(self)
        super()._check()
        if self.key and self.many:
            raise ValueError("a key qualifier has one value")


class Cite(SnakTake):
    """A snak of a reference."""

    retrieved: bool = False
    """The day on which the source was read."""
    record_url: bool = False
    """The record's address, by the mapping's `record_url`."""
    optional: bool = False
    """The reference can do without it, and is not known by it (an article, where one is named)."""

    def kind(self) -> Datatype:
        if self.retrieved:
            return "time"
        return "url" if self.record_url else super().kind()

    def _places(self) -> tuple[str, ...]:
        return ("retrieved", "record_url")


class Within(Take):
    """Where a place has to lie: in a fixed box, or in that of the record's country."""

    box: Box | None = None
    """South, west, north and east in degrees: [55, 10.5, 69.2, 24.4]; west of the date line may be
    east of it."""

    @model_validator(mode="after")
    def _from_one_place(self) -> Within:
        _one_of(self, ("field", "path", "template", "box"))
        if (self.box is None) != (self.table is not None):
            raise ValueError("a field is looked up in a 'table' of boxes; 'box' is one by itself")
        return self


When = Path
"""A JMESPath expression on the record; null, false and empty mean no."""


class StatementTake(SnakTake):
    """A field, and the property whose statements it becomes."""

    each: Path | None = None
    """A JMESPath expression whose elements make a statement each; names are looked up in them."""
    when: When | None = None
    """Only where this holds of the record (with `each`, of the element)."""
    many: bool = False
    """A slot per value: values are added and withdrawn, and never changed into one another."""
    change: ChangePolicy = ChangePolicy.REPLACE
    """What becomes of our old value when the source has a new one."""
    withdrawal: WithdrawalPolicy = WithdrawalPolicy.REPORT
    """What becomes of our value when the source has it no more."""
    reason: ItemId | None = None
    """With `withdrawal: deprecate`: the item that says why, in the qualifier P2241."""
    equivalence: Equivalence = ()
    """What makes no difference between texts; see `bots.core.wikibase.equality`."""
    end: PropertyId = "P582"
    """The qualifier that says when a value ended, for `change: end-and-add`."""
    within: Within | None = None
    """The box in which a coordinate has to lie; one beside it is unknown."""
    qualifiers: list[Qualifier] = Field(default_factory=list)
    """The statement's qualifiers."""
    reference: list[Cite] | None = None
    """The statement's reference, instead of the mapping's."""

    def _check(self) -> None:
        _has_datatype(self)
        super()._check()
        if self.within and self.kind() != "globe-coordinate":
            raise ValueError(f"'within' is for coordinates, not for {self.kind()}")
        if self.many and self.change is not ChangePolicy.REPLACE:
            raise ValueError("with 'many' values are added and withdrawn: there is no 'change'")
        if self.reason and self.withdrawal is not WithdrawalPolicy.DEPRECATE:
            raise ValueError("'reason' says why a value is deprecated: add 'withdrawal: deprecate'")


class TermTake(Take):
    """A field, and the terms that it becomes."""

    term: Literal["label", "description", "alias"]
    """Which of an item's terms."""
    language: Language | LanguageTake
    """The language's code, or where the record tells it."""
    each: Path | None = None
    """As in statements."""
    when: When | None = None
    """As in statements."""
    taken: Literal["alias", "report", "nothing"] = "alias"
    """What becomes of our label where people have another one."""
    withdrawal: Literal[WithdrawalPolicy.REPORT, WithdrawalPolicy.REMOVE] = WithdrawalPolicy.REPORT
    """What becomes of our term when the source has it no more."""


class Match(Take):
    """The property by which a record's item is found."""

    property: PropertyId
    """The property of the identifier."""
    equivalence: Equivalence = ()
    """What makes no difference between two spellings of the identifier."""
    index: Annotated[str, Field(min_length=1)] = "search"
    """`search`, `scan`, or the path of a query's result (CSV) or a dump."""
    pattern: Pattern | None = None
    """An RE2 pattern that the whole identifier has to match."""
    item: Take | None = None
    """Where the source itself names the item: a hint, never a proof."""
    not_kinds: list[ItemId] = Field(default_factory=list)
    """An item that says (P31) that it is one of these is about something else, such as a person."""
    people: bool | None = None
    """Whether people are asked, on a wiki page, which items the records are that no item carries.
    Without it, they are asked where the mapping has terms."""
    people_at_once: Positive = 200
    """For so many records a run items are looked for by name."""
    certain: bool = False
    """An item found by name that is sure and uncontested is taken without a person's word."""


class Create(Part):
    """When a new item is made, and what it has that is not kept up afterwards."""

    labels: Annotated[list[Language], Field(min_length=1)]
    """The languages in which it has to have a label."""
    when: When | None = None
    """Only for records of which this holds."""
    people: bool = False
    """Only of records for which people have said `new`."""
    statements: list[StatementTake] = Field(default_factory=list)
    """Written into new items alone."""
    terms: list[TermTake] = Field(default_factory=list)
    """Written into new items alone."""


Lack = Annotated[
    str,
    Field(
        pattern=r"^(?:item|P[1-9][0-9]*|(?:label|description)/[a-z][a-z-]{0,30}"
        r"|article/[a-z][a-z_]{1,40})$"
    ),
]
"""`item`, a property, `label/sv`, `description/sv`, `article/svwiki`."""


class Gaps(Part):
    """What is missing on the wiki, counted and listed on wiki pages."""

    lacks: Annotated[list[Lack], Field(min_length=1)]
    """What records may lack: `item`, a property (P18), `label/sv`, `description/sv`,
    `article/svwiki`. A record without an item lacks nothing else."""
    by: list[FieldName] = Field(default_factory=list)
    """The fields whose values the records are counted by, each in a table of its own."""
    lists: list[Lack] = Field(default_factory=list)
    """Of which of them there are work lists, on which people tick rows off."""

    @model_validator(mode="after")
    def _lists_what_it_counts(self) -> Gaps:
        unknown = [each for each in self.lists if each not in self.lacks]
        if unknown:
            raise ValueError(f"'lists' has {', '.join(unknown)}, which is not among 'lacks'")
        return self


def _table_key(key: Any) -> Any:
    if isinstance(key, bool):
        raise ValueError("YAML takes NO, YES, ON and OFF for true and false: put it into quotes")
    return str(key) if isinstance(key, int | float) else key


def becomes(said: str) -> tuple[str, ...]:
    """What a table's text stands for: an item, several with spaces between, a text, or nothing."""
    if _ITEMS.fullmatch(said):
        return tuple(said.split())
    return (said,) if said else ()


_ITEMS = re.compile(r"Q[1-9]\d*(?:\s+Q[1-9]\d*)*", re.ASCII)


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return becomes(value)
    if isinstance(value, list):
        return tuple(value)
    return () if value is None else value


TableKey = Annotated[str, BeforeValidator(_table_key)]
TableValue = Annotated[
    tuple[str, ...],
    BeforeValidator(_words, json_schema_input_type=str | list[str] | None),
]
"""What a source's value becomes: an item, several (a list, or with spaces between), or nothing."""


class Table(Part):
    """A value table: what the source's values become."""

    values: Mapping[TableKey, TableValue] = Field(default_factory=dict)
    """The source's value, and what it becomes: an item (or a text), several, or nothing."""
    file: str | None = None
    """A CSV file with more of them, its path relative to the mapping."""
    source: Annotated[str, Field(alias="from")] = "from"
    """The file's column with the source's values."""
    item: str = "item"
    """The file's column with what they become."""
    page: str | None = None
    """A wiki page on which people complete the table."""


def _as_table(given: Any) -> Any:
    """A table that names neither file nor page is the values themselves."""
    if isinstance(given, dict) and not given.keys() & {"values", "file", "page"}:
        return {"values": given}
    return given


ValueTable = Annotated[
    Table,
    BeforeValidator(_as_table, json_schema_input_type=Table | Mapping[str, str | list[str] | None]),
]


def _has_datatype(take: SnakTake) -> None:
    if not (take.datatype or take.item or take.table or take.record_of):
        raise ValueError(f"'datatype' is missing; there are {', '.join(get_args(Datatype))}")


def _one_of(part: Part, names: tuple[str, ...]) -> None:
    given = [name for name in names if getattr(part, name) not in (None, False)]
    if len(given) != 1:
        said = " and ".join(f"'{name}'" for name in given) or "nothing"
        raise ValueError(f"say where the value comes from by one of {', '.join(names)}, not {said}")
