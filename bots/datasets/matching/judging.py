"""Which item a record is, judged by what stands on the items; where that is in doubt, nothing is.

What is known of a record is a `Question`; `to_read` says which entities have to be read to judge
it, and `judge` gives each of a batch a `Verdict`. Only `Matched` and `Moved` let an item be
written to. A new item may be made only of a record for which `creation` says `Create`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bots.core.merge.facts import Rank
from bots.core.messages import Message, Param
from bots.core.wikibase.equality import canonical
from bots.core.wikibase.model import (
    Entity,
    EntityId,
    Item,
    Missing,
    Redirect,
    Snak,
    Text,
    entity_type,
)
from bots.datasets.facts import Record

Read = Mapping[str, Entity | Redirect | Missing]
"""Entities by the id that they were asked for by."""

MOST_OTHERS = 10
"""So many of the other records are named where many have one identifier."""
MOST_MERGES = 10
"""A chain of merges is not followed further."""


class Why(StrEnum):
    """Why a record is not matched though something speaks for an item: each has its message."""

    TWO_ITEMS = "two-items"
    TWO_RECORDS = "two-records"
    TWO_VALUES = "two-values"
    MERGED = "merged"
    DELETED = "deleted"
    LOST = "lost"
    REFUTED = "refuted"
    HINT = "hint"
    TWO_NAMED = "two-named"
    KIND = "kind"
    UNPROVEN = "unproven"
    NOT_LOOKED_UP = "not-looked-up"


class Carried(StrEnum):
    """Whether an entity carries an identifier; `yes` alone is a match."""

    YES = "yes"
    NO = "no"
    """It has no value of the property."""
    OTHER = "other"
    """It has another value."""
    TWICE = "twice"
    """It has this one, and another value besides."""
    REFUTED = "refuted"
    """People have deprecated it, or say that there is none."""


@dataclass(frozen=True)
class MatchRule:
    """By which property items are found, as the site numbers it, and when values are the same.

    `normalisers` are names in `equality.NORMALISERS`. An item that says by `kind` (P31) that it is
    one of `not_kinds` is about something else. `hint`: the source's column with the item that it
    names.
    """

    property: str
    normalisers: tuple[str, ...] = ()
    kind: str = ""
    not_kinds: frozenset[str] = frozenset()
    hint: str = ""

    def key(self, identifier: str) -> str:
        """The same for the same identifier, however it is spelled."""
        return canonical(Text(identifier), self.normalisers)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is known of a record before it is judged.

    - `identifier`: "" where the record has none.
    - `known`: its item by the store's map; `chosen`: people have chosen it, and our statement of
      the identifier has not been left there yet, so that it need not carry it.
    - `hits`: the items that the index, or a look-up, gave.
    - `hint`: the item that the source itself names.
    - `withdrawn`: the source says nothing of it any more: a deprecated identifier is as it should
      be.
    """

    key: str
    identifier: str = ""
    known: str = ""
    chosen: bool = False
    hits: tuple[str, ...] = ()
    hint: str = ""
    withdrawn: bool = False


@dataclass(frozen=True)
class Matched:
    """The item carries the record's identifier, and no other of the scheme."""

    item: str


@dataclass(frozen=True)
class Moved:
    """People have merged `was`, the item of the store's map, into `item`, which carries it."""

    item: str
    was: str


@dataclass(frozen=True)
class Unmatched:
    """Nothing speaks for any item."""


@dataclass(frozen=True)
class Doubtful:
    """A finding: nothing may be written for the record, and no item made. `items`: which."""

    why: Why
    message: Message
    items: tuple[str, ...] = ()


Verdict = Matched | Moved | Unmatched | Doubtful


@dataclass(frozen=True)
class Refusal:
    """It can't be told that no item carries an identifier: why, for people."""

    message: Message


@dataclass(frozen=True)
class Create:
    """A new item may be made of the record."""


@dataclass(frozen=True)
class LookAgain:
    """The look-up found items that the index did not know: judge again, with these for hits."""

    items: tuple[str, ...]


def question(
    record: Record,
    rule: MatchRule,
    *,
    known: str = "",
    chosen: bool = False,
    hits: Iterable[str] = (),
) -> Question:
    """The question that a record asks."""
    return Question(
        key=record.key,
        identifier=identifier_of(record.identifiers, rule),
        known=known,
        chosen=chosen,
        hits=tuple(hits),
        hint=record.item,
        withdrawn=not (record.statements or record.terms),
    )


