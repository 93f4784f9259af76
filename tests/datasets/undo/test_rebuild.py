"""What the wiki tells of our own edits, once the store is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bots.core.entityundo import Step
from bots.core.merge.facts import Owned, Rank
from bots.core.store import Store
from bots.core.wikibase.change import EntityPatch, StatementEdit
from bots.core.wikibase.model import Item, Snak, Statement, Text
from bots.datasets.rebuilding.reading import OurEdit, Worked, has_contributions, worked
from bots.datasets.rebuilding.written import Written, Wrote, written
from sandbox.wikibase.server import Wikibase
from tests.datasets.undo.doing import OURS, SITE, Shop, everything, says
from tests.wikibase.entities_scene import STRING, URL, Person, open_desk, seed_item, string


@pytest.fixture
def shop(wiki: Wikibase, store: Store, tmp_path: Path) -> Shop:
    for entity_id in ("Q1", "Q2"):
        seed_item(wiki, entity_id, "a", "b", "c", "d", labels=LABELS, aliases=ALIASES)
    return Shop(open_desk(wiki.api, tmp_path), store)


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LABELS = {"en": {"language": "en", "value": "Before"}}
ALIASES = {"en": [{"language": "en", "value": "before"}]}


def rebuilt(shop: Shop, bot: str = "test") -> dict[str, Worked]:
    return {each.item: each for each in worked(shop.desk, SITE, bot)}


def test_every_edit_of_a_bot_is_told_with_the_item_before_and_after(shop: Shop) -> None:
    before = says(shop.item("Q1"))
    first = shop.do({"Q1": everything, "Q2": everything})
    between = says(shop.item("Q1"))
    person = Person(shop.desk.wikis.config.sites[SITE].api or "")
    person.edit("Q1", {"labels": {"en": {"language": "en", "value": "Theirs"}}})
    second = shop.do({"Q1": lambda item: adding(item, "x")})
    found = rebuilt(shop)
    assert found.keys() == {"Q1", "Q2"}
    here = found["Q1"]
    assert here.is_told
    assert here.revid == shop.item("Q1").revision
    assert [each.receipt for each in here.edits] == [f"{first.key}/1", f"{second.key}/1"]
    told = [says(step.before) for step in here.steps], [says(step.after) for step in here.steps]
    assert told[0][0] == before
    assert told[1][0] == between
    assert told[1][1] == says(shop.item("Q1"))
    assert here.steps[1].before.labels == {"en": "Theirs"}


def adding(item: Item, value: str) -> EntityPatch:
    return EntityPatch(base_revid=item.revision, add=(string(value),))


def test_another_bots_edits_are_not_this_ones(shop: Shop) -> None:
    shop.do({"Q1": everything})
    assert has_contributions(shop.desk, SITE, "test")
    for other in ("tes", "test2", "te.t"):
        assert not has_contributions(shop.desk, SITE, other)
        assert rebuilt(shop, other) == {}


def test_an_account_that_did_nothing_has_no_contributions(shop: Shop, wiki: Wikibase) -> None:
    shop.item("Q1")
    mark = wiki.mark()
    assert not has_contributions(shop.desk, SITE, "test")
    assert len(wiki.requests_since(mark)) == 2


def test_a_person_who_copies_our_summary_is_not_us(shop: Shop) -> None:
    person = Person(shop.desk.wikis.config.sites[SITE].api or "")
    summary = "x (run 0123456789ab/1; [[User:HubBot/task/test|task]])"
    person.edit(
        "Q1", {"labels": LABELS | {"sv": {"language": "sv", "value": "S"}}}, summary=summary
    )
    assert not has_contributions(shop.desk, SITE, "test")


def test_a_new_item_is_told_from_nothing_on(shop: Shop) -> None:
    shop.do({}, new=("Record 1",))
    (found,) = rebuilt(shop).values()
    assert (found.edits[0].made, found.is_told) == (True, True)
    assert list(found.steps[0].before.all_statements()) == []
    (wrote,) = written(found.steps).statements.values()
    assert (wrote.statement.mainsnak.value, wrote.owned) == (Text("Record 1"), Owned.WHOLE)


def test_a_merged_item_is_told_with_where_it_is_now(shop: Shop, wiki: Wikibase) -> None:
    shop.do({"Q1": lambda item: adding(item, "x")})
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    admin.write(action="wbmergeitems", fromid="Q1", toid="Q2", ignoreconflicts="description")
    found = rebuilt(shop)["Q1"]
    assert (found.moved_to, found.revid) == ("Q2", shop.item("Q2").revision)
    assert found.is_told


def test_a_rebuilding_that_was_cut_short_goes_on_where_it_was(shop: Shop, wiki: Wikibase) -> None:
    shop.do({"Q1": everything, "Q2": everything})
    found = [each.item for each in worked(shop.desk, SITE, "test", lambda item: item == "Q1")]
    assert found == ["Q2"]


def test_an_undoing_edit_names_the_run_that_it_undid(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    undone, _ = shop.undo(run)
    found = rebuilt(shop)["Q1"]
    assert [(each.receipt, each.undoes) for each in found.edits] == [
        (f"{run.key}/1", ""),
        (f"{undone.key}/1", run.key),
    ]


def test_where_the_wiki_hides_what_we_did_it_is_not_told() -> None:
    hidden = OurEdit(
        revid=2, timestamp=NOW, receipt="", undoes="", made=False, before=Item(), after=None
    )
    assert not Worked(item="Q1", revid=2, edits=(hidden,)).is_told
    assert Worked(item="Q1", revid=2, edits=(hidden,)).steps == ()
    assert not Worked(item="Q1", revid=None, summary="of what made it").is_told


# What is ours


def test_what_we_wrote_and_what_we_only_cited_are_told_apart(shop: Shop) -> None:
    shop.do({"Q1": everything})
    ours = wrote(shop)
    assert ours == {
        "set by us": (Owned.WHOLE, False),
        "b": (Owned.REFERENCE, False),
        "c": (Owned.REFERENCE, False),
        "d": (Owned.REFERENCE, True),
        "added": (Owned.WHOLE, False),
    }


def wrote(shop: Shop) -> dict[str, tuple[Owned, bool]]:
    found = written(rebuilt(shop)["Q1"].steps)
    return {
        each.statement.mainsnak.value.text: (each.owned, each.removed)  # type: ignore[union-attr]
        for each in found.statements.values()
    }


def test_what_people_removed_is_still_known_to_have_been_ours(shop: Shop) -> None:
    shop.do({"Q1": lambda item: adding(item, "x")})
    person = Person(shop.desk.wikis.config.sites[SITE].api or "")
    (claim,) = [
        each
        for each in person.entity("Q1")["claims"][STRING]
        if each["mainsnak"]["datavalue"]["value"] == "x"
    ]
    person.edit("Q1", {"claims": [{"id": claim["id"], "remove": ""}]})
    shop.do({"Q1": lambda item: adding(item, "y")})
    assert wrote(shop) == {"x": (Owned.WHOLE, False), "y": (Owned.WHOLE, False)}


def test_what_we_wrote_and_then_changed_is_still_whole(shop: Shop) -> None:
    shop.do({"Q1": lambda item: adding(item, "x")})
    shop.do({"Q1": lambda item: touching(item, "x")})
    found = written(rebuilt(shop)["Q1"].steps)
    (each,) = found.statements.values()
    assert (each.owned, each.statement.rank) == (Owned.WHOLE, Rank.PREFERRED)


def test_what_people_changed_between_two_edits_of_ours_is_not_ours() -> None:
    end, page = Snak.somevalue("P582"), Snak(URL, Text("https://example.org/page"))
    ours = replace(string("x"), id="Q1$1", qualifiers=(page,))
    theirs = replace(string("z"), id="Q1$1", qualifiers=(end,), rank=Rank.DEPRECATED)
    cited = replace(theirs, references=(OURS,))
    steps = [Step(Item(), holding(ours)), Step(holding(theirs), holding(cited))]
    left = replace(ours, references=(OURS,))
    assert written(steps).statements == {"Q1$1": Wrote(left, Owned.WHOLE)}
    steps.append(Step(holding(cited), holding(replace(cited, qualifiers=(end, page)))))
    steps.append(Step(holding(cited), holding(replace(cited, qualifiers=()))))
    assert written(steps).statements == {"Q1$1": Wrote(left, Owned.WHOLE)}


def holding(statement: Statement) -> Item:
    return Item(statements={STRING: (statement,)})


def touching(item: Item, value: str) -> EntityPatch:
    (read,) = [each for each in item.statements[STRING] if each.mainsnak.value == Text(value)]
    edit = StatementEdit(read=read, rank=Rank.PREFERRED)
    return EntityPatch(base_revid=item.revision, edit=(edit,))


def test_terms_are_told_as_we_left_them(shop: Shop) -> None:
    shop.do({"Q1": everything})
    found = written(rebuilt(shop)["Q1"].steps)
    assert found.terms == {"label/en": "Ours", "description/en": "ours of Q1"}
    assert found.aliases == {"en": {"ours": True, "before": False}}
    assert written(()) == Written()
