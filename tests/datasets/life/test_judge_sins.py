"""Each way in which a bot can undo what people did is named by the judge."""

from __future__ import annotations

import pytest

from tests.datasets.life.histories import (
    BOT,
    EDITOR,
    NEWSPAPER,
    POPULATION,
    VISITORS,
    WEBSITE,
    Story,
    item,
    ours,
    said,
)

A = said("a", "100", ours())
"""What the bot left."""
CITED_TOO = said("a", "100", ours(), NEWSPAPER)
BACK = ["brought back after people had taken it away"]
HAND = "changed in a statement in which people had a hand"


def left() -> Story:
    """People made the item, and the bot has left its statement on it."""
    return Story().people().bot(A)


def test_a_statement_that_people_removed_comes_back() -> None:
    assert left().people().bot(said("b", "100", ours())).lost() == BACK


def test_a_second_time_on_the_word_of_one() -> None:
    assert left().people().allowed().bot(A).people().bot(A).lost() == BACK


def test_under_its_old_id_too() -> None:
    assert left().people().bot(A).lost() == BACK


def test_it_comes_back_months_later_after_the_source_had_dropped_it() -> None:
    story = left().people().bot(said("w", "x", ours(), name=WEBSITE)).bot()
    assert story.bot(said("b", "100", ours())).lost() == BACK


def test_a_value_that_people_replaced_is_set_again() -> None:
    story = left().people(said("a", "111", ours())).bot(A)
    assert story.lost() == ["people's value undone", *BACK]


def test_a_value_that_people_replaced_is_put_beside_theirs() -> None:
    story = left().people(said("a", "111", ours()))
    assert story.bot(said("a", "111", ours()), said("b", "100", ours())).lost() == BACK


def test_a_new_value_is_put_beside_peoples() -> None:
    story = left().people(said("a", "111", ours()))
    assert story.bot(said("a", "111", ours()), said("b", "200", ours())).lost() == [
        "another value put beside people's"
    ]


def test_a_slot_that_people_emptied_is_filled_with_a_newer_value() -> None:
    assert left().people().bot(said("b", "200", ours())).lost() == [
        "filled again after people had taken our value away"
    ]


def test_what_people_deprecated_is_made_normal_again() -> None:
    story = left().people(said("a", "100", ours(), rank="deprecated")).bot(A)
    assert story.lost() == ["people's rank undone"]


def test_what_people_deprecated_is_said_again_beside_it() -> None:
    deprecated = said("a", "100", ours(), rank="deprecated")
    story = left().people(deprecated).bot(deprecated, said("b", "100", ours()))
    assert story.lost() == ["said again beside people's deprecated statement"]
    assert len(story.judged().double_statements) == 1


def test_what_people_preferred_is_made_normal_again() -> None:
    assert left().people(said("a", "100", ours(), rank="preferred")).bot(A).lost() == [
        "people's rank undone"
    ]


def test_a_value_is_written_beside_peoples_word_that_there_is_none() -> None:
    none = said("n", None)
    dated = said("a", "100", ours(), name=VISITORS, P585="2025")
    nobody = said("n", None, name=VISITORS)
    nobody_then = said("n", None, name=VISITORS, P585="2025")
    for theirs, new in ((none, A), (nobody, dated), (nobody_then, dated)):
        lost = Story().people(theirs).bot(theirs, new).lost()
        assert lost == ["said though people say that there is none"]


def test_peoples_reference_goes() -> None:
    assert left().people(CITED_TOO).bot(A).lost() == [
        "people's reference P854=https://newspaper.example/1 undone"
    ]


def test_another_value_is_given_to_a_statement_with_peoples_reference() -> None:
    story = left().people(CITED_TOO).bot(said("a", "200", ours(), NEWSPAPER))
    assert story.lost() == [f"value {HAND}"]


def test_another_value_is_given_to_a_statement_that_people_preferred() -> None:
    story = left().people(said("a", "100", ours(), rank="preferred"))
    assert story.bot(said("a", "200", ours(), rank="preferred")).lost() == [f"value {HAND}"]