def identifier_of(identifiers: Iterable[tuple[str, str]], rule: MatchRule) -> str:
    """The identifier by which a record is matched, "" for none."""
    return next((value for name, value in identifiers if name == rule.property), "")


def carries(entity: Entity, rule: MatchRule, identifier: str) -> Carried:
    """Whether the entity carries the identifier, by its statements that people let stand.

    A deprecated statement of another value says nothing; one spelled otherwise is the same.
    """
    wanted = rule.key(identifier)
    standing, refuted = set(), False
    for statement in entity.statements.get(rule.property, ()):
        said = _key(statement.mainsnak, rule)
        if statement.rank is Rank.DEPRECATED:
            refuted = refuted or said == wanted
        elif statement.mainsnak.snaktype == "novalue":
            refuted = True
        elif said is not None:
            standing.add(said)
    if wanted in standing:
        return Carried.TWICE if len(standing) > 1 else Carried.YES
    if refuted:
        return Carried.REFUTED
    return Carried.OTHER if standing else Carried.NO


def identifiers_on(entity: Entity, rule: MatchRule) -> frozenset[str]:
    """The keys of all identifiers of the scheme on an entity, deprecated ones too."""
    statements = entity.statements.get(rule.property, ())
    keys = (_key(each.mainsnak, rule) for each in statements)
    return frozenset(key for key in keys if key is not None)


def to_read(questions: Iterable[Question], read: Read) -> list[str]:
    """The ids that are still to be read before `judge` can judge; [] when it can.

    To be asked again after reading: what people have merged leads to further ones.
    """
    wanted: dict[str, None] = {}
    for each in questions:
        for item in _named(each):
            last = trail(item, read)[-1]
            if last not in read:
                wanted[last] = None
    return list(wanted)


