"""A dataset's runs on a Wikibase: what is looked at, made, carried along and left alone."""

from __future__ import annotations

import pytest

from tests.datasets.choosing_scene import made
from tests.datasets.ground import TRUSTED
from tests.datasets.runs_scene import items, messages, rows
from tests.datasets.scene import ID, STAFF, Stage, row

CREATES = {"labels": ["en"]}
NO_SLASHES = [{"regex-replace": {"pattern": "[:/]", "with": "-"}}]


def revisions(stage: Stage, count: int) -> list[int]:
    return [stage.entity(f"Q{number}")["lastrevid"] for number in range(1, count + 1)]


def creating(stage: Stage) -> None:
    """New items may be made, and carry the identifier."""
    stage.mapping["create"] = CREATES
    stage.mapping["statements"].append({"property": ID, "field": "isil", "datatype": "external-id"})
    stage.write()


# What is looked at


def test_a_run_in_which_nothing_changed_asks_for_stop_pages_reverts_and_revision_ids_alone(
    stage: Stage,
) -> None:
    items(stage, 5)
    stage.release(rows(5))
    stage.run()
    mark = stage.ground.mark()
    again = stage.run()
    assert dict(again.counts) == {}
    asked = [each.parameters for each in stage.ground.asked_since(mark)]
    assert [
        (each.get("prop") or each["meta"], "Q1" in each.get("titles", "")) for each in asked
    ] == [
        ("siteinfo|userinfo|tokens", False),
        ("info|revisions", False),
        ("revisions", False),
        ("info", True),
    ]


def test_only_the_records_that_changed_are_read_and_written(stage: Stage) -> None:
    items(stage, 5)
    stage.release(rows(5))
    stage.run()
    before = revisions(stage, 5)
    changed = rows(5)
    changed[2] = row("X-3", staff=77)
    stage.release(changed)
    mark = stage.ground.mark()
    assert dict(stage.run().counts) == {"saved": 1}
    asked = [each.parameters for each in stage.ground.asked_since(mark)]
    entities = [each for each in asked if each.get("action") == "wbgetentities"]
    assert [each["ids"] for each in entities if "props" not in each] == ["Q3"]
    after = revisions(stage, 5)
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
    ]


def test_what_people_did_elsewhere_on_an_item_is_looked_at_once_and_left(stage: Stage) -> None:
    items(stage, 2)
    stage.release(rows(2))
    stage.run()
    stage.person().edit("Q1", {"labels": {"sv": {"language": "sv", "value": "Museet"}}})
    assert dict(stage.run().counts) == {}
    mark = stage.ground.mark()
    stage.run()
    read = [e for e in stage.ground.asked_since(mark) if "ids" in e.parameters]
    assert read == []


def test_a_changed_mapping_judges_every_record_again(stage: Stage) -> None:
    items(stage, 2)
    stage.release(rows(2))
    stage.run()
    for each in stage.mapping["statements"]:
        if each["property"] == STAFF:
            each["transform"] = [{"regex-replace": {"pattern": "^12$", "with": "120"}}]
    stage.write()
    assert dict(stage.run().counts) == {"saved": 2}


def test_a_dry_run_writes_nothing_and_remembers_nothing(stage: Stage) -> None:
    items(stage, 2)
    stage.release(rows(2))
    before = revisions(stage, 2)
    planned = stage.do(lambda runner: runner.plan())
    assert dict(planned.counts) == {"planned": 2}
    assert revisions(stage, 2) == before
    with stage.house.store() as store:
        assert store.count_known(stage.dataset) == 0


# New items


def test_an_item_is_made_of_a_record_that_nobody_has_and_only_once(stage: Stage) -> None:
    creating(stage)
    stage.release(rows(2))
    assert dict(stage.run().counts) == {"saved": 2}
    assert len(made(stage)) == 2
    assert dict(stage.run().counts) == {}
    stage.release(rows(2, staff=5))
    assert dict(stage.run().counts) == {"saved": 2}
    assert len(made(stage)) == 2


def test_an_item_that_somebody_makes_between_two_runs_is_taken(stage: Stage) -> None:
    creating(stage)
    stage.release(rows(1))
    stage.run()
    stage.item("Q900", "X-2")
    stage.release(rows(2))
    stage.run()
    assert sorted(made(stage))[-1] == "Q900"
    assert len(made(stage)) == 2
    assert stage.values("Q900", STAFF)


def test_no_item_is_made_where_the_mapping_does_not_say_so(stage: Stage) -> None:
    stage.mapping["match"]["people"] = False
    stage.write()
    stage.release(rows(2))
    assert dict(stage.run().counts) == {}
    assert made(stage) == []


def test_no_item_is_made_where_the_wiki_cannot_be_searched(stage: Stage) -> None:
    creating(stage)
    stage.ground.own("a search that can be taken away").settings.cirrus_search = False
    stage.release(rows(1))
    assert dict(stage.run().counts) == {}
    assert messages(stage) == {"match-index-no-search"}


# Identity


