"""Which items of the wiki a record without identifier may be: a score for each, and the reasons.

Each thing that both tell weighs for or against: the weights are the logarithms of how much more
often one sees it where record and item are one than where they are not. Their sum is the score's
logit. They were set on one half of the cases in tests/datasets/candidates and tried on the other.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, Rank
from bots.core.messages import Message
from bots.core.wikibase.equality import Equivalence, canonical
from bots.core.wikibase.model import (
    Coordinate,
    Entity,
    EntityId,
    Monolingual,
    Snak,
    Text,
    Time,
    Value,
)
from bots.datasets.choices import names
from bots.datasets.choices.names import Likeness
from bots.datasets.facts import Record, StatementRule

CERTAIN = 4.0
"""From this weight on (a score of 0.98) a candidate is certain, if nothing speaks against it."""
MARGIN = 2.5
"""By so much a certain candidate has to outweigh every other."""
SHOWN = -3.0
"""What weighs less (a score of 0.05) is not shown to people."""
MOST_SHOWN = 5


@dataclass(frozen=True)
class Roles:
    """What the site's properties say. `kinds`: all items that the record's types may become.

    `equivalence`: how a property's texts are compared, besides what the record's rules say.
    """

    type: str = "P31"
    country: str = "P17"
    places: tuple[str, ...] = ("P131", "P159", "P276")
    website: str = "P856"
    names: tuple[str, ...] = ("P1448", "P1705", "P1813", "P2561")
    kinds: frozenset[str] = frozenset()
    equivalence: Equivalence = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Something that speaks for a candidate (`weight` above 0) or against it.

    `contradicts`: with it, no candidate is certain.
    """

    message: Message
    weight: float
    contradicts: bool = False


@dataclass(frozen=True)
class Candidate:
    """An item that a record may be; `label` and `description` in the language asked for."""

    item: str
    label: str
    description: str
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> float:
        """The score's logit."""
        return _PRIOR + sum(reason.weight for reason in self.reasons)

    @property
    def score(self) -> float:
        """How probable it is that the item is the record's, from 0 to 1."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.weight))))

    @property
    def contradicted(self) -> bool:
        return any(reason.contradicts for reason in self.reasons)


@dataclass(frozen=True)
class Judgement:
    """A record's candidates, the best first. `certain`: the item's id, "" where people decide."""

    key: str
    candidates: tuple[Candidate, ...] = ()
    certain: str = ""


def roles(
    numbers: SiteNumbers, kinds: Iterable[str] = (), equivalence: Equivalence | None = None
) -> Roles:
    """The roles as a site numbers its properties; `kinds` are the site's own items already."""
    usual = Roles()
    return Roles(
        type=numbers.here(usual.type),
        country=numbers.here(usual.country),
        places=tuple(map(numbers.here, usual.places)),
        website=numbers.here(usual.website),
        names=tuple(map(numbers.here, usual.names)),
        kinds=frozenset(kinds),
        equivalence=equivalence or {},
    )


def judge(record: Record, items: Iterable[Entity], roles: Roles, language: str = "en") -> Judgement:
    """Score all items; certain is one that is sure, uncontradicted and far ahead of the others."""
    told = _told(record, roles)
    scored = [_score(told, item, roles, language) for item in items]
    scored.sort(key=lambda each: (-each.weight, len(each.item), each.item))
    shown = [each for each in scored if each.weight >= SHOWN][:MOST_SHOWN]
    return Judgement(record.key, tuple(shown), _certain(scored))


