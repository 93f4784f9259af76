"""Cases for the scoring: ROR records told imperfectly, items made of them apart, and near-misses.

What a record says and what an item says are varied independently, each with its own gaps and
faults; where the data has several releases of a record, the item is made of the oldest. Nothing of
an identifier is left on either side. In two of five cases the right item is not there at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bots.core.wikibase import action_json
from bots.core.wikibase.exact import loads
from bots.core.wikibase.make import date
from bots.core.wikibase.model import Coordinate, EntityId, Item, Snak, Statement, Text, Value
from bots.datasets.choices import names
from bots.datasets.choices.candidates import Roles
from bots.datasets.facts import Record, Said, StatementRule, TermRule, TermSaid

SHARED = Path(__file__).resolve().parents[4] / "shared"
RELEASES = ("1.70", "1.71", "1.72", "1.73", "1.74", *(f"2.{at}" for at in range(7)))

KINDS = {
    "education": "Q5341295",
    "healthcare": "Q4287745",
    "company": "Q783794",
    "archive": "Q166118",
    "nonprofit": "Q163740",
    "government": "Q327333",
    "facility": "Q31855",
    "funder": "Q1138494",
    "other": "Q43229",
}
ROLES = Roles(kinds=frozenset(KINDS.values()))
BUILDING = "Q41176"
MISSES = (
    "another town",
    "another country",
    "department",
    "branch",
    "namesake beside it",
    "same acronym",
    "renamed",
    "building",
    "another number",
    "neighbour",
)


@dataclass(frozen=True)
class Org:
    """What is true of an organisation."""

    id: str
    names: tuple[tuple[str, str], ...]
    acronyms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    country: str = ""
    place: tuple[float, float] | None = None
    founded: int | None = None
    website: str = ""
    related: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Case:
    """A record, the items that a search gives, and which of them is right ("": none)."""

    record: Record
    items: tuple[Item, ...]
    right: str
    variation: str
    present: Mapping[str, str]
    """Item → what kind of near-miss it is."""


def first_half(org_id: str) -> bool:
    """The half on which the weights were set; the other was looked at when they were."""
    return hashlib.sha256(org_id.encode()).digest()[0] < 128


def releases() -> dict[str, list[Org]]:
    """Id → the organisation as each release had it, the oldest first."""
    found: dict[str, list[Org]] = {}
    for name in RELEASES:
        with gzip.open(SHARED / "data" / "ror" / f"v{name}.jsonl.gz", "rt") as lines:
            for line in lines:
                org = _org(json.loads(line))
                if org.names:
                    found.setdefault(org.id, []).append(org)
    return found


def cases(history: Mapping[str, list[Org]], wanted: list[str], seed: str) -> Iterator[Case]:
    """A case for each of the wanted ids; the same for the same seed."""
    near = Neighbours({key: orgs[-1] for key, orgs in history.items()})
    for org_id in wanted:
        dice = random.Random(f"{seed} {org_id}")
        org, old = history[org_id][-1], history[org_id][0]
        yield case(org, old, near.of(org, dice), dice)


def case(org: Org, old: Org, others: list[Org], dice: random.Random) -> Case:
    """One record with its true item (or without), near-misses and others."""
    record, variation = record_of(org, dice)
    items = [(item_of(other, dice), "other") for other in others]
    there = dice.random() < 0.6
    for miss in dice.sample(MISSES, 4):
        made = near_miss(org, miss, dice)
        if made is not None:
            items.append((item_of(made, dice, building=miss == "building"), miss))
    if there:
        items.append((item_of(old, dice), "right"))
    dice.shuffle(items)
    numbered = [(replace(item, id=f"Q{1000 + at}"), why) for at, (item, why) in enumerate(items)]
    right = next((item.id for item, why in numbered if why == "right"), "")
    return Case(
        record,
        tuple(item for item, _ in numbered),
        right,
        variation,
        {item.id: why for item, why in numbered},
    )


class Neighbours:
    """Who else a search would give: relations, and names with words in common."""

    def __init__(self, orgs: Mapping[str, Org]) -> None:
        self.orgs = orgs
        self.by_word: dict[str, list[str]] = {}
        for key, org in orgs.items():
            words = {word for _, name in org.names for word in names.fold(name).bag.split()}
            for word in {*words, *org.acronyms}:
                self.by_word.setdefault(word, []).append(key)

    def of(self, org: Org, dice: random.Random) -> list[Org]:
        found = {key for key in org.related if key in self.orgs}
        for acronym in org.acronyms:
            found |= set(self.by_word[acronym][:3])
        words = {word for _, name in org.names for word in names.fold(name).bag.split()}
        rare = sorted(words, key=lambda word: (len(self.by_word[word]), word))[:3]
        shared: dict[str, int] = {}
        for word in rare:
            for key in self.by_word[word][:200]:
                shared[key] = shared.get(key, 0) + 1
        found |= set(sorted(shared, key=lambda key: (-shared[key], key))[:5])
        found.discard(org.id)
        return [self.orgs[key] for key in sorted(found)]


def record_of(org: Org, dice: random.Random) -> tuple[Record, str]:
    """What a partner says of it: one name, varied, sometimes more; here and there a gap."""
    variation, language, name = _varied(org, dice)
    told = [TermSaid(TermRule("label"), language, (name,))]
    if dice.random() < 0.4:
        more = [text for code, text in org.names if text != org.names[0][1]]
        told += [TermSaid(TermRule("alias"), "en", (text,)) for text in [*more, *org.acronyms][:3]]
    statements = _facts(
        org,
        types=dice.random() < 0.9,
        country=True,
        place=org.place if dice.random() < 0.85 else None,
        founded=org.founded,
        website=org.website if dice.random() < 0.75 else "",
    )
    said = tuple(_said(property_id, values) for property_id, values in statements.items())
    return Record(org.id, terms=tuple(told), statements=said), variation


def item_of(org: Org, dice: random.Random, building: bool = False) -> Item:
    """What the wiki says of it, told by others: other names, places measured anew, gaps, faults."""
    labels: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for at, (code, name) in enumerate(org.names):
        written = _form(name, dice) if dice.random() < 0.15 else name
        if code not in labels and (at == 0 or dice.random() < 0.6):
            labels[code] = written
        elif dice.random() < 0.5:
            aliases[code] = (*aliases.get(code, ()), written)
    for acronym in org.acronyms:
        if dice.random() < 0.5:
            aliases["en"] = (*aliases.get("en", ()), acronym)
    place = org.place if dice.random() < 0.6 else None
    if place and dice.random() < 0.02:
        place = (place[0] / 2, place[1] + 3)
    elif place:
        place = (place[0] + dice.gauss(0, 0.04), place[1] + dice.gauss(0, 0.04))
    founded = org.founded if dice.random() < 0.6 else None
    if founded and dice.random() < 0.16:
        founded += dice.choice([-1, 1, -1, 1, dice.randint(-60, 60)])
    website = _moved(org.website, dice) if dice.random() < 0.7 else ""
    types = [KINDS[kind] for kind in org.types]
    if building:
        types = [BUILDING]
    elif dice.random() < 0.15:
        types = [dice.choice([BUILDING, "Q2385804", "Q875538", *KINDS.values()])]
    facts = _facts(
        org,
        types=False,
        country=dice.random() < 0.95,
        place=place,
        founded=founded,
        website=website,
    )
    if types and dice.random() < 0.95:
        facts["P31"] = [EntityId(each) for each in types]
    statements = {
        property_id: tuple(Statement(Snak(property_id, value)) for value in values)
        for property_id, values in facts.items()
    }
    return Item(id="Q1", labels=labels, aliases=aliases, statements=statements)


def near_miss(org: Org, miss: str, dice: random.Random) -> Org | None:
    """Another organisation that could be taken for this one; None: it has none of the kind."""
    away = _elsewhere(org, dice)
    language, name = org.names[0]
    new_host = f"https://www.{hashlib.sha256(name.encode()).hexdigest()[:8]}.example"
    later = dice.randint(1850, 2020) if dice.random() < 0.6 else None
    match miss:
        case "another town":
            return replace(org, id="x", place=away, website=new_host, founded=later)
        case "another country":
            other = dice.choice(["XA", "XB", "XC"])
            return replace(org, id="x", place=away, country=other, website=new_host, founded=later)
        case "department":
            part = dice.choice(["Department of Physics", "Faculty of Law", "School of Medicine"])
            words = dice.choice([f"{part}, {name}", f"{name} {part}"])
            made = replace(org, names=(("en", words),), types=("facility",), acronyms=())
            return replace(made, website=f"{org.website}/physics", founded=later)
        case "branch":
            town = dice.choice(["Kuala Lumpur", "North", "Doha", "Dresden"])
            words = dice.choice([f"{name} {town}", f"{name}, {town} Campus"])
            return replace(org, names=((language, words),), place=away, founded=later)
        case "namesake beside it":
            word = dice.choice(["Hospital", "Press", "Foundation", "Library", "Research Center"])
            kind = {"Hospital": "healthcare", "Press": "company"}.get(word, "nonprofit")
            made = replace(org, names=((language, f"{name} {word}"),), types=(kind,), acronyms=())
            return replace(made, website=org.website if dice.random() < 0.3 else new_host)
        case "same acronym":
            if not org.acronyms:
                return None
            words = " ".join(_WORDS.get(letter, letter) for letter in org.acronyms[0].upper())
            near = org.place if dice.random() < 0.2 else away
            return replace(org, names=(("en", words),), place=near, website=new_host, founded=later)
        case "renamed":
            words = _renamed(name)
            if words is None:
                return None
            kept = ((language, name),) if dice.random() < 0.3 else ()
            site = org.website if dice.random() < 0.5 else new_host
            made = replace(org, names=((language, words), *kept), website=site, acronyms=())
            return replace(made, founded=later)
        case "building":
            return replace(org, website="", acronyms=(), founded=later)
        case "another number":
            one, two = dice.choice([("1", "2"), ("No. 3", "No. 4"), ("II", "III")])
            if not any(each in name.split() for each in one.split()):
                return replace(org, names=((language, f"{name} {two}"),), website=new_host)
            return replace(org, names=((language, name.replace(one, two)),), website=new_host)
        case "neighbour":
            return replace(
                org,
                names=((language, _one_word_else(name, dice)),),
                website=new_host,
                founded=later,
            )
    raise ValueError(miss)


def real_items() -> list[Item]:
    """The entities of Wikidata, as they are, without their identifiers."""
    found = []
    for path in sorted((SHARED / "data" / "wikidata-entities").glob("Q*.json")):
        raw = loads(path.read_text(encoding="utf-8"))
        entity = action_json.parse_entity(raw)
        assert isinstance(entity, Item)
        kept = {
            property_id: statements
            for property_id, statements in entity.statements.items()
            if statements[0].mainsnak.datatype != "external-id"
        }
        found.append(replace(entity, statements=kept))
    return found


def record_of_item(item: Item, dice: random.Random) -> Record:
    """What a partner would say of a real item: one of its names, varied; some of its facts."""
    every = [(code, label) for code, label in item.labels.items()]
    every += [(code, text) for code, texts in item.aliases.items() for text in texts]
    code, name = dice.choice(every)
    if dice.random() < 0.4:
        name = dice.choice([_typo, _form])(name, dice)
    said = []
    for property_id, chance in (("P17", 1), ("P625", 0.8), ("P571", 0.6), ("P856", 0.6)):
        group = item.statements.get(property_id, ())
        if group and group[0].mainsnak.value and dice.random() < chance:
            said.append(_said(property_id, [group[0].mainsnak.value]))
    return Record(
        item.id,
        terms=(TermSaid(TermRule("label"), code, (name,)),),
        statements=tuple(said),
    )


_INITIAL_WORDS = """
Agricultural Bureau Centre Development Education Forest General Health Institute Labour Museum
National Organisation Public Research Science Technical University Veterinary Water
"""
_WORDS = {word[0]: word for word in _INITIAL_WORDS.split()}
_RENAMINGS = (
    ("College", "University"),
    ("Institute", "University"),
    ("University", "College"),
    ("Hospital", "Medical Center"),
    ("Center", "Institute"),
    ("Centre", "Institute"),
    ("Ministry", "Department"),
    ("Instituto", "Universidad"),
    ("Institut", "Hochschule"),
    ("Laboratory", "Observatory"),
)
_LEGAL_ENDS = (" GmbH", " Ltd", ", Inc.", " S.A.", " AB", " e.V.", " B.V.")


def _org(raw: Mapping[str, Any]) -> Org:
    shown = sorted(raw["names"], key=lambda name: "ror_display" not in name["types"])
    place = raw["locations"][0]["geonames_details"] if raw["locations"] else None
    site = next((link["value"] for link in raw["links"] if link["type"] == "website"), "")
    return Org(
        id=raw["id"],
        names=tuple(
            (each["lang"] or "en", each["value"])
            for each in shown
            if "acronym" not in each["types"]
        ),
        acronyms=tuple(each["value"] for each in shown if each["types"] == ["acronym"]),
        types=tuple(raw["types"]),
        country=place["country_code"] if place else "",
        place=(place["lat"], place["lng"]) if place and place["lat"] is not None else None,
        founded=raw["established"],
        website=site,
        related=tuple(each["id"] for each in raw["relationships"]),
    )


def _country(code: str) -> EntityId:
    return EntityId("Q" + "".join(str(ord(letter)) for letter in code))


def _facts(
    org: Org,
    *,
    types: bool,
    country: bool,
    place: tuple[float, float] | None,
    founded: int | None,
    website: str,
) -> dict[str, list[Value]]:
    facts: dict[str, list[Value]] = {}
    if types and org.types:
        facts["P31"] = [EntityId(KINDS[kind]) for kind in org.types]
    if country and org.country:
        facts["P17"] = [_country(org.country)]
    if place:
        facts["P625"] = [Coordinate(*(Decimal(f"{degrees:.4f}") for degrees in place))]
    if founded:
        facts["P571"] = [date(founded)]
    if website:
        facts["P856"] = [Text(website)]
    return facts


def _said(property_id: str, values: list[Value]) -> Said:
    rule = StatementRule(property_id, many=property_id == "P31")
    return Said(rule, tuple(Statement(Snak(property_id, value)) for value in values))


def _varied(org: Org, dice: random.Random) -> tuple[str, str, str]:
    """(how, language, name) as a partner has it."""
    language, name = org.names[0]
    how = dice.choice(["as it is", "typo", "alias", "form", "language", "acronym", "order"])
    if how == "typo":
        return how, language, _typo(name, dice)
    if how == "form":
        return how, language, _form(name, dice)
    if how == "alias" and len(org.names) > 1:
        return how, *dice.choice(org.names[1:])
    if how == "language":
        others = [each for each in org.names if each[0] != language]
        if others:
            return how, *dice.choice(others)
    if how == "acronym" and org.acronyms:
        return how, language, dice.choice(org.acronyms)
    if how == "order" and " of " in name:
        first, _, second = name.partition(" of ")
        return how, language, dice.choice([f"{second}, {first} of", f"{second} {first}"])
    return "as it is", language, name


def _typo(name: str, dice: random.Random) -> str:
    """One letter of it wrong, doubled, lost, or in its neighbour's place."""
    places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
    if not places:
        return name
    at = dice.choice(places)
    match dice.randrange(4):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + name[at] + name[at:]
        case 2:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + dice.choice("aeinrst") + name[at + 1 :]


