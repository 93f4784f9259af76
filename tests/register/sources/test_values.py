"""What an item says of a property, as text that a list can show, sort and compare."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bots.core.merge.facts import Rank
from bots.core.register.kinds import Type
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Monolingual,
    Quantity,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from bots.register.sources.values import Said, column, said_of

METRE, FOOT = ("http://www.wikidata.org/entity/Q11573", "http://www.wikidata.org/entity/Q3710")


def said(*values: Value, rank: Rank = Rank.NORMAL) -> list[Statement]:
    return [Statement(Snak("P1", value), rank=rank) for value in values]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Time("+1850-02-01T00:00:00Z", 11), "1850-02-01"),
        (Time("+1850-02-00T00:00:00Z", 10), "1850-02"),
        (Time("+1850-01-01T00:00:00Z", 9), "1850"),
        (Time("+0850-01-01T00:00:00Z", 9), "0850"),
        (Time("+1850-00-00T00:00:00Z", 8), "1850–1859"),
        (Time("+1900-00-00T00:00:00Z", 7), "1801–1900"),
        (Time("+1901-00-00T00:00:00Z", 7), "1901–2000"),
        (Time("+1500-00-00T00:00:00Z", 6), "1001–2000"),
        (Time("-0044-03-15T00:00:00Z", 11), "-0044-03-15"),
        (Time("-0044-00-00T00:00:00Z", 7), "-0100–-0001"),
        (Quantity("+1500"), "1500"),
        (Quantity("-1.50"), "-1.50"),
        (Coordinate(Decimal("59.3293"), Decimal("18.0686")), "59.3293, 18.0686"),
        (Text("Nationalmuseum.jpg"), "Nationalmuseum.jpg"),
        (EntityId("Q5"), "Q5"),
    ],
)
def test_a_value_as_text(value: Value, text: str) -> None:
    assert [each.text for each in said_of(said(value))] == [text]


def test_the_best_rank_counts_and_what_is_not_known_does_not() -> None:
    new, old, wrong = (Text(text) for text in ("new", "old", "wrong"))
    some = [Statement(Snak.somevalue("P1")), Statement(Snak.novalue("P1"))]
    deprecated = said(wrong, rank=Rank.DEPRECATED)
    assert said_of([*said(old, old), *some, *deprecated]) == (Said("old"),)
    best = [*said(old), *said(new, rank=Rank.PREFERRED), *deprecated]
    assert said_of(best) == (Said("new"),)
    assert said_of(deprecated) == ()


def test_items_are_chosen_by_number_and_shown_by_name_in_the_order_of_names() -> None:
    values = {"Q1": [Said("Q33506", "Q33506")], "Q2": [Said("Q7075", "Q7075"), Said("Q9", "Q9")]}
    labels = {"Q33506": "museum", "Q7075": "bibliotek"}
    heard = column("instans av", "wikibase-item", values, labels, "sv")
    assert heard.field.type is Type.CHOICE
    assert list(heard.field.choices.items()) == [
        ("Q7075", {"sv": "bibliotek"}),
        ("Q33506", {"sv": "museum"}),
        ("Q9", {"sv": "Q9"}),
    ]
    assert heard.values == {"Q1": ["Q33506"], "Q2": ["Q7075", "Q9"]}


def test_numbers_of_one_unit_have_it_in_the_title_and_others_beside_them() -> None:
    labels = {"Q11573": "metre", "Q3710": "foot"}
    one = {"Q1": said_of(said(Quantity("+20", METRE)))}
    heard = column("height", "quantity", one, labels, "en")
    assert (heard.field.type, heard.field.label) == (Type.NUMBER, {"en": "height (metre)"})
    assert heard.values == {"Q1": ["20"]}
    more = {**one, "Q2": said_of(said(Quantity("+66", FOOT))), "Q3": said_of(said(Quantity("+1")))}
    mixed = column("height", "quantity", more, labels, "en")
    assert (mixed.field.type, mixed.field.label) == (Type.TEXT, {"en": "height"})
    assert mixed.values == {"Q1": ["20 metre"], "Q2": ["66 foot"], "Q3": ["1"]}


def test_texts_in_the_pages_language_go_first() -> None:
    both = said_of(said(Monolingual("Museum", "en"), Monolingual("Museet", "sv")))
    english = said_of(said(Monolingual("Library", "en")))
    heard = column("title", "monolingualtext", {"Q1": both, "Q2": english}, {}, "sv")
    assert heard.values == {"Q1": ["Museet"], "Q2": ["Library"]}


def test_a_property_that_nothing_says_is_an_empty_column() -> None:
    for datatype in ("wikibase-item", "time", "quantity", "url", "string", "unheard-of"):
        assert column("name", datatype, {}, {}, "en").values == {}
