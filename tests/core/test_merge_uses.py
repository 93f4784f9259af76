"""Merge as its callers use it: with people's decisions, for cells, for all values of a slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bots.core.merge import cell_after, merge, merge_cell, merge_values, same_pair
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    AddReference,
    AddValue,
    Adopt,
    Base,
    ChangePolicy,
    Conflict,
    Converged,
    Decision,
    Entry,
    Keep,
    Kind,
    Lack,
    Memory,
    Owned,
    Pair,
    Rank,
    RemoveEntry,
    RemoveReference,
    Respect,
    Ruled,
    Ruling,
    Seen,
    SetRank,
    SetValue,
    Slot,
    Tombstone,
    WithdrawalPolicy,
    Word,
)
from tests.core.merge_slots import (
    MANY,
    OURS,
    PREFERRING,
    REFERENCE_OURS,
    SINGLE,
    THEIRS_B,
    THEIRS_V,
    THEIRS_W,
    TOUCHED_B,
    b,
    ruling,
    told,
    v,
    w,
    what,
    writes_nothing,
)

# A person's decision


def ruled(
    base: Memory[str],
    theirs: Sequence[Entry[str]],
    ours: str | Lack,
    *rulings: Ruling[str],
    slot: Slot[str] = SINGLE,
) -> Decision[str]:
    return merge(slot, base, theirs, ours, rulings=rulings)


def test_keep_wiki_silences_the_finding_and_writes_nothing() -> None:
    decision = ruled(OURS, [THEIRS_W], b, ruling(Word.KEEP_WIKI, w, ours=b))
    assert decision == Ruled(word=Word.KEEP_WIKI, base=OURS)


def test_keep_wiki_still_takes_our_reference_from_what_we_do_not_say() -> None:
    decision = ruled(OURS, [TOUCHED_B], v, ruling(Word.KEEP_WIKI, b, ours=v))
    assert (decision.steps, decision.told) == ((RemoveReference(TOUCHED_B),), None)


def test_take_partner_puts_ours_in_place_of_theirs() -> None:
    decision = ruled(OURS, [THEIRS_W], v, ruling(Word.TAKE_PARTNER, w, ours=v))
    assert decision.steps == (RemoveEntry(THEIRS_W), AddValue(v))
    assert isinstance(decision.base, Base)
    assert (decision.base.value, decision.base.owned) == (v, Owned.WHOLE)


def test_take_partner_takes_back_people_s_deprecation() -> None:
    entry = replace(THEIRS_B, rank=Rank.DEPRECATED)
    seen = Seen(b, deprecated=True)
    decision = ruled(Tombstone(OURS), [entry], b, ruling(Word.TAKE_PARTNER, seen, ours=b))
    assert decision.steps == (SetRank(entry, Rank.NORMAL),)
    assert isinstance(decision.base, Base)


def test_take_partner_brings_back_what_people_removed() -> None:
    decision = ruled(Tombstone(OURS), [], b, ruling(Word.TAKE_PARTNER, ours=b))
    assert decision.steps == (AddValue(b),)
    assert decision.base == Base(b, spent=("r1",))


def test_take_partner_withdraws_what_the_source_has_no_more() -> None:
    decision = ruled(OURS, [THEIRS_B], ABSENT, ruling(Word.TAKE_PARTNER, b, ours=ABSENT))
    assert (decision.steps, decision.base) == ((RemoveEntry(THEIRS_B),), None)


def test_both_adds_ours_beside_theirs() -> None:
    decision = ruled(None, [THEIRS_W], v, ruling(Word.BOTH, w, ours=v))
    assert (decision.steps, decision.base) == ((AddValue(v),), Base(v, spent=("r1",)))


def test_both_keeps_theirs_where_the_slot_holds_one_plain_value() -> None:
    decision = merge_cell(None, w, v, rulings=[ruling(Word.BOTH, w, ours=v)])
    assert (decision.steps, decision.told) == ((), None)


@pytest.mark.parametrize("word", list(Word))
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [([Entry("1840")], v), ([THEIRS_W], "1840"), ([THEIRS_W, Entry("1840")], v), ([], v)],
    ids=["theirs is new", "ours is new", "another beside", "theirs is gone"],
)
def test_a_decision_binds_only_its_pair(word: Word, theirs: list[Entry[str]], ours: str) -> None:
    decision = ruling(word, w, ours=v)
    assert ruled(OURS, theirs, ours, decision) == ruled(OURS, theirs, ours)


def test_a_decision_holds_for_another_spelling_of_its_pair() -> None:
    decision = ruled(OURS, [Entry("18 30")], v, ruling(Word.KEEP_WIKI, w, ours="18 20"))
    assert isinstance(decision, Ruled)


def test_a_decision_that_people_undid_is_not_carried_out_again_until_it_is_made_anew() -> None:
    first = ruling(Word.TAKE_PARTNER, w, ours=v, id="r1")
    taken = ruled(OURS, [THEIRS_W], v, first)
    undone = ruled(taken.base, [THEIRS_W], v, first)
    assert isinstance(undone, Respect)
    assert writes_nothing(undone)
    anew = ruled(taken.base, [THEIRS_W], v, first, replace(first, id="r2"))
    assert anew.steps == (RemoveEntry(THEIRS_W), AddValue(v))


def test_pairs_are_the_same_in_any_order_but_not_with_a_value_more() -> None:
    one, other = Pair((Seen(w), Seen(b)), v), Pair((Seen(b), Seen(w)), v)
    assert same_pair(SINGLE, one, other)
    assert not same_pair(SINGLE, one, Pair((Seen(w), Seen(b), Seen(b)), v))
    assert not same_pair(SINGLE, one, Pair((Seen(w), Seen(b, deprecated=True)), v))


def test_a_decision_about_a_value_does_not_hold_for_its_absence() -> None:
    assert not same_pair(SINGLE, Pair((Seen(b),), v), Pair((Seen(b),), ABSENT))
    assert same_pair(SINGLE, Pair((Seen(b),), ABSENT), Pair((Seen(b),), ABSENT))


@pytest.mark.parametrize("word", [Word.KEEP_WIKI, Word.BOTH])
def test_what_the_source_has_no_more_stays_untold_by_decision(word: Word) -> None:
    decision = ruled(OURS, [THEIRS_B], ABSENT, ruling(word, b, ours=ABSENT))
    assert (decision.steps, decision.base, decision.told) == ((), OURS, None)


def test_both_leaves_a_deprecated_value_deprecated() -> None:
    entry = replace(THEIRS_V, rank=Rank.DEPRECATED)
    decision = ruled(None, [entry], v, ruling(Word.BOTH, Seen(v, deprecated=True), ours=v))
    assert (decision.steps, decision.told) == ((), None)


def test_take_partner_puts_the_deprecated_value_in_place_of_our_own() -> None:
    entry = replace(THEIRS_V, rank=Rank.DEPRECATED)
    taken = ruling(Word.TAKE_PARTNER, b, Seen(v, deprecated=True), ours=v)
    decision = ruled(OURS, [THEIRS_B, entry], v, taken)
    assert decision.steps == (
        RemoveEntry(THEIRS_B),
        SetRank(entry, Rank.NORMAL),
        AddReference(entry),
    )
    assert isinstance(decision.base, Base)
    assert decision.base.owned is Owned.REFERENCE


def test_take_partner_leaves_the_other_values_of_a_multi_valued_slot_alone() -> None:
    decision = ruled(Tombstone(OURS), [THEIRS_W], b, ruling(Word.TAKE_PARTNER, ours=b), slot=MANY)
    assert decision.steps == (AddValue(b),)


def test_take_partner_brings_back_only_what_was_decided_about() -> None:
    taken = ruled(Tombstone(OURS), [], v, ruling(Word.TAKE_PARTNER, ours=v))
    assert taken.steps == (AddValue(v),)
    back = ruled(taken.base, [replace(THEIRS_V, cited=True)], b)
    assert isinstance(back, Conflict)
    assert back.steps == ()


def test_take_partner_leaves_our_former_values_standing() -> None:
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    taken = ruling(Word.TAKE_PARTNER, b, w, ours=v)
    decision = ruled(base, [THEIRS_B, THEIRS_W], v, taken, slot=PREFERRING)
    assert decision.steps == (RemoveEntry(THEIRS_W), AddValue(v))


# Cells


def test_a_cell_is_filled_updated_and_kept() -> None:
    filled = merge_cell(None, None, "12")
    assert (cell_after(filled, None), filled.base) == ("12", Base("12"))
    updated = merge_cell(filled.base, "12", "13")
    assert (cell_after(updated, "12"), updated.base) == ("13", Base("13"))
    assert merge_cell(updated.base, "13", "13") == Keep(base=Base("13"))


def test_a_cell_that_people_corrected_stays() -> None:
    decision = merge_cell(Base("12"), "12,5", "12")
    assert cell_after(decision, "12,5") == "12,5"
    assert what(decision) == told(Kind.CORRECTED, "12,5", ours="12")


def test_a_cell_that_people_emptied_stays_empty_for_good() -> None:
    emptied = merge_cell(Base("12"), None, "12")
    assert emptied.base == Tombstone(Base("12"))
    for ours in ("13", ABSENT, "12", UNKNOWN):
        assert cell_after(merge_cell(emptied.base, None, ours), None) is None


def test_a_cell_in_which_people_said_the_same_before_us_is_theirs() -> None:
    agreed = merge_cell(None, "12", "12")
    assert (agreed.steps, agreed.base) == ((), Base("12", Owned.REFERENCE))
    assert cell_after(merge_cell(agreed.base, "12", "13"), "12") == "12"
    emptying: Slot[str] = Slot(plain=True, withdrawal=WithdrawalPolicy.REMOVE)
    assert cell_after(merge_cell(agreed.base, "12", ABSENT, emptying), "12") == "12"


RETURNING: Slot[str] = Slot(plain=True, returns=True)


def test_a_cell_in_which_people_came_to_say_the_same_follows_again_where_the_slot_returns() -> None:
    met = merge_cell(Base("12"), "13", "13", RETURNING)
    assert met == Converged(base=Base("13", past=(Base("12", Owned.NOTHING),)))
    later = merge_cell(met.base, "13", "14", RETURNING)
    assert cell_after(later, "13") == "14"
    first = merge_cell(None, "12", "12", RETURNING)
    assert first == Adopt(base=Base("12"))


def test_what_people_took_from_a_returning_cell_is_not_brought_back_by_their_agreeing() -> None:
    met = merge_cell(Base("12"), "13", "13", RETURNING)
    back = merge_cell(met.base, "13", "12", RETURNING)
    assert (cell_after(back, "13"), what(back)) == ("13", told(Kind.REMOVED, "13", ours="12"))
    settled = merge_cell(back.base, "12", "12", RETURNING)
    assert (settled.told, cell_after(merge_cell(settled.base, "12", "15", RETURNING), "12")) == (
        None,
        "15",
    )


def test_only_a_plain_slot_returns() -> None:
    with pytest.raises(ValueError, match="only a plain slot"):
        Slot(returns=True)


def test_a_cell_of_ours_is_emptied_when_the_source_has_it_no_more_and_the_policy_is_remove() -> (
    None
):
    emptying: Slot[str] = Slot(plain=True, withdrawal=WithdrawalPolicy.REMOVE)
    decision = merge_cell(Base("12"), "12", ABSENT, emptying)
    assert (cell_after(decision, "12"), decision.base) == (None, None)


def test_a_cell_takes_the_partner_s_value_by_decision() -> None:
    decision = merge_cell(
        Base("12"), "x", "13", rulings=[ruling(Word.TAKE_PARTNER, "x", ours="13")]
    )
    assert decision.steps == (SetValue(Entry("x"), "13"),)
    assert cell_after(decision, "x") == "13"


@pytest.mark.parametrize(
    "arguments",
    [
        {"change": ChangePolicy.END_AND_ADD},
        {"change": ChangePolicy.ADD_PREFERRED},
        {"withdrawal": WithdrawalPolicy.DEPRECATE},
    ],
)
def test_a_slot_without_ranks_has_no_policy_that_needs_them(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="without ranks"):
        Slot(plain=True, **arguments)  # type: ignore[arg-type]


# All values of a multi-valued slot


def test_a_value_given_twice_in_two_spellings_is_added_once() -> None:
    assert [d.steps for d in merge_values(MANY, [], [], [v, "18 20"])] == [(AddValue(v),)]


def test_a_year_is_added_beside_our_own_day_rather_than_resting_on_it() -> None:
    day = Entry("1810-05-03", cited=True)
    kept, added = merge_values(MANY, [Base("1810-05-03")], [day], ["1810-05-03", b])
    assert isinstance(kept, Keep)
    assert added.steps == (AddValue(b),)


def test_one_entry_on_which_two_values_rest_gets_and_keeps_one_reference() -> None:
    day = Entry("1810-05-03", "d")
    both = merge_values(MANY, [], [day], ["1810", "1810-05"])
    assert [d.steps for d in both] == [(AddReference(day),), ()]
    bases = [d.base for d in both if isinstance(d.base, Base)]
    one = merge_values(MANY, bases, [replace(day, cited=True)], ["1810"])
    assert [d.steps for d in one] == [(), ()]


def test_a_year_of_ours_that_people_removed_does_not_live_on_in_our_own_day() -> None:
    day = Entry("1810-05-03", cited=True)
    year, kept = merge_values(MANY, [OURS, Base("1810-05-03")], [day], [b, "1810-05-03"])
    assert year.base == Tombstone(OURS)
    assert isinstance(kept, Keep)


def test_a_year_that_rests_on_people_s_day_does_so_when_the_source_adds_that_day() -> None:
    day = Entry("1810-05-03", cited=True)
    year, adopted = merge_values(MANY, [REFERENCE_OURS], [day], [b, "1810-05-03"])
    assert year == Keep(base=REFERENCE_OURS)
    assert adopted == Adopt(base=Base("1810-05-03", Owned.REFERENCE))


def test_decisions_about_values_of_a_multi_valued_slot_are_heard() -> None:
    refuted = replace(THEIRS_V, rank=Rank.DEPRECATED)
    about_b = ruling(Word.TAKE_PARTNER, ours=b, id="r1")
    about_v = ruling(Word.TAKE_PARTNER, Seen(v, deprecated=True), ours=v, id="r2")
    both = merge_values(MANY, [Tombstone(OURS)], [refuted], [b, v], rulings=[about_b, about_v])
    assert [d.steps for d in both] == [
        (AddValue(b),),
        (SetRank(refuted, Rank.NORMAL), AddReference(refuted)),
    ]


def test_a_year_of_people_s_does_not_rest_on_our_own_day() -> None:
    day = Entry("1810-05-03", cited=True)
    year, gone = merge_values(MANY, [REFERENCE_OURS, Base("1810-05-03")], [day], [b])
    assert year.base == Tombstone(REFERENCE_OURS)
    assert gone.steps == ()


def test_two_values_that_leave_one_entry_take_one_reference_from_it() -> None:
    day = Entry("1810-05-03", cited=True)
    bases = [REFERENCE_OURS, Base("1810-05", Owned.REFERENCE)]
    assert [d.steps for d in merge_values(MANY, bases, [day], [])] == [(RemoveReference(day),), ()]
