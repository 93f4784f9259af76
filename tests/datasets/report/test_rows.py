"""A row on the wiki: written so that it is found again, and its decision read as people mean it."""

from __future__ import annotations

import pytest
from hypothesis import given

from bots.core.merge.facts import Word
from bots.core.wikitext import find_templates
from bots.datasets.feedback.rows import (
    TEMPLATE,
    RowKey,
    decisions_in,
    row_text,
    rows_in,
    words_in,
)
from tests.core.wikitext.nasty import values
from tests.datasets.report.parts import DATASET

KEY = RowKey("Q42", 'P1082 ["P585 time:+2020|~~~~_}}"]', "0123456789abcdef")
OTHER = RowKey("Q43", "label/en", "0123456789abcdef")


def page(decision: str = "", key: RowKey = KEY, note: str = "") -> str:
    return f"before\n{row_text(DATASET, key, {'wiki': '1899'}, decision, note)}\nafter"


@given(values())
def test_a_row_is_found_again_whatever_the_slot_is_called(slot: str) -> None:
    key = RowKey("Q42", f"alias/en/{slot}"[:255], "0123456789abcdef")
    if key.slot.encode("utf-8", "replace").decode() == key.slot:
        assert [row.key for row in rows_in(page(key=key), DATASET)] == [key]


def test_a_row_that_waits_is_no_decision() -> None:
    [row] = rows_in(page(), DATASET)
    assert (row.key, row.decision, row.line) == (KEY, "", 2)
    assert decisions_in(page(), DATASET) == []


@pytest.mark.parametrize("word", list(Word))
@pytest.mark.parametrize("spelled", ["%s", " %s \n", "<!-- x -->%s", "%s <!-- keep-wiki -->"])
def test_each_word_is_read(word: Word, spelled: str) -> None:
    [row] = decisions_in(page(spelled % word.value, note="see [[Talk]]"), DATASET)
    assert (row.key, row.word, row.note) == (KEY, word, "see [[Talk]]")


def test_case_and_spaces_do_not_matter() -> None:
    assert [each.word for each in decisions_in(page("Keep wiki"), DATASET)] == [Word.KEEP_WIKI]
    assert [each.word for each in decisions_in(page("TAKE_PARTNER"), DATASET)] == [
        Word.TAKE_PARTNER
    ]


@pytest.mark.parametrize("given", ["yes", "keep-wiki or both", "{{x}}", "keepwiki", "<b>both</b>"])
def test_what_is_no_word_is_told_as_it_was_given(given: str) -> None:
    [row] = decisions_in(page(given), DATASET)
    assert (row.word, row.given) == (None, given)
    assert words_in(page(given), DATASET) == set()


def test_a_row_that_is_there_twice_decides_nothing() -> None:
    text = page("both") + page("keep-wiki")
    assert [(row.word, row.doubled) for row in decisions_in(text, DATASET)] == [(None, True)] * 2
    assert words_in(text, DATASET) == set()
    assert words_in(page("both") + page(), DATASET) == set()


def test_a_decision_holds_only_while_this_word_stands_in_this_row() -> None:
    both, keep = (KEY, Word.BOTH), Word.KEEP_WIKI
    another = RowKey(KEY.item, KEY.slot, "f" * 16)
    assert words_in(page("both") + page("keep-wiki", OTHER), DATASET) == {both, (OTHER, keep)}
    assert words_in(page("Both", note="why not"), DATASET) == {both}
    assert words_in(page("keep-wiki"), DATASET) == {(KEY, keep)}
    assert words_in(page("both", another), DATASET) == {(another, Word.BOTH)}
    assert words_in(page("both").replace(f"dataset={DATASET}", "dataset=x"), DATASET) == set()
    assert words_in(page(), DATASET) == words_in("", DATASET) == set()


def test_rows_of_other_datasets_and_unreadable_ones_are_none() -> None:
    text = page("both")
    for old, new in (
        ("item=Q42", "item=Q42 or so"),
        ("pair=0123456789abcdef", "pair=0123"),
        ("slot=P1082", f"slot={'P' * 300}"),
        ("dataset=museums", "dataset=museum"),
    ):
        assert text.count(old) == 1
        assert decisions_in(text.replace(old, new), DATASET) == []


@pytest.mark.parametrize(
    "around", ["<nowiki>%s</nowiki>", "<!-- %s -->", "{{x|%s}}", "<ref>%s</ref>", "<pre>%s</pre>"]
)
def test_a_row_that_is_shown_or_hidden_as_text_is_none(around: str) -> None:
    row = row_text(DATASET, KEY, {}, "both").replace("<!-- ", "").replace(" -->", "")
    assert decisions_in(row, DATASET)
    assert decisions_in(around % row, DATASET) == []


def test_what_people_read_and_what_they_wrote_are_in_the_row() -> None:
    text = row_text(DATASET, KEY, {"wiki": "1899", "cited": ""}, "both <!-- x -->", "a\n\nb")
    [call] = find_templates(text, [TEMPLATE])
    assert {each.name: each.value for each in call.parameters} == {
        "dataset": DATASET,
        "item": "Q42",
        "slot": "P1082%20%5B%22P585%20time%3A%2B2020%7C%7E%7E%7E%7E%5F%7D%7D%22%5D",
        "pair": "0123456789abcdef",
        "wiki": "1899",
        "decision": "both",
        "note": "a\n\nb",
    }
    [row] = rows_in(text, DATASET)
    assert (row.decision_raw, row.note_raw) == ("both <!-- x -->", "a\n\nb")
