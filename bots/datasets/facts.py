"""What the parts of this room tell one another: rows, records, what they say of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bots.core.merge.facts import ChangePolicy, Unknown, WithdrawalPolicy
from bots.core.messages import Message
from bots.core.wikibase.model import Snak, Statement

TermKind = Literal["label", "description", "alias"]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the source as it was read, not yet validated.

    - `number`: its place in the file, from 1; a header is not counted.
    - `key`: the record's key, as text, never empty.
    - `digest`: 32 hex digits over all that the row says; the same for the same row.
    - `cells`: a list in the order of the schema's fields (CSV, TSV), or the JSON object.
    """

    number: int
    key: str
    digest: str
    cells: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the source, for a finding: in which record (key), column and row."""

    message: Message
    key: str = ""
    column: str = ""
    row: int = 0


@dataclass(frozen=True)
class QualifierRule:
    """How one of our qualifiers is kept: `property` as the site numbers it."""

    property: str
    many: bool = False
    normalisers: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class StatementRule:
    """How what a dataset says of one property is kept; all ids are the site's own.

    - `keys`: the qualifiers that tell one slot of the property from another.
    - `normalisers`: names in `equality.NORMALISERS`, for the main value.
    - `qualifiers`: our other qualifiers, by property.
    - `end`: the qualifier that says when a value ended, for `ChangePolicy.END_AND_ADD`.
    - `reason`: the qualifier that says why, for `WithdrawalPolicy.DEPRECATE`; None for none.
    - `cites`: properties of the reference's snaks by which our reference is known.
    - `retrieved`: the property of the reference's date, which is no reason to write by itself
      until it is `retrieved_days` old (0: never).
    - `column`: the partner's own column, for what the partner gets back.
    """

    property: str
    column: str = ""
    many: bool = False
    keys: frozenset[str] = frozenset()
    change: ChangePolicy = ChangePolicy.REPLACE
    withdrawal: WithdrawalPolicy = WithdrawalPolicy.REPORT
    normalisers: tuple[str, ...] = ()
    qualifiers: Mapping[str, QualifierRule] = field(default_factory=dict)
    end: str = "P582"
    reason: Snak | None = None
    cites: frozenset[str] = frozenset()
    retrieved: str = "P813"
    retrieved_days: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says in one slot; of a multi-valued property, in all its slots.

    `key`: the key qualifiers. `values`: whole statements: main snak, key qualifiers, our other
    qualifiers, and our one reference (or none); () for nothing. UNKNOWN (then `key` is ()): what
    the record says of the property can't be told; beside others of a multi-valued one: nor can
    what it says of it besides.
    """

    rule: StatementRule
    values: tuple[Statement, ...] | Unknown
    key: tuple[Snak, ...] = ()


@dataclass(frozen=True)
class TermRule:
    """How a term is kept. `taken`: what becomes of our label where people have another one."""

    kind: TermKind
    column: str = ""
    taken: Literal["alias", "report", "nothing"] = "alias"
    withdrawal: WithdrawalPolicy = WithdrawalPolicy.REPORT


@dataclass(frozen=True, slots=True)
class TermSaid:
    """What a record says as terms of one kind in one language: one text, or of aliases some.

    UNKNOWN (then `language` is ""): what the record says by this rule can't be told.
    """

    rule: TermRule
    language: str
    texts: tuple[str, ...] | Unknown


@dataclass(frozen=True)
class Record:
    """What one record of the source says of its item.

    - `identifiers`: (property, value); the first is the one by which the item is found.
    - `item`: the item that the source itself names, "" for none: a hint, never a proof.
    - `may_create`: whether a new item may be made of it, as far as the mapping is concerned.
    - `new_statements`, `new_terms`: what a new item has besides, and nobody keeps up afterwards.
    - `faults`: what was wrong in single fields; what they would say is UNKNOWN.
    - `groups`: its values of the fields by which gaps are counted, "" for none.
    - `links`: (dataset, key, item) of the records that it names, "" for one that has no item;
      None: its mapping names none.
    """

    key: str
    row: int = 0
    identifiers: tuple[tuple[str, str], ...] = ()
    statements: tuple[Said, ...] = ()
    terms: tuple[TermSaid, ...] = ()
    item: str = ""
    may_create: bool = False
    new_statements: tuple[Statement, ...] = ()
    new_terms: tuple[TermSaid, ...] = ()
    faults: tuple[Fault, ...] = ()
    groups: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where people and the source say different things, for the partner and for who decides.

    - `record`, `item`, `site`: the record's key, the item's id and the site's key.
    - `slot`: the slot's name in the base, such as `P1082` or `label/en`; `property`: "" for terms.
    - `column`: the partner's column.
    - `kind`: a `merge.facts.Kind` as text: conflict, corrected, removed, refuted, unsupported.
    - `pair`: 16 hex digits that stand for this pair of what the wiki and the source say.
    - `wiki`: what stands there, for people, a text a value; " (deprecated)" ends a deprecated one.
      `wiki_values`: the same as a partner's column would have them (an item's id, 1850-02-01).
    - `statement`: the id of the first statement in question, "" for none.
    - `ours`: what the source says, for people; None: nothing. `ours_value`: as the column has it.
    - `references`: what people cite, a text a reference: an URL, or "P248 Q36578, P813 2024-01-02".
    - `calendar`: "Julian" or "Gregorian" where the wiki's value is a time, else "".
    - `url`: the record at the source, "" where there is none.
    - `since`: when the item was last edited as it was read, in UTC: the difference is at least so
      old, unless something else was edited. None: not told.
    """

    record: str
    item: str
    site: str
    slot: str
    property: str
    column: str
    kind: str
    pair: str
    wiki: tuple[str, ...] = ()
    wiki_values: tuple[str, ...] = ()
    statement: str = ""
    ours: str | None = None
    ours_value: str | None = None
    references: tuple[str, ...] = ()
    calendar: str = ""
    url: str = ""
    since: datetime | None = None