def test_what_we_left_on_an_item_is_carried_to_the_one_that_it_was_merged_into(
    stage: Stage,
) -> None:
    items(stage, 1)
    stage.release(rows(1))
    stage.run()
    stage.seed("Q50")
    admin = stage.person(TRUSTED)
    answer = admin.write(action="wbmergeitems", fromid="Q1", toid="Q50")
    assert "error" not in answer, answer
    assert dict(stage.run().counts) == {}
    stage.release(rows(1, staff=40))
    assert dict(stage.run().counts) == {"saved": 1}
    assert [value["amount"] for value in stage.values("Q50", STAFF)] == ["+40"]


def test_an_item_that_was_deleted_is_told_and_never_made_again(stage: Stage) -> None:
    creating(stage)
    items(stage, 1)
    stage.release(rows(1))
    stage.run()
    admin = stage.person(TRUSTED)
    assert "error" not in admin.write(action="delete", title="Q1")
    stage.release(rows(1, staff=40))
    assert dict(stage.run().counts) == {}
    assert messages(stage) == {"match-deleted"}
    assert made(stage) == []


def test_an_item_from_which_people_took_the_identifier_is_left_alone(stage: Stage) -> None:
    items(stage, 1)
    stage.release(rows(1))
    stage.run()
    (statement,) = stage.entity("Q1")["claims"][ID]
    stage.person().edit("Q1", {"claims": [{"id": statement["id"], "remove": ""}]})
    stage.release(rows(1, staff=40))
    assert dict(stage.run().counts) == {}
    assert [value["amount"] for value in stage.values("Q1", STAFF)] == ["+12"]
    assert messages(stage) == {"match-lost"}


def test_two_items_with_one_identifier_are_told_and_left(stage: Stage) -> None:
    stage.item("Q1", "X-1")
    stage.item("Q2", "X-1")
    stage.release(rows(1))
    assert dict(stage.run().counts) == {}
    assert messages(stage) == {"match-two-items"}


def test_a_record_in_doubt_is_looked_for_again_when_one_of_its_items_is_edited(
    stage: Stage,
) -> None:
    stage.item("Q1", "X-1")
    stage.item("Q2", "X-1")
    stage.release(rows(1))
    stage.run()
    mark = stage.ground.mark()
    stage.run()
    asked = [str(each.parameters) for each in stage.ground.asked_since(mark)]
    assert not any("wbgetentities" in each or "haswbstatement" in each for each in asked)
    assert messages(stage) == {"match-two-items"}
    (statement,) = stage.entity("Q2")["claims"][ID]
    stage.person().edit("Q2", {"claims": [{"id": statement["id"], "remove": ""}]})
    assert stage.run().counts == {"saved": 1}
    assert [value["amount"] for value in stage.values("Q1", STAFF)] == ["+12"]
    assert messages(stage) == set()


def test_a_record_in_doubt_is_looked_for_with_the_next_file_of_changes(stage: Stage) -> None:
    stage.mapping["source"]["kind"] = "delta"
    stage.write()
    stage.item("Q1", "X-1")
    stage.item("Q2", "X-1")
    stage.item("Q3", "X-2")
    stage.release(rows(1))
    stage.run()
    stage.item("Q4", "X-1")
    stage.release([row("X-2")])
    stage.run()
    (found,) = stage.findings()
    assert found.finding.message.params["list_items"] == ["Q1", "Q2", "Q4"]


# What is gone from the source


def test_a_record_counts_as_gone_only_after_two_releases_without_it(stage: Stage) -> None:
    for each in stage.mapping["statements"]:
        each["withdrawal"] = "remove"
    stage.mapping["terms"] = []
    stage.guard = {"gone_percent": 100, "withdrawn_percent": 100}
    stage.write()
    items(stage, 3)
    stage.release(rows(3))
    stage.run()
    stage.release(rows(2))
    assert dict(stage.run().counts) == {}
    assert dict(stage.run().counts) == {}
    stage.release(rows(2, founded="1851"))
    assert dict(stage.run().counts) == {"saved": 3}
    assert stage.values("Q3", STAFF) == []
    stage.release(rows(3))
    stage.run()
    assert [value["amount"] for value in stage.values("Q3", STAFF)] == ["+12"]


def test_a_file_that_breaks_off_makes_no_record_gone(stage: Stage) -> None:
    stage.mapping["source"]["gone_after"] = 1
    stage.write()
    items(stage, 3)
    stage.release(rows(3))
    stage.run()
    stage.release([*rows(2), row("X-3", name='a"')])
    csv = stage.folder / "datasets" / "museums" / "museums.csv"
    csv.write_text(csv.read_text().replace('"a"""', '"a""'))
    stage.run()
    assert "dataset-unsupported" not in messages(stage)
    assert stage.values("Q3", STAFF)


def test_a_mapping_that_is_wrong_is_told_with_file_and_line(stage: Stage) -> None:
    from bots.core.config import ConfigError

    stage.mapping["statements"][0]["datatype"] = "wikibase-thing"
    stage.write()
    with pytest.raises(ConfigError, match=rf"{stage.dataset}\.yaml:\d+: statements\.0"):
        stage.run()


# A lost store