def test_a_statement_with_peoples_reference_is_removed() -> None:
    assert left().people(CITED_TOO).bot().lost() == [
        "a statement removed in which people had a hand"
    ]


def test_a_statement_with_peoples_reference_is_deprecated() -> None:
    story = left().people(CITED_TOO).bot(said("a", "100", ours(), NEWSPAPER, rank="deprecated"))
    assert story.lost() == [f"rank {HAND}"]


def test_a_statement_of_peoples_is_removed() -> None:
    assert Story().people(A).bot().lost() == ["people's statement removed"]


def test_a_statement_of_peoples_gets_a_qualifier() -> None:
    story = Story().people(said("p", "100"))
    assert story.bot(said("p", "100", ours(), P585="2025")).lost() == [f"qualifier {HAND}"]


def test_a_qualifier_that_people_changed_is_set_back() -> None:
    story = Story().people().bot(said("a", "100", ours(), P585="2024"))
    story.people(said("a", "100", ours(), P585="2023"))
    assert story.bot(said("a", "100", ours(), P585="2024")).lost() == [
        "people's qualifier P585 undone"
    ]


def test_a_qualifier_that_people_removed_comes_back_with_another_value() -> None:
    story = Story().people().bot(said("a", "100", ours(), P585="2024")).people(A)
    assert story.bot(said("a", "100", ours(), P585="2025")).lost() == [
        "people's qualifier P585 undone"
    ]


def test_a_qualifier_of_peoples_goes() -> None:
    story = left().people(said("a", "100", ours(), P1319="1900")).bot(A)
    assert story.lost() == ["people's qualifier P1319 undone"]


def test_our_reference_that_people_removed_comes_back_with_a_newer_date() -> None:
    story = left().people(said("a", "100")).bot(said("a", "100", ours("9")))
    assert story.lost() == ["people's reference P248=the dataset P791=A undone"]


def test_our_reference_that_people_completed_is_written_anew() -> None:
    completed = ours()
    completed["snaks"]["P304"] = ours()["snaks"]["P813"]
    story = left().people(said("a", "100", completed)).bot(said("a", "100", ours("9")))
    assert story.lost() == ["people's reference P248=the dataset P791=A undone"]


def test_a_label_that_people_changed_is_set_back() -> None:
    story = Story().people().bot(label="Ours").people(label="Theirs").bot(label="Ours")
    assert story.lost() == ["people's label undone"]


def test_a_label_that_people_removed_comes_back_as_another() -> None:
    assert Story().people().bot(label="Ours").people().bot(label="Newer").lost() == [
        "people's label undone"
    ]


def test_an_alias_that_people_removed_comes_back() -> None:
    story = Story().people().bot(aliases=["X", "Y"]).people(aliases=["Y"])
    assert story.bot(aliases=["X", "Y"]).lost() == ["people's alias undone"]


def test_an_alias_of_peoples_goes() -> None:
    assert Story().people(aliases=["X"]).bot(aliases=["Y"]).lost() == ["people's alias undone"]


def test_an_edit_that_people_reverted_is_made_again() -> None:
    newer = said("a", "200", ours("2"))
    lost = left().bot(newer).people(A).bot(newer).lost()
    assert "people's value undone" in lost
    assert "people's reference P248=the dataset P791=A undone" in lost


def test_it_is_made_again_after_a_restorer_was_reverted_himself() -> None:
    story = left().people().people(A).people().bot(A)
    assert story.lost() == BACK


def test_an_item_without_its_identifier_is_written_to() -> None:
    story = left().people(A, identifier=None)
    story.bot(A, said("w", "x", ours(), name=WEBSITE), identifier=None)
    assert story.lost() == ["written to though people took its identifier away"]


def test_an_identifier_that_people_took_away_comes_back() -> None:
    story = Story().bot(A).people(A, identifier=None).bot(A)
    assert story.lost() == ["written to though people took its identifier away", *BACK]


