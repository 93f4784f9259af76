"""What a merged edit undid of people's changes, judged from four states of an entity."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.entityloss import loss
from bots.core.merge.facts import Rank
from bots.core.wikibase.change import EntityPatch, StatementEdit, applied
from bots.core.wikibase.equality import canonical_reference
from bots.core.wikibase.model import Item, Reference, Snak, Statement, Text

SOURCE = Reference((Snak("P854", Text("https://example.org/base")),))
THEIRS = Reference((Snak("P854", Text("https://example.org/person")),))
OURS = Reference((Snak("P854", Text("https://example.org/bot")),))
BASE = Statement(Snak("P217", Text("base")), (), (SOURCE,), Rank.NORMAL, "Q1$1")


def item(*statements: Statement) -> Item:
    groups = {"P217": statements} if statements else {}
    return Item(id="Q1", revision=5, statements=groups)


def value(text: str) -> Snak:
    return Snak("P217", Text(text))


EDIT = StatementEdit(read=BASE, mainsnak=value("ours"))
AFTER = replace(BASE, mainsnak=value("ours"))
PATCH = EntityPatch(base_revid=1, edit=(EDIT,))

PEOPLE = {
    "value": replace(BASE, mainsnak=value("theirs")),
    "qualifier": replace(BASE, qualifiers=(Snak("P1", Text("q")),)),
    "rank": replace(BASE, rank=Rank.DEPRECATED),
    "reference": replace(BASE, references=(SOURCE, THEIRS)),
    "reference removed": replace(BASE, references=()),
    "reference replaced": replace(BASE, references=(THEIRS,)),
}


@pytest.mark.parametrize("kind", PEOPLE)
def test_what_people_changed_comes_back_by_the_patch(kind: str) -> None:
    theirs = PEOPLE[kind]
    now = item(AFTER)
    found = loss(item(BASE), item(theirs), now, now, PATCH)
    assert (found.statements, found.left) == (("Q1$1",), ())
    (back,) = applied(now, found.patch).all_statements()
    assert back.rank is theirs.rank
    assert sorted(map(canonical_reference, back.references)) == sorted(
        map(canonical_reference, theirs.references)
    )
    if kind in ("value", "qualifier"):
        assert (back.mainsnak, back.qualifiers) == (theirs.mainsnak, theirs.qualifiers)
    else:
        assert back.mainsnak == value("ours"), "what nobody changed but us stays"


@pytest.mark.parametrize("kind", ["rank", "reference", "reference removed"])
def test_what_wikibase_patched_in_is_no_loss(kind: str) -> None:
    both = item(replace(PEOPLE[kind], mainsnak=value("ours")))
    assert loss(item(BASE), item(PEOPLE[kind]), both, both, PATCH).statements == ()


def test_a_reference_of_ours_beside_theirs_is_no_loss() -> None:
    patch = EntityPatch(base_revid=1, edit=(StatementEdit(read=BASE, add_references=(OURS,)),))
    both = item(replace(BASE, references=(SOURCE, THEIRS, OURS)))
    people = item(PEOPLE["reference"])
    assert loss(item(BASE), people, both, both, patch).statements == ()
    alone = item(replace(BASE, references=(SOURCE, OURS)))
    found = loss(item(BASE), people, alone, alone, patch)
    (back,) = applied(alone, found.patch).all_statements()
    assert [each.snaks for each in back.references] == [
        each.snaks for each in (SOURCE, OURS, THEIRS)
    ]


def test_a_statement_people_removed_is_removed_again() -> None:
    now = item(AFTER)
    found = loss(item(BASE), item(), now, now, PATCH)
    assert list(applied(now, found.patch).all_statements()) == []


def test_a_statement_people_changed_and_we_removed_is_there_again() -> None:
    patch = EntityPatch(base_revid=1, remove=(BASE,))
    found = loss(item(BASE), item(PEOPLE["value"]), item(), item(), patch)
    (back,) = applied(item(), found.patch).all_statements()
    assert back.mainsnak == value("theirs")


def test_what_somebody_changed_since_is_left_alone() -> None:
    since = item(replace(BASE, mainsnak=value("somebody's")))
    found = loss(item(BASE), item(PEOPLE["value"]), item(AFTER), since, PATCH)
    assert (found.statements, found.left) == (("Q1$1",), ("Q1$1",))
    assert not found.patch.edit


def test_where_nobody_changed_the_statement_nothing_is_lost() -> None:
    assert loss(item(BASE), item(BASE), item(AFTER), item(AFTER), PATCH).statements == ()
