"""The design's merge table, row by row, with what each row writes, leaves and tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.merge import merge, merge_values
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
    EndValue,
    Entry,
    Keep,
    Kind,
    Lack,
    Memory,
    Nothing,
    Owned,
    Rank,
    RemoveEntry,
    RemoveReference,
    Respect,
    Seen,
    SetRank,
    SetValue,
    Slot,
    Tombstone,
    Update,
    Withdraw,
    WithdrawalPolicy,
    Yield,
)
from tests.core.merge_slots import (
    DEPRECATING,
    ENDING,
    MANY,
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
    told,
    v,
    w,
    what,
    writes_nothing,
)

# – | – | v


def test_row_nothing_nothing_v_is_added_and_the_statement_is_ours() -> None:
    decision = merge(SINGLE, None, [], v)
    assert decision == Add(base=Base(v, Owned.WHOLE), steps=(AddValue(v),))


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


def test_row_b_b_v_is_a_conflict_where_people_have_deprecated_v_beside_it() -> None:
    decision = merge(SINGLE, OURS, [THEIRS_B, replace(THEIRS_V, rank=Rank.DEPRECATED)], v)
    assert decision.steps == ()
    assert what(decision) == told(Kind.REFUTED, b, Seen(v, deprecated=True), ours=v)


def test_row_b_b_v_never_updates_a_value_of_a_multi_valued_slot() -> None:
    with pytest.raises(ValueError, match="never updated"):
        merge(MANY, OURS, [THEIRS_B], v)


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


def test_row_b_adopted_v_takes_our_reference_away_and_is_a_conflict() -> None:
    decision = merge(SINGLE, REFERENCE_OURS, [THEIRS_B], v)
    assert isinstance(decision, Yield)
    assert (decision.steps, decision.base) == ((RemoveReference(THEIRS_B),), NOTHING_OURS)
    assert what(decision) == told(Kind.CONFLICT, b, ours=v)


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


def test_row_b_finer_b_does_not_bring_our_reference_back_that_people_removed() -> None:
    assert merge(SINGLE, OURS, [Entry("1810-05")], b) == Converged(base=REFERENCE_OURS)


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


# b | w | w


@pytest.mark.parametrize("base", [OURS, REFERENCE_OURS])
def test_row_b_w_w_is_converged_and_the_reference_alone_is_ours(base: Base[str]) -> None:
    decision = merge(SINGLE, base, [THEIRS_W], w)
    assert isinstance(decision, Converged)
    assert decision.steps == (AddReference(THEIRS_W),)
    assert isinstance(decision.base, Base)
    assert (decision.base.value, decision.base.owned) == (w, Owned.REFERENCE)


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
