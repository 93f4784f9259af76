"""What a bot may do is not held against it: its own is its own, by every row of the merge table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench.life.facts import Verdict
from tests.datasets.life.histories import (
    EDITOR,
    NEWSPAPER,
    OTHER,
    POPULATION,
    VISITORS,
    WEBSITE,
    Story,
    item,
    ours,
    said,
)

A = said("a", "100", ours())
NEWER = said("a", "200", ours("2"))
THEIRS = said("p", "100", NEWSPAPER)
ADOPTED = said("p", "100", NEWSPAPER, ours())
ENDED = said("a", "100", ours(), P582="2025")
NEXT = said("b", "200", ours())
NONE_THEN = said("n", None, name=VISITORS, P585="2024")
NOW = said("a", "100", ours(), name=VISITORS, P585="2025")
NEXT_ENDED = said("b", "200", ours(), P582="2026")


def left() -> Story:
    return Story().people().bot(A)


INNOCENT: dict[str, Callable[[], Story]] = {
    "its own value follows the source": lambda: left().bot(NEWER),
    "its own statement is withdrawn": lambda: left().bot(),
    "its own comes back after it withdrew it itself": lambda: left().bot().bot(A),
    "its own statement is deprecated and revived": lambda: (
        left().bot(said("a", "100", ours(), rank="deprecated")).bot(A)
    ),
    "its own label and alias follow the source": lambda: (
        Story().people().bot(label="A", aliases=["X"]).bot(label="B", aliases=["Y"])
    ),
    "its own value ends, and the next stands beside": lambda: (
        left().bot(ENDED, NEXT)
    ),
    "an ended value is true again": lambda: (
        left().bot(ENDED, NEXT).bot(ENDED, NEXT_ENDED, said("c", "100", ours()))
    ),
    "a year is told, and people say that there is none of another": lambda: (
        Story().people(NONE_THEN).bot(NONE_THEN, NOW)
    ),
    "it goes on where people took back that they had taken its value back": lambda: (
        left().bot(NEWER).people(A).people(NEWER).bot().bot(said("b", "300", ours("3")))
    ),
    "two people allow it to overrule others, and it does so twice": lambda: (
        left().people().allowed().allowed().bot(NEWER).people().bot(A)
    ),
    "people's value is adopted": lambda: Story().people(THEIRS).bot(ADOPTED),
    "its reference alone goes from what it adopted": lambda: (
        Story().people(THEIRS).bot(ADOPTED).bot(THEIRS)
    ),
    "its reference alone goes from its own that people cite": lambda: (
        left().people(said("a", "100", ours(), NEWSPAPER)).bot(said("a", "100", NEWSPAPER))
    ),
    "its own goes where people have put the new value beside": lambda: (
        left().people(A, said("p", "200", NEWSPAPER)).bot(said("p", "200", NEWSPAPER, ours()))
    ),
    "its own follows the source beside another of people's": lambda: (
        left().people(A, said("p", "300", NEWSPAPER)).bot(NEWER, said("p", "300", NEWSPAPER))
    ),
    "its own reference is renewed in what people touched": lambda: (
        left().people(said("a", "100", ours(), rank="preferred"))
        .bot(said("a", "100", ours("9"), rank="preferred"))
    ),
    "people corrected, and the source came to say the same": lambda: (
        left().people(said("a", "111")).bot(said("a", "111", ours("2")))
    ),
    "a vandal's removal was reverted, and the source goes on": lambda: (
        left().people().people(A).bot(NEWER)
    ),
    "a vandal's value was reverted, and the source goes on": lambda: (
        left().people(said("a", "0", ours())).saves(OTHER, item(A)).bot(NEWER)
    ),
    "people put it back as a new statement, just as it was": lambda: (
        left().people().people(said("n", "100", ours())).bot(said("n", "200", ours("2")))
    ),
    "a deleted item came back": lambda: left().deleted().deleted(back=True).bot(NEWER),
    "an emptied item was restored": lambda: left().saves(EDITOR, {}).people(A).bot(NEWER),
    "it was merged, and the slots went with it": lambda: merged().bot(
        said("n", "200", ours("2")), of="Q2", label="Stays"
    ),
    "it was merged into one with people's own, and its reference alone goes": lambda: (
        merged_beside().bot(said("n", "100", NEWSPAPER), of="Q2", label="Stays")
    ),
    "its alias follows the source on the item into which it was merged": lambda: merged_names().bot(
        of="Q2", aliases=["Y"]
    ),
    "another value is added where many may stand": lambda: (
        Story().people(said("w", "x", name=WEBSITE))
        .bot(said("w", "x", name=WEBSITE), said("v", "y", ours(), name=WEBSITE))
    ),
    "what people added and removed themselves is no word against it": lambda: (
        Story().people(said("p", "100")).people().bot(A)
    ),
    "an identifier is spelled otherwise": lambda: (
        left().people(A, identifier="A ").bot(NEWER, identifier="A ")
    ),
}  # fmt: skip


def merged() -> Story:
    story = left().people(of="Q2", label="Stays")
    story.saves(EDITOR, {}, "Q1", "/* wbmergeitems-to:0||Q2 */")
    both = item(said("n", "100", ours()), label="Stays")
    story.saves(EDITOR, both, "Q2", "/* wbmergeitems-from:0||Q1 */")
    return story.saves(EDITOR, None, "Q1")


def merged_beside() -> Story:
    """Two statements of one value, ours and people's, have become one."""
    story = left().people(A, THEIRS).people(of="Q2", label="Stays")
    story.saves(EDITOR, {}, "Q1", "/* wbmergeitems-to:0||Q2 */")
    both = item(said("n", "100", ours(), NEWSPAPER), label="Stays")
    story.saves(EDITOR, both, "Q2", "/* wbmergeitems-from:0||Q1 */")
    return story.saves(EDITOR, None, "Q1")