def judge(
    questions: Sequence[Question],
    read: Read,
    rule: MatchRule,
    holders: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """Each record's key with its verdict; no two of them get one item, nor one identifier.

    `holders`: what another record holds already, by `held`, in the store's map or earlier in this
    run → that record's key. Raises KeyError where `to_read` still names something.
    """
    verdicts = {each.key: _judge_one(each, read, rule) for each in questions}
    holding: dict[str, set[str]] = {}
    for each in questions:
        for name in held(each, verdicts[each.key], rule):
            holding.setdefault(name, set()).add(each.key)
            if holders and name in holders:
                holding[name].add(holders[name])
    for each in questions:
        verdict = verdicts[each.key]
        if isinstance(verdict, Doubtful):
            if verdict.why is Why.UNPROVEN:
                names = {_named_as(each), trail(each.hint, read)[-1]}
                others = set(chain.from_iterable(holding.get(name, ()) for name in names))
                others |= {holders[name] for name in names if holders and name in holders}
                verdicts[each.key] = _two_named(each, verdict, others - {each.key}, rule)
            continue
        mine = held(each, verdict, rule)
        others = set(chain.from_iterable(holding[name] for name in mine)) - {each.key}
        if others:
            verdicts[each.key] = _two_records(each, verdict, others, rule)
    return verdicts


def held(question: Question, verdict: Verdict, rule: MatchRule) -> frozenset[str]:
    """What no other record may hold after this verdict: the item's id, the identifier's key."""
    names = {rule.key(question.identifier)} if question.identifier else set()
    if isinstance(verdict, Matched | Moved):
        names.add(verdict.item)
    elif isinstance(verdict, Doubtful) and verdict.why in (Why.UNPROVEN, Why.TWO_NAMED):
        names.add(_named_as(question))
    return frozenset(names)


def creation(
    verdict: Verdict, may_create: bool, absent: Refusal | tuple[str, ...] | None
) -> Verdict | Create | LookAgain:
    """Whether a new item may be made: nothing spoke for one, and a live look-up found none.

    `may_create`: as far as the mapping is concerned; `absent`: what `Index.confirm_absent` said.
    """
    if not isinstance(verdict, Unmatched) or not may_create:
        return verdict
    if isinstance(absent, Refusal):
        return Doubtful(Why.NOT_LOOKED_UP, absent.message)
    return LookAgain(absent) if absent else Create()


def trail(item: str, read: Read) -> list[str]:
    """An item and what people have merged it into, one after the other."""
    trail = [item]
    found = read.get(item)
    while isinstance(found, Redirect) and len(trail) <= MOST_MERGES and found.target not in trail:
        trail.append(found.target)
        found = read.get(found.target)
    return trail


def _judge_one(question: Question, read: Read, rule: MatchRule) -> Verdict:
    if question.known:
        verdict = _judge_known(question, read, rule)
    elif not question.identifier:
        return Unmatched()
    elif question.hits:
        verdict = _judge_hits(question, question.hits, read, rule)
    elif question.hint:
        return _judge_hint(question, read, rule)
    else:
        return Unmatched()
    if isinstance(verdict, Matched | Moved):
        if question.hint and trail(question.hint, read)[-1] != verdict.item:
            params = {"item": verdict.item, "hint": question.hint}
            return _doubtful(Why.HINT, (verdict.item, question.hint), rule, question, **params)
        return _of_a_kind(question, verdict, read, rule)
    if question.withdrawn and isinstance(verdict, Doubtful) and verdict.why is Why.REFUTED:
        return Matched(question.known) if question.known in verdict.items else Unmatched()
    return verdict


def _of_a_kind(
    question: Question, verdict: Matched | Moved, read: Read, rule: MatchRule
) -> Verdict:
    """The verdict, unless the item says that it is about something else."""
    entity = read[verdict.item]
    if question.chosen or not rule.not_kinds or not isinstance(entity, Item):
        return verdict
    for statement in entity.statements.get(rule.kind, ()):
        value = statement.mainsnak.value
        alive = statement.rank is not Rank.DEPRECATED
        if alive and isinstance(value, EntityId) and value.id in rule.not_kinds:
            params: dict[str, Param] = {"item": verdict.item, "kind": value.id}
            return _doubtful(Why.KIND, (verdict.item,), rule, question, **params)
    return verdict


def _judge_known(question: Question, read: Read, rule: MatchRule) -> Verdict:
    was = question.known
    item = trail(was, read)[-1]
    entity = read[item]
    if not isinstance(entity, Item):
        return _doubtful(Why.DELETED, (was,), rule, question, item=was)
    if not question.identifier:
        # Without an identifier nothing but the choice of people speaks for the item.
        if question.chosen and item == was:
            return Matched(item)
        message = Message("match-record-without", {"property": rule.property, "item": was})
        return Doubtful(Why.LOST, message, (was,))
    carried = carries(entity, rule, question.identifier)
    elsewhere = sorted(set(_carrying(question, question.hits, read, rule)) - {item})
    awaited = question.chosen and item == was and carried is Carried.NO
    if carried is Carried.YES or awaited:
        if elsewhere:
            return _two_items((item, *elsewhere), rule, question)
        return Matched(item) if item == was else Moved(item, was)
    if item != was and carried is not Carried.TWICE:
        return _doubtful(Why.MERGED, (was, item), rule, question, item=was, to=item)
    if question.chosen and carried is Carried.OTHER:
        message = _message("other-value", rule, question, item=item)
        return Doubtful(Why.TWO_VALUES, message, (item,))
    return _not_carried(carried, item, elsewhere, rule, question)


def _judge_hits(
    question: Question, hits: Iterable[str], read: Read, rule: MatchRule
) -> Matched | Doubtful:
    found = _carrying(question, hits, read, rule)
    if len(found) > 1:
        return _two_items(tuple(sorted(found)), rule, question)
    for item, carried in found.items():
        if carried is Carried.YES:
            return Matched(item)
        return _not_carried(carried, item, (), rule, question)
    return _stale(question, hits, read, rule)


def _judge_hint(question: Question, read: Read, rule: MatchRule) -> Verdict:
    if entity_type(question.hint) != "item":
        return _doubtful(Why.UNPROVEN, (), rule, question, item=question.hint)
    verdict = _judge_hits(question, (question.hint,), read, rule)
    if isinstance(verdict, Doubtful) and verdict.why in (Why.LOST, Why.MERGED):
        item = question.hint
        entity = read[trail(item, read)[-1]]
        if isinstance(entity, Item) and carries(entity, rule, question.identifier) is Carried.OTHER:
            message = _message("unproven-other", rule, question, item=item)
            return Doubtful(Why.UNPROVEN, message, (item,))
        return _doubtful(Why.UNPROVEN, (item,), rule, question, item=item)
    return verdict


def _stale(question: Question, hits: Iterable[str], read: Read, rule: MatchRule) -> Doubtful:
    """What became of items that were to carry an identifier and don't; the gravest first."""
    told: list[Doubtful] = []
    for hit in hits:
        item = trail(hit, read)[-1]
        entity = read[item]
        if not isinstance(entity, Item):
            told.append(_doubtful(Why.DELETED, (hit,), rule, question, item=hit))
            continue
        carried = carries(entity, rule, question.identifier)
        if item != hit and carried is not Carried.REFUTED:
            told.append(_doubtful(Why.MERGED, (hit, item), rule, question, item=hit, to=item))
        else:
            told.append(_not_carried(carried, item, (), rule, question))
    gravest = (Why.REFUTED, Why.DELETED, Why.MERGED, Why.LOST)
    return min(told, key=lambda each: gravest.index(each.why))


def _carrying(
    question: Question, hits: Iterable[str], read: Read, rule: MatchRule
) -> dict[str, Carried]:
    """The items among hits that carry the identifier, merged ones by what they are now."""
    found: dict[str, Carried] = {}
    for hit in hits:
        item = trail(hit, read)[-1]
        entity = read[item]
        if isinstance(entity, Item):
            carried = carries(entity, rule, question.identifier)
            if carried in (Carried.YES, Carried.TWICE):
                found[item] = carried
    return found


def _not_carried(
    carried: Carried, item: str, elsewhere: Sequence[str], rule: MatchRule, question: Question
) -> Doubtful:
    if carried is Carried.TWICE:
        return _doubtful(Why.TWO_VALUES, (item,), rule, question, item=item)
    if carried is Carried.REFUTED:
        return _doubtful(Why.REFUTED, (item,), rule, question, item=item)
    if elsewhere:
        message = _message("lost-to", rule, question, item=item, list_items=list(elsewhere))
        return Doubtful(Why.LOST, message, (item, *elsewhere))
    return _doubtful(Why.LOST, (item,), rule, question, item=item)


def _two_items(items: tuple[str, ...], rule: MatchRule, question: Question) -> Doubtful:
    return _doubtful(Why.TWO_ITEMS, items, rule, question, list_items=list(items))


def _two_records(
    question: Question, verdict: Verdict, others: Iterable[str], rule: MatchRule
) -> Doubtful:
    keys = sorted(others)[:MOST_OTHERS]
    if isinstance(verdict, Matched | Moved):
        params: dict[str, Param] = {"item": verdict.item, "list_records": list(keys)}
        return _doubtful(Why.TWO_RECORDS, (verdict.item,), rule, question, **params)
    message = _message("two-records-new", rule, question, list_records=list(keys))
    return Doubtful(Why.TWO_RECORDS, message)


def _two_named(
    question: Question, verdict: Doubtful, others: Iterable[str], rule: MatchRule
) -> Doubtful:
    """The source names one item for several records, and it carries the identifier of this not."""
    keys = sorted(others)[:MOST_OTHERS]
    if not keys:
        return verdict
    params: dict[str, Param] = {"item": question.hint, "list_records": list(keys)}
    return _doubtful(Why.TWO_NAMED, verdict.items, rule, question, **params)


def _named_as(question: Question) -> str:
    """What stands in `held` for the item that the source names."""
    return f"named {question.hint}"


def _doubtful(
    why: Why, items: tuple[str, ...], rule: MatchRule, question: Question, **params: Param
) -> Doubtful:
    return Doubtful(why, _message(why, rule, question, **params), tuple(dict.fromkeys(items)))


def _message(key: str, rule: MatchRule, question: Question, **params: Param) -> Message:
    told = {"property": rule.property, "identifier": question.identifier, **params}
    return Message(f"match-{key}", told)


def _named(question: Question) -> Iterator[str]:
    if question.known:
        yield question.known
    yield from question.hits
    if question.hint != question.known and entity_type(question.hint) == "item":
        yield question.hint


def _key(snak: Snak, rule: MatchRule) -> str | None:
    return None if snak.value is None else canonical(snak.value, rule.normalisers)