def _form(name: str, dice: random.Random) -> str:
    """With, without or with another legal form, article, brackets or case."""
    for end in _LEGAL_ENDS:
        if name.endswith(end):
            return name.removesuffix(end)
    if name.endswith(")"):
        return name.rpartition(" (")[0]
    if name.startswith("The "):
        return name.removeprefix("The ")
    return dice.choice(
        [name.upper(), f"The {name}", name.replace(" and ", " & "), name + dice.choice(_LEGAL_ENDS)]
    )


def _moved(website: str, dice: random.Random) -> str:
    if not website:
        return ""
    match dice.randrange(10):
        case 0:
            return "https://www.moved.example/" + website[-6:]
        case 1:
            return website.rstrip("/") + "/about"
        case 2 | 3 | 4:
            return website.replace("http://", "https://").rstrip("/") + "/"
        case 5:
            return website.replace("www.", "")
    return website


def _elsewhere(org: Org, dice: random.Random) -> tuple[float, float] | None:
    if org.place is None:
        return None
    away = dice.choice([0.3, 0.8, 2.0, 5.0]) * dice.choice([-1, 1])
    return max(-89.0, min(89.0, org.place[0] + away)), org.place[1] + away


def _renamed(name: str) -> str | None:
    for old, new in _RENAMINGS:
        if old in name:
            return name.replace(old, new)
    return None


def _one_word_else(name: str, dice: random.Random) -> str:
    """Another word in place of one, at times one that looks like it: Hunan for Henan."""
    words = name.split()
    at = dice.randrange(len(words))
    if dice.random() < 0.3 and len(words[at]) > 4 and words[at].isalpha():
        words[at] = _typo(words[at], dice)
    else:
        words[at] = dice.choice(["North", "Eastern", "Applied", "Royal", "Marine", "Second"])
    return " ".join(words)
