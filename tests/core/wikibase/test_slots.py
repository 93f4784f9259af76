"""Slots are found by what they say: key qualifiers, values, and our reference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.wikibase.make import date, quantity
from bots.core.wikibase.model import EntityId, Item, Reference, Snak, Statement, Text
from bots.core.wikibase.slots import has_reference, references_citing, slot_name, statements_in


def population(amount: int, year: int, **more: object) -> Statement:
    qualifiers = (Snak("P459", EntityId("Q1")), Snak("P585", date(year)))
    return replace(Statement(Snak("P1082", quantity(amount)), qualifiers), **more)  # type: ignore[arg-type]


OLD, NEW = population(100, 2020, id="Q5$a"), population(110, 2021, id="Q5$b")
CITY = Item(id="Q5", statements={"P1082": (OLD, NEW)})


def test_a_slot_is_a_property_with_its_key_qualifiers() -> None:
    assert statements_in(CITY, "P1082") == (OLD, NEW)
    of_2021 = (Snak("P585", date(2021), datatype="time", hash="ab"),)
    assert statements_in(CITY, "P1082", of_2021, ("P585",)) == (NEW,)
    assert statements_in(CITY, "P1082", (), ("P585",)) == ()
    assert statements_in(CITY, "P1083") == ()


def test_a_slots_name_is_the_same_however_it_is_spelled() -> None:
    assert slot_name(OLD) == "P1082"
    keyed = slot_name(OLD, ("P585",))
    assert keyed == slot_name(population(999, 2020), ("P585",))
    assert keyed != slot_name(NEW, ("P585",))
    packed = Statement(Snak("P213", Text("00000001")))
    spaced = Statement(Snak("P213", Text("0000 0001")))
    equivalence = {"P213": ("no-spaces",)}
    names = [slot_name(each, (), equivalence, per_value=True) for each in (packed, spaced)]
    assert names[0] == names[1] == "P213 text:00000001"
    assert slot_name(packed, per_value=True) != slot_name(spaced, per_value=True)


def test_our_reference_is_found_by_what_it_says_even_with_another_hash_and_more_in_it() -> None:
    cites = (Snak("P248", EntityId("Q7")), Snak("P214", Text("12")))
    ours = Reference((cites[1], Snak("P813", date(2024, 3, 1)), cites[0]), "ab")
    theirs = Reference((Snak("P248", EntityId("Q7")), Snak("P214", Text("13"))), "ab")
    statement = replace(OLD, references=(theirs, ours))
    assert references_citing(statement, cites) == (ours,)
    assert references_citing(replace(OLD, references=(theirs,)), cites) == ()
    assert references_citing(statement, cites[:1]) == (theirs, ours)
    with pytest.raises(ValueError, match="nothing was given"):
        references_citing(statement, ())


def test_a_reference_that_says_the_same_is_there_already() -> None:
    one = Reference((Snak("P248", EntityId("Q7")), Snak("P214", Text("12"))), "ab")
    statement = replace(OLD, references=(one,))
    assert has_reference(statement, Reference(one.snaks[::-1]))
    assert not has_reference(statement, Reference(one.snaks[:1]))
