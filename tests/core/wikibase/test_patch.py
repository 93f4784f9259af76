"""A change becomes JSON Patch and `wbeditentity` data that touch it alone, or nothing at all."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bots.core.merge.facts import Rank
from bots.core.wikibase import action_json, rest_json
from bots.core.wikibase.change import (
    AliasChange,
    EntityPatch,
    MovedError,
    StatementEdit,
    TermChange,
    applied,
)
from bots.core.wikibase.equality import canonical_statement
from bots.core.wikibase.exact import JSON, dumps, loads
from bots.core.wikibase.model import (
    Coordinate,
    Item,
    Other,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
)
from bots.core.wikibase.patch import to_json_patch, to_new_item, to_wbeditentity
from tests.core.wikibase.entities import (
    items,
    languages,
    references,
    snaks,
    statements,
    texts,
)

PATCHES: TypeAdapter[EntityPatch] = TypeAdapter(EntityPatch)


def as_rest(item: Item) -> Item:
    """The item as the REST API tells it."""
    return rest_json.parse_entity(loads(dumps(rest_json.entity_to_json(item))))  # type: ignore[return-value]


def patched(item: Item, change: EntityPatch) -> JSON:
    """The JSON once the operations are carried out by an independent library."""
    ops = json.loads(dumps(to_json_patch(item, change)), parse_float=Decimal)
    return jsonpatch.apply_patch(rest_json.entity_to_json(item), ops)


def without_empty_groups(raw: JSON) -> JSON:
    kept = {name: group for name, group in raw["statements"].items() if group}
    return raw | {"statements": kept}


@st.composite
def edits(draw: st.DrawFn, read: Statement) -> StatementEdit:
    main = draw(st.none() | snaks())
    cut = draw(st.lists(st.sampled_from(read.references), max_size=1)) if read.references else []
    kept = [each for each in read.references if each not in cut]
    swap = draw(st.lists(st.sampled_from(kept), max_size=1)) if kept else []
    gone = draw(st.lists(st.sampled_from(read.qualifiers), max_size=1)) if read.qualifiers else []
    return StatementEdit(
        read=read,
        mainsnak=main and replace(main, property=read.property),
        rank=draw(st.none() | st.sampled_from(Rank)),
        add_qualifiers=tuple(draw(st.lists(snaks(), max_size=2))),
        remove_qualifiers=tuple(gone),
        add_references=tuple(draw(st.lists(references, max_size=2))),
        remove_references=tuple(cut),
        replace_references=tuple((old, draw(references)) for old in swap),
    )


@st.composite
def changes(draw: st.DrawFn, item: Item) -> EntityPatch:
    terms = []
    for name, held in (("labels", item.labels), ("descriptions", item.descriptions)):
        for language in draw(st.lists(languages, max_size=2, unique=True)):
            text = draw(st.none() | texts)
            before = held.get(language)
            terms.append(TermChange(terms=name, language=language, text=text, before=before))  # type: ignore[arg-type]
    aliases = []
    for language in draw(st.lists(languages, max_size=2, unique=True)):
        now = item.aliases.get(language, ())
        gone = draw(st.lists(st.sampled_from(now), unique=True)) if now else []
        add = draw(st.lists(texts.filter(lambda text, gone=gone: text not in gone), max_size=2))  # type: ignore[misc]
        aliases.append(AliasChange(language=language, add=tuple(add), remove=tuple(gone)))
    edit, remove = [], []
    for each in item.all_statements():
        match draw(st.sampled_from(["keep", "edit", "edit", "remove"])):
            case "edit":
                edit.append(draw(edits(each)))
            case "remove":
                remove.append(each)
    return EntityPatch(
        base_revid=7,
        terms=tuple(terms),
        aliases=tuple(aliases),
        add=tuple(draw(st.lists(statements(), max_size=3))),
        edit=tuple(edit),
        remove=tuple(remove),
    )


@st.composite
def items_with_changes(draw: st.DrawFn) -> tuple[Item, EntityPatch]:
    item = as_rest(draw(items))
    return item, draw(changes(item))


@given(items_with_changes())
def test_the_json_patch_gives_what_the_model_says(case: tuple[Item, EntityPatch]) -> None:
    item, change = case
    expected = rest_json.entity_to_json(applied(item, change))
    assert without_empty_groups(patched(item, change)) == expected


@given(items_with_changes())
def test_no_other_statement_is_touched(case: tuple[Item, EntityPatch]) -> None:
    item, change = case
    named = {each.read.id for each in change.edit} | {each.id for each in change.remove}
    after = {each.get("id"): each for each in every_statement(patched(item, change))}
    for each in every_statement(rest_json.entity_to_json(item)):
        if each["id"] not in named:
            assert after[each["id"]] == each
    gone = {each.id for each in change.remove}
    assert {each.id for each in item.all_statements()} - gone <= after.keys()
    assert not gone & after.keys()


def every_statement(raw: JSON) -> list[JSON]:
    return [each for group in raw["statements"].values() for each in group]


@given(items_with_changes())
def test_a_test_fails_where_statements_have_moved(case: tuple[Item, EntityPatch]) -> None:
    """Another statement before each group: every index that was read is wrong now."""
    item, change = case
    if not (change.edit or change.remove):
        return
    moved = rest_json.entity_to_json(item)
    for property_id, group in moved["statements"].items():
        group.insert(0, {"id": "Q1$new", "property": {"id": property_id}})
    with pytest.raises((jsonpatch.JsonPatchTestFailed, jsonpatch.JsonPatchConflict)):
        jsonpatch.apply_patch(moved, to_json_patch(item, change))


@given(items_with_changes())
def test_the_data_for_wbeditentity_gives_what_the_model_says(
    case: tuple[Item, EntityPatch],
) -> None:
    item, change = case
    data = loads(dumps(to_wbeditentity(item, change)))
    expected = action_json.entity_to_json(applied(item, change))
    now = action_json.entity_to_json(item)
    assert carried_out(now, data) == expected["claims"]
    for name in ("labels", "descriptions"):
        terms = now[name] | {
            language: term for language, term in data.get(name, {}).items() if "remove" not in term
        }
        for language, term in data.get(name, {}).items():
            if "remove" in term:
                terms.pop(language, None)
        assert {k: t["value"] for k, t in terms.items()} == {
            k: t["value"] for k, t in expected[name].items()
        }


def carried_out(now: JSON, data: JSON) -> JSON:
    """The claims once a claim with an id has replaced or removed the one that has it."""
    groups = copy.deepcopy(now["claims"])
    for claim in data.get("claims", []):
        found = [
            (group, index)
            for group in groups.values()
            for index, each in enumerate(group)
            if "id" in claim and each.get("id") == claim["id"]
        ]
        if "remove" in claim:
            group, index = found[0]
            del group[index]
        elif found:
            group, index = found[0]
            group[index] = claim
        else:
            groups.setdefault(claim["mainsnak"]["property"], []).append(claim)
    return {property_id: group for property_id, group in groups.items() if group}


@given(items_with_changes())
def test_a_change_survives_the_spool(case: tuple[Item, EntityPatch]) -> None:
    _, change = case
    assert PATCHES.validate_json(PATCHES.dump_json(change)) == change


def statement(number: int, *, cites: str = "", rank: Rank = Rank.NORMAL) -> Statement:
    references = (Reference((Snak("P854", Text(cites)),), "ab"),) if cites else ()
    snak = Snak("P1", Text(f"value {number}"), datatype="string")
    return Statement(snak, (), references, rank, f"Q1${number}")


ONE, TWO, THREE = statement(1), statement(2, cites="https://example.org/ours"), statement(3)
ITEM = Item(id="Q1", labels={"en": "A"}, statements={"P1": (ONE, TWO, THREE)}, revision=7)


def test_each_statement_that_changes_or_goes_is_tested_first_and_indexes_do_not_shift() -> None:
    change = EntityPatch(
        base_revid=7,
        edit=(StatementEdit(read=TWO, mainsnak=Snak("P1", Text("new"))),),
        remove=(ONE, THREE),
        add=(Statement(Snak("P1", Text("a"))), Statement(Snak("P2", Text("b")), id="Q1$mine")),
    )
    ops = to_json_patch(ITEM, change)
    assert [(op["op"], op["path"]) for op in ops] == [
        ("test", "/statements/P1/1/id"),
        ("test", "/statements/P1/1/value"),
        ("test", "/statements/P1/1/qualifiers"),
        ("replace", "/statements/P1/1/value"),
        ("add", "/statements/P1/-"),
        ("add", "/statements/P2"),
        ("test", "/statements/P1/2/id"),
        ("test", "/statements/P1/2/rank"),
        ("test", "/statements/P1/2/value"),
        ("test", "/statements/P1/2/qualifiers"),
        ("test", "/statements/P1/2/references"),
        ("remove", "/statements/P1/2"),
        ("test", "/statements/P1/0/id"),
        ("test", "/statements/P1/0/rank"),
        ("test", "/statements/P1/0/value"),
        ("test", "/statements/P1/0/qualifiers"),
        ("test", "/statements/P1/0/references"),
        ("remove", "/statements/P1/0"),
    ]
    new = ops[5]["value"]
    assert [list(each) for each in new] == [
        ["rank", "qualifiers", "references", "property", "value"]
    ]


def test_the_tests_say_what_was_read_with_floats_as_floats() -> None:
    place = Coordinate(Decimal(52), Decimal("-4.1"), Decimal("1.0e-05"))
    read = Statement(Snak("P625", place, datatype="globe-coordinate"), id="Q1$a")
    change = EntityPatch(base_revid=7, edit=(StatementEdit(read=read, rank=Rank.PREFERRED),))
    written = dumps(to_json_patch(Item(id="Q1", statements={"P625": (read,)}), change))
    assert '"latitude": 52.0, "longitude": -4.1, "precision": 0.000010' in written
    assert isinstance(json.loads(written)[1]["value"]["content"]["latitude"], float)


def test_an_unknown_number_is_not_tested_since_it_may_be_a_float_to_the_wiki() -> None:
    for text, paths in (
        ('{"r": 1}', ["id", "qualifiers", "rank"]),
        ('{"r": "1"}', ["id", "value"]),
    ):
        read = Statement(Snak("P1", Other("", text), datatype="colour"), id="Q1$a")
        change = EntityPatch(base_revid=7, edit=(StatementEdit(read=read, rank=Rank.PREFERRED),))
        ops = to_json_patch(Item(id="Q1", statements={"P1": (read,)}), change)
        tested = [op["path"].rpartition("/")[2] for op in ops if op["op"] == "test"]
        assert tested[: len(paths)] == paths


def test_names_in_paths_are_escaped() -> None:
    change = EntityPatch(terms=(TermChange(terms="labels", language="a/b~c", text="x"),))
    assert to_json_patch(Item(), change)[0]["path"] == "/labels/a~1b~0c"


def person_edits(now: Statement) -> dict[str, Statement]:
    theirs = Reference((Snak("P854", Text("https://example.org/theirs")),))
    return {
        "value": replace(now, mainsnak=Snak("P1", Text("theirs"))),
        "qualifier": replace(now, qualifiers=(Snak("P2", Text("theirs")),)),
        "rank": replace(now, rank=Rank.DEPRECATED),
        "reference": replace(now, references=(*now.references, theirs)),
        "our reference": replace(now, references=()),
        "their reference for ours": replace(now, references=(theirs,)),
    }


OURS = TWO.references[0]
CHANGES: dict[str, Any] = {
    "set value": {"edit": (StatementEdit(read=TWO, mainsnak=Snak("P1", Text("new"))),)},
    "set rank": {"edit": (StatementEdit(read=TWO, rank=Rank.PREFERRED),)},
    "add reference": {"edit": (StatementEdit(read=TWO, add_references=(Reference(()),)),)},
    "remove reference": {"edit": (StatementEdit(read=TWO, remove_references=(OURS,)),)},
    "replace reference": {
        "edit": (StatementEdit(read=TWO, replace_references=((OURS, Reference(())),)),)
    },
    "add qualifier": {"edit": (StatementEdit(read=TWO, add_qualifiers=(Snak.novalue("P2"),)),)},
    "remove": {"remove": (TWO,)},
}
RELIES: dict[str, set[str]] = {
    "set value": {"value", "qualifier"},
    "set rank": {"value", "qualifier", "rank"},
    "add reference": {"value", "qualifier"},
    "remove reference": {"value", "qualifier", "our reference", "their reference for ours"},
    "replace reference": {"value", "qualifier", "our reference", "their reference for ours"},
    "add qualifier": {"value", "qualifier"},
    "remove": {
        "value",
        "qualifier",
        "rank",
        "reference",
        "our reference",
        "their reference for ours",
    },
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("person", person_edits(TWO))
def test_a_change_stops_where_people_changed_what_it_relies_on(what: str, person: str) -> None:
    change = EntityPatch(base_revid=7, **CHANGES[what])
    now = replace(ITEM, statements={"P1": (ONE, person_edits(TWO)[person], THREE)})
    if person in RELIES[what]:
        for act in (to_json_patch, to_wbeditentity, applied):
            with pytest.raises(MovedError, match=r"Q1\$2"):
                act(now, change)
        # And by the wiki itself, for the operations of before the person's edit.
        with pytest.raises((jsonpatch.JsonPatchTestFailed, jsonpatch.JsonPatchConflict)):
            jsonpatch.apply_patch(rest_json.entity_to_json(now), to_json_patch(ITEM, change))
        return
    kept = applied(now, change).statement("Q1$2")
    assert kept is not None
    theirs = Text("https://example.org/theirs")
    if person == "reference":
        assert theirs in [snak.value for r in kept.references for snak in r.snaks]
        after = jsonpatch.apply_patch(rest_json.entity_to_json(now), to_json_patch(ITEM, change))
        assert "https://example.org/theirs" in str(after)


def test_the_wiki_itself_stops_terms_that_people_changed_after_they_were_read() -> None:
    item = replace(ITEM, aliases={"en": ("a", "b", "c")})
    theirs = replace(item, labels={"en": "theirs"}, aliases={"en": ("theirs", "b", "c")})
    label = TermChange(terms="labels", language="en", text="B", before="A")
    for change in (
        EntityPatch(terms=(label,)),
        EntityPatch(terms=(replace(label, text=None),)),
        EntityPatch(aliases=(AliasChange(language="en", remove=("a",)),)),
        EntityPatch(aliases=(AliasChange(language="en", remove=("a", "b", "c")),)),
    ):
        with pytest.raises(jsonpatch.JsonPatchTestFailed):
            jsonpatch.apply_patch(rest_json.entity_to_json(theirs), to_json_patch(item, change))


def test_a_statement_or_term_that_is_not_what_was_read_stops_the_change() -> None:
    gone = replace(ITEM, statements={"P1": (ONE, THREE)})
    label = EntityPatch(terms=(TermChange(terms="labels", language="en", text="B", before="C"),))
    alias = EntityPatch(aliases=(AliasChange(language="en", remove=("C",)),))
    for item, change, words in (
        (gone, EntityPatch(remove=(TWO,)), r"Q1\$2 is gone"),
        (ITEM, label, "Q1 labels/en is 'A', and was 'C'"),
        (ITEM, alias, "Q1 aliases/en: 'C' is not there"),
    ):
        for act in (to_json_patch, to_wbeditentity, applied):
            with pytest.raises(MovedError, match=words):
                act(item, change)


def test_a_reference_or_qualifier_that_is_there_is_not_added_again() -> None:
    again = StatementEdit(read=TWO, add_references=(replace(OURS, hash=""), OURS))
    change = EntityPatch(base_revid=7, edit=(again,))
    assert applied(ITEM, change) == ITEM
    assert {op["op"] for op in to_json_patch(ITEM, change)} == {"test"}


def test_what_was_read_by_the_other_api_serves_as_well() -> None:
    moment = Time("+2024-03-01T00:00:00Z", 11, timezone=60, before=1, after=0)
    read = Statement(Snak("P1", moment, hash="ab", datatype="time"), id="Q1$a")
    item = Item(id="Q1", statements={"P1": (read,)})
    change = EntityPatch(base_revid=7, edit=(StatementEdit(read=read, rank=Rank.PREFERRED),))
    after = as_rest(item)
    assert patched(after, change)["statements"]["P1"][0]["rank"] == "preferred"


def test_wbeditentity_gets_whole_claims_with_all_that_people_have_and_terms_alone() -> None:
    change = EntityPatch(
        base_revid=7,
        terms=(
            TermChange(terms="labels", language="en", text=None, before="A"),
            TermChange(terms="descriptions", language="nl", text="b"),
        ),
        aliases=(AliasChange(language="mul", add=("c",)),),
        edit=(StatementEdit(read=TWO, rank=Rank.PREFERRED, add_references=(Reference(()),)),),
        remove=(ONE,),
    )
    data = to_wbeditentity(ITEM, change)
    assert data["labels"] == {"en": {"language": "en", "remove": ""}}
    assert data["descriptions"] == {"nl": {"language": "nl", "value": "b"}}
    assert data["aliases"] == {"mul": [{"language": "mul", "value": "c", "add": ""}]}
    whole, removed = data["claims"]
    assert whole["id"] == "Q1$2"
    assert whole["rank"] == "preferred"
    assert whole["references"][0] == action_json.reference_to_json(OURS)
    assert "hash" not in whole["references"][1]
    assert removed == {"id": "Q1$1", "remove": ""}


def test_a_new_item_is_a_change_of_nothing() -> None:
    change = EntityPatch(terms=(TermChange(terms="labels", language="mul", text="A"),), add=(TWO,))
    made = to_new_item(change)
    assert list(made) == ["labels", "descriptions", "aliases", "statements"]
    assert "id" not in made["statements"]["P1"][0]
    assert made["statements"]["P1"][0]["references"] == [
        {"parts": [{"property": {"id": "P854"}, "value": {"type": "value", "content": OURS_URL}}]}
    ]
    data = to_wbeditentity(Item(), change)
    assert data["claims"][0]["mainsnak"]["datavalue"]["value"] == "value 2"


OURS_URL = "https://example.org/ours"


def test_a_statement_is_changed_once_and_by_its_id() -> None:
    edit = StatementEdit(read=TWO, rank=Rank.PREFERRED)
    for wrong in (
        {"edit": (edit, edit)},
        {"edit": (edit,), "remove": (TWO,)},
        {"remove": (replace(TWO, id=""),)},
        {"terms": (TermChange(terms="labels", language="en", text="a"),) * 2},
    ):
        with pytest.raises(ValueError, match="only once"):
            EntityPatch(**wrong)  # type: ignore[arg-type]
    other = StatementEdit(read=TWO, mainsnak=Snak("P2", Text("a")))
    with pytest.raises(ValueError, match="is of P1, not P2"):
        to_json_patch(ITEM, EntityPatch(edit=(other,)))


@given(statements())
def test_a_removed_statement_may_be_read_with_or_without_hashes(read: Statement) -> None:
    bare = replace(
        read, references=tuple(replace(each, hash="") for each in reversed(read.references))
    )
    item = as_rest(Item(id="Q1", statements={read.property: (read,)}))
    assert applied(item, EntityPatch(base_revid=7, remove=(bare,))).statements == {}
    assert canonical_statement(read) == canonical_statement(bare)
