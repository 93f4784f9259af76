"""What the rows of the design's table mean for one another, run after run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.merge import merge
from bots.core.merge.facts import (
    ABSENT,
    Add,
    AddReference,
    AddValue,
    Adopt,
    Base,
    ChangePolicy,
    Conflict,
    Converged,
    Entry,
    Keep,
    Kind,
    Nothing,
    Owned,
    Rank,
    RemoveEntry,
    RemoveReference,
    Respect,
    SetRank,
    SetValue,
    Slot,
    Tombstone,
    Update,
    WithdrawalPolicy,
)
from tests.core.merge_slots import (
    DEPRECATING,
    NOTHING_OURS,
    OURS,
    PREFERRING,
    REFERENCE_OURS,
    REMOVING,
    SINGLE,
    THEIRS_B,
    THEIRS_V,
    THEIRS_W,
    TOUCHED_B,
    b,
    dates,
    told,
    v,
    w,
    what,
    writes_nothing,
)


def test_row_nothing_nothing_v_is_added_where_people_deprecated_only_another_value() -> None:
    decision = merge(SINGLE, None, [replace(THEIRS_W, rank=Rank.DEPRECATED)], v)
    assert decision == Add(base=Base(v), steps=(AddValue(v),))


def test_row_nothing_v_v_with_our_reference_already_there_writes_nothing() -> None:
    decision = merge(SINGLE, None, [replace(THEIRS_V, cited=True)], v)
    assert decision == Adopt(base=Base(v, Owned.REFERENCE))


def test_row_b_b_b_is_kept_when_a_bot_has_normalised_it() -> None:
    assert merge(SINGLE, OURS, [replace(THEIRS_B, value="18 10")], b) == Keep(base=OURS)


def test_row_b_b_b_does_not_bring_our_reference_back_that_people_removed() -> None:
    assert merge(SINGLE, OURS, [replace(THEIRS_B, cited=False)], b) == Keep(base=OURS)


def test_row_b_b_v_by_add_preferred_leaves_one_preferred_value() -> None:
    preferred = replace(THEIRS_B, rank=Rank.PREFERRED)
    decision = merge(PREFERRING, replace(OURS, rank=Rank.PREFERRED), [preferred], v)
    assert decision.steps == (SetRank(preferred, Rank.NORMAL), AddValue(v, Rank.PREFERRED))


def test_row_b_b_v_by_add_preferred_returns_to_our_former_value_without_a_second_one() -> None:
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    theirs = [THEIRS_B, Entry(v, "v", rank=Rank.PREFERRED, cited=True)]
    decision = merge(PREFERRING, base, theirs, b)
    assert decision.steps == (
        SetRank(theirs[1], Rank.NORMAL),
        SetRank(theirs[0], Rank.PREFERRED),
    )
    assert decision.base == Base(b, rank=Rank.PREFERRED, past=(Base(v),))


def test_row_b_b_v_does_not_return_to_a_former_value_that_people_removed() -> None:
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    decision = merge(PREFERRING, base, [Entry(v, rank=Rank.PREFERRED, cited=True)], b)
    assert isinstance(decision, Conflict)
    assert writes_nothing(decision)
    assert what(decision) == told(Kind.REMOVED, v, ours=b)


def test_row_b_b_v_leaves_people_s_own_other_value_alone() -> None:
    assert merge(SINGLE, OURS, [THEIRS_W, THEIRS_B], v).steps == (SetValue(THEIRS_B, v),)


def test_row_b_b_v_changes_what_another_of_our_datasets_wrote_and_asserts_no_more() -> None:
    house = replace(THEIRS_B, house=True)
    assert merge(SINGLE, REFERENCE_OURS, [house], v) == Update(
        policy=ChangePolicy.REPLACE, base=Base(v), steps=(SetValue(house, v),)
    )


@pytest.mark.parametrize("policy", list(ChangePolicy))
def test_row_b_touched_v_yields_whatever_the_policy(policy: ChangePolicy) -> None:
    decision = merge(Slot(dates, change=policy), OURS, [TOUCHED_B], v)
    assert decision.steps == (RemoveReference(TOUCHED_B),)


def test_row_b_touched_v_with_our_reference_removed_by_people_is_a_conflict() -> None:
    decision = merge(SINGLE, OURS, [replace(THEIRS_B, cited=False)], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), OURS)
    assert what(decision) == told(Kind.CONFLICT, b, ours=v)


def test_row_b_touched_v_keeps_our_reference_where_theirs_is_v_more_finely() -> None:
    decision = merge(SINGLE, Base("1820-05"), [Entry("1820-05", cited=True, touched=True)], v)
    assert decision == Converged(base=Base(v, Owned.REFERENCE))


def test_row_b_yielded_v_stays_the_same_conflict() -> None:
    first = merge(SINGLE, OURS, [TOUCHED_B], v)
    second = merge(SINGLE, first.base, [replace(TOUCHED_B, cited=False)], v)
    assert (second.steps, second.base, second.told) == ((), first.base, first.told)


def test_row_b_yielded_v_leaves_a_reference_that_people_restored() -> None:
    assert writes_nothing(merge(SINGLE, NOTHING_OURS, [TOUCHED_B], v))


def test_row_b_yielded_b_is_adopted_again() -> None:
    entry = replace(TOUCHED_B, cited=False)
    decision = merge(SINGLE, NOTHING_OURS, [entry], b)
    assert decision == Adopt(base=REFERENCE_OURS, steps=(AddReference(entry),))


def test_row_b_yielded_gone_b_is_not_brought_back() -> None:
    assert merge(SINGLE, NOTHING_OURS, [], b).base == Tombstone(NOTHING_OURS)


def test_row_b_asserted_by_another_of_our_datasets_v_takes_our_reference_alone() -> None:
    shared = replace(THEIRS_B, shared=True)
    assert merge(SINGLE, OURS, [shared], v).steps == (RemoveReference(shared),)


def test_row_b_deprecated_by_us_b_is_no_refutation_but_taken_back() -> None:
    entry = replace(THEIRS_B, rank=Rank.DEPRECATED)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], b)
    assert decision == Add(base=OURS, steps=(SetRank(entry, Rank.NORMAL),))


def test_row_b_deprecated_by_us_v_is_used_for_v() -> None:
    entry = replace(THEIRS_B, rank=Rank.DEPRECATED)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], v)
    assert decision.steps == (SetRank(entry, Rank.NORMAL), SetValue(entry, v))
    assert decision.base == Base(v)


def test_b_deprecated_by_us_absent_stays_so() -> None:
    base, entry = Base(b, rank=Rank.DEPRECATED), replace(THEIRS_B, rank=Rank.DEPRECATED)
    assert merge(REMOVING, base, [entry], ABSENT) == Nothing(base=base)


def test_b_deprecated_by_us_is_people_s_once_they_took_that_back() -> None:
    base = Base(b, rank=Rank.DEPRECATED)
    back = merge(DEPRECATING, base, [THEIRS_B], ABSENT)
    assert back == Nothing(base=NOTHING_OURS)
    deprecated = replace(THEIRS_B, rank=Rank.DEPRECATED)
    assert merge(DEPRECATING, back.base, [deprecated], b).base == Tombstone(NOTHING_OURS)


@pytest.mark.parametrize("slot", [SINGLE, REMOVING])
def test_row_b_yielded_absent_is_nothing(slot: Slot[str]) -> None:
    entry = replace(TOUCHED_B, cited=False)
    assert merge(slot, NOTHING_OURS, [entry], ABSENT) == Nothing(base=NOTHING_OURS)


def test_row_b_b_absent_removes_our_former_values_too() -> None:
    slot = Slot(dates, change=ChangePolicy.ADD_PREFERRED, withdrawal=WithdrawalPolicy.REMOVE)
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    theirs = [THEIRS_B, Entry(v, rank=Rank.PREFERRED, cited=True)]
    decision = merge(slot, base, theirs, ABSENT)
    assert decision.steps == (RemoveEntry(theirs[1]), RemoveEntry(theirs[0]))
    assert decision.base is None


def test_row_b_b_absent_remembers_a_former_value_that_people_removed() -> None:
    slot = Slot(dates, change=ChangePolicy.ADD_PREFERRED, withdrawal=WithdrawalPolicy.REMOVE)
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    decision = merge(slot, base, [Entry(v, rank=Rank.PREFERRED, cited=True)], ABSENT)
    assert decision.base == Tombstone(OURS)


def test_row_b_w_absent_takes_our_reference_from_the_value_people_put_in_its_place() -> None:
    entry = replace(THEIRS_W, cited=True)
    decision = merge(SINGLE, OURS, [entry], ABSENT)
    assert (decision.steps, decision.base) == ((RemoveReference(entry),), NOTHING_OURS)


def test_row_b_w_absent_is_nothing_and_what_we_left_is_remembered() -> None:
    assert merge(SINGLE, OURS, [THEIRS_W], ABSENT) == Nothing(base=OURS)


@pytest.mark.parametrize("deprecated", [False, True])
def test_row_b_gone_absent_has_a_tombstone_with_nothing_to_tell(deprecated: bool) -> None:
    theirs = [replace(THEIRS_B, rank=Rank.DEPRECATED)] if deprecated else []
    assert merge(SINGLE, OURS, theirs, ABSENT) == Respect(base=Tombstone(OURS))


def test_row_b_gone_by_our_own_doing_b_is_no_removal_by_people() -> None:
    decision = merge(SINGLE, REFERENCE_OURS, [], b, moved_by_us=True)
    assert decision == Add(base=OURS, steps=(AddValue(b),))


def test_row_b_w_w_with_our_reference_still_in_it_writes_nothing() -> None:
    decision = merge(SINGLE, OURS, [replace(THEIRS_W, cited=True)], w)
    assert isinstance(decision, Converged)
    assert writes_nothing(decision)


def test_row_tombstone_made_anew_by_people_is_lifted_and_stays_theirs() -> None:
    anew = replace(THEIRS_B, cited=False)
    decision = merge(REMOVING, Tombstone(OURS), [anew], v)
    assert decision.lifted
    assert writes_nothing(decision)


def test_row_tombstone_anything_else_goes_on_telling_the_removal() -> None:
    first = merge(SINGLE, OURS, [], b)
    assert merge(SINGLE, first.base, [], b).told == first.told
    assert merge(SINGLE, first.base, [], ABSENT).told is None


def test_b_deprecated_by_us_and_then_touched_by_people_is_not_taken_back() -> None:
    entry = replace(TOUCHED_B, rank=Rank.DEPRECATED)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], b)
    assert isinstance(decision, Conflict)
    assert decision.steps == ()


def test_b_finer_than_v_is_updated_where_it_is_our_own() -> None:
    day = Entry("1820-05-03", cited=True)
    assert merge(SINGLE, Base("1820-05-03"), [day], v).steps == (SetValue(day, v),)


def test_an_adopted_finer_value_stands_for_ours_and_loses_our_reference_when_ours_changes() -> None:
    day = Entry("1810-05-03", cited=True)
    assert merge(SINGLE, REFERENCE_OURS, [day], b) == Keep(base=REFERENCE_OURS)
    assert merge(SINGLE, REFERENCE_OURS, [day], v).steps == (RemoveReference(day),)


def test_of_two_entries_that_both_look_like_ours_neither_is_changed() -> None:
    twin = replace(THEIRS_B, id="twin")
    assert merge(REMOVING, OURS, [THEIRS_B, twin], ABSENT).steps == (
        RemoveReference(THEIRS_B),
        RemoveReference(twin),
    )
    uncited = replace(twin, cited=False)
    assert merge(REMOVING, OURS, [uncited, THEIRS_B], ABSENT).steps == (RemoveEntry(THEIRS_B),)


def test_b_deprecated_by_us_gives_way_to_what_people_put_in_its_place() -> None:
    base, entry = Base(b, rank=Rank.DEPRECATED), replace(THEIRS_B, rank=Rank.DEPRECATED)
    for ours in (b, v):
        against = merge(DEPRECATING, base, [entry, THEIRS_W], ours)
        assert isinstance(against, Conflict)
        assert (against.steps, against.base) == ((), base)
    finer = Entry("1810-05")
    agreed = merge(DEPRECATING, base, [entry, finer], b)
    assert agreed.steps == (RemoveEntry(entry), AddReference(finer))


def test_a_value_people_replaced_is_not_brought_back_after_they_and_the_source_agreed() -> None:
    house = Entry(w, cited=True, house=True)
    agreed = merge(SINGLE, OURS, [house], w)
    assert isinstance(agreed, Converged)
    back = merge(SINGLE, agreed.base, [house], b)
    assert isinstance(back, Conflict)
    assert back.steps == ()


def test_our_former_value_does_not_get_the_reference_back_that_people_removed() -> None:
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    preferred = Entry(v, "v", rank=Rank.PREFERRED, cited=True)
    decision = merge(PREFERRING, base, [replace(THEIRS_B, cited=False), preferred], b)
    assert decision.steps == (SetRank(preferred, Rank.NORMAL),)


def test_our_own_former_value_is_not_taken_for_people_s_agreement() -> None:
    former = Base("1820-05")
    theirs = [
        Entry("1820-05", "former", cited=True),
        Entry(b, "b", rank=Rank.PREFERRED, cited=True),
    ]
    base = Base(b, rank=Rank.PREFERRED, past=(former,))
    assert AddValue(v, Rank.PREFERRED) in merge(PREFERRING, base, theirs, v).steps


def test_a_former_value_that_people_touched_loses_our_reference_when_all_is_withdrawn() -> None:
    slot = Slot(dates, change=ChangePolicy.ADD_PREFERRED, withdrawal=WithdrawalPolicy.REMOVE)
    base = Base(v, rank=Rank.PREFERRED, past=(OURS,))
    preferred = Entry(v, "v", rank=Rank.PREFERRED, cited=True)
    decision = merge(slot, base, [TOUCHED_B, preferred], ABSENT)
    assert decision.steps == (RemoveEntry(preferred), RemoveReference(TOUCHED_B))
    assert decision.base == NOTHING_OURS


def test_a_reference_people_removed_stays_away_when_the_source_comes_back_to_its_value() -> None:
    uncited = replace(THEIRS_B, cited=False)
    left = merge(SINGLE, OURS, [uncited, THEIRS_V], v)
    assert left.steps == (AddReference(THEIRS_V),)
    cited = replace(THEIRS_V, cited=True)
    assert merge(SINGLE, left.base, [uncited, cited], b).steps == (RemoveReference(cited),)


def test_what_we_deprecated_and_people_restored_without_our_reference_stays_without() -> None:
    uncited = replace(THEIRS_B, cited=False)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [uncited], b)
    assert decision == Adopt(base=REFERENCE_OURS)


def test_a_reference_people_removed_from_a_finer_value_stays_away() -> None:
    day = Entry("1810-05-03", "day")
    year = merge(SINGLE, Base("1810-05-03"), [day], b)
    assert isinstance(year, Converged)
    people_say_both = [day, replace(THEIRS_B, cited=False)]
    back = merge(SINGLE, year.base, people_say_both, "1810-05-03")
    assert isinstance(back, Adopt)
    assert back.steps == ()