def test_one_records_data_go_to_an_item_that_people_made_anothers() -> None:
    story = left().people(A, identifier="B")
    newer = said("w", "x", ours(), name=WEBSITE)
    assert story.bot(A, newer, identifier="B").lost() == [
        "edited for another record than the item's"
    ]


def test_one_records_data_are_withdrawn_from_an_item_that_people_made_anothers() -> None:
    assert left().people(A, identifier="B").bot(identifier="B").lost() == [
        "edited for another record than the item's"
    ]


def test_what_people_removed_comes_back_on_the_item_into_which_it_was_merged() -> None:
    story = left().people().people(of="Q2", label="Stays")
    story.saves(EDITOR, {}, "Q1", "/* wbmergeitems-to:0||Q2 */")
    story.saves(EDITOR, item(label="Stays"), "Q2", "/* wbmergeitems-from:0||Q1 */ same")
    story.saves(EDITOR, None, "Q1")
    assert story.bot(said("b", "100", ours()), of="Q2", label="Stays").lost() == BACK


def test_a_deleted_item_is_made_again() -> None:
    story = left().deleted().bot(A, of="Q2")
    assert story.lost() == ["made again after people had deleted it"]
    assert len(story.judged().double_items) == 1


def test_a_second_item_is_made_where_people_have_one() -> None:
    assert len(Story().people(identifier="A ").bot(of="Q2").judged().double_items) == 1


def test_a_second_item_is_made_for_a_record_whose_item_lost_its_identifier() -> None:
    story = Story().bot(A).people(A, identifier=None).bot(A, of="Q2")
    assert len(story.judged().double_items) == 1


def test_one_value_is_said_twice() -> None:
    people = said("p", "100", NEWSPAPER)
    doubles = Story().people(people).bot(people, A).judged().double_statements
    assert [(double.item, double.slot) for double in doubles] == [("Q1", POPULATION)]


def test_a_statement_of_ours_is_given_a_value_that_stands_already() -> None:
    people = said("p", "200", NEWSPAPER)
    story = left().people(A, people).bot(said("a", "200", ours()), people)
    assert len(story.judged().double_statements) == 1


def test_a_permission_is_good_for_its_own_slot_and_for_one_edit_only() -> None:
    theirs = said("a", "111", ours())
    once = left().people(theirs).allowed().bot(A)
    assert once.lost() == []
    assert once.people(theirs).bot(A).lost() != []
    assert left().people(theirs).allowed(WEBSITE).bot(A).lost() != []


def test_a_permission_is_for_the_dataset_whose_row_people_decided() -> None:
    def by(dataset: str) -> list[str]:
        allowed = left().people(said("a", "111", ours())).allowed(dataset="second")
        comment = f"[[User:Bot/task/{dataset}|task]]"
        return allowed.saves(BOT, item(A), comment=comment).lost()

    assert by("second") == []
    assert by("first") != []


@pytest.mark.parametrize("kind", ["conflict", "corrected", "removed", "refuted"])
def test_a_difference_is_told_where_nobody_edited(kind: str) -> None:
    assert len(left().told(kind=kind, days=9).judged().false_conflicts) == 1


def test_a_difference_is_told_after_people_have_put_ours_back() -> None:
    story = left().people().people(A).told(kind="removed", days=9)
    assert len(story.judged().false_conflicts) == 1


def test_a_difference_is_told_before_it_has_stood_three_days() -> None:
    assert len(left().people().told(kind="removed", days=1.9).judged().false_conflicts) == 1
    assert left().people().told(kind="removed", days=2.1).judged().false_conflicts == ()


def test_a_value_is_called_unsupported_that_we_never_left() -> None:
    story = Story().people(said("p", "100")).told(kind="unsupported", days=9)
    assert len(story.judged().false_conflicts) == 1


def test_the_edits_on_both_sides_are_counted() -> None:
    verdict = left().people().saves(BOT, item(A)).judged()
    assert (verdict.edits, verdict.peoples) == (2, 2)
