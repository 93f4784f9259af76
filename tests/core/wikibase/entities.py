"""Generated entities, and where the real ones are, for the tests of the data model."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from bots.core.merge.facts import Rank
from bots.core.wikibase.model import (
    JULIAN,
    Coordinate,
    EntityId,
    Item,
    MediaInfo,
    Monolingual,
    Other,
    Property,
    Quantity,
    Reference,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)

SHARED = Path(__file__).resolve().parents[4] / "shared"
REAL = SHARED / "data" / "wikidata-entities"
EXCHANGES = SHARED / "wikibase"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
languages = st.sampled_from(["en", "nl", "mul", "zh-hant"])
numbers = st.integers(1, 10**12)
decimals = st.decimals(-360, 360, places=7) | st.sampled_from(
    [Decimal("52"), Decimal("52.0"), Decimal("1.0e-05"), Decimal("-0.0")]
)
amounts = st.builds("{}{}{}".format, st.sampled_from("+-"), numbers, st.sampled_from(["", ".10"]))
times = st.builds(
    "{}{:04}-{:02}-{:02}T00:00:00Z".format,
    st.sampled_from("+-"),
    st.integers(0, 10**10),
    st.integers(0, 12),
    st.integers(0, 31),
)
hashes = st.sampled_from(["", "727a056d5cb90532e21f1b247a94b56ae3b57ec5"])
unknown_fields = st.lists(
    st.sampled_from([("future", '{"a": [1, 52.0, 1.5E-7, null, true]}'), ("much-later", "[]")]),
    max_size=2,
    unique=True,
).map(tuple)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "wikibase-item": numbers.map(lambda n: EntityId(f"Q{n}")),
    "wikibase-property": numbers.map(lambda n: EntityId(f"P{n}")),
    "wikibase-lexeme": numbers.map(lambda n: EntityId(f"L{n}")),
    "wikibase-form": numbers.map(lambda n: EntityId(f"L{n}-F1")),
    "wikibase-sense": numbers.map(lambda n: EntityId(f"L{n}-S2")),
    "entity-schema": numbers.map(lambda n: EntityId(f"E{n}")),
    "string": texts.map(Text),
    "external-id": texts.map(Text),
    "url": texts.map(Text),
    "commonsMedia": texts.map(Text),
    "a-datatype-to-come": texts.map(Text),
    "monolingualtext": st.builds(Monolingual, texts, languages, unknown_fields),
    "time": st.builds(
        Time,
        times,
        st.integers(0, 14),
        st.just(JULIAN),
        st.integers(-720, 720),
        st.integers(0, 3),
        st.integers(0, 3),
        unknown_fields,
    ),
    "quantity": st.builds(
        Quantity,
        amounts,
        st.sampled_from(["1", "http://www.wikidata.org/entity/Q11573"]),
        amounts | st.none(),
        amounts | st.none(),
        unknown_fields,
    ),
    "globe-coordinate": st.builds(
        Coordinate, decimals, decimals, decimals | st.none(), altitude=decimals | st.none()
    ),
    "a-type-to-come": st.sampled_from(
        [Other("colour", '{"r": 1, "g": 52.0}'), Other("shade", "[1, 2.50]"), Other("n", "12")]
    ),
}


@st.composite
def snaks(draw: st.DrawFn) -> Snak:
    """A snak of a property whose number tells its datatype, as on a real wiki."""
    place, datatype = draw(st.sampled_from(list(enumerate(VALUES))))
    property_id = f"P{draw(st.sampled_from([1, 2])) * 100 + place}"
    snaktype = draw(st.sampled_from(["value"] * 5 + ["somevalue", "novalue"]))
    value = draw(VALUES[datatype]) if snaktype == "value" else None
    return Snak(property_id, value, snaktype, datatype, draw(hashes), draw(unknown_fields))


def grouped(found: list[Snak]) -> tuple[Snak, ...]:
    """In the order that the Action API can tell: by property."""
    order = list(dict.fromkeys(snak.property for snak in found))
    return tuple(sorted(found, key=lambda snak: order.index(snak.property)))


def snak_lists(least: int = 0) -> st.SearchStrategy[tuple[Snak, ...]]:
    return st.lists(snaks(), min_size=least, max_size=3).map(grouped)


references = st.builds(Reference, snak_lists(1), hashes, unknown_fields)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    return Statement(
        draw(snaks()),
        draw(snak_lists()),
        tuple(draw(st.lists(references, max_size=2))),
        draw(st.sampled_from(Rank)),
        f"Q1${draw(st.uuids())}",
        draw(unknown_fields),
    )


@st.composite
def statement_groups(draw: st.DrawFn) -> dict[str, tuple[Statement, ...]]:
    groups: dict[str, list[Statement]] = {}
    for each in draw(st.lists(statements(), max_size=5, unique_by=lambda found: found.id)):
        groups.setdefault(each.property, []).append(each)
    return {property_id: tuple(group) for property_id, group in groups.items()}


terms = st.dictionaries(languages, texts, max_size=3)
alias_lists = st.dictionaries(
    languages, st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple), max_size=2
)
sitelinks = st.dictionaries(
    st.sampled_from(["nlwiki", "enwiki"]),
    st.builds(Sitelink, st.just(""), texts, st.just(("Q17437796",)), unknown_fields),
).map(
    lambda links: {
        site: Sitelink(site, link.title, link.badges, link.extra) for site, link in links.items()
    }
)
items = st.builds(
    Item,
    id=st.just("Q1"),
    labels=terms,
    descriptions=terms,
    aliases=alias_lists,
    statements=statement_groups(),
    revision=st.none() | numbers,
    sitelinks=sitelinks,
    extra=unknown_fields,
)
properties = st.builds(
    Property,
    id=st.just("P1"),
    datatype=st.just("string"),
    labels=terms,
    descriptions=terms,
    aliases=alias_lists,
    statements=statement_groups(),
    extra=unknown_fields,
)
media = st.builds(
    MediaInfo,
    id=st.just("M1"),
    labels=terms,
    descriptions=terms,
    statements=statement_groups(),
    extra=unknown_fields,
)
