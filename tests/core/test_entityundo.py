"""Undoing an edit of an entity: what goes back, what people have made theirs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.entityundo import Left, Step, undo
from bots.core.merge.facts import Rank
from bots.core.wikibase.change import applied
from bots.core.wikibase.difference import difference, says
from bots.core.wikibase.equality import (
    canonical_reference,
    canonical_snak,
    canonical_statement,
)
from bots.core.wikibase.model import Entity, Item, Reference, Snak, Statement, Text

OLD, OURS, THEIRS = (
    Reference((Snak("P854", Text(f"https://example.org/{name}")),))
    for name in ("old", "ours", "theirs")
)
GROWN = Reference((*OURS.snaks, Snak("P813", Text("today"))))
QUALIFIER = Snak("P585", Text("2020"))


def said(value: str, number: int = 1, *references: Reference, **more: Any) -> Statement:
    return Statement(Snak("P1", Text(value)), (), references, id=f"Q1${number}", **more)


def item(*statements: Statement, revision: int = 9, **terms: Any) -> Item:
    groups: dict[str, tuple[Statement, ...]] = {}
    for each in statements:
        groups[each.property] = (*groups.get(each.property, ()), each)
    return Item(id="Q1", revision=revision, statements=groups, **terms)


def undone(before: Entity, after: Entity, now: Entity) -> tuple[Entity, list[tuple[str, str]]]:
    found = undo([Step(before, after)], now)
    return applied(now, found.patch), [(each.place, each.why) for each in found.left]


def told(entity: Entity) -> Any:
    """All that an entity says, whatever the order and the ids."""
    return (
        dict(entity.labels),
        dict(entity.descriptions),
        {language: sorted(texts) for language, texts in entity.aliases.items()},
        sorted(map(str, map(says, entity.all_statements()))),
    )


BEFORE = item(said("old", 1, OLD))
EDITED = item(said("new", 1, OURS))
ADDED = item(said("old", 1, OLD), said("new", 2, OURS))
CITED = item(said("old", 1, OLD, OURS))
RANKED = item(said("old", 1, OLD, rank=Rank.PREFERRED))
REMOVED = item()

# name: before, after, now, then what stands once it is undone, and what is left and why
CASES: dict[str, tuple[Item, Item, Item, Item, list[tuple[str, str]]]] = {
    "an added statement goes": (BEFORE, ADDED, ADDED, BEFORE, []),
    "an added one that people removed is no matter": (BEFORE, ADDED, BEFORE, BEFORE, []),
    "an added one that people cited loses our reference alone": (
        BEFORE, ADDED, item(said("old", 1, OLD), said("new", 2, OURS, THEIRS)),
        item(said("old", 1, OLD), said("new", 2, THEIRS)), [("P1", "kept")],
    ),
    "an added one that people ranked loses our reference alone": (
        BEFORE, ADDED, item(said("old", 1, OLD), said("new", 2, OURS, rank=Rank.PREFERRED)),
        item(said("old", 1, OLD), said("new", 2, rank=Rank.PREFERRED)), [("P1", "kept")],
    ),
    "an added one that people changed is left whole": (
        BEFORE, ADDED, item(said("old", 1, OLD), said("theirs", 2, OURS)),
        item(said("old", 1, OLD), said("theirs", 2, OURS)), [("P1", "changed")],
    ),
    "an added one that people qualified is left whole": (
        BEFORE, ADDED,
        item(said("old", 1, OLD), replace(said("new", 2, OURS), qualifiers=(QUALIFIER,))),
        item(said("old", 1, OLD), replace(said("new", 2, OURS), qualifiers=(QUALIFIER,))),
        [("P1", "changed")],
    ),
    "an added one that people refuted is left whole": (
        BEFORE, ADDED, item(said("old", 1, OLD), said("new", 2, OURS, rank=Rank.DEPRECATED)),
        item(said("old", 1, OLD), said("new", 2, OURS, rank=Rank.DEPRECATED)), [("P1", "changed")],
    ),
    "a changed value goes back, with its reference": (BEFORE, EDITED, EDITED, BEFORE, []),
    "a changed value that people put back is no matter": (BEFORE, EDITED, BEFORE, BEFORE, []),
    "a changed value that people put back loses our reference": (
        BEFORE, EDITED, item(said("old", 1, OURS)), BEFORE, [],
    ),
    "a changed value that people changed stays": (
        BEFORE, EDITED, item(said("theirs", 1, OURS)), item(said("theirs", 1, OURS)),
        [("P1", "changed")],
    ),
    "a changed value that people cited stays, without our reference": (
        BEFORE, EDITED, item(said("new", 1, OURS, THEIRS)), item(said("new", 1, THEIRS)),
        [("P1", "kept")],
    ),
    "a changed statement that people removed stays removed": (
        BEFORE, EDITED, item(), item(), [("P1", "gone")],
    ),
    "a value that another statement says by now is not said twice": (
        BEFORE, EDITED, item(said("new", 1, OURS), said("old", 5)),
        item(said("new", 1, OURS), said("old", 5)), [("P1", "beside")],
    ),
    "a rank goes back": (BEFORE, RANKED, RANKED, BEFORE, []),
    "a rank goes back where people added a reference": (
        BEFORE, RANKED, item(said("old", 1, OLD, THEIRS, rank=Rank.PREFERRED)),
        item(said("old", 1, OLD, THEIRS)), [],
    ),
    "a rank that people changed again stays": (
        BEFORE, RANKED, item(said("old", 1, OLD, rank=Rank.DEPRECATED)),
        item(said("old", 1, OLD, rank=Rank.DEPRECATED)), [("P1", "changed")],
    ),
    "a reference goes": (BEFORE, CITED, CITED, BEFORE, []),
    "a reference goes from among people's": (
        BEFORE, CITED, item(said("old", 1, OURS, THEIRS, rank=Rank.PREFERRED)),
        item(said("old", 1, THEIRS, rank=Rank.PREFERRED)), [],
    ),
    "a reference that people extended stays": (
        BEFORE, CITED, item(said("old", 1, OLD, GROWN)), item(said("old", 1, OLD, GROWN)),
        [("P1", "changed")],
    ),
    "a reference that people removed is no matter": (BEFORE, CITED, BEFORE, BEFORE, []),
    "a reference that people put back in full is no matter": (
        item(said("old", 1, GROWN)), item(said("old", 1, OURS)), item(said("old", 1, GROWN)),
        item(said("old", 1, GROWN)), [],
    ),
    "a reference that we replaced comes back": (
        BEFORE, item(said("old", 1, OURS)), item(said("old", 1, OURS, THEIRS)),
        item(said("old", 1, OLD, THEIRS)), [],
    ),
    "a reference whose successor people removed does not come back": (
        BEFORE, item(said("old", 1, OURS)), item(said("old", 1)), item(said("old", 1)), [],
    ),
    "a removed statement comes back": (BEFORE, REMOVED, REMOVED, BEFORE, []),
    "a removed one that people said again is not said twice": (
        BEFORE, REMOVED, item(said("old", 7, THEIRS)), item(said("old", 7, THEIRS)), [],
    ),
    "a removed one stays removed where people said another": (
        BEFORE, REMOVED, item(said("theirs", 7)), item(said("theirs", 7)), [("P1", "another")],
    ),
    "a removed one stays removed where people kept what we put in its place": (
        BEFORE, item(said("new", 2, OURS)), item(said("new", 2, OURS, THEIRS)),
        item(said("new", 2, THEIRS)), [("P1", "kept"), ("P1", "beside")],
    ),
    "a rank stays where people kept what we preferred to it": (
        item(said("old", 1, OLD, rank=Rank.PREFERRED)), ADDED,
        item(said("old", 1, OLD), said("new", 2, OURS, THEIRS)),
        item(said("old", 1, OLD), said("new", 2, THEIRS)), [("P1", "kept"), ("P1", "beside")],
    ),
    "an end stays where people kept what came after it": (
        BEFORE, item(replace(said("old", 1, OLD), qualifiers=(QUALIFIER,)), said("new", 2, OURS)),
        item(replace(said("old", 1, OLD), qualifiers=(QUALIFIER,)), said("theirs", 2, OURS)),
        item(replace(said("old", 1, OLD), qualifiers=(QUALIFIER,)), said("theirs", 2, OURS)),
        [("P1", "changed"), ("P1", "beside")],
    ),
    "a value goes back whatever became of one that we added beside it": (
        BEFORE, item(said("new", 1, OURS), said("more", 2)),
        item(said("new", 1, OURS), said("theirs", 2)),
        item(said("old", 1, OLD), said("theirs", 2)), [("P1", "changed")],
    ),
    "terms go back": (
        item(labels={"en": "A", "sv": "S"}, aliases={"en": ("x", "y")}),
        item(labels={"en": "B", "fi": "F"}, aliases={"en": ("y", "z")}, descriptions={"en": "d"}),
        item(labels={"en": "B", "fi": "F"}, aliases={"en": ("y", "z")}, descriptions={"en": "d"}),
        item(labels={"en": "A", "sv": "S"}, aliases={"en": ("x", "y")}), [],
    ),
    "a label that people changed stays, and so does their alias": (
        item(labels={"en": "A"}), item(labels={"en": "B"}, aliases={"en": ("z",)}),
        item(labels={"en": "C"}, aliases={"en": ("z", "theirs")}),
        item(labels={"en": "C"}, aliases={"en": ("theirs",)}), [("label/en", "changed")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_undo(name: str) -> None:
    before, after, now, wanted, left = CASES[name]
    result, why = undone(before, after, now)
    assert told(result) == told(wanted)
    assert why == left


def test_what_is_left_says_what_and_where() -> None:
    now = item(said("old", 1, OLD), said("theirs", 2, OURS))
    assert undo([Step(BEFORE, ADDED)], now).left == (Left("P1", "changed", "P1 new", "Q1$2"),)


def test_places_where_all_stood_as_we_left_it_are_told() -> None:
    after = item(said("new", 1, OURS), labels={"en": "B"}, aliases={"en": ("z",)})
    assert undo([Step(BEFORE, after)], after).places == {"P1", "label/en", "alias/en"}
    cited = replace(after, statements=item(said("new", 1, OURS, THEIRS)).statements)
    assert undo([Step(BEFORE, after)], cited).places == {"label/en", "alias/en"}
    removed = item(said("new", 1, OURS))
    assert undo([Step(BEFORE, after)], removed).places == {"P1"}
    assert undo([Step(BEFORE, REMOVED)], item(said("theirs", 7))).places == set()
    again = item(said("newer", 1, OURS))
    steps = [Step(after, again), Step(BEFORE, after)]
    assert "P1" in undo(steps, again).places
    assert undo(steps, replace(again, statements={})).places == {"label/en", "alias/en"}


def test_several_edits_are_taken_back_in_one_patch_newest_first() -> None:
    first = item(said("new", 1, OURS), said("more", 2))
    second = item(said("newer", 1, OURS), labels={"en": "A"})
    steps = [Step(first, second), Step(BEFORE, first)]
    found = undo(steps, second)
    assert told(applied(second, found.patch)) == told(BEFORE)
    assert found.patch.edit[0].mainsnak == Snak("P1", Text("old"))
    assert found.left == ()


def test_what_people_changed_between_two_edits_of_ours_stays() -> None:
    between = item(said("new", 1, OURS), labels={"en": "theirs"})
    first, second = item(said("new", 1, OURS), labels={"en": "A"}), replace(between, labels={})
    found = undo([Step(between, second), Step(BEFORE, first)], second)
    assert told(applied(second, found.patch)) == told(item(said("old", 1, OLD), **LABEL))
    assert [each.place for each in found.left] == ["label/en"]


LABEL: dict[str, Any] = {"labels": {"en": "theirs"}}


def test_undone_twice_nothing_more_is_done_and_nothing_is_told() -> None:
    for before, after in ((BEFORE, ADDED), (BEFORE, EDITED), (BEFORE, CITED), (BEFORE, RANKED)):
        assert undo([Step(before, after)], before).left == ()
        assert undo([Step(before, after)], before).patch == difference(before, before)
    again = item(said("old", 44, OLD))
    assert undo([Step(BEFORE, REMOVED)], again).patch == difference(again, again)


# Any edit of ours, and whatever people did after it

VALUES = st.sampled_from("abcdef")
REFERENCES = st.lists(st.sampled_from((OLD, OURS, THEIRS, GROWN)), max_size=3, unique=True)
TERMS = st.dictionaries(st.sampled_from(("en", "sv")), st.sampled_from("AB"))


@st.composite
def statement(draw: st.DrawFn, number: int) -> Statement:
    return Statement(
        Snak(draw(st.sampled_from(("P1", "P2"))), Text(draw(VALUES))),
        draw(st.sampled_from(((), (QUALIFIER,)))),
        tuple(draw(REFERENCES)),
        draw(st.sampled_from(Rank)),
        f"Q1${number}",
    )


@st.composite
def edited(draw: st.DrawFn, entity: Item, first_new: int) -> Item:
    """An edit of the entity: statements removed, changed in any part, added; terms changed."""
    statements = []
    for each in entity.all_statements():
        fresh = draw(statement(0))
        part = draw(st.sampled_from(("same", "gone", "value", "rank", "references")))
        match part:
            case "same":
                statements.append(each)
            case "value":
                value = replace(each.mainsnak, value=fresh.mainsnak.value)
                statements.append(replace(each, mainsnak=value, qualifiers=fresh.qualifiers))
            case "rank":
                statements.append(replace(each, rank=fresh.rank))
            case "references":
                statements.append(replace(each, references=fresh.references))
    for number in range(draw(st.integers(0, 2))):
        statements.append(draw(statement(first_new + number)))
    if draw(st.booleans()):
        return item(*statements, **terms_of(entity))
    return item(*statements, **draw(terms()))


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    texts = st.lists(st.sampled_from("xyz"), max_size=3, unique=True).map(tuple)
    aliases = st.dictionaries(st.just("en"), texts.filter(bool))
    return {"labels": draw(TERMS), "descriptions": draw(TERMS), "aliases": draw(aliases)}


def terms_of(entity: Item) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in ("labels", "descriptions", "aliases")}


@st.composite
def edits(draw: st.DrawFn) -> tuple[Item, Item, Item]:
    start = item(*(draw(statement(n)) for n in range(draw(st.integers(0, 3)))), **draw(terms()))
    after = draw(edited(start, 10))
    return start, after, draw(edited(after, 20))


@settings(max_examples=150, deadline=None)
@given(edits())
def test_with_nobodys_edits_after_it_undo_gives_back_what_was(
    case: tuple[Item, Item, Item],
) -> None:
    before, after, _ = case
    found = undo([Step(before, after)], after)
    assert found.left == ()
    assert told(applied(after, found.patch)) == told(before)


@settings(max_examples=150, deadline=None)
@given(edits())
def test_nothing_that_people_changed_after_it_is_touched(case: tuple[Item, Item, Item]) -> None:
    before, after, now = case
    result, _ = undone(before, after, now)
    for each in now.all_statements():
        ours, stands = after.statement(each.id), result.statement(each.id)
        if ours is not None and says(ours) == says(each):
            continue  # nobody touched it
        assert stands is not None, "people changed it, or added it"
        if ours is None:
            assert says(stands) == says(each)
            continue
        if canonical_statement(ours) != canonical_statement(each):
            assert canonical_statement(stands) == canonical_statement(each)
        if ours.rank is not each.rank:
            assert stands.rank is each.rank
        people = keys(each.references, canonical_reference) - keys(
            ours.references, canonical_reference
        )
        assert people <= keys(stands.references, canonical_reference)
    for each in after.all_statements():
        if now.statement(each.id) is None:
            assert result.statement(each.id) is None, "people removed it"
    for name in ("labels", "descriptions"):
        was, held, left = (getattr(one, name) for one in (after, now, result))
        for language in {**was, **held}:
            if was.get(language) != held.get(language):
                assert left.get(language) == held.get(language)
    added, removed, have = (
        set(now.aliases.get("en", ())) - set(after.aliases.get("en", ())),
        set(after.aliases.get("en", ())) - set(now.aliases.get("en", ())),
        set(result.aliases.get("en", ())),
    )
    assert added <= have
    assert not removed & have


@settings(max_examples=80, deadline=None)
@given(edits())
def test_what_undo_changes_is_what_our_edit_changed(case: tuple[Item, Item, Item]) -> None:
    before, after, now = case
    ours = difference(before, after)
    touched = {each.read.id for each in ours.edit} | {each.id for each in ours.remove}
    touched |= {each.id for each in after.all_statements() if before.statement(each.id) is None}
    patch = undo([Step(before, after)], now).patch
    assert {each.read.id for each in patch.edit} <= touched
    assert {each.id for each in patch.remove} <= touched
    assert {says(each)[0] for each in patch.add} <= {says(each)[0] for each in ours.remove}  # type: ignore[index]


def keys(parts: Iterable[Any], key: Any) -> set[str]:
    return set(map(key, parts))


def test_a_difference_tells_qualifiers_apart() -> None:
    now, wanted = said("a", 1), replace(said("a", 1), qualifiers=(QUALIFIER,))
    (edit,) = difference(item(now), item(wanted)).edit
    assert (edit.mainsnak, edit.add_qualifiers) == (None, (QUALIFIER,))
    assert canonical_snak(edit.add_qualifiers[0]) == "P585 text:2020"