def uncontested(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    """The same, where no item is certain for two records: then it is for neither."""
    judged = list(judgements)
    taken = Counter(each.certain for each in judged if each.certain)
    for each in judged:
        yield each if taken[each.certain] < 2 else Judgement(each.key, each.candidates)


def score(record: Record, item: Entity, roles: Roles, language: str = "en") -> Candidate:
    """How well one item fits a record, and why."""
    return _score(_told(record, roles), item, roles, language)


def record_names(record: Record, roles: Roles) -> list[tuple[str, str]]:
    """All that a record calls itself: (language, name), each once, labels first."""
    found: dict[tuple[str, str], None] = {}
    for kind in ("label", "alias"):
        for said in record.terms:
            if said.rule.kind == kind and said.texts is not UNKNOWN:
                found |= dict.fromkeys((said.language, text) for text in said.texts)
    for value in (each for name in roles.names for each in said_of(record, name)):
        if isinstance(value, Monolingual):
            found[value.language, value.text] = None
    return list(found)


def said_of(record: Record, property_id: str) -> Iterator[Value]:
    """The values that a record tells of a property; nothing where that can't be told."""
    for said in record.statements:
        if said.rule.property == property_id and said.values is not UNKNOWN:
            for statement in said.values:
                if statement.mainsnak.value is not None:
                    yield statement.mainsnak.value


@dataclass(frozen=True)
class _Told:
    """What a record says: names, property → values, property → texts that identify it.

    `named`: the properties of its identifiers; `rules`: how each property is kept.
    """

    names: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]
    texts: Mapping[str, tuple[str, ...]]
    named: frozenset[str]
    rules: Mapping[str, StatementRule]

    def of(self, property_id: str) -> tuple[Value, ...]:
        return self.values.get(property_id, ())


_PRIOR = -5.5


def _certain(scored: list[Candidate]) -> str:
    if not scored or scored[0].weight < CERTAIN or scored[0].contradicted:
        return ""
    if len(scored) > 1 and scored[0].weight - scored[1].weight < MARGIN:
        return ""
    return scored[0].item


def _told(record: Record, roles: Roles) -> _Told:
    values = {
        said.rule.property: tuple(said_of(record, said.rule.property)) for said in record.statements
    }
    texts = {
        property_id: tuple(each.text for each in group if isinstance(each, Text))
        for property_id, group in values.items()
    }
    for property_id, text in record.identifiers:
        texts[property_id] = (*texts.get(property_id, ()), text)
    return _Told(
        names=tuple(dict.fromkeys(name for _, name in record_names(record, roles))),
        values=values,
        texts={property_id: some for property_id, some in texts.items() if some},
        named=frozenset(property_id for property_id, _ in record.identifiers),
        rules={said.rule.property: said.rule for said in record.statements},
    )


def _score(told: _Told, item: Entity, roles: Roles, language: str) -> Candidate:
    identifiers = tuple(_identifiers(item, told, roles))
    proven = any(reason.weight > 0 for reason in identifiers)
    reasons = (
        *_names(item, told, roles, proven),
        *identifiers,
        *_websites(item, told, roles),
        *_items(item, told, roles),
        *_distances(item, told),
        *_dates(item, told),
    )
    return Candidate(
        item=item.id,
        label=_in_language(item.labels, language),
        description=_in_language(item.descriptions, language),
        reasons=tuple(sorted(reasons, key=lambda each: -abs(each.weight))),
    )


def _snaks(item: Entity, property_id: str) -> Iterator[Snak]:
    """What people hold to be true of it: a deprecated statement says nothing."""
    for statement in item.statements.get(property_id, ()):
        if statement.rank is not Rank.DEPRECATED and statement.mainsnak.value is not None:
            yield statement.mainsnak


def _values(item: Entity, property_id: str) -> list[Value]:
    return [snak.value for snak in _snaks(item, property_id) if snak.value is not None]


def _item_ids(values: Iterable[Value]) -> set[str]:
    return {value.id for value in values if isinstance(value, EntityId)}


def _in_language(terms: Mapping[str, str], language: str) -> str:
    for code in (language, language.partition("-")[0], "mul", "en"):
        if code in terms:
            return terms[code]
    return next(iter(terms.values()), "")