def test_a_dataset_whose_store_is_lost_writes_nothing_until_it_is_rebuilt(stage: Stage) -> None:
    items(stage, 2)
    stage.release(rows(2))
    stage.run()
    stage.lose_store()
    stage.release(rows(2, staff=50))
    refused = stage.run()
    assert (refused.state, refused.note and refused.note.key) == ("failed", "dataset-rebuild-first")
    assert [value["amount"] for value in stage.values("Q1", STAFF)] == ["+12"]
    assert stage.rebuild().state == "finished"
    assert dict(stage.run().counts) == {"saved": 2}
    assert [value["amount"] for value in stage.values("Q1", STAFF)] == ["+50"]


def test_a_rebuilt_store_decides_as_the_lost_one_would_have(stage: Stage) -> None:
    creating(stage)
    items(stage, 4)
    stage.release(rows(6))
    stage.run()
    stage.release(rows(6, founded="1852"))
    stage.run()
    person = stage.person()
    (first,) = stage.entity("Q1")["claims"][STAFF]
    person.edit("Q1", {"claims": [{"id": first["id"], "remove": ""}]})
    (second,) = stage.entity("Q2")["claims"][STAFF]
    second["mainsnak"]["datavalue"]["value"]["amount"] = "+7"
    person.edit("Q2", {"claims": [second]})
    person.edit("Q3", {"labels": {"en": {"language": "en", "value": "Their name"}}})
    stage.release(rows(6, founded="1852", staff=50, name="New name"))
    kept = known(stage)
    planned = plan_of(stage)
    stage.rebuild()
    again = known(stage)
    assert plan_of(stage) == planned
    assert len(planned) > 4
    assert again == kept


def known(stage: Stage) -> dict[str, set[str]]:
    """The slots of which the store holds bases, by item."""
    with stage.house.store() as store:
        held = store.bases(stage.dataset, "repo")
        return {title: set(slots) for title, slots in held if title[0] == "Q"}


def plan_of(stage: Stage) -> dict[str, tuple[str, str]]:
    """What a run would do: before and after, by page."""
    planned = stage.do(lambda runner: runner.plan())
    with stage.house.store() as store:
        return {
            spooled.target.title: spooled.edit.change.shown
            for spooled in store.edits(planned)
            if spooled.edit
        }


# What the wiki does not take


def test_what_the_wiki_does_not_take_is_left_out_and_told_and_the_rest_is_saved(
    stage: Stage,
) -> None:
    stage.seed("P18", datatype="commonsMedia")
    image = {"property": "P18", "field": "website", "datatype": "commonsMedia"}
    stage.mapping["statements"].insert(1, {**image, "transform": [{"suffix": ".jpg"}, *NO_SLASHES]})
    stage.write()
    items(stage, 2)
    stage.release(rows(2))
    ended = stage.run()
    assert ended.counts["saved"] == 2
    for item in ("Q1", "Q2"):
        assert stage.values(item, STAFF)
        assert stage.values(item, "P18") == []
    told = {each.finding.message.key: each.finding for each in stage.findings()}
    assert set(told) == {"edit-invalid-part"}
    assert told["edit-invalid-part"].message.params["part"] == "P18"
    before = revisions(stage, 2)
    for _ in range(2):
        assert dict(stage.run().counts) == {}, "what was refused is not sent again"
        assert [each.finding.message.key for each in stage.findings()] == ["edit-invalid-part"] * 2
    assert revisions(stage, 2) == before
    stage.release([row("X-1", website="https://else.example/"), *rows(2)[1:]])
    assert stage.run().counts["invalid"] == 1, "but where the source says something else"


def test_a_new_item_that_the_wiki_does_not_take_waits_until_its_record_changes(
    stage: Stage,
) -> None:
    stage.seed("P18", datatype="commonsMedia")
    image = {"property": "P18", "field": "website", "datatype": "commonsMedia"}
    stage.mapping["statements"].insert(1, {**image, "transform": [{"suffix": ".jpg"}, *NO_SLASHES]})
    creating(stage)
    stage.release(rows(1))
    assert stage.run().counts == {"invalid": 1}
    for _ in range(2):
        assert dict(stage.run().counts) == {}, "it is not sent again"
        assert messages(stage) == {"edit-invalid"}
    stage.release(rows(1, website=""))
    assert stage.run().counts == {"saved": 1}
    assert messages(stage) == set()


def test_an_item_that_lost_the_identifier_is_left_alone_when_its_record_is_gone(
    stage: Stage,
) -> None:
    for each in stage.mapping["statements"]:
        each["withdrawal"] = "remove"
    stage.mapping["source"]["gone_after"] = 1
    stage.guard = {"gone_percent": 100, "withdrawn_percent": 100}
    stage.write()
    items(stage, 2)
    stage.release(rows(2))
    stage.run()
    (statement,) = stage.entity("Q2")["claims"][ID]
    stage.person().edit("Q2", {"claims": [{"id": statement["id"], "remove": ""}]})
    before = stage.entity("Q2")["lastrevid"]
    stage.release(rows(1))
    stage.run()
    assert stage.entity("Q2")["lastrevid"] == before
    assert "match-lost" in messages(stage)