def merged_names() -> Story:
    story = Story().people().bot(aliases=["X"]).people(of="Q2", identifier=None)
    story.saves(EDITOR, {}, "Q1", "/* wbmergeitems-to:0||Q2 */")
    story.saves(EDITOR, item(aliases=["X"]), "Q2", "/* wbmergeitems-from:0||Q1 */")
    return story.saves(EDITOR, None, "Q1")


@pytest.mark.parametrize("name", INNOCENT)
def test_it_is_not_held_against_the_bot_that(name: str) -> None:
    verdict = INNOCENT[name]().judged()
    assert verdict == Verdict((), (), (), (), verdict.edits, verdict.peoples)


def test_a_difference_that_people_made_is_rightly_told() -> None:
    story = left().people(said("a", "111", ours())).told(POPULATION, "corrected", days=9)
    assert story.judged().false_conflicts == ()


def test_that_people_moved_our_value_is_rightly_told_though_they_removed_it_there_since() -> None:
    dated = said("a", "100", ours(), name=VISITORS, P585="2025")
    moved = said("a", "100", ours(), name=VISITORS, P585="2007")
    story = Story().people().bot(dated).people(moved).people(moved, label="x").people(moved)
    story = story.people().told(VISITORS, "removed", days=-0.5)
    assert story.judged().false_conflicts == ()
    story = Story().people().bot(dated).people(moved).people()
    assert len(story.told(VISITORS, "removed", days=-0.5).judged().false_conflicts) == 1


def test_a_difference_that_people_ended_while_the_run_was_under_way_is_rightly_told() -> None:
    hour = 1 / 24
    for hours, false in ((0.5, 0), (2, 1)):
        story = left().people().people(label="x").people().people(A)
        story.told(kind="removed", days=hours * hour - 1)
        assert len(story.judged().false_conflicts) == false


def test_what_the_source_no_longer_says_is_rightly_told() -> None:
    assert left().told(POPULATION, "unsupported", days=9).judged().false_conflicts == ()


def test_what_a_vandal_interrupted_is_as_old_as_it_was() -> None:
    theirs = said("a", "111", ours())
    story = left().people(theirs).people().people(theirs)
    assert story.told(POPULATION, "corrected", days=1).judged().false_conflicts == ()


def test_an_item_that_was_deleted_before_the_bot_ever_saw_it_may_be_made() -> None:
    verdict = Story().people().deleted().bot(A, of="Q2").judged()
    assert verdict.edits_lost == verdict.double_items == ()


def test_what_people_had_removed_before_they_merged_is_rightly_told_afterwards() -> None:
    story = left().people().people(of="Q2", label="Stays")
    assert len(told_after_merge(story).judged().false_conflicts) == 0


def test_what_a_merge_alone_moved_is_not() -> None:
    story = left().people(of="Q2", label="Stays")
    carried = said("n", "100", ours())
    assert len(told_after_merge(story, carried).judged().false_conflicts) == 1


def told_after_merge(story: Story, *claims: dict[str, Any]) -> Story:
    story.saves(EDITOR, {}, "Q1", "/* wbmergeitems-to:0||Q2 */")
    story.saves(EDITOR, item(*claims, label="Stays"), "Q2", "/* wbmergeitems-from:0||Q1 */")
    return story.saves(EDITOR, None, "Q1").told(POPULATION, "removed", days=9, of="Q2")