def _names(item: Entity, told: _Told, roles: Roles, proven: bool) -> Iterator[Reason]:
    """An alias may be a former name, or a parent's: alone it is never certain."""
    labels = [*item.labels.values()]
    for property_id in roles.names:
        labels += [
            each.text for each in _values(item, property_id) if isinstance(each, Monolingual)
        ]
    aliases = [alias for each in item.aliases.values() for alias in each]
    found = names.best(told.names, labels)
    known = "name"
    if found.likeness < Likeness.SAME:
        other = names.best(told.names, aliases)
        if _name_weight(other) - _ALIAS > _name_weight(found):
            found, known = other, "alias"
    pair: dict[str, str | int] = {"ours": found.ours, "theirs": found.theirs}
    weight = _name_weight(found) - (_ALIAS if known == "alias" else 0)
    if found.likeness is Likeness.ALIKE:
        pair["num_percent"] = int(found.ratio)
    elif found.likeness is Likeness.OTHER:
        pair = {}
    elif found.likeness is Likeness.SAME:
        del pair["ours"]
    said = Message(f"candidate-{known}-{found.likeness.name.lower()}", pair)
    doubtful = known == "alias" or found.likeness <= Likeness.ALIKE
    yield Reason(said, weight, contradicts=doubtful and not proven)
    if found.agreeing > 1:
        yield Reason(Message("candidate-names-more", {"num_names": found.agreeing}), 0.4)


def _name_weight(found: names.NameMatch) -> float:
    if found.likeness is Likeness.ALIKE:
        return (found.ratio - 90) / 10
    return _NAME_WEIGHTS[found.likeness]


_ALIAS = 1.0
_NAME_WEIGHTS = {
    Likeness.SAME: 5.0,
    Likeness.FORM: 4.0,
    Likeness.ORDER: 3.0,
    Likeness.NEAR: 2.5,
    Likeness.ACRONYM: 0.5,
    Likeness.OTHER: -5.0,
}


def _identifiers(item: Entity, told: _Told, roles: Roles) -> Iterator[Reason]:
    """A property whose item says it is an identifier; one that has several is no contradiction."""
    for property_id, texts in told.texts.items():
        rule = told.rules.get(property_id)
        normalisers = roles.equivalence.get(property_id, ()) or (rule.normalisers if rule else ())
        ours = {canonical(Text(text), normalisers) for text in texts}
        theirs = {
            canonical(snak.value, normalisers): snak.value.text
            for snak in _snaks(item, property_id)
            if isinstance(snak.value, Text)
            and (snak.datatype == "external-id" or property_id in told.named)
        }
        if not theirs:
            continue
        if both := ours & theirs.keys():
            said = {"property": property_id, "value": theirs[min(both)]}
            yield Reason(Message("candidate-identifier-same", said), 10.0)
        elif rule is None or not rule.many:
            said = {"property": property_id, "theirs": min(theirs.values()), "ours": min(texts)}
            yield Reason(Message("candidate-identifier-other", said), -10.0, contradicts=True)


def _websites(item: Entity, told: _Told, roles: Roles) -> Iterator[Reason]:
    """A whole address or a host of its own tells more than a path on the host of a parent."""
    ours = _addresses(told.of(roles.website))
    theirs = _addresses(_values(item, roles.website))
    if ours & theirs:
        host, path = min(ours & theirs)
        yield Reason(Message("candidate-website-same", {"address": host + path}), 3.0)
    elif shared := {host for host, _ in ours} & {host for host, _ in theirs}:
        yield Reason(Message("candidate-website-host", {"host": min(shared)}), 0.5)
    elif ours and theirs:
        said = {"theirs": min(theirs)[0], "ours": min(ours)[0]}
        yield Reason(Message("candidate-website-other", said), -1.5)


def _addresses(values: Iterable[Value]) -> set[tuple[str, str]]:
    """(host without www, path without its last slash and its index page)."""
    found = set()
    for value in values:
        if not isinstance(value, Text):
            continue
        try:
            parts = urlsplit(value.text.strip())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            continue
        path = re.sub(r"/(?:index\.\w+|[a-z]{2})?$", "", parts.path.rstrip("/").lower())
        if host:
            found.add((host, path))
    return found


