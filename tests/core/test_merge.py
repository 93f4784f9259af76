"""The design's merge table, row by row, with what each row writes, leaves and tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bots.core.merge import cell_after, merge, merge_cell, merge_values, same_pair
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    Add,
    AddReference,
    AddValue,
    Adopt,
    Base,
    ChangePolicy,
    Conflict,
    Converged,
    Decision,
    EndValue,
    Entry,
    Keep,
    Kind,
    Lack,
    Memory,
    Nothing,
    Owned,
    Pair,
    Rank,
    Relation,
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
    Update,
    Withdraw,
    WithdrawalPolicy,
    Word,
    Yield,
)


def dates(theirs: str, ours: str) -> Relation:
    """1900-05 is finer than 1900; letters' case and spaces don't count."""
    one, other = (v.replace(" ", "").lower() for v in (theirs, ours))
    if one == other:
        return Relation.SAME
    if one.startswith(other):
        return Relation.FINER
    return Relation.COARSER if other.startswith(one) else Relation.OTHER


SINGLE: Slot[str] = Slot(dates)
MANY: Slot[str] = Slot(dates, many=True)
REMOVING: Slot[str] = Slot(dates, withdrawal=WithdrawalPolicy.REMOVE)
DEPRECATING: Slot[str] = Slot(dates, withdrawal=WithdrawalPolicy.DEPRECATE)
ENDING: Slot[str] = Slot(dates, change=ChangePolicy.END_AND_ADD)
PREFERRING: Slot[str] = Slot(dates, change=ChangePolicy.ADD_PREFERRED)

b, v, w = "1810", "1820", "1830"
OURS = Base(b)
REFERENCE_OURS = Base(b, Owned.REFERENCE)
NOTHING_OURS = Base(b, Owned.NOTHING)
THEIRS_B = Entry(b, "b", cited=True)
TOUCHED_B = replace(THEIRS_B, touched=True)
THEIRS_V = Entry(v, "v")
THEIRS_W = Entry(w, "w")


def told(kind: Kind, *theirs: str | Seen[str], ours: str | Lack) -> object:
    seen = tuple(s if isinstance(s, Seen) else Seen(s) for s in theirs)
    return kind, seen, ours


def what(decision: Decision[str]) -> object:
    if decision.told is None:
        return None
    return decision.told.kind, decision.told.pair.theirs, decision.told.pair.ours


def writes_nothing(decision: Decision[str]) -> bool:
    return decision.steps == ()


# – | – | v


def test_row_nothing_nothing_v_is_added_and_the_statement_is_ours() -> None:
    decision = merge(SINGLE, None, [], v)
    assert decision == Add(base=Base(v, Owned.WHOLE), steps=(AddValue(v),))


def test_row_nothing_nothing_v_is_added_where_people_deprecated_only_another_value() -> None:
    decision = merge(SINGLE, None, [replace(THEIRS_W, rank=Rank.DEPRECATED)], v)
    assert decision == Add(base=Base(v), steps=(AddValue(v),))


# – | v, or v more finely | v


def test_row_nothing_v_v_is_adopted_and_the_reference_alone_is_ours() -> None:
    decision = merge(SINGLE, None, [THEIRS_V], v)
    assert decision == Adopt(base=Base(v, Owned.REFERENCE), steps=(AddReference(THEIRS_V),))


def test_row_nothing_v_v_is_adopted_in_another_spelling() -> None:
    spaced = Entry("18 20", "v")
    decision = merge(SINGLE, None, [spaced], v)
    assert decision == Adopt(base=Base(v, Owned.REFERENCE), steps=(AddReference(spaced),))


@pytest.mark.parametrize("slot", [SINGLE, MANY])
def test_row_nothing_v_more_finely_v_is_adopted(slot: Slot[str]) -> None:
    finer = Entry("1820-05-03", "v")
    decision = merge(slot, None, [finer], v)
    assert decision == Adopt(base=Base(v, Owned.REFERENCE), steps=(AddReference(finer),))


def test_row_nothing_v_and_w_v_adopts_v_and_leaves_w_alone() -> None:
    decision = merge(SINGLE, None, [THEIRS_W, THEIRS_V], v)
    assert decision.steps == (AddReference(THEIRS_V),)


def test_row_nothing_v_v_with_our_reference_already_there_writes_nothing() -> None:
    decision = merge(SINGLE, None, [replace(THEIRS_V, cited=True)], v)
    assert decision == Adopt(base=Base(v, Owned.REFERENCE))


# – | v more coarsely, or another w | v


def test_row_nothing_w_v_is_a_conflict() -> None:
    decision = merge(SINGLE, None, [THEIRS_W], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), None)
    assert what(decision) == told(Kind.CONFLICT, w, ours=v)


def test_row_nothing_v_more_coarsely_v_is_a_conflict() -> None:
    decision = merge(SINGLE, None, [Entry("18")], v)
    assert isinstance(decision, Conflict)
    assert writes_nothing(decision)
    assert what(decision) == told(Kind.CONFLICT, "18", ours=v)


@pytest.mark.parametrize("theirs", [w, "18"])
def test_row_nothing_w_or_coarser_v_is_added_beside_in_a_multi_valued_slot(theirs: str) -> None:
    decision = merge(MANY, None, [Entry(theirs)], v)
    assert decision == Add(base=Base(v), steps=(AddValue(v),))


# – | v, but deprecated; or novalue | v


@pytest.mark.parametrize("slot", [SINGLE, MANY])
def test_row_nothing_v_deprecated_v_is_a_conflict_refuted_by_people(slot: Slot[str]) -> None:
    decision = merge(slot, None, [replace(THEIRS_V, rank=Rank.DEPRECATED)], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), None)
    assert what(decision) == told(Kind.REFUTED, Seen(v, deprecated=True), ours=v)


@pytest.mark.parametrize("slot", [SINGLE, MANY])
def test_row_nothing_novalue_v_is_a_conflict_refuted_by_people(slot: Slot[str]) -> None:
    decision = merge(slot, None, [Entry("none", denies=True)], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), None)
    assert what(decision) == told(Kind.REFUTED, "none", ours=v)


def test_row_nothing_novalue_novalue_is_adopted() -> None:
    denial = Entry("none", denies=True)
    assert merge(SINGLE, None, [denial], "none").steps == (AddReference(denial),)


# b | b, untouched by people | b


@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS])
@pytest.mark.parametrize("entry", [THEIRS_B, TOUCHED_B, replace(THEIRS_B, rank=Rank.PREFERRED)])
def test_row_b_b_b_is_kept(base: Base[str], entry: Entry[str]) -> None:
    assert merge(SINGLE, base, [entry], b) == Keep(base=base)


def test_row_b_b_b_is_kept_with_another_value_of_people_beside_it() -> None:
    assert merge(SINGLE, OURS, [THEIRS_W, THEIRS_B], b) == Keep(base=OURS)


def test_row_b_b_b_is_kept_when_a_bot_has_normalised_it() -> None:
    assert merge(SINGLE, OURS, [replace(THEIRS_B, value="18 10")], b) == Keep(base=OURS)


def test_row_b_b_b_does_not_bring_our_reference_back_that_people_removed() -> None:
    assert merge(SINGLE, OURS, [replace(THEIRS_B, cited=False)], b) == Keep(base=OURS)


# b | b, untouched | v


def test_row_b_b_v_is_updated_by_replace() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_B], v)
    assert decision == Update(
        policy=ChangePolicy.REPLACE, base=Base(v), steps=(SetValue(THEIRS_B, v),)
    )


def test_row_b_b_v_is_updated_by_end_and_add() -> None:
    decision = merge(ENDING, OURS, [THEIRS_B], v)
    assert decision == Update(
        policy=ChangePolicy.END_AND_ADD, base=Base(v), steps=(EndValue(THEIRS_B), AddValue(v))
    )


def test_row_b_b_v_is_updated_by_add_preferred() -> None:
    decision = merge(PREFERRING, OURS, [THEIRS_B], v)
    assert decision == Update(
        policy=ChangePolicy.ADD_PREFERRED,
        base=Base(v, rank=Rank.PREFERRED, past=(OURS,)),
        steps=(AddValue(v, Rank.PREFERRED),),
    )


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


def test_row_b_b_v_is_a_conflict_where_people_have_deprecated_v_beside_it() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_B, replace(THEIRS_V, rank=Rank.DEPRECATED)], v)
    assert decision.steps == ()
    assert what(decision) == told(Kind.REFUTED, b, Seen(v, deprecated=True), ours=v)


def test_row_b_b_v_never_updates_a_value_of_a_multi_valued_slot() -> None:
    with pytest.raises(ValueError, match="never updated"):
        merge(MANY, OURS, [THEIRS_B], v)


def test_row_b_b_v_changes_what_another_of_our_datasets_wrote_and_asserts_no_more() -> None:
    house = replace(THEIRS_B, house=True)
    assert merge(SINGLE, REFERENCE_OURS, [house], v) == Update(
        policy=ChangePolicy.REPLACE, base=Base(v), steps=(SetValue(house, v),)
    )


# b | b, but people added references, qualifiers or changed its rank | v


@pytest.mark.parametrize(
    "entry",
    [TOUCHED_B, replace(THEIRS_B, rank=Rank.PREFERRED)],
    ids=["references or qualifiers", "rank"],
)
def test_row_b_touched_v_yields_and_only_our_reference_goes(entry: Entry[str]) -> None:
    decision = merge(SINGLE, OURS, [entry], v)
    assert isinstance(decision, Yield)
    assert decision.steps == (RemoveReference(entry),)
    assert decision.base == NOTHING_OURS
    assert what(decision) == told(Kind.CONFLICT, b, ours=v)


def test_row_b_touched_v_yields_and_v_is_added_beside_in_a_multi_valued_slot() -> None:
    let_go, added = merge_values(MANY, [OURS], [TOUCHED_B], [v])
    assert (let_go.steps, let_go.base) == ((RemoveReference(TOUCHED_B),), NOTHING_OURS)
    assert added == Add(base=Base(v), steps=(AddValue(v),))


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


def test_row_b_adopted_v_takes_our_reference_away_and_is_a_conflict() -> None:
    decision = merge(SINGLE, REFERENCE_OURS, [THEIRS_B], v)
    assert isinstance(decision, Yield)
    assert (decision.steps, decision.base) == ((RemoveReference(THEIRS_B),), NOTHING_OURS)
    assert what(decision) == told(Kind.CONFLICT, b, ours=v)


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


# b | b and v beside it | v


def test_row_b_b_and_v_v_withdraws_b_and_adopts_v() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_B, THEIRS_V], v)
    assert decision == Adopt(
        base=Base(v, Owned.REFERENCE), steps=(RemoveEntry(THEIRS_B), AddReference(THEIRS_V))
    )


def test_row_b_b_and_v_more_finely_v_withdraws_b_and_adopts_it() -> None:
    finer = Entry("1820-05")
    decision = merge(SINGLE, OURS, [THEIRS_B, finer], v)
    assert decision.steps == (RemoveEntry(THEIRS_B), AddReference(finer))


def test_row_b_b_and_v_v_ends_b_where_the_policy_is_end_and_add() -> None:
    decision = merge(ENDING, OURS, [THEIRS_B, THEIRS_V], v)
    assert decision.steps == (EndValue(THEIRS_B), AddReference(THEIRS_V))


def test_row_b_b_and_v_v_leaves_b_standing_where_the_policy_is_add_preferred() -> None:
    decision = merge(PREFERRING, OURS, [THEIRS_B, THEIRS_V], v)
    assert decision.steps == (AddReference(THEIRS_V),)
    assert decision.base == Base(v, Owned.REFERENCE, past=(OURS,))


def test_row_b_touched_and_v_v_takes_only_our_reference_from_b() -> None:
    decision = merge(SINGLE, OURS, [TOUCHED_B, THEIRS_V], v)
    assert decision.steps == (RemoveReference(TOUCHED_B), AddReference(THEIRS_V))


# b | b | absent


def test_row_b_b_absent_is_reported_by_default() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_B], ABSENT)
    assert isinstance(decision, Withdraw)
    assert decision.policy is WithdrawalPolicy.REPORT
    assert (decision.steps, decision.base) == ((), OURS)
    assert what(decision) == told(Kind.UNSUPPORTED, b, ours=ABSENT)


def test_row_b_b_absent_is_removed_by_policy() -> None:
    decision = merge(REMOVING, OURS, [THEIRS_B], ABSENT)
    assert decision == Withdraw(
        policy=WithdrawalPolicy.REMOVE, base=None, steps=(RemoveEntry(THEIRS_B),)
    )


def test_row_b_b_absent_is_deprecated_by_policy() -> None:
    decision = merge(DEPRECATING, OURS, [THEIRS_B], ABSENT)
    assert decision == Withdraw(
        policy=WithdrawalPolicy.DEPRECATE,
        base=Base(b, rank=Rank.DEPRECATED),
        steps=(SetRank(THEIRS_B, Rank.DEPRECATED),),
    )


def test_row_b_deprecated_by_us_b_is_no_refutation_but_taken_back() -> None:
    entry = replace(THEIRS_B, rank=Rank.DEPRECATED)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], b)
    assert decision == Add(base=OURS, steps=(SetRank(entry, Rank.NORMAL),))


def test_row_b_deprecated_by_us_v_is_used_for_v() -> None:
    entry = replace(THEIRS_B, rank=Rank.DEPRECATED)
    decision = merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], v)
    assert decision.steps == (SetRank(entry, Rank.NORMAL), SetValue(entry, v))
    assert decision.base == Base(v)


@pytest.mark.parametrize("rank", [Rank.NORMAL, Rank.DEPRECATED])
def test_row_b_deprecated_by_us_absent_stays_as_it_is_or_as_people_put_it(rank: Rank) -> None:
    entry = replace(THEIRS_B, rank=rank)
    assert writes_nothing(merge(DEPRECATING, Base(b, rank=Rank.DEPRECATED), [entry], ABSENT))


@pytest.mark.parametrize("slot", [SINGLE, REMOVING, DEPRECATING, MANY])
@pytest.mark.parametrize(
    ("base", "entry"),
    [
        (OURS, TOUCHED_B),
        (OURS, replace(THEIRS_B, rank=Rank.PREFERRED)),
        (OURS, replace(THEIRS_B, shared=True)),
        (REFERENCE_OURS, THEIRS_B),
    ],
    ids=["touched", "rank", "asserted by another of our datasets", "adopted"],
)
def test_row_b_touched_absent_loses_only_our_reference(
    slot: Slot[str], base: Base[str], entry: Entry[str]
) -> None:
    decision = merge(slot, base, [entry], ABSENT)
    assert isinstance(decision, Withdraw)
    assert (decision.steps, decision.base) == ((RemoveReference(entry),), NOTHING_OURS)
    assert decision.told is None


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


# b | another w | b


@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS, NOTHING_OURS])
def test_row_b_w_b_is_respected_kept_and_told(base: Base[str]) -> None:
    decision = merge(SINGLE, base, [THEIRS_W], b)
    assert isinstance(decision, Respect)
    assert (decision.steps, decision.base) == ((), base)
    assert what(decision) == told(Kind.CORRECTED, w, ours=b)


def test_row_b_coarser_b_is_respected() -> None:
    decision = merge(SINGLE, OURS, [Entry("18", cited=True)], b)
    assert isinstance(decision, Respect)
    assert (decision.steps, decision.base) == ((), OURS)


def test_row_b_novalue_b_is_respected_as_refuted() -> None:
    decision = merge(SINGLE, OURS, [Entry("none", denies=True)], b)
    assert isinstance(decision, Respect)
    assert (decision.steps, decision.base) == ((), OURS)
    assert what(decision) == told(Kind.REFUTED, "none", ours=b)


@pytest.mark.parametrize("slot", [SINGLE, MANY])
def test_row_b_finer_b_is_people_s_now_and_our_reference_stays(slot: Slot[str]) -> None:
    decision = merge(slot, OURS, [Entry("1810-05", cited=True)], b)
    assert decision == Converged(base=REFERENCE_OURS)


def test_row_b_w_absent_is_nothing_and_what_we_left_is_remembered() -> None:
    assert merge(SINGLE, OURS, [THEIRS_W], ABSENT) == Nothing(base=OURS)


# b | gone, or deprecated | b


@pytest.mark.parametrize("slot", [SINGLE, MANY])
@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS])
def test_row_b_gone_b_is_respected_with_a_tombstone(slot: Slot[str], base: Base[str]) -> None:
    decision = merge(slot, base, [], b)
    assert isinstance(decision, Respect)
    assert (decision.steps, decision.base) == ((), Tombstone(base))
    assert what(decision) == told(Kind.REMOVED, ours=b)


@pytest.mark.parametrize("slot", [SINGLE, MANY])
@pytest.mark.parametrize("others", [[], [THEIRS_W]])
def test_row_b_deprecated_b_is_respected_with_a_tombstone(
    slot: Slot[str], others: list[Entry[str]]
) -> None:
    decision = merge(slot, OURS, [replace(THEIRS_B, rank=Rank.DEPRECATED), *others], b)
    assert isinstance(decision, Respect)
    assert (decision.steps, decision.base) == ((), Tombstone(OURS))
    assert decision.told is not None
    assert decision.told.kind is Kind.REFUTED


def test_row_b_gone_b_has_a_tombstone_in_a_multi_valued_slot_with_other_values() -> None:
    assert merge(MANY, OURS, [THEIRS_W], b).base == Tombstone(OURS)


@pytest.mark.parametrize("deprecated", [False, True])
def test_row_b_gone_absent_has_a_tombstone_with_nothing_to_tell(deprecated: bool) -> None:
    theirs = [replace(THEIRS_B, rank=Rank.DEPRECATED)] if deprecated else []
    assert merge(SINGLE, OURS, theirs, ABSENT) == Respect(base=Tombstone(OURS))


def test_row_b_gone_by_our_own_doing_b_is_no_removal_by_people() -> None:
    decision = merge(SINGLE, REFERENCE_OURS, [], b, moved_by_us=True)
    assert decision == Add(base=OURS, steps=(AddValue(b),))


# b | w | w


@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS])
def test_row_b_w_w_is_converged_and_the_reference_alone_is_ours(base: Base[str]) -> None:
    decision = merge(SINGLE, base, [THEIRS_W], w)
    assert isinstance(decision, Converged)
    assert decision.steps == (AddReference(THEIRS_W),)
    assert isinstance(decision.base, Base)
    assert (decision.base.value, decision.base.owned) == (w, Owned.REFERENCE)


def test_row_b_w_w_with_our_reference_still_in_it_writes_nothing() -> None:
    decision = merge(SINGLE, OURS, [replace(THEIRS_W, cited=True)], w)
    assert isinstance(decision, Converged)
    assert writes_nothing(decision)


def test_row_b_w_more_finely_w_is_converged() -> None:
    finer = Entry("1830-05", cited=True)
    assert isinstance(merge(SINGLE, OURS, [finer], w), Converged)


# b | w | v


def test_row_b_w_v_is_a_conflict() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_W], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), OURS)
    assert what(decision) == told(Kind.CONFLICT, w, ours=v)


def test_row_b_coarser_v_v_is_a_conflict() -> None:
    decision = merge(SINGLE, OURS, [Entry("18")], v)
    assert isinstance(decision, Conflict)
    assert writes_nothing(decision)


@pytest.mark.parametrize(
    "entry", [replace(THEIRS_V, rank=Rank.DEPRECATED), Entry("none", denies=True)]
)
def test_row_b_v_deprecated_or_novalue_v_is_a_conflict_refuted(entry: Entry[str]) -> None:
    decision = merge(SINGLE, OURS, [entry], v)
    assert isinstance(decision, Conflict)
    assert decision.told is not None
    assert (decision.steps, decision.told.kind) == ((), Kind.REFUTED)


# b | gone | v


@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS, NOTHING_OURS])
def test_row_b_gone_v_is_a_conflict(base: Base[str]) -> None:
    decision = merge(SINGLE, base, [], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), base)
    assert what(decision) == told(Kind.REMOVED, ours=v)


def test_row_b_deprecated_v_is_a_conflict() -> None:
    decision = merge(SINGLE, OURS, [replace(THEIRS_B, rank=Rank.DEPRECATED)], v)
    assert isinstance(decision, Conflict)
    assert (decision.steps, decision.base) == ((), OURS)


# tombstone | what we left, put back by people | any


def test_row_tombstone_put_back_b_is_lifted_and_kept() -> None:
    assert merge(SINGLE, Tombstone(OURS), [THEIRS_B], b) == Keep(base=OURS, lifted=True)


def test_row_tombstone_put_back_v_is_lifted_and_updated() -> None:
    decision = merge(SINGLE, Tombstone(OURS), [THEIRS_B], v)
    assert isinstance(decision, Update)
    assert (decision.lifted, decision.steps) == (True, (SetValue(THEIRS_B, v),))


def test_row_tombstone_put_back_absent_is_lifted_and_withdrawn() -> None:
    decision = merge(REMOVING, Tombstone(OURS), [THEIRS_B], ABSENT)
    assert (decision.lifted, decision.steps) == (True, (RemoveEntry(THEIRS_B),))


def test_row_tombstone_made_anew_by_people_is_lifted_and_stays_theirs() -> None:
    anew = replace(THEIRS_B, cited=False)
    decision = merge(REMOVING, Tombstone(OURS), [anew], v)
    assert decision.lifted
    assert writes_nothing(decision)


# tombstone | anything else | any


@pytest.mark.parametrize("slot", [SINGLE, PREFERRING])
@pytest.mark.parametrize(
    "theirs",
    [[], [THEIRS_W], [replace(THEIRS_B, rank=Rank.DEPRECATED)], [Entry("18")], [Entry("1810-05")]],
    ids=["gone", "w", "deprecated", "coarser", "finer"],
)
@pytest.mark.parametrize("ours", [b, v, w, ABSENT])
def test_row_tombstone_anything_else_is_nothing(
    slot: Slot[str], theirs: list[Entry[str]], ours: str | Lack
) -> None:
    decision = merge(slot, Tombstone(OURS), theirs, ours)
    assert isinstance(decision, Nothing)
    assert (decision.steps, decision.base) == ((), Tombstone(OURS))


def test_row_tombstone_anything_else_goes_on_telling_the_removal() -> None:
    first = merge(SINGLE, OURS, [], b)
    assert merge(SINGLE, first.base, [], b).told == first.told
    assert merge(SINGLE, first.base, [], ABSENT).told is None


def test_row_tombstone_anything_else_is_nothing_for_a_value_of_a_multi_valued_slot() -> None:
    stays, added = merge_values(MANY, [Tombstone(OURS)], [], [b, v])
    assert isinstance(stays, Nothing)
    assert added == Add(base=Base(v), steps=(AddValue(v),))


# any | any | unknown


@pytest.mark.parametrize("slot", [SINGLE, REMOVING, MANY])
@pytest.mark.parametrize("base", [None, OURS, REFERENCE_OURS, NOTHING_OURS, Tombstone(OURS)])
@pytest.mark.parametrize("theirs", [[], [THEIRS_B], [TOUCHED_B], [THEIRS_W]])
def test_row_any_any_unknown_is_nothing(
    slot: Slot[str], base: Memory[str], theirs: list[Entry[str]]
) -> None:
    assert merge(slot, base, theirs, UNKNOWN) == Nothing(base=base)


def test_row_any_any_unknown_is_nothing_for_all_values_of_a_multi_valued_slot() -> None:
    assert merge_values(MANY, [OURS], [], UNKNOWN) == [Nothing(base=OURS)]


# A person's decision


def ruling(word: Word, *theirs: str | Seen[str], ours: str | Lack, id: str = "r1") -> Ruling[str]:
    seen = tuple(s if isinstance(s, Seen) else Seen(s) for s in theirs)
    assert not isinstance(ours, Lack) or ours is ABSENT
    return Ruling(word, Pair(seen, ours), id)


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