def _items(item: Entity, told: _Told, roles: Roles) -> Iterator[Reason]:
    types = _item_ids(told.of(roles.type)), _item_ids(_values(item, roles.type))
    if types[0] & types[1]:
        yield Reason(Message("candidate-type-same", {"item": min(types[0] & types[1])}), 1.0)
    elif types[0] and types[1] & roles.kinds:
        said = {"theirs": min(types[1] & roles.kinds), "ours": min(types[0])}
        yield Reason(Message("candidate-type-other", said), -2.0, contradicts=True)
    elif all(types):
        # Perhaps a narrower type, perhaps the building: people see which.
        said = {"theirs": min(types[1]), "ours": min(types[0])}
        yield Reason(Message("candidate-type-unlike", said), -1.5)
    countries = _item_ids(told.of(roles.country)), _item_ids(_values(item, roles.country))
    if countries[0] & countries[1]:
        said = {"item": min(countries[0] & countries[1])}
        yield Reason(Message("candidate-country-same", said), 1.0)
    elif all(countries):
        said = {"theirs": min(countries[1]), "ours": min(countries[0])}
        yield Reason(Message("candidate-country-other", said), -5.0, contradicts=True)
    ours = {each for prop in roles.places for each in _item_ids(told.of(prop))}
    theirs = {each for prop in roles.places for each in _item_ids(_values(item, prop))}
    if ours & theirs:
        yield Reason(Message("candidate-place-same", {"item": min(ours & theirs)}), 2.0)


def _distances(item: Entity, told: _Told) -> Iterator[Reason]:
    """The nearest pair of places that one property tells of both."""
    found = [
        _kilometres(mine, other)
        for property_id, values in told.values.items()
        for mine in values
        if isinstance(mine, Coordinate)
        for other in _values(item, property_id)
        if isinstance(other, Coordinate) and other.globe == mine.globe
    ]
    if not found:
        return
    nearest = min(found)
    said = {"num_km": max(1, math.ceil(nearest))}
    for limit, weight in _DISTANCES:
        if nearest <= limit:
            yield Reason(Message("candidate-distance-near", said), weight)
            return
    yield Reason(Message("candidate-distance-far", said), -5.0, contradicts=True)


_DISTANCES = ((10.0, 3.0), (25.0, 1.5), (50.0, 0.0))


def _kilometres(one: Coordinate, other: Coordinate) -> float:
    """Along a great circle, on a sphere of the Earth's mean radius."""
    north, north_other = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(one.longitude - other.longitude)
    half = (
        math.sin((north - north_other) / 2) ** 2
        + math.cos(north) * math.cos(north_other) * math.sin(east / 2) ** 2
    )
    return 12742 * math.asin(math.sqrt(min(1.0, max(0.0, half))))


def _dates(item: Entity, told: _Told) -> Iterator[Reason]:
    for property_id, values in told.values.items():
        ours = _years(values)
        theirs = _years(_values(item, property_id))
        if not ours or not theirs:
            continue
        apart, mine, other = min((abs(one - two), one, two) for one in ours for two in theirs)
        said: dict[str, str | int] = {"property": property_id, "ours": str(mine)}
        if apart == 0:
            yield Reason(Message("candidate-date-same", {**said}), 2.5)
        elif apart <= _NEAR_YEARS:
            yield Reason(Message("candidate-date-near", {**said, "theirs": str(other)}), 0.3)
        else:
            against = Message("candidate-date-other", {**said, "theirs": str(other)})
            yield Reason(against, -2.5, contradicts=True)


_NEAR_YEARS = 2
_YEAR = re.compile(r"([+-]\d{1,6})-", re.ASCII)
_YEAR_PRECISION = 9


def _years(values: Iterable[Value]) -> set[int]:
    found = (
        _YEAR.match(value.time)
        for value in values
        if isinstance(value, Time) and value.precision >= _YEAR_PRECISION
    )
    return {int(each[1]) for each in found if each}
